"""Less-than-container goods: consignments, and the boxes they can be packed into."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, Field

from freight.domain.base import Amount, Currency, Frozen, HsCode, Identifier, Text, UnNumber
from freight.domain.shipment import ContainerType


class Consignment(Frozen):
    """Goods of one shipper that do not fill a box."""

    id: Identifier
    """Short name, unique in its table."""
    origin: Identifier
    """Where it is packed: a terminal id."""
    destination: Identifier
    """Where it is unpacked: a terminal id."""
    gross_tonnes: Annotated[float, Field(gt=0)]
    """Goods with packing."""
    volume_m3: Annotated[float, Field(gt=0)]
    """As stowed."""
    ready: AwareDatetime
    """From when it can be packed; without an offset, local at its origin."""
    due: AwareDatetime
    """When it is to be unpacked at the latest; without an offset, local at its destination."""
    reefer: bool = False
    """Whether it needs a temperature."""
    dangerous: UnNumber | None = None
    """UN number of dangerous goods."""
    food: bool = False
    """Whether it is food or feed."""
    owner: str = ""
    """Id of the platform that ships it; empty: that of the origin's city, else the first."""
    shipper: str = "several shippers"
    """As printed."""
    value: Amount = 0.0
    """Of the goods, in the instance's currency."""
    packages: Annotated[int, Field(ge=1)] = 1
    """How many pieces."""
    hs_code: HsCode = "9999"
    """Harmonized System code; 9999 where it is not known."""
    source: Text | None = None
    """Where the figures come from: source ids, or the word assumption."""


class BoxOffer(Frozen):
    """A box type that can be had, with what one costs from packing to unpacking."""

    container_type: ContainerType
    """ISO 6346 size and type."""
    payload_tonnes: Annotated[float, Field(gt=0)]
    """Most goods by mass."""
    usable_m3: Annotated[float, Field(gt=0)]
    """What packing leaves usable, less than the inner volume."""
    cost: Amount
    """Of one box from packing to unpacking."""
    currency: Currency
    """ISO 4217 code."""
    source: Text
    """Where the row comes from."""
