"""Multi-criteria paths against full enumeration on random small networks, and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.arrays import Floats, Ints
from solvers.paths.multicriteria import (
    best_through,
    best_to_go,
    can_reach,
    cheapest_distinct,
    follow,
    pareto,
)
from solvers.paths.network import PathNetwork
from solvers.paths.query import Query

Case = tuple[int, Ints, Ints, Ints, Query]


def all_paths(case: Case) -> list[tuple[Floats, tuple[int, ...]]]:
    """Every path from a source to an exit that comes to no place twice, with its values."""
    _, tail, head, place, query = case
    found: list[tuple[Floats, tuple[int, ...]]] = []

    def walk(node: int, arcs: tuple[int, ...], value: Floats, seen: frozenset[int]) -> None:
        for i in np.flatnonzero(query.exit == node):
            found.append((value + query.exit_value[:, i], arcs))
        for a in np.flatnonzero(tail == node):
            there = int(head[a])
            new = place[there]
            moves = new >= 0 and new != place[node]
            if not np.isfinite(query.value[:, a]).all() or (moves and new in seen):
                continue
            step = value + query.value[:, a]
            walk(there, (*arcs, int(a)), step, seen | {int(new)} if moves else seen)

    for s, node in enumerate(query.source.tolist()):
        first = frozenset({int(place[node])}) if place[node] >= 0 else frozenset()
        walk(node, (), query.source_value[:, s], first)
    return [one for one in found if (one[0] <= query.limit).all()]


def front(values: list[Floats]) -> list[tuple[float, ...]]:
    """Distinct vectors that no other dominates, sorted."""
    distinct = sorted({tuple(np.round(one, 6)) for one in values})
    return [
        one
        for one in distinct
        if not any(
            other != one and all(x <= y for x, y in zip(other, one, strict=True))
            for other in distinct
        )
    ]


def random_case(seed: int, criteria: int = 3) -> Case:
    """An acyclic network with shuffled node numbers, small integer values and forbidden arcs."""
    rng = np.random.default_rng(seed)
    nodes = int(rng.integers(5, 12))
    names = rng.permutation(nodes)
    arcs = [(i, j) for i in range(nodes) for j in range(i + 1, nodes) if rng.random() < 0.45]
    arcs += [arcs[i] for i in rng.integers(0, len(arcs), 3)] if arcs else [(0, 1)]
    tail, head = names[np.array(arcs)].T
    value = rng.integers(0, 9, (criteria, len(arcs))).astype(float)
    value[0] -= rng.random() < 0.3
    value[:, rng.random(len(arcs)) < 0.08] = np.inf
    place = rng.integers(-1, 70, nodes) if rng.random() < 0.2 else rng.integers(0, 5, nodes)
    exits = names[rng.integers(nodes // 2, nodes, 3)]
    exit_value = rng.integers(0, 5, (criteria, 3)).astype(float)
    source = names[rng.integers(0, 2, 2)]
    limit = np.where(rng.random(criteria) < 0.2, rng.integers(10, 25, criteria), np.inf)
    query = Query.of(
        value, (source, np.zeros((criteria, 2))), (exits, exit_value), limit.astype(float)
    )
    return nodes, tail, head, place, query


@pytest.mark.parametrize("seed", range(150))
def test_pareto_set_equals_full_enumeration(seed: int) -> None:
    """Same vectors of values; every path is connected, adds up and is allowed."""
    case = random_case(seed)
    nodes, tail, head, place, query = case
    result = pareto(PathNetwork.of(nodes, tail, head, place), query)
    paths = all_paths(case)
    assert result.complete
    assert [tuple(np.round(one.value, 6)) for one in result.paths] == front([v for v, _ in paths])
    allowed = {arcs for _, arcs in paths}
    for path in result.paths:
        assert path.arcs in allowed
        total = query.source_value[:, path.source] + query.exit_value[:, path.exit]
        assert np.allclose(path.value, total + query.value[:, list(path.arcs)].sum(axis=1))


@pytest.mark.parametrize("seed", range(60))
def test_profile_equals_the_best_of_all_paths_from_every_node(seed: int) -> None:
    """One backward scan gives what a walk from each node gives, places ignored."""
    nodes, tail, head, place, query = random_case(seed)
    network = PathNetwork.of(nodes, tail, head)
    exits = (query.exit, query.exit_value[0])
    found = best_to_go(network, query.value[0], exits)
    for node in range(nodes):
        alone = Query.of(
            query.value, (np.array([node]), np.zeros((3, 1))), (query.exit, query.exit_value)
        )
        values = [v[0] for v, _ in all_paths((nodes, tail, head, place * 0 - 1, alone))]
        assert found[node] == min(values, default=np.inf)
        path = follow(network, query.value[0], exits, node)
        assert (path is None) == (not values)
        if path is not None:
            total = query.value[0, list(path.arcs)].sum() + query.exit_value[0, path.exit]
            assert total == found[node]


@pytest.mark.parametrize("seed", range(60))
def test_cheapest_distinct_equals_the_cheapest_of_each_signature(seed: int) -> None:
    """Without places the k cheapest signatures and their costs are exact."""
    nodes, tail, head, place, query = random_case(seed)
    query = Query.of(
        query.value, (query.source, query.source_value), (query.exit, query.exit_value)
    )
    token = np.random.default_rng(seed).integers(0, 4, len(tail))
    best: dict[tuple[int, ...], float] = {}
    for value, arcs in all_paths((nodes, tail, head, place * 0 - 1, query)):
        sign = tuple(int(token[a]) for a in arcs if token[a] > 0)
        best[sign] = min(best.get(sign, np.inf), float(value[0]))
    found = cheapest_distinct(PathNetwork.of(nodes, tail, head), query, token, 4, spare=0)
    assert [one.value[0] for one in found] == sorted(best.values())[:4]
    signs = {tuple(int(token[a]) for a in one.arcs if token[a] > 0) for one in found}
    assert len(signs) == len(found)


@pytest.mark.parametrize("seed", range(60))
def test_best_path_through_an_arc_equals_the_best_of_all_that_use_one(seed: int) -> None:
    """The forward and the backward scan meet at the best of some arcs."""
    nodes, tail, head, place, query = random_case(seed)
    query = Query.of(
        query.value, (query.source, query.source_value), (query.exit, query.exit_value)
    )
    some = np.random.default_rng(seed).choice(len(tail), max(1, len(tail) // 4), replace=False)
    values = [
        value
        for value, arcs in all_paths((nodes, tail, head, place * 0 - 1, query))
        if set(arcs) & set(some.tolist())
    ]
    found = best_through(PathNetwork.of(nodes, tail, head), query, some)
    assert (found is None) == (not values)
    if found is not None:
        assert found.value[0] == min(value[0] for value in values)
        assert set(found.arcs) & set(some.tolist())


def test_hand_checked_front() -> None:
    """Cheap and slow (3, 9), dear and fast (8, 2), and (8, 9) that both of them beat."""
    tail, head = np.array([0, 0, 0]), np.array([1, 1, 1])
    value = np.array([[3.0, 8.0, 8.0], [9.0, 2.0, 9.0]])
    query = Query.of(value, (np.array([0]), np.zeros((2, 1))), (np.array([1]), np.zeros((2, 1))))
    result = pareto(PathNetwork.of(2, tail, head), query)
    assert [(tuple(one.value), one.arcs) for one in result.paths] == [
        ((3.0, 9.0), (0,)),
        ((8.0, 2.0), (1,)),
    ]


def test_a_path_may_not_return_to_a_place() -> None:
    """A-B-A-C costs 3 and is refused; the direct way at 10 is the answer."""
    tail, head = np.array([0, 1, 2, 0]), np.array([1, 2, 3, 3])
    value = np.array([[1.0, 1.0, 1.0, 10.0]])
    query = Query.of(value, (np.array([0]), np.zeros((1, 1))), (np.array([3]), np.zeros((1, 1))))
    places = np.array([0, 1, 0, 2])
    assert pareto(PathNetwork.of(4, tail, head, places), query).paths[0].value[0] == 10.0
    assert pareto(PathNetwork.of(4, tail, head), query).paths[0].value[0] == 3.0


def test_a_dearer_path_survives_that_can_still_visit_what_the_cheaper_one_has_seen() -> None:
    """To D over B costs 1, over A 2; D goes on to the exit through B only."""
    # Nodes: S=0, A=1, B=2, D=3, B again=4, T=5.
    tail, head = np.array([0, 0, 1, 2, 3, 4]), np.array([1, 2, 3, 3, 4, 5])
    value = np.array([[2.0, 1.0, 0.0, 0.0, 0.0, 0.0]])
    query = Query.of(value, (np.array([0]), np.zeros((1, 1))), (np.array([5]), np.zeros((1, 1))))
    network = PathNetwork.of(6, tail, head, np.array([0, 1, 2, 3, 2, 5]))
    assert pareto(network, query).paths[0].arcs == (0, 2, 4, 5)


def test_latest_departure_is_the_last_event_that_reaches_an_exit_in_time() -> None:
    """Events at 0, 6, 12; only the first two have an arc to the exit."""
    network = PathNetwork.of(4, np.array([0, 1, 0, 1]), np.array([3, 3, 1, 2]))
    reach = can_reach(network, np.ones(4, dtype=np.bool_), np.array([3]))
    assert reach.tolist() == [True, True, False, True]


def test_cycles_are_refused_and_running_out_of_labels_is_said() -> None:
    """A cycle is a ValueError; two labels are too few for three parallel arcs."""
    with pytest.raises(ValueError, match="cycle among 2 nodes"):
        PathNetwork.of(2, np.array([0, 1]), np.array([1, 0]))
    value = np.array([[1.0, 2.0, 3.0, 0.0], [3.0, 2.0, 1.0, 0.0]])
    query = Query.of(value, (np.array([0]), np.zeros((2, 1))), (np.array([2]), np.zeros((2, 1))))
    network = PathNetwork.of(3, np.array([0, 0, 0, 1]), np.array([1, 1, 1, 2]))
    assert not pareto(network, query, most_labels=3).complete
    assert len(pareto(network, query).paths) == 3
