"""Shipments drawn from weekly demand: exact in total, random in size, goods, place and time.

For each row of ``demand.csv`` and each week, sizes are drawn until the week's boxes are used up, so
that the volume of every city and market equals the stated one. Sizes are log-normal, cut at one
block train: most shipments are small, most boxes belong to few large ones.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from freight.domain.shipment import ContainerType, Shipment
from freight.domain.terminal import Terminal
from freight.generate.facts import rows

Row = Mapping[str, str]

MEDIAN_FEU, SIGMA, MOST_FEU = 18.0, 1.0, 45
REST_FEU = 3
"""A week's last boxes, up to this many, join the shipment before."""
LARGEST_SHARE = 3.0
"""A shipment is at most this multiple of a week's boxes between its two places."""
SPLIT_FEU = 4
"""Larger shipments may travel apart."""
EXPRESS_SHARE = 0.12
"""Share of rail shipments with a tight due date."""
SLACK_DAYS: Mapping[str, tuple[int, int]] = {
    "rail": (4, 11),
    "express": (1, 4),
    "low": (8, 18),
    "urgent": (2, 5),
}
READY_BEFORE_DAYS: Mapping[str, float] = {"rail": 4, "low": 9, "urgent": 2}
"""Shipments of a week are ready from this long before its Monday."""
URGENT_VALUES_USD = (200_000, 1_200_000)
URGENT_TONNES = (0.6, 3.5)
URGENT_UNSERVED_USD = 60_000
CODES = {"wuhan": "WUH", "changsha": "CSX", "hefei": "HFE", "nanchang": "KHN"}


@dataclass(frozen=True)
class Book:
    """What shipments are drawn from: demand, goods, places."""

    demand: Sequence[Row]
    goods: Sequence[Row]
    outlets: Sequence[Row]
    origins: Sequence[Row]
    terminals: Mapping[str, Terminal]
    start: datetime
    rng: random.Random

    def pick(self, choices: Sequence[Row], weight: str = "share") -> Row:
        """One of some rows, by weight."""
        return self.rng.choices(choices, [float(one.get(weight, "0")) for one in choices])[0]


def shipments(
    folder: str, terminals: Sequence[Terminal], start: datetime, weeks: int, seed: int
) -> tuple[Shipment, ...]:
    """All shipments of a horizon; equal seeds give equal shipments."""
    book = Book(
        demand=tuple(rows(folder, "demand")),
        goods=tuple(rows(folder, "goods")),
        outlets=tuple(rows(folder, "outlets")),
        origins=tuple(rows(folder, "origins")),
        terminals={one.id: one for one in terminals},
        start=start,
        rng=random.Random(seed),
    )
    found: list[Shipment] = []
    counts: dict[str, int] = {}
    for cell in book.demand:
        for week in range(weeks):
            for outlet, feu in _sizes(book, cell):
                stem = f"{CODES[cell['owner']]}-{cell['direction'].upper()}"
                counts[stem] = counts.get(stem, 0) + 1
                found.append(
                    _shipment(book, cell, f"{stem}-{counts[stem]:03d}", (outlet, feu, week))
                )
    return tuple(found)


def _sizes(book: Book, cell: Row) -> Iterator[tuple[Row, float]]:
    """Outlet and forty-foot boxes of each shipment of one week; they add up to the week's."""
    weekly = float(cell["feu_a_week"])
    outlets = [o for o in book.outlets if o["market"] == cell["market"] and _serves(o, cell)]
    left = weekly
    while left > 0:
        outlet = book.pick(outlets)
        if cell["class"] == "urgent":
            feu = 0.5
        else:
            most = min(
                MOST_FEU, left, max(2, math.ceil(LARGEST_SHARE * weekly * float(outlet["share"])))
            )
            drawn = book.rng.lognormvariate(math.log(MEDIAN_FEU), SIGMA)
            feu = float(max(1, min(most, round(drawn))))
            feu = left if left - feu <= min(REST_FEU, feu) else feu
        left -= feu
        yield outlet, feu


def _shipment(book: Book, cell: Row, name: str, drawn: tuple[Row, float, int]) -> Shipment:
    outlet, feu, week = drawn
    goods = _goods(book, cell)
    home = book.pick([one for one in book.origins if _serves(one, cell)])
    ends = (home["terminal"], outlet["terminal"])
    origin, destination = ends if cell["direction"] == "out" else ends[::-1]
    box = ContainerType(goods["container_type"])
    express = cell["class"] == "rail" and book.rng.random() < EXPRESS_SHARE
    tonnes, value = _load(book, cell, goods, feu)
    ready, due = _times(book, cell, outlet, (week, express), (origin, destination))
    teu = round(2 * feu)
    return Shipment(
        id=name,
        owner=cell["owner"],
        consignor=_party(book, origin, goods, name),
        consignee=_party(book, destination, goods, name),
        origin=origin,
        destination=destination,
        container_type=box,
        teu=teu,
        gross_tonnes=tonnes,
        value=value,
        currency="USD",
        hs_code=goods["hs_code"],
        goods_en=goods["goods_en"],
        goods_zh=goods["goods_zh"],
        packages=max(1, round(feu * int(goods["packages_per_feu"]))),
        package_kind=goods["package_kind"],
        ready=ready,
        due=due,
        lateness_cost_per_teu_day=_lateness(goods, value / teu, express=express),
        unserved_cost_per_teu=URGENT_UNSERVED_USD if cell["class"] == "urgent" else None,
        splittable=feu > SPLIT_FEU,
        reefer=goods["reefer"] == "yes",
        dangerous=goods.get("dangerous"),
        source=f"drawn; volume {cell['source']}; goods {goods['source']}",
    )


def _serves(place: Row, cell: Row) -> bool:
    """Whether an origin or outlet stands for the city, class and direction of a demand row."""
    same = place["class"] == cell["class"] and place["direction"] in ("both", cell["direction"])
    return same and place.get("owner", cell["owner"]) == cell["owner"]


def _goods(book: Book, cell: Row) -> Row:
    flow = cell["direction"] if cell["class"] == "rail" else cell["class"]
    if (flow, cell["market"]) == ("in", "central-asia"):
        flow = "in-ca"
    some = [one for one in book.goods if one["flow"] == flow]
    return book.pick(some, "share_eu" if cell["market"] == "eu" else "share_cis")


def _load(book: Book, cell: Row, goods: Row, feu: float) -> tuple[float, float]:
    """Gross tonnes and value in USD."""
    if cell["class"] == "urgent":
        tonnes = round(book.rng.uniform(*URGENT_TONNES), 1)
        return tonnes, float(round(book.rng.uniform(*URGENT_VALUES_USD), -4))
    tonnes = round(feu * float(goods["tonnes_per_feu"]) * book.rng.uniform(0.9, 1.05), 1)
    each = float(goods["value_eu" if cell["market"] == "eu" else "value_cis"])
    return tonnes, float(round(feu * each * book.rng.uniform(0.75, 1.25), -3))


def _times(
    book: Book, cell: Row, outlet: Row, kind: tuple[int, bool], ends: tuple[str, str]
) -> tuple[datetime, datetime]:
    """Ready in working hours at the origin, due in the evening at the destination."""
    (week, express), (origin, destination) = kind, ends
    since = 7 * (week + book.rng.random()) - READY_BEFORE_DAYS[cell["class"]]
    day = book.start.date() + timedelta(days=math.floor(since))
    there = ZoneInfo(book.terminals[origin].time_zone)
    ready = datetime(day.year, day.month, day.day, book.rng.randint(8, 18), tzinfo=there)
    slack = book.rng.randint(*SLACK_DAYS["express" if express else cell["class"]])
    days = float(outlet["days"]) + slack
    last = (ready + timedelta(days=days)).date()
    zone = ZoneInfo(book.terminals[destination].time_zone)
    return ready, datetime(last.year, last.month, last.day, 18, tzinfo=zone)


def _lateness(goods: Row, value_per_teu: float, *, express: bool) -> float:
    """Value of time, a share of the goods' value a day; twice for a tight due date."""
    a_day = float(goods["vot_percent"]) / 100 * value_per_teu * (2 if express else 1)
    return float(max(10, 5 * round(a_day / 5)))


def _party(book: Book, terminal: str, goods: Row, name: str) -> str:
    return (
        f"{book.terminals[terminal].city} {goods['id']} party {name.rsplit('-', 1)[1]} (synthetic)"
    )
