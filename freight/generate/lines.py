"""From lines and sections to services, stops and departures.

The price of a block train. Its operator pays the China leg for ``pay_wagons`` boxes however many
it loads (take-or-pay), so this part is the fixed cost of a departure:

    fixed = train_fixed + min(pay_wagons, wagons) · (cn_base + cn_km · km in China)      [CNY]

and what follows the border is paid per box. At ``pay_wagons`` boxes the sum per box equals the
published tariff by kilometre. Slots on other operators' trains pay the tariff per box and a margin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import pairwise

from freight.domain.service import Departure, Mode, Service, Stop, Weekday
from freight.generate.facts import Section, rows, sections, tariffs

CUTOFF_HOURS: Mapping[str, float] = {"block": 48, "slot": 24, "barge": 12, "sea": 24, "air": 6}
TONNES_PER_SLOT_TEU = 15.0
"""Goods and boxes that a slot may weigh (assumption)."""
AIR_TONNES_PER_TEU = 50 / 12
EU_ENTRY = "malaszewicze"


@dataclass(frozen=True)
class Network:
    """Sections, tariffs and calls of one folder of facts."""

    folder: str
    section: Mapping[tuple[str, str], Section] = field(init=False)
    tariff: Mapping[str, float] = field(init=False)
    call: Mapping[str, Mapping[str, str]] = field(init=False)
    """What happens at a stop on the way; a stop that is not named is passed without a call."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "section", sections(self.folder))
        object.__setattr__(self, "tariff", tariffs(self.folder))
        object.__setattr__(
            self, "call", {row["terminal"]: row for row in rows(self.folder, "calls")}
        )


@dataclass(frozen=True)
class Line:
    """One row of ``lines.csv`` with its network."""

    row: Mapping[str, str]
    network: Network

    @property
    def path(self) -> list[str]:
        """Terminals in order."""
        return self.row["path"].split()

    @property
    def wagons(self) -> int:
        """Forty-foot boxes that the line takes."""
        return int(self.row["wagons"])

    @property
    def pricing(self) -> str:
        """``block``, ``slot``, ``liner`` or ``air``."""
        return self.row["pricing"]

    @property
    def legs(self) -> list[Section]:
        """Sections from stop to stop."""
        return [self.network.section[ends] for ends in pairwise(self.path)]


def service_of(line: Line) -> Service:
    """The service of a line."""
    row, block = line.row, line.pricing == "block"
    committed = row["committed"] == "yes"
    return Service(
        id=row["id"],
        name_en=row["name_en"],
        name_zh=row["name_zh"],
        mode=Mode(row["mode"]),
        operator=row["operator"],
        owner=row["owner"],
        committed=committed,
        fixed_cost_per_departure=_fixed_cost(line) if block else 0,
        currency="CNY" if block else line.legs[0].currency,
        capacity_teu=2 * line.wagons,
        capacity_tonnes=_tonnes(line),
        minimum_load_teu=_minimum_load(line) if block and not committed else 0,
        cutoff_hours=CUTOFF_HOURS.get(line.pricing) or CUTOFF_HOURS[row["mode"]],
        reefer=row["reefer"] == "yes",
        dangerous=row["dangerous"] == "yes",
        emission_class=line.legs[0].emission_class,
        source=_service_source(line),
    )


def _service_source(line: Line) -> str:
    said = line.row["source"]
    if line.pricing == "block":
        return f"{said}; fixed cost derived: {line.network.tariff['pay_wagons']:g} FEU of China leg"
    return said


def _fixed_cost(line: Line) -> float:
    tariff = line.network.tariff
    per_box = sum(_china_leg(leg, tariff) for leg in line.legs if leg.basis == "tariff")
    per_box += tariff["cn_base"]
    paid = min(tariff["pay_wagons"], line.wagons)
    return round(tariff["train_fixed"] * tariff["cny_per_usd"] + paid * per_box, -2)


def _china_leg(leg: Section, tariff: Mapping[str, float]) -> float:
    return tariff["cn_km"] * leg.km


def _minimum_load(line: Line) -> float:
    tariff = line.network.tariff
    short = line.wagons < tariff["pay_wagons"]
    return 2 * tariff["minimum_feu_short" if short else "minimum_feu"]


def _tonnes(line: Line) -> float:
    if line.pricing == "block":
        tariff = line.network.tariff
        return tariff["train_gross"] - line.wagons * tariff["wagon_tare"]
    per_teu = AIR_TONNES_PER_TEU if line.pricing == "air" else TONNES_PER_SLOT_TEU
    return round(2 * line.wagons * per_teu)


def stops_of(line: Line) -> list[Stop]:
    """The stops of a line with hours, prices and the shorter trains of the European section."""
    found: list[Stop] = []
    clock = 0.0
    speed = float(line.row["speed"])
    for index, terminal in enumerate(line.path):
        leg = line.legs[index - 1] if index else None
        arrive = clock + (speed * leg.hours if leg else 0)
        call = line.network.call.get(terminal) if 0 < index < len(line.path) - 1 else None
        clock = arrive + (speed * float(call["hours"]) if call else 0)
        done = _done_at(line, index, call)
        stop = {
            "service": line.row["id"],
            "sequence": index + 1,
            "terminal": terminal,
            "arrive_hours": round(arrive, 1),
            "depart_hours": round(clock, 1),
            "load": "load" in done,
            "unload": "unload" in done,
        }
        found.append(Stop.model_validate(stop | _leg_fields(line, index, leg)))
    return found


def _done_at(line: Line, index: int, call: Mapping[str, str] | None) -> frozenset[str]:
    """``load`` and ``unload`` at a stop; calls towards China mirror those away from it."""
    if index == 0:
        return frozenset({"load"})
    if index == len(line.path) - 1:
        return frozenset({"unload"})
    word = call["outbound"] if call else "none"
    if line.legs[-1].basis == "tariff":
        word = {"load": "unload", "unload": "load"}.get(word, word)
    return {"both": frozenset({"load", "unload"}), "none": frozenset()}.get(word, frozenset({word}))


def _leg_fields(line: Line, index: int, leg: Section | None) -> dict[str, object]:
    if leg is None:
        currency = line.legs[0].currency
        return {
            "distance_km": 0,
            "cost_per_teu": 0,
            "currency": currency,
            "source": line.row["source"],
        }
    fields: dict[str, object] = {
        "distance_km": leg.km,
        "cost_per_teu": _price(line, index, leg),
        "cost_per_tonne": leg.price if leg.basis == "tonne" else 0,
        "currency": leg.currency,
        "source": leg.source,
    }
    if leg.emission_class != line.legs[0].emission_class:
        fields["emission_class"] = leg.emission_class
    if line.pricing == "block" and _is_european(line, index):
        fields |= _european_limits(line)
    return fields


def _price(line: Line, index: int, leg: Section) -> float:
    tariff = line.network.tariff
    if leg.basis == "tariff":
        if line.pricing == "block":
            return 0
        per_box = tariff["cn_base"] * (index == 1) + _china_leg(leg, tariff)
        per_box += tariff["slot_overhead"] * tariff["cny_per_usd"] * (index == 1)
        return round(per_box * tariff["slot_margin"] / 2)
    return {"feu": leg.price / 2, "teu": leg.price}.get(leg.basis, 0)


def _is_european(line: Line, index: int) -> bool:
    if EU_ENTRY not in line.path:
        return False
    entry = line.path.index(EU_ENTRY)
    westbound = "brest" in line.path[:entry]
    return index > entry if westbound else index <= entry


def _european_limits(line: Line) -> dict[str, object]:
    tariff = line.network.tariff
    return {
        "capacity_teu": min(2 * tariff["eu_feu"], 2 * line.wagons),
        "capacity_tonnes": tariff["eu_tonnes"],
    }


def departures_of(line: Line, start: date, weeks: int) -> list[Departure]:
    """The timetable rows of a line: every week, or in the named weeks of every four."""
    days = tuple(Weekday(day) for day in line.row["days"].split())
    clock = time.fromisoformat(line.row["clock"])
    if "weeks" not in line.row:
        return [Departure(service=line.row["id"], weekdays=days, departs_local=clock)]
    named = {int(week) for week in line.row["weeks"].split()}
    found = []
    for week in range(weeks):
        if week % 4 + 1 in named:
            monday = start + timedelta(weeks=week)
            found.append(
                Departure(
                    service=line.row["id"],
                    weekdays=days,
                    departs_local=clock,
                    first_date=monday,
                    last_date=monday + timedelta(days=6),
                )
            )
    return found
