"""Packing with conflicts in two dimensions: proved optima, bounds and every rule broken once."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import inf

import numpy as np
import pytest

from solvers.options import Cancel, Options
from solvers.outcome import Outcome
from solvers.packing.bin_packing import lower_bound, pack
from solvers.packing.greedy import greedy
from solvers.packing.problem import Bin, Packing, faults


def packing(
    sizes: list[tuple[int, int]],
    bins: list[tuple[int, int, int]],
    conflicts: list[tuple[int, int]] | None = None,
) -> Packing:
    """Items (weight, volume), bin types (weight, volume, cost), pairs that may not share."""
    return Packing(
        size=np.array(sizes, dtype=np.int64).reshape(-1, 2).T,
        capacity=np.array([one[:2] for one in bins], dtype=np.int64).T,
        cost=np.array([one[2] for one in bins], dtype=np.int64),
        fits=np.ones((len(sizes), len(bins)), dtype=np.bool_),
        conflict=np.array(conflicts or [], dtype=np.int64).reshape(-1, 2),
    )


def brute_force(problem: Packing) -> float:
    """Least cost over every partition of the items."""
    best = [inf]

    @cache
    def cost(items: tuple[int, ...]) -> float:
        return min((float(problem.cost[t]) for t in _kinds(problem, items)), default=inf)

    def place(i: int, groups: list[list[int]]) -> None:
        if i == problem.items:
            best[0] = min(best[0], sum(cost(tuple(one)) for one in groups))
            return
        for group in groups:
            group.append(i)
            place(i + 1, groups)
            group.pop()
        place(i + 1, [*groups, [i]])

    place(0, [])
    return best[0]


def _kinds(problem: Packing, items: tuple[int, ...]) -> list[int]:
    one_bin = [Bin(t, items) for t in range(len(problem.cost))]
    return [b.type for b in one_bin if not [f for f in faults(problem, (b,)) if "Bin" in f]]


@pytest.mark.parametrize("seed", range(12))
def test_packing_is_proved_optimal_and_equals_brute_force(seed: int) -> None:
    """Seven items, two bin types, random conflicts and forbidden types."""
    rng = np.random.default_rng(seed)
    sizes = [tuple(map(int, rng.integers(1, 9, 2))) for _ in range(7)]
    pairs = [(i, j) for i in range(7) for j in range(i + 1, 7) if rng.random() < 0.2]
    problem = packing(sizes, [(10, 12, 5), (20, 16, 8)], pairs)
    fits = np.ones((7, 2), dtype=np.bool_)
    fits[rng.random(7) < 0.2, 0] = False
    problem = replace(problem, fits=fits)
    result = pack(problem, Options(gap=0.0))
    assert result.outcome is Outcome.OPTIMAL
    assert result.objective == brute_force(problem)
    assert result.bound == pytest.approx(result.objective)
    assert faults(problem, result.bins) == []


@pytest.mark.parametrize("seed", range(8))
def test_exact_fits_and_ties_are_packed_as_by_enumeration(seed: int) -> None:
    """Sizes of which many fill a bin exactly, in units so large that tolerances would matter."""
    rng = np.random.default_rng(100 + seed)
    grain = int(rng.choice([1, 1_000, 10**9]))
    cuts = [int(rng.integers(1, 10)) for _ in range(3)]
    sizes = [(w * grain, v * grain) for cut in cuts for w, v in ((cut, 10 - cut), (10 - cut, cut))]
    bins = [(10 * grain, 10 * grain, 7), (20 * grain, 20 * grain, 14), (9 * grain, 99 * grain, 7)]
    problem = packing(sizes, bins)
    result = pack(problem, Options(gap=0.0))
    assert result.objective == brute_force(problem) == result.bound
    assert result.outcome is Outcome.OPTIMAL


def test_a_unit_too_much_is_too_much() -> None:
    """Three items of a third and one unit more than a bin of 3,000,000,000 holds: two bins."""
    third = 1_000_000_000
    exact = pack(packing([(third, 1)] * 3, [(3 * third, 3, 5)]), Options(gap=0.0))
    over = pack(packing([(third, 1)] * 2 + [(third + 1, 1)], [(3 * third, 3, 5)]), Options(gap=0.0))
    assert (exact.objective, exact.bound, over.objective, over.bound) == (5, 5, 10, 10)


def test_a_cancelled_packing_keeps_its_first_bins() -> None:
    """Cancelled before it starts: one greedy packing that holds, and the bound at hand."""
    cancel = Cancel()
    cancel.set()
    rng = np.random.default_rng(3)
    sizes = [(int(w), int(v)) for w, v in rng.integers(1, 40, (40, 2))]
    problem = packing(sizes, [(100, 100, 1)])
    result = pack(problem, Options(cancel=cancel))
    assert faults(problem, result.bins) == []
    assert lower_bound(problem) <= result.bound <= result.objective
    assert result.seconds < 1


def test_volume_can_bind_where_weight_does_not() -> None:
    """Four items of 1 t and 30 m³ in boxes of 28 t and 67 m³: two by two."""
    problem = packing([(1, 30)] * 4, [(28, 67, 1)])
    result = pack(problem, Options())
    assert result.objective == 2
    assert sorted(len(one.items) for one in result.bins) == [2, 2]


def test_conflicts_need_a_bin_each() -> None:
    """Three small items that exclude each other take three boxes; the clique proves it."""
    problem = packing([(1, 1)] * 3, [(10, 10, 4)], [(0, 1), (1, 2), (0, 2)])
    assert lower_bound(problem) == 12
    assert pack(problem, Options()).objective == 12


def test_the_cheaper_mix_of_types_wins() -> None:
    """15 t fit one 20 t box for 8; two 10 t boxes would cost 10."""
    result = pack(packing([(5, 1), (5, 1), (5, 1)], [(10, 9, 5), (20, 9, 8)]), Options(gap=0.0))
    assert [(one.type, one.items) for one in result.bins] == [(1, (0, 1, 2))]


@pytest.mark.parametrize(
    ("bins", "message"),
    [
        ((Bin(0, (0, 1, 2)),), "Bin 0: 11 of dimension 0 exceeds 10."),
        ((Bin(0, (0, 2)),), "Item 1 is packed 0 times."),
        ((Bin(0, (0, 1)), Bin(0, (1, 2))), "Item 1 is packed 2 times."),
        ((Bin(0, (0, 1)), Bin(0, (2,))), "Bin 0: items 0 and 1 must not share a bin."),
        ((Bin(1, (2,)), Bin(0, (0,)), Bin(0, (1,))), "Bin 0: item 2 must not go into type 1."),
    ],
)
def test_every_broken_rule_is_named(bins: tuple[Bin, ...], message: str) -> None:
    """Weight, presence, conflict and type: each broken once."""
    problem = packing([(4, 1), (4, 1), (3, 1)], [(10, 10, 1), (99, 99, 9)], [(0, 1)])
    fits = np.array([[True, True], [True, True], [True, False]])
    assert message in faults(replace(problem, fits=fits), bins)


def test_an_item_too_large_for_every_bin_is_refused() -> None:
    """The message names the item."""
    with pytest.raises(ValueError, match="Item 1 goes into no bin type"):
        pack(packing([(1, 1), (99, 1)], [(10, 10, 1)]), Options())


def test_greedy_is_feasible_and_above_the_bound_on_many_items() -> None:
    """Forty items: feasible, and no better than what is proved possible."""
    rng = np.random.default_rng(3)
    sizes = [(int(w), int(v)) for w, v in rng.integers(1, 40, (40, 2))]
    pairs = [(i, j) for i in range(40) for j in range(i + 1, 40) if rng.random() < 0.05]
    problem = packing(sizes, [(100, 100, 1)], pairs)
    bins = greedy(problem, 0)
    assert faults(problem, bins) == []
    assert len(bins) >= lower_bound(problem)
    result = pack(problem, Options(time_limit_seconds=1))
    assert result.bound <= result.objective <= len(bins)


def test_nothing_to_pack_costs_nothing() -> None:
    """No items, no bins, proved."""
    result = pack(packing([], [(10, 10, 1)]), Options())
    assert (result.objective, result.bins, result.outcome) == (0, (), Outcome.OPTIMAL)
