"""Compiled: putting parts on the network, taking them off, and loading new ones."""

from __future__ import annotations

import numpy as np

from solvers.arrays import Bools, Ints, compiled
from solvers.network_design.heuristics.ruin_recreate.data import Net, Now, Parts
from solvers.network_design.heuristics.ruin_recreate.ways import View, way

WHOLE = 1e-9


@compiled
def shift(p: int, sign: float, net: Net, now: Now) -> None:
    """Put part ``p`` on the network (``sign`` 1) or take it off (-1), cost kept up to date."""
    arcs, state, parts = net.arcs, now.state, now.parts
    k = parts.commodity[p]
    amount = sign * parts.amount[p]
    each = net.who.load[k]
    for a in parts.buffer[parts.start[p] : parts.start[p] + parts.size[p]]:
        s = arcs.design[a]
        if sign > 0.0 and s >= 0:
            if state.uses[s] == 0:
                _toggle(s, 1.0, net, now)
            state.uses[s] += 1
        for r in arcs.cap[arcs.cap_start[a] : arcs.cap_start[a + 1]]:
            state.room[r] -= amount * each[net.row.dim[r]]
        for r in arcs.floor[arcs.floor_start[a] : arcs.floor_start[a + 1]]:
            _pour(r, amount * each[net.row.dim[r]], net, now)
        if sign < 0.0 and s >= 0:
            state.uses[s] -= 1
            if state.uses[s] == 0:
                _toggle(s, -1.0, net, now)
    state.left[k] -= amount
    state.cost[0] += amount * (parts.unit[p] - net.who.unserved_cost[k])
    parts.on[p] = sign > 0.0


@compiled
def settle(net: Net, now: Now) -> None:
    """Put all parts on the network."""
    for p in range(now.parts.top[0]):
        shift(p, 1.0, net, now)


@compiled
def drop(gone: Bools, net: Net, now: Now) -> None:
    """Take all parts off the marked designs."""
    parts, design = now.parts, net.arcs.design
    for p in range(parts.top[0]):
        if not parts.on[p]:
            continue
        for a in parts.buffer[parts.start[p] : parts.start[p] + parts.size[p]]:
            if design[a] >= 0 and gone[design[a]]:
                shift(p, -1.0, net, now)
                break


@compiled
def _toggle(s: int, sign: float, net: Net, now: Now) -> None:
    """Charge what design ``s`` costs while it runs, or take the charge back."""
    design, state = net.design, now.state
    state.cost[0] += sign * design.fixed[s]
    for r in design.floor[design.floor_start[s] : design.floor_start[s + 1]]:
        missing = max(0.0, net.row.limit[r] - state.load[r])
        state.cost[0] += sign * design.short_price[r] * missing


@compiled
def _pour(r: int, amount: float, net: Net, now: Now) -> None:
    """Load a minimum row; what it misses costs while its design runs."""
    state, limit, s = now.state, net.row.limit[r], net.row.design[r]
    before = max(0.0, limit - state.load[r])
    state.load[r] += amount
    if s >= 0 and state.uses[s] > 0:
        missing = max(0.0, limit - state.load[r])
        state.cost[0] += net.design.short_price[r] * (missing - before)


@compiled
def _fits(k: int, n: int, net: Net, now: Now) -> float:
    """Units of ``k`` for which the traced itinerary has room; rows met twice count twice."""
    arcs, each, times = net.arcs, net.who.load[k], now.work.times
    at = now.parts.top[1]
    most = np.inf
    for turn in range(2):
        for a in now.parts.buffer[at : at + n]:
            for r in arcs.cap[arcs.cap_start[a] : arcs.cap_start[a + 1]]:
                take = each[net.row.dim[r]] * times[r]
                if turn == 0:
                    times[r] += 1.0
                    continue
                if take > 0.0:
                    most = min(most, now.state.room[r] / take)
                times[r] = 0.0
    return most


@compiled
def send(k: int, net: Net, now: Now, view: View) -> float:
    """Load what the cheapest itinerary with room takes of what is left of ``k``; how much."""
    who, parts, left = net.who, now.parts, now.state.left[k]
    lot = who.lot[k]
    need = lot if lot > 0.0 else min(left, 1e-3 * who.demand[k])
    leaving, n = way(k, need, net, now, view)
    p = parts.top[0]
    if n < 0 or p >= len(parts.commodity):
        return 0.0
    amount = min(left, _fits(k, n, net, now))
    if lot > 0.0:
        amount = lot * np.floor(amount / lot + 1e-6)
    if amount <= WHOLE:
        return 0.0
    parts.commodity[p], parts.leaving[p], parts.amount[p] = k, leaving, amount
    parts.start[p], parts.size[p] = parts.top[1], n
    parts.unit[p] = _unit_cost(k, leaving, n, net, now)
    parts.top[0] += 1
    parts.top[1] += n
    shift(p, 1.0, net, now)
    return float(amount)


@compiled
def _unit_cost(k: int, leaving: int, n: int, net: Net, now: Now) -> float:
    """True cost of a unit on the traced itinerary."""
    factor, at = net.who.factor[k], now.parts.top[1]
    total = net.who.exit_cost[leaving]
    for a in now.parts.buffer[at : at + n]:
        for i in range(len(factor) - net.who.load.shape[1]):
            total += factor[i] * net.arcs.cost[a, i]
    return float(total)


@compiled
def load(turn: Ints, net: Net, now: Now, view: View) -> None:
    """Load what is left of commodities, in the given turn."""
    for k in turn:
        while now.state.left[k] > WHOLE:
            if send(k, net, now, view) <= 0.0:
                break


@compiled
def parts_by_row(net: Net, parts: Parts) -> tuple[Ints, Ints]:
    """Starts and parts of every ≤ row, from the itineraries of all parts."""
    arcs, rows = net.arcs, len(net.row.limit)
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
