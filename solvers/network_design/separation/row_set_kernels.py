"""Compiled steps of ``row_sets``: sets that grow, that are measured, that improve."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np

from solvers.arrays import Bools, Floats, Ints, compiled

LEAST_PART = 0.02  #: least fractional part of the divided right-hand side
MOST_PART = 0.999  #: and the most
_LARGEST = 80  #: rows of a set that grows
_TRIED = 4  #: rows that may join, looked at closely
_STEPS = 30  #: rows that join or leave a set afterwards
_TINY = 1e-9
_NEVER = -1e18


Violation: TypeAlias = tuple[float, float, int, int]
"""By how many runs, ``f``, the length of the prefix and the position of the capacity."""


class Data(NamedTuple):
    """What is known of rows (``r``) and commodities; the lists hold parts of demand, both ways."""

    row_start: Ints
    row_commodity: Ints
    row_part: Floats
    start: Ints
    row: Ints
    part: Floats
    whole: Floats
    sizes: Floats
    kind: Ints
    y: Floats
    always: Bools
    most: Floats
    fits: Bools


class State(NamedTuple):
    """A set under construction.

    ``part[k]`` crosses the set; ``met`` lists commodities that ever did since it was empty;
    ``many`` is the number of those, and of ``members``. ``sums`` by size: runs and number of loose
    members, missing and most runs of the others.
    """

    inside: Bools
    part: Floats
    met: Ints
    listed: Bools
    many: Ints
    sums: Floats
    score: Floats
    same: Floats
    near: Ints
    members: Ints


@compiled
def _add_load(data: Data, state: State, r: int, sign: float) -> None:
    """Add (or take away) what a row carries, and its runs."""
    for j in range(data.row_start[r], data.row_start[r + 1]):
        k = data.row_commodity[j]
        if not state.listed[k]:
            state.listed[k] = True
            state.met[state.many[0]] = k
            state.many[0] += 1
        part = state.part[k] + sign * data.row_part[j]
        state.part[k] = part if part > _TINY else 0.0
    kind = data.kind[r]
    if data.always[r]:
        state.sums[2, kind] += sign * (data.most[r] - data.y[r])
        state.sums[3, kind] += sign * data.most[r]
    else:
        state.sums[0, kind] += sign * data.y[r]
        state.sums[1, kind] += sign
    state.inside[r] = sign > 0.0


@compiled
def _join(data: Data, state: State, r: int) -> None:
    _add_load(data, state, r, 1.0)
    state.members[state.many[1]] = r
    state.many[1] += 1


@compiled
def _leave(data: Data, state: State, i: int) -> None:
    """Take away the member at a position; the last one moves there."""
    _add_load(data, state, state.members[i], -1.0)
    state.many[1] -= 1
    state.members[i] = state.members[state.many[1]]


@compiled
def _clear(state: State) -> None:
    for i in range(state.many[1]):
        state.inside[state.members[i]] = False
    for i in range(state.many[0]):
        state.listed[state.met[i]] = False
        state.part[state.met[i]] = 0.0
    state.many[:] = 0
    state.sums[:] = 0.0


@compiled
def put(data: Data, state: State, rows: Ints) -> float:
    """Make a set of the given rows; its violation."""
    _clear(state)
    for r in rows:
        _join(data, state, r)
    return float(violation(data, state, ordered(state))[0])


@compiled
def ordered(state: State) -> Ints:
    """Commodities by falling part that crosses the set."""
    ks = state.met[: state.many[0]]
    return ks[np.argsort(-state.part[ks])]


@compiled
def rounded(a: float, f: float) -> float:
    """``⌊a⌋ + min(1, (a - ⌊a⌋) / f)``: what a coefficient ``a`` of whole runs rounds to."""
    below = np.floor(a)
    return float(below + min(1.0, (a - below) / f))


@compiled
def _needed(data: Data, state: State, unit: float, f: float) -> float:
    """What the runs of the members count for in the inequality."""
    total = 0.0
    for j in range(len(data.sizes)):
        if state.sums[1, j] > 0.5:
            total += rounded(data.sizes[j] / unit, f) * state.sums[0, j]
        if state.sums[3, j] > 0.5:
            total += rounded(-data.sizes[j] / unit, f) * state.sums[2, j]
    return total


@compiled
def _given(data: Data, state: State) -> float:
    """Capacity of the members that count as always open."""
    return float((data.sizes * state.sums[3]).sum())


@compiled
def violation(data: Data, state: State, order: Ints) -> Violation:
    """Best violation over prefixes of the commodities, ordered, and capacities to divide by.

    Returns it in runs, with ``f``, the length of the prefix and the position of the capacity.
    """
    best, best_part, best_length, best_size = -np.inf, 0.5, 0, 0
    given = _given(data, state)
    for c in range(len(data.sizes)):
        if state.sums[1, c] < 0.5:
            continue
        unit, need, slack = data.sizes[c], -given, 0.0
        for i in range(len(order)):
            k = order[i]
            if state.part[k] == 0.0:
                break
            need += data.whole[k]
            slack += data.whole[k] * max(0.0, 1.0 - state.part[k])
            b = need / unit
            f = b - np.floor(b)
            if b <= 0.0 or f < LEAST_PART or f > MOST_PART:
                continue
            value = (np.floor(b) + 1.0) * f - slack / unit
            if value > best:
                value -= f * _needed(data, state, unit, f)
            if value > best:
                best, best_part, best_length, best_size = value, f, i + 1, c
    return best, best_part, best_length, best_size


@compiled
def _neighbours(data: Data, state: State, found: Violation, order: Ints) -> int:
    """Score rows that carry commodities of the set, given its violation; their number.

    ``score`` by what they carry against what their runs cost, ``same`` by the violation with the
    same commodities.
    """
    _, part, length, c = found
    unit, need, slack, many = data.sizes[c], -_given(data, state), 0.0, 0
    for i in range(len(order)):
        k = order[i]
        mine = state.part[k]
        if mine == 0.0:
            break
        missing = data.whole[k] * max(0.0, 1.0 - mine)
        need += data.whole[k] if i < length else 0.0
        slack += missing if i < length else 0.0
        for j in range(data.start[k], data.start[k + 1]):
            r = data.row[j]
            if state.inside[r] or not data.fits[r]:
                continue
            if state.score[r] == 0.0:
                state.near[many] = r
                state.same[r] = 0.0
                many += 1
            carried = data.whole[k] * data.part[j]
            state.score[r] += carried * min(1.0, mine)
            state.same[r] += min(carried, missing) if i < length else 0.0
    for i in range(many):
        r = state.near[i]
        size = data.sizes[data.kind[r]]
        state.score[r] -= part * size * data.y[r]
        b = (need - (size * data.most[r] if data.always[r] else 0.0)) / unit
        f = b - np.floor(b)
        if b <= 0.0 or f < LEAST_PART or f > MOST_PART:
            state.same[r] = _NEVER
            continue
        runs = 0.0 if data.always[r] else rounded(size / unit, f) * data.y[r]
        value = (np.floor(b) + 1.0 - _needed(data, state, unit, f) - runs) * f
        state.same[r] = value - (slack - state.same[r]) / unit
    return many


@compiled
def _best_to_join(data: Data, state: State, found: Violation, order: Ints) -> tuple[int, float]:
    """The row outside that makes the best set with those inside, and its violation; -1: none."""
    many = _neighbours(data, state, found, order)
    best, most = -1, -np.inf
    for turn in range(min(many, _TRIED)):
        score = state.score if turn % 2 == 0 else state.same
        r = state.near[0]
        for i in range(1, many):
            if score[state.near[i]] > score[r]:
                r = state.near[i]
        state.score[r] = state.same[r] = _NEVER
        _add_load(data, state, r, 1.0)
        value = violation(data, state, ordered(state))[0]
        _add_load(data, state, r, -1.0)
        if value > most:
            best, most = r, value
    for i in range(many):
        state.score[state.near[i]] = 0.0
    return best, most


@compiled
def grow(data: Data, state: State, first: int) -> float:
    """Leave the best set met while growing from a row; its violation."""
    _clear(state)
    best, count, r = -np.inf, 0, first
    while r >= 0 and state.many[1] < _LARGEST:
        _join(data, state, r)
        order = ordered(state)
        found = violation(data, state, order)
        if found[0] > best:
            best, count = found[0], state.many[1]
        r = _best_to_join(data, state, found, order)[0]
    while state.many[1] > max(count, 1):
        _leave(data, state, state.many[1] - 1)
    return float(best)


@compiled
def improve(data: Data, state: State) -> float:
    """Let single rows join or leave while that raises the violation; the violation then."""
    order = ordered(state)
    found = violation(data, state, order)
    for _ in range(_STEPS):
        join, most = _best_to_join(data, state, found, order)
        leave = -1
        for i in range(state.many[1]):
            r = state.members[i]
            _add_load(data, state, r, -1.0)
            value = violation(data, state, ordered(state))[0]
            _add_load(data, state, r, 1.0)
            if value > most:
                leave, most = i, value
        if most <= found[0] + _TINY:
            break
        if leave >= 0:
            _leave(data, state, leave)
        else:
            _join(data, state, join)
        order = ordered(state)
        found = violation(data, state, order)
    return float(found[0])
