"""Compiled: putting parts on the network, taking them off, and loading new ones."""

from __future__ import annotations

import numpy as np

from solvers.arrays import Bools, Ints, compiled
from solvers.network_design.loading.state import Parts, SearchState, StaticData
from solvers.network_design.loading.ways import View, way

WHOLE = 1e-9


@compiled
def shift(p: int, sign: float, data: StaticData, now: SearchState) -> None:
    """Put part ``p`` on the network (``sign`` 1) or take it off (-1), cost kept up to date."""
    arcs, state, parts = data.arcs, now.state, now.parts
    k = parts.commodity[p]
    amount = sign * parts.amount[p]
    each = data.who.load[k]
    for a in parts.buffer[parts.start[p] : parts.start[p] + parts.size[p]]:
        s = arcs.design[a]
        if sign > 0.0 and s >= 0:
            if state.uses[s] == 0:
                _set_open(s, 1.0, data, now)
            state.uses[s] += 1
        for r in arcs.cap[arcs.cap_start[a] : arcs.cap_start[a + 1]]:
            state.room[r] -= amount * each[data.row.dim[r]]
        for r in arcs.floor[arcs.floor_start[a] : arcs.floor_start[a + 1]]:
            _add_load(r, amount * each[data.row.dim[r]], data, now)
        if sign < 0.0 and s >= 0:
            state.uses[s] -= 1
            if state.uses[s] == 0:
                _set_open(s, -1.0, data, now)
    state.left[k] -= amount
    state.cost[0] += amount * (parts.unit[p] - data.who.unserved_cost[k])
    parts.on[p] = sign > 0.0


@compiled
def insert_all(data: StaticData, now: SearchState) -> None:
    """Put all parts on the network."""
    for p in range(now.parts.top[0]):
        shift(p, 1.0, data, now)


@compiled
def drop(gone: Bools, data: StaticData, now: SearchState) -> None:
    """Take all parts off the marked designs."""
    parts, design = now.parts, data.arcs.design
    for p in range(parts.top[0]):
        if not parts.on[p]:
            continue
        for a in parts.buffer[parts.start[p] : parts.start[p] + parts.size[p]]:
            if design[a] >= 0 and gone[design[a]]:
                shift(p, -1.0, data, now)
                break


@compiled
def _set_open(s: int, sign: float, data: StaticData, now: SearchState) -> None:
    """Charge what design ``s`` costs while it runs, or take the charge back."""
    design, state = data.design, now.state
    state.cost[0] += sign * design.fixed[s]
    for r in design.floor[design.floor_start[s] : design.floor_start[s + 1]]:
        missing = max(0.0, data.row.limit[r] - state.load[r])
        state.cost[0] += sign * design.short_price[r] * missing


@compiled
def _add_load(r: int, amount: float, data: StaticData, now: SearchState) -> None:
    """Load a minimum row; what it misses costs while its design runs."""
    state, limit, s = now.state, data.row.limit[r], data.row.design[r]
    before = max(0.0, limit - state.load[r])
    state.load[r] += amount
    if s >= 0 and state.uses[s] > 0:
        missing = max(0.0, limit - state.load[r])
        state.cost[0] += data.design.short_price[r] * (missing - before)


@compiled
def _fits(k: int, n: int, data: StaticData, now: SearchState) -> float:
    """Units of ``k`` for which the traced itinerary has room; rows met twice count twice."""
    arcs, each, times = data.arcs, data.who.load[k], now.scratch.times
    at = now.parts.top[1]
    most = np.inf
    for turn in range(2):
        for a in now.parts.buffer[at : at + n]:
            for r in arcs.cap[arcs.cap_start[a] : arcs.cap_start[a + 1]]:
                take = each[data.row.dim[r]] * times[r]
                if turn == 0:
                    times[r] += 1.0
                    continue
                if take > 0.0:
                    most = min(most, now.state.room[r] / take)
                times[r] = 0.0
    return most


@compiled
def send(k: int, data: StaticData, now: SearchState, view: View) -> float:
    """Load what the cheapest itinerary with room takes of what is left of ``k``; how much."""
    who, parts, left = data.who, now.parts, now.state.left[k]
    lot = who.lot[k]
    need = lot if lot > 0.0 else min(left, 1e-3 * who.demand[k])
    leaving, n = way(k, need, data, now, view)
    p = parts.top[0]
    if n < 0 or p >= len(parts.commodity):
        return 0.0
    amount = min(left, _fits(k, n, data, now))
    if lot > 0.0:
        amount = lot * np.floor(amount / lot + 1e-6)
    if amount <= WHOLE:
        return 0.0
    parts.commodity[p], parts.leaving[p], parts.amount[p] = k, leaving, amount
    parts.start[p], parts.size[p] = parts.top[1], n
    parts.unit[p] = _unit_cost(k, leaving, n, data, now)
    parts.top[0] += 1
    parts.top[1] += n
    shift(p, 1.0, data, now)
    return float(amount)


@compiled
def _unit_cost(k: int, leaving: int, n: int, data: StaticData, now: SearchState) -> float:
    """True cost of a unit on the traced itinerary."""
    factor, at = data.who.factor[k], now.parts.top[1]
    total = data.who.exit_cost[leaving]
    for a in now.parts.buffer[at : at + n]:
        for i in range(len(factor) - data.who.load.shape[1]):
            total += factor[i] * data.arcs.cost[a, i]
    return float(total)


@compiled
def load(turn: Ints, data: StaticData, now: SearchState, view: View) -> None:
    """Load what is left of commodities, in the given turn."""
    for k in turn:
        while now.state.left[k] > WHOLE:
            if send(k, data, now, view) <= 0.0:
                break


@compiled
def parts_by_row(data: StaticData, parts: Parts) -> tuple[Ints, Ints]:
    """Starts and parts of every ≤ row, from the itineraries of all parts."""
    arcs, rows = data.arcs, len(data.row.limit)
    start = np.zeros(rows + 1, np.int64)
    place = start[:-1].copy()
    member = np.empty(0, np.int64)
    for turn in range(2):
        if turn == 1:
            start[1:] = np.cumsum(start[1:])
            place[:] = start[:-1]
            member = np.empty(start[rows], np.int64)
        for p in range(parts.top[0]):
            for a in parts.buffer[parts.start[p] : parts.start[p] + parts.size[p]]:
                for r in arcs.cap[arcs.cap_start[a] : arcs.cap_start[a + 1]]:
                    if turn == 0:
                        start[r + 1] += 1
                    else:
                        member[place[r]] = p
                        place[r] += 1
    return start, member
