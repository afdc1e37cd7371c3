"""Small instances in which boxes would gain by coming back to where they have been.

Hubs with dear storage, or where boxes may wait for two days only, joined by trains and trucks both
ways; departures at equal moments, capacities that a few boxes fill exactly, minimum loads that a
detour could fill, prices that tie, boxes that travel whole. ``circling(seed)`` makes one.
"""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

from freight.domain.instance import Instance
from tests.freight import hand

HUBS = ("H", "X", "Y")


def circling(seed: int) -> Instance:
    """The instance of a seed; equal seeds give equal instances."""
    rng = Random(seed)
    terminals = [hand.terminal("A"), *(_hub(rng, name) for name in HUBS), hand.terminal("B")]
    circle = [("A", "H"), ("H", "X"), ("X", rng.choice(["H", "Y"])), ("Y", "H"), ("H", "B")]
    more = [_ends(rng) for _ in range(rng.randint(0, 3))]
    services = [_train(rng, f"S{i}", ends) for i, ends in enumerate([*circle, *more])]
    transfers = [
        hand.transfer(
            f"T{i}", *rng.sample(HUBS, 2), rng.choice([1, 6]), cost_per_teu=rng.choice([0, 3]),
            both_ways=rng.random() < 0.5, capacity_teu_per_day=rng.choice([None, None, 2]),
        )
        for i in range(rng.randint(0, 2))
    ]  # fmt: skip
    return hand.instance(
        terminals, services, [_shipment(rng, i) for i in range(rng.randint(1, 3))], transfers,
        defaults={
            "most_dwell_days": rng.choice([2, 4, 14]), "most_late_days": 60,
            "unserved_cost_per_teu": rng.choice([400, 2000]),
        },
    )  # fmt: skip


def _hub(rng: Random, name: str) -> dict[str, Any]:
    return hand.terminal(
        name, free_storage_hours=rng.choice([0, 24]),
        storage_cost_per_teu_day=rng.choice([0, 48, 120]),
        handling_hours=rng.choice([0, 2]), handling_cost_per_teu=rng.choice([0, 1]),
    )  # fmt: skip


def _ends(rng: Random) -> tuple[str, ...]:
    """Terminals of one more train."""
    return rng.choice([
        ("A", rng.choice(HUBS)), tuple(rng.sample(HUBS, 2)), tuple(rng.sample(HUBS, 3)),
        (rng.choice(HUBS), "B"),
    ])  # fmt: skip


def _train(
    rng: Random, name: str, ends: tuple[str, ...]
) -> tuple[dict[str, Any], list[Any], list[Any]]:
    calls, hours = [(ends[0], 0.0, 0.0)], 0.0
    for _ in pairwise(ends):
        arrives = hours + rng.choice([5, 10, 23])
        hours = arrives + rng.choice([0, 3])
        calls.append((ends[len(calls)], arrives, hours))
    calls[-1] = (calls[-1][0], calls[-1][1], calls[-1][1])
    first = 0 if ends[0] == "A" else 120 if ends[-1] == "B" else rng.choice([12, 24, 48])
    every = rng.choice([12, 24])
    some = [first + every * day for day in range(rng.randint(1, 3))]
    committed = rng.random() < 0.3
    service = hand.service(
        name, committed=committed, fixed_cost_per_departure=rng.choice([0, 1, 60]),
        capacity_teu=rng.choice([1, 2, 3, 4]), cutoff_hours=rng.choice([0, 2]),
        minimum_load_teu=0 if committed else rng.choice([0, 0, 2, 3]),
    )  # fmt: skip
    rows = hand.stops(name, *calls, cost_per_teu=rng.choice([0, 5, 5, 20]))
    return service, rows, hand.leaves(name, *some, most_runs=rng.choice([1, 1, 2]))


def _shipment(rng: Random, i: int) -> dict[str, Any]:
    return hand.shipment(
        f"P{i}", "A", rng.choice(["B", "B", "H"]), rng.choice([0, 0, 24]), container_type="22G1",
        teu=rng.randint(1, 3), gross_tonnes=5, splittable=rng.random() < 0.7,
    )  # fmt: skip


def one_box() -> Instance:
    """O → A at once, O → B for 300; A ⇄ B daily for 1; B → D on day 9; storage 100 a day."""
    stored = {"free_storage_hours": 1, "storage_cost_per_teu_day": 100}
    daily = [24.0 * day + 8 for day in range(14)]
    some = [("OA", "O", "A", 1, [8.0]), ("OB", "O", "B", 300, [8.0]), ("AB", "A", "B", 1, daily),
            ("BA", "B", "A", 1, daily), ("BD", "B", "D", 1, [24.0 * 8 + 8])]  # fmt: skip
    return hand.instance(
        [hand.terminal("O"), hand.terminal("A", **stored), hand.terminal("B", **stored),
         hand.terminal("D")],
        [(hand.service(name, committed=False, fixed_cost_per_departure=cost, capacity_teu=10),
          hand.stops(name, (a, 0, 0), (b, 23, 23)), hand.leaves(name, *hours))
         for name, a, b, cost, hours in some],
        [hand.shipment("S", "O", "D", 8, container_type="22G1", teu=1, gross_tonnes=1)],
        defaults={"unserved_cost_per_teu": 100_000},
    )  # fmt: skip


def outwaiting() -> Instance:
    """A ship on Thursday and Friday, two days of dwell, a barge on Monday, a shuttle to the west.

    The ship loads in the west on its way to the east, so by Thursday's ship and the shuttle boxes
    could outwait the limit.
    """
    ship = hand.stops("SHIP", ("far", 0, 0), ("west", 20, 32), ("east", 35, 35), cost_per_teu=10)
    ship[1]["unload"] = False
    return hand.instance(
        [hand.terminal(name) for name in ("far", "west", "east", "inland")],
        [(hand.service("SHIP", committed=False, capacity_teu=80), ship,
          hand.leaves("SHIP", 80, 104)),
         (hand.service("BARGE", committed=False, capacity_teu=6),
          hand.stops("BARGE", ("east", 0, 0), ("inland", 20, 20), cost_per_teu=10),
          hand.leaves("BARGE", 180))],
        [hand.shipment("s1", "far", "inland", 7, container_type="22G1", teu=6)],
        [hand.transfer("shuttle", "east", "west", 10, cost_per_teu=1, both_ways=True)],
        defaults={"most_dwell_days": 2, "unserved_cost_per_teu": 2000},
    )  # fmt: skip
