"""The tables of a rotation problem as a folder: ``sections``, ``fleet``, ``flows``, ``berths``.

``yangtze`` comes with the program: the river from Changsha, Nanchang and Hefei to Shanghai, vessel
classes and, as assumptions for trials, weekly flows and costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import cast

from freight.domain.waterway import Berth, FleetRow, Flow, SectionRow
from freight.domain.wording import suggestion
from freight.errors import Fault, InstanceError
from freight.io.csv_text import MARK
from freight.io.files import write_set
from freight.io.side_tables import Rows, read_rows, sound
from freight.io.text import decode
from freight.rotation.river import River, Section, Vessel, VesselOffer

EXAMPLES = ("yangtze",)
TABLES = ("sections", "fleet", "flows")
HULL = ("vessel_class", "nominal_teu", "deadweight_tonnes", "design_draught_m", "light_draught_m")
COSTS = ("count", "cost_per_week", "cost_per_km", "cost_per_call", "currency")


@dataclass(frozen=True)
class Waterway:
    """Everything that rotations are planned from."""

    name: str
    river: River
    offers: tuple[VesselOffer, ...]
    flows: tuple[Flow, ...]
    berths: tuple[Berth, ...] = ()

    @property
    def mouth(self) -> str:
        """The lowest port of the river."""
        return self.river.sections[-1].to_port


def folder_of(source: str) -> Path:
    """The folder of a path or of an example; raises InstanceError."""
    path = Path(source)
    if path.is_dir():
        return path
    if source in EXAMPLES:
        return Path(str(files("freight.rotation").joinpath(source)))
    remedy = suggestion(source, EXAMPLES, "give a folder with sections, fleet and flows")
    raise InstanceError([Fault(source, None, None, "There is no such folder.", remedy)])


def read_waterway(source: str) -> Waterway:
    """The tables of a folder or an example; raises InstanceError with the faults of them all."""
    folder = folder_of(source)
    tables = {name: read_rows(name, folder / f"{name}.csv") for name in TABLES}
    if (folder / "berths.csv").exists():
        tables["berths"] = read_rows("berths", folder / "berths.csv")
    _check(tables)
    sound(*tables.values())
    river = River(tuple(_section(one) for one in _records(tables, "sections")))
    return Waterway(
        folder.name, river, tuple(_offer(one) for one in _records(tables, "fleet")),
        cast("tuple[Flow, ...]", tables["flows"].records),
        cast("tuple[Berth, ...]", tables["berths"].records) if "berths" in tables else (),
    )  # fmt: skip


def _records(tables: dict[str, Rows], name: str) -> Sequence[SectionRow | FleetRow]:
    return cast("Sequence[SectionRow | FleetRow]", tables[name].records)


def _check(tables: dict[str, Rows]) -> None:
    """Note ports off the river, mixed currencies, hulls and hours that cannot be."""
    sections = cast("tuple[SectionRow, ...]", tables["sections"].records)
    ports = {port for one in sections for port in (one.from_port, one.to_port)}
    if not tables["sections"].faults:
        for name, column in (("flows", "from_port"), ("flows", "to_port"), ("berths", "port")):
            if name in tables:
                tables[name].refer(column, ports, "port of the river")
    tables["sections"].unique(("section",))
    _check_fleet(tables["fleet"])
    for index, flow in enumerate(cast("tuple[Flow, ...]", tables["flows"].records)):
        if flow.from_port == flow.to_port:
            what = f"'{flow.to_port}' is where the boxes come from."
            tables["flows"].wrong(index, "to_port", what, "Name another port.")
    if "berths" in tables:
        _check_berths(tables["berths"])


def _check_fleet(rows: Rows) -> None:
    rows.unique(("vessel_class",))
    fleet = cast("tuple[FleetRow, ...]", rows.records)
    for index, vessel in enumerate(fleet):
        if vessel.light_draught_m >= vessel.design_draught_m:
            what = f"{vessel.light_draught_m:g} m empty is no less than when full."
            rows.wrong(index, "light_draught_m", what, "Give the draught when empty.")
        if vessel.currency != fleet[0].currency:
            what = f"'{vessel.currency}' is not the currency of the first row."
            rows.wrong(index, "currency", what, f"Convert it to {fleet[0].currency}.")


def _check_berths(rows: Rows) -> None:
    rows.unique(("port",))
    for index, one in enumerate(cast("tuple[Berth, ...]", rows.records)):
        if one.closes_hours <= one.opens_hours:
            what = f"It closes at {one.closes_hours:g} and opens at {one.opens_hours:g}."
            rows.wrong(index, "closes_hours", what, "Give a later hour.")


def _section(row: SectionRow | FleetRow) -> Section:
    one = cast("SectionRow", row)
    names = ("section", "from_port", "to_port", "km", "hours_down", "hours_up", "lock_hours")
    kept = {name: getattr(one, name) for name in (*names, "source")}
    return Section(**kept, depth_m=one.depth_m)


def _offer(row: SectionRow | FleetRow) -> VesselOffer:
    one = cast("FleetRow", row)
    hull = Vessel(**{name: getattr(one, name) for name in HULL}, source=one.source)
    return VesselOffer(
        vessel=hull, **{name: getattr(one, name) for name in COSTS}, source=one.source
    )


def write_example(name: str, directory: Path, *, force: bool = False) -> tuple[str, ...]:
    """Copy the tables of an example into a folder to edit; raises InstanceError."""
    folder = folder_of(name)
    names = [f"{table}.csv" for table in TABLES]
    texts = {name: decode((folder / name).read_bytes()) for name in names}
    write_set(directory, {name: (MARK + texts[name]).encode() for name in names}, force=force)
    return tuple(names)
