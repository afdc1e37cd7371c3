"""Rows of the model: leg capacity, minimum loads, throughput by local day.

``leg``       ``Σ_k v[d,k] x[k,a] ≤ u[d,a] y[s]`` for TEU and for loaded tonnes, per leg arc
``minimum``   ``Σ_{a loads s} Σ_k x[k,a] ≥ l[s] y[s]`` for an optional departure
``terminal``  lifts on one local day at one terminal ``≤`` its daily capacity
``transfer``  starts on one local day in one direction ``≤`` its daily capacity; legs that cross the
              same border on board count

An unload counts on the day of the vehicle's arrival, a load on the day of its departure, a transfer
on the day it starts, a crossing on board on the day the leg starts, each in local time there. A row
that cannot bind is left out: tonnes where the densest goods fill the TEU first, and any limit above
all demand, unless it is what links a leg to its departure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from freight.domain.instance import Instance
from freight.model.drawing import crossings_on_board
from freight.model.moments import day_text, local_days
from freight.model.network import Arc, Network
from freight.model.pools import Pools
from solvers.arrays import Bools, Floats, Ints, Ragged

TEU, TONNES = 0, 1


@dataclass(frozen=True)
class Rows:
    """Rows (R) as ``NetworkDesign`` wants them, and their names."""

    arcs: Ragged
    dim: Ints
    limit: Floats
    design: Ints
    floor: Bools
    names: list[str]


@dataclass(frozen=True, slots=True)
class Runs:
    """Fewest and most runs of every departure; ``optional`` where they differ."""

    fewest: Ints
    most: Ints

    @property
    def optional(self) -> Bools:
        """Departures that the plan decides on."""
        return self.fewest < self.most


def runs_of(instance: Instance, network: Network) -> Runs:
    """Committed departures always run, as often as they may; the others at least never."""
    departures = network.calls.departures
    most = np.array([one.most_runs for one in departures], dtype=np.int64)
    committed = [instance.service[one.service].committed for one in departures]
    return Runs(np.where(np.array(committed, dtype=np.bool_), most, 0), most)


def rows_of(instance: Instance, network: Network, pools: Pools, runs: Runs) -> Rows:
    """Every row that can bind."""
    room = _room(instance, network, pools, runs)
    daily = [*_terminal_rows(instance, network), *_transfer_rows(instance, network)]
    parts = [
        *_leg_rows(instance, network, pools, runs),
        _minimum_rows(instance, network, runs),
        *(_binding(one, room) for one in daily),
    ]
    lists = [one.arcs for one in parts]
    start = np.concatenate(
        [[0], *(one.start[1:] + offset for one, offset in zip(lists, _offsets(lists), strict=True))]
    )
    return Rows(
        Ragged(start.astype(np.int64), np.concatenate([one.values for one in lists])),
        np.concatenate([one.dim for one in parts]),
        np.concatenate([one.limit for one in parts]),
        np.concatenate([one.design for one in parts]),
        np.concatenate([one.floor for one in parts]),
        [name for one in parts for name in one.names],
    )


def _room(instance: Instance, network: Network, pools: Pools, runs: Runs) -> Floats:
    """Most TEU that legs let over each arc; all demand on arcs that are no leg or lift."""
    calls = network.calls
    by_call = leg_limits(instance, network)[0][calls.stop] * runs.most[calls.departure]
    room = np.full(network.arcs, pools.teu.sum())
    for kind, shift in ((Arc.LEG, 0), (Arc.UNLOAD, 0), (Arc.LOAD, 1)):
        at = np.flatnonzero(network.kind == kind)
        room[at] = np.minimum(room[at], by_call[network.refer[at] + shift])
    return room


def _binding(rows: Rows, room: Floats) -> Rows:
    """Rows whose arcs have room for more than the limit."""
    most = np.bincount(rows.arcs.owners(), weights=room[rows.arcs.values], minlength=len(rows.dim))
    keep = np.flatnonzero(most > rows.limit)
    return Rows(
        Ragged.of([rows.arcs[r] for r in keep]), rows.dim[keep], rows.limit[keep],
        rows.design[keep], rows.floor[keep], [rows.names[r] for r in keep],
    )  # fmt: skip


def _offsets(lists: list[Ragged]) -> list[int]:
    sizes = [len(one.values) for one in lists]
    return [sum(sizes[:i]) for i in range(len(sizes))]


def _leg_rows(instance: Instance, network: Network, pools: Pools, runs: Runs) -> list[Rows]:
    calls = network.calls
    arcs = np.flatnonzero(network.kind == Arc.LEG)
    call = network.refer[arcs]
    departure = calls.departure[call]
    teu, tonnes = leg_limits(instance, network)
    teu, tonnes = teu[calls.stop[call]], tonnes[calls.stop[call]]
    optional = runs.optional[departure]
    densest = pools.loaded_tonnes.max(initial=0.0)
    most_teu = np.minimum(teu * runs.most[departure], pools.teu.sum())
    keep = optional | (teu * runs.most[departure] < pools.teu.sum())
    heavy = densest * most_teu > tonnes * runs.most[departure]
    heavy |= densest * teu > tonnes
    times = np.where(optional, 1, runs.most[departure])
    design = np.where(optional, departure, -1)
    families = ((TEU, teu, keep, "TEU"), (TONNES, tonnes, heavy, "tonnes"))
    return [
        Rows(
            Ragged(np.arange(chosen.sum() + 1, dtype=np.int64), arcs[chosen]),
            np.full(int(chosen.sum()), dim, dtype=np.int64),
            (limit * times)[chosen], design[chosen], np.zeros(int(chosen.sum()), dtype=np.bool_),
            [f"{leg_name(network, c)}: {word}" for c in call[chosen]],
        )
        for dim, limit, chosen, word in families
    ]  # fmt: skip


def leg_limits(instance: Instance, network: Network) -> tuple[Floats, Floats]:
    """TEU and tonnes that one run takes on the leg ending at each stop; shape of calls.stops."""
    limits = [stop.limits(instance.service[stop.service]) for stop in network.calls.stops]
    table = np.array(limits, dtype=np.float64).reshape(len(limits), 2)
    return table[:, 0], table[:, 1]


def leg_name(network: Network, call: int) -> str:
    """A leg in words: departure and terminals."""
    calls = network.calls
    before, here = calls.stop_of(call - 1).terminal, calls.stop_of(call).terminal
    return f"{calls.departure_of(call).id} {before}-{here}"


def _minimum_rows(instance: Instance, network: Network, runs: Runs) -> Rows:
    calls = network.calls
    least = np.array(
        [instance.service[one.service].minimum_load_teu for one in calls.departures],
        dtype=np.float64,
    )
    arcs = np.flatnonzero(network.kind == Arc.LOAD)
    departure = calls.departure[network.refer[arcs]]
    arcs, departure = _chosen(runs.optional[departure] & (least[departure] > 0), arcs, departure)
    key, lists = _grouped(departure, arcs)
    names = [f"{calls.departures[d].id}: minimum load" for d in key]
    return Rows(lists, np.full(len(key), TEU), least[key], key, np.ones(len(key), bool), names)


def _terminal_rows(instance: Instance, network: Network) -> list[Rows]:
    calls = network.calls
    found = []
    lifts = np.flatnonzero((network.kind == Arc.LOAD) | (network.kind == Arc.UNLOAD))
    call = network.refer[lifts]
    at = np.where(network.kind[lifts] == Arc.LOAD, calls.depart[call], calls.arrive[call])
    for place, terminal in enumerate(instance.terminals):
        if terminal.capacity_teu_per_day is not None:
            here, when = _chosen(calls.terminal[call] == place, lifts, at)
            days = local_days(when, terminal.time_zone)
            found.append(_daily(here, days, terminal.capacity_teu_per_day, terminal.id, "lifts"))
    return found


def _transfer_rows(instance: Instance, network: Network) -> list[Rows]:
    calls = network.calls
    crossing = crossings_on_board(instance, calls, network.moves)
    moves = np.flatnonzero(network.kind == Arc.TRANSFER)
    legs = np.flatnonzero(network.kind == Arc.LEG)
    passes = crossing[calls.stop[network.refer[legs]]]
    arcs = np.concatenate([moves, legs])
    move = np.concatenate([network.refer[moves], passes])
    at = np.concatenate([network.start[moves], calls.depart[network.refer[legs] - 1]])
    found = []
    for m, one in enumerate(network.moves):
        limit = one.transfer.capacity_teu_per_day
        if limit is not None:
            here, when = _chosen(move == m, arcs, at)
            start = instance.terminals[one.tail]
            days = local_days(when, start.time_zone)
            found.append(_daily(here, days, limit, one.transfer.id, f"starts from {start.id}"))
    return found


def _daily(arcs: Ints, days: Ints, limit: float, name: str, what: str) -> Rows:
    key, lists = _grouped(days, arcs)
    size = len(key)
    names = [f"{name} {day_text(day)}: TEU of {what}" for day in key]
    return Rows(
        lists, np.full(size, TEU), np.full(size, float(limit)), np.full(size, -1),
        np.zeros(size, dtype=np.bool_), names,
    )  # fmt: skip


def _chosen(mask: Bools, *columns: Ints) -> Sequence[Ints]:
    return [one[mask] for one in columns]


def _grouped(key: Ints, arcs: Ints) -> tuple[Ints, Ragged]:
    """Distinct keys in order, and the arcs of each."""
    order = np.lexsort((arcs, key))
    distinct, first = np.unique(key[order], return_index=True)
    start = np.append(first, len(arcs)).astype(np.int64)
    return distinct, Ragged(start, arcs[order])
