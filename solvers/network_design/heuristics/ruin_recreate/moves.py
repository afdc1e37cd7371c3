"""Compiled moves: what leaves the network, what is loaded again, and whether that is kept."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solvers.arrays import Floats, Ints, compiled
from solvers.network_design.loading.parts import WHOLE, load, shift
from solvers.network_design.loading.state import LONG, SearchState, StaticData
from solvers.network_design.loading.ways import View, cheapest, traced

MOST_OUT = 60  #: parts that leave in one move, but for a design that is emptied
_FULL, _CLOSING, _FILLING = 0.3, 0.45, 0.6  #: cumulated shares of the kinds of moves
_TRIES = 20


class RandomBuffer(NamedTuple):
    """Random numbers in [0, 1), walked in a circle; ``at[0]`` is where."""

    value: Floats
    at: Ints


class Out(NamedTuple):
    """Scratch of a move: parts that left, commodities that asked; ``size`` holds how many."""

    part: Ints
    asked: Ints
    size: Ints


class Tools(NamedTuple):
    """Indexes of one batch: parts by row and by commodity, who waits, designs that miss load."""

    row_start: Ints
    row_part: Ints
    who_start: Ints
    who_part: Ints
    waiting: Ints
    short: Ints
    random: RandomBuffer
    out: Out


@compiled
def _draw(random: RandomBuffer) -> float:
    random.at[0] = (random.at[0] + 1) % len(random.value)
    return float(random.value[random.at[0]])


@compiled
def _one_of(many: int, random: RandomBuffer) -> int:
    return int(_draw(random) * many)


@compiled
def _take(p: int, data: StaticData, now: SearchState, out: Out) -> None:
    """Take part ``p`` off and remember it."""
    if now.parts.on[p] and out.size[0] < len(out.part):
        shift(p, -1.0, data, now)
        out.part[out.size[0]] = p
        out.size[0] += 1


@compiled
def _clear(k: int, data: StaticData, now: SearchState, view: View, tools: Tools) -> None:
    """Take parts off every row that is too full on the cheapest itinerary of ``k``."""
    arcs, state, random = data.arcs, now.state, tools.random
    _, leaving = cheapest(k, 0.0, data, now, view)
    if leaving < 0:
        return
    n, at = traced(leaving, data, now), now.parts.top[1]
    for a in now.parts.buffer[at : at + max(n, 0)]:
        for r in arcs.cap[arcs.cap_start[a] : arcs.cap_start[a + 1]]:
            need = data.who.load[k, data.row.dim[r]] * state.left[k] - 1e-7
            first = tools.row_start[r]
            many = tools.row_start[r + 1] - first
            tries = 0
            while state.room[r] < need and tries < 2 * many:
                _take(tools.row_part[first + _one_of(many, random)], data, now, tools.out)
                tries += 1


@compiled
def _close(data: StaticData, now: SearchState, view: View, tools: Tools) -> None:
    """Empty the least loaded of some designs and shut it for this move."""
    design, random = data.design, tools.random
    best, least = -1, np.inf
    for _ in range(6):
        s = _one_of(len(design.fixed), random)
        if now.state.uses[s] == 0 or not design.may_stop[s]:
            continue
        if design.cap_start[s] == design.cap_start[s + 1]:
            continue
        r = design.cap[design.cap_start[s]]
        filled = (1.0 - now.state.room[r] / data.row.limit[r]) * (0.5 + _draw(random))
        if filled < least:
            best, least = s, filled
    if best < 0:
        return
    for r in design.cap[design.cap_start[best] : design.cap_start[best + 1]]:
        for p in tools.row_part[tools.row_start[r] : tools.row_start[r + 1]]:
            _take(p, data, now, tools.out)
    view.charge[best] = np.inf


@compiled
def _loosen(data: StaticData, now: SearchState, tools: Tools) -> None:
    """Take off a random part, and parts that share rows with those that left."""
    parts, arcs, random, out = now.parts, data.arcs, tools.random, tools.out
    goal = 3 + int(_draw(random) ** 2 * (MOST_OUT - 3))
    if parts.top[0] == 0:
        return
    _take(_one_of(parts.top[0], random), data, now, out)
    for _ in range(4 * goal):
        if out.size[0] == 0 or out.size[0] >= goal:
            return
        p = out.part[_one_of(out.size[0], random)]
        if parts.size[p] == 0:
            continue
        a = parts.buffer[parts.start[p] + _one_of(parts.size[p], random)]
        many = arcs.cap_start[a + 1] - arcs.cap_start[a]
        if many == 0:
            continue
        r = arcs.cap[arcs.cap_start[a] + _one_of(many, random)]
        size = tools.row_start[r + 1] - tools.row_start[r]
        for _ in range(min(size, 4)):
            _take(tools.row_part[tools.row_start[r] + _one_of(size, random)], data, now, out)


@compiled
def _wanting(data: StaticData, now: SearchState, tools: Tools) -> tuple[int, float]:
    """A design that misses its minimum or does not run, and the units to look for; -1 if none."""
    design, state, random = data.design, now.state, tools.random
    if len(tools.short) > 0 and _draw(random) < 0.5:
        s = tools.short[_one_of(len(tools.short), random)]
        missing = 0.0
        for r in design.floor[design.floor_start[s] : design.floor_start[s + 1]]:
            missing = max(missing, data.row.limit[r] - state.load[r])
        if state.uses[s] > 0 and missing > 0.0:
            return s, missing * (1.0 + 2.0 * _draw(random))
    for _ in range(_TRIES):
        s = _one_of(len(design.fixed), random)
        if state.uses[s] == 0 and not design.never[s]:
            return s, design.room[s] * (0.8 + 0.8 * _draw(random))
    return -1, 0.0


@compiled
def _fill(data: StaticData, now: SearchState, view: View, tools: Tools) -> None:
    """Offer a design that wants load, at less than nothing, to commodities that may use it."""
    random, out, left = tools.random, tools.out, now.state.left
    s, wanted = _wanting(data, now, tools)
    if s < 0:
        return
    view.charge[s] = -4.0 * data.design.slope[s] * _draw(random)
    users = data.design.user[data.design.user_start[s] : data.design.user_start[s + 1]]
    many = len(users)
    begin = _one_of(many, random)
    for i in range(many):
        k = users[(begin + i) % many]
        if wanted > 0.0 and left[k] > WHOLE and out.size[1] < len(out.asked):
            out.asked[out.size[1]] = k
            out.size[1] += 1
            wanted -= left[k]
    begin = _one_of(many, random)
    for i in range(many):
        if wanted <= 0.0 or out.size[0] >= MOST_OUT:
            return
        if _draw(random) < 0.5:
            wanted -= _called(users[(begin + i) % many], s, data, now, tools)


@compiled
def _called(k: int, s: int, data: StaticData, now: SearchState, tools: Tools) -> float:
    """Take off the parts of ``k`` that do not ride ``s``; how many units."""
    parts, total = now.parts, 0.0
    for p in tools.who_part[tools.who_start[k] : tools.who_start[k + 1]]:
        rides = False
        for a in parts.buffer[parts.start[p] : parts.start[p] + parts.size[p]]:
            rides = rides or data.arcs.design[a] == s
        if parts.on[p] and not rides:
            _take(p, data, now, tools.out)
            total += parts.amount[p]
    return total


@compiled
def _ruin(data: StaticData, now: SearchState, view: View, tools: Tools) -> None:
    """Take parts off by a random kind of move; one that waits may ask to be loaded."""
    random, out = tools.random, tools.out
    kind = _draw(random)
    if len(tools.waiting) > 0:
        k = tools.waiting[_one_of(len(tools.waiting), random)]
        if now.state.left[k] > WHOLE:
            out.asked[0] = k
            out.size[1] = 1
    if kind < _FULL and out.size[1] > 0:
        _clear(out.asked[0], data, now, view, tools)
    elif kind < _CLOSING:
        _close(data, now, view, tools)
    elif kind < _FILLING:
        _fill(data, now, view, tools)
    else:
        _loosen(data, now, tools)


@compiled
def _recreate(data: StaticData, now: SearchState, view: View, tools: Tools) -> None:
    """Load the commodities that asked, then what left, in random turn or the largest first."""
    out, parts, random = tools.out, now.parts, tools.random
    left = out.part[: out.size[0]]
    by_size = _draw(random) < 0.5
    key = np.empty(len(left))
    for i in range(len(left)):
        key[i] = -_draw(random)
        if by_size:
            key[i] = parts.amount[left[i]] * (key[i] - 0.3)
    load(out.asked[: out.size[1]], data, now, view)
    load(parts.commodity[left[np.argsort(key)]], data, now, view)


@compiled
def _undo(made: int, end: int, data: StaticData, now: SearchState, out: Out) -> None:
    """Take off the parts from ``made`` on and put back those that left."""
    parts = now.parts
    for p in range(parts.top[0] - 1, made - 1, -1):
        if parts.on[p]:
            shift(p, -1.0, data, now)
    parts.top[0], parts.top[1] = made, end
    for i in range(out.size[0] - 1, -1, -1):
        shift(out.part[i], 1.0, data, now)


@compiled
def improve(
    moves: int, temperature: float, data: StaticData, now: SearchState, tools: Tools
) -> int:
    """Try ``moves`` moves at a temperature in money; how many were kept."""
    random, out, cost, top = tools.random, tools.out, now.state.cost, now.parts.top
    design, kept = data.design, 0
    charge = np.empty(len(design.fixed))
    for _ in range(moves):
        scarce = top[1] + LONG * MOST_OUT > len(now.parts.buffer)
        if scarce or top[0] + 4 * MOST_OUT > len(now.parts.commodity):
            break
        before, made, end = cost[0], top[0], top[1]
        out.size[:] = 0
        weight = int(3.0 * _draw(random)) / 2.0
        wide = 2.0 * _draw(random) * (1.0 - 0.8 * weight)
        for s in range(len(charge)):
            charge[s] = np.inf if design.never[s] else design.slope[s] * wide * _draw(random)
        view = View(charge, weight)
        _ruin(data, now, view, tools)
        _recreate(data, now, view, tools)
        change = cost[0] - before
        if change < 0.0 or _draw(random) < np.exp(-change / temperature):
            kept += 1
            continue
        _undo(made, end, data, now, out)
        cost[0] = before
    return kept
