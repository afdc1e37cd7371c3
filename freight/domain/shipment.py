"""What one customer hands over."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from freight.domain.base import Amount, Currency, Frozen, HsCode, Identifier, Text, Tonnes, UnNumber
from freight.domain.service import Mode


class ContainerType(StrEnum):
    """ISO 6346 size-type codes in use on these routes."""

    GP20 = "22G1"
    RF20 = "22R1"
    GP40 = "42G1"
    HC40 = "45G1"
    RF40 = "45R1"

    @property
    def teu(self) -> int:
        """Twenty-foot equivalents of one box."""
        return 1 if self.value.startswith("2") else 2

    @property
    def tare_tonnes(self) -> float:
        """Typical empty mass of one box in tonnes (assumption: common build weights)."""
        return {"22G1": 2.3, "22R1": 3.0, "42G1": 3.7, "45G1": 3.9, "45R1": 4.6}[self.value]


class Shipment(Frozen):
    """One shipment, one bill: a row of ``shipments.csv``."""

    id: Identifier
    """Short name by which plans and bills name it."""
    owner: Identifier
    """The owner (city platform) that brings it and answers for it to the shipper."""
    consignor: Text
    """Who sends it, as printed on the bill."""
    consignee: Text
    """Who receives it, as printed on the bill."""
    origin: Identifier
    """Terminal where it is taken over."""
    destination: Identifier
    """Terminal where it is delivered."""
    container_type: ContainerType
    """ISO 6346 size and type of its boxes: 22G1 is a 20GP, 42G1 a 40GP, 45G1 a 40HQ; 22R1 and 45R1
    are reefers of 20 and 40 ft."""
    teu: Annotated[int, Field(ge=1, le=1_000_000, json_schema_extra={"unit": "TEU"})]
    """Twenty-foot equivalents of all its boxes."""
    gross_tonnes: Annotated[float, Field(gt=0, json_schema_extra={"unit": "t"})]
    """Mass of goods with packing, without the boxes."""
    value: Amount
    """Value of the goods."""
    currency: Currency
    """Of the value and of every cost in this row."""
    hs_code: HsCode
    """Harmonized System code of the goods."""
    goods_en: Text
    """Goods in English, as printed."""
    goods_zh: Text
    """Goods in Chinese, as printed."""
    packages: Annotated[int, Field(ge=1)]
    """Number of packages."""
    package_kind: Annotated[str, Field(pattern=r"^[A-Z0-9]{2}$")]
    """UNECE Recommendation 21 code, e.g. CT carton, PX pallet."""
    ready: AwareDatetime
    """When the boxes are ready at the origin."""
    due: AwareDatetime
    """When they should be ready at the destination."""
    lateness_cost_per_teu_day: Amount | None = None
    """What a day late costs; empty: the instance's default."""
    unserved_cost_per_teu: Amount | None = None
    """What leaving it behind costs; empty: the instance's default."""
    modes: tuple[Mode, ...] = ()
    """Modes of the services and transfers it may use; empty: all. Road transfers inside a city are
    always allowed."""
    splittable: bool = True
    """Whether its boxes may travel apart."""
    reefer: bool = False
    """Whether its boxes are temperature-controlled."""
    dangerous: UnNumber | None = None
    """UN number, where the goods are dangerous."""
    tariff_per_teu: Amount | None = None
    """What its customer pays for carriage, customs and trucks aside; empty: cost and margin."""
    margin: Annotated[float, Field(ge=-1, le=10, json_schema_extra={"unit": "share"})] | None = None
    """What its customer pays beyond the cost: 0.08 is 8 %; empty: what bills are asked with."""
    source: Text
    """Where the figures come from: source ids, or the word assumption."""

    @property
    def boxes(self) -> int:
        """Number of containers."""
        return self.teu // self.container_type.teu

    @property
    def loaded_tonnes(self) -> Tonnes:
        """Mass that a vehicle carries: goods and boxes."""
        return self.gross_tonnes + self.boxes * self.container_type.tare_tonnes

    def late_hours(self, delivered: datetime) -> float:
        """Hours by which a delivery misses the due time; 0 when it does not."""
        return max(0.0, (delivered - self.due).total_seconds() / 3600.0)
