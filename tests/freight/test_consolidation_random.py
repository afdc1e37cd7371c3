"""Whatever the prices and loads of tiny: costs are ordered, plans hold, shares add up."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from freight.consolidation import Study, consolidate
from freight.consolidation.settle import borne
from freight.consolidation.trunk import rebuilt
from freight.domain.instance import Instance
from freight.io import read
from freight.model.audit import audit

STUDY = Study(seconds=120.0, gap=0.0, workers=1, game_policy="cheapest")


@pytest.fixture(scope="module")
def tiny() -> Instance:
    """Two cities, four shipments."""
    return read("tiny")


def varied(tiny: Instance, fixed: list[int], least: list[int], boxes: list[int]) -> Instance:
    """Tiny with other fixed costs (thousands), minimum loads (TEU) and boxes per shipment."""
    trunk = {"WUH-DUI": 0, "CSX-DUI": 1}
    services = tuple(
        one.model_copy(
            update={
                "fixed_cost_per_departure": 1000.0 * fixed[trunk[one.id]],
                "minimum_load_teu": float(least[trunk[one.id]]),
            }
        )
        if one.id in trunk
        else one
        for one in tiny.services
    )
    shipments = tuple(
        one.model_copy(update={"teu": 2 * count, "gross_tonnes": 6.0 * count})
        for one, count in zip(tiny.shipments, boxes, strict=True)
    )
    return rebuilt(tiny, services=services, shipments=shipments)


@settings(
    max_examples=5, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    st.lists(st.integers(0, 40), min_size=2, max_size=2),
    st.lists(st.integers(0, 16), min_size=2, max_size=2),
    st.lists(st.integers(1, 8), min_size=4, max_size=4),
)
def test_any_study_is_sound(
    tiny: Instance, fixed: list[int], least: list[int], boxes: list[int]
) -> None:
    """Free ≤ pickup ≤ joint ≤ standalone, free ≤ hub; every plan audited; every rule exact."""
    found = consolidate(varied(tiny, fixed, least, boxes), STUDY)
    cost = {one.policy.id: one.figures.objective for one in found.report.policies}
    assert cost["free"] <= cost["pickup"] <= cost["joint"] <= cost["standalone"]
    assert cost["free"] <= cost["hub"]
    for name, one in found.plans.items():
        assert audit(found.instances[name], one) == []
        assert one.proof.gap is not None
        assert one.proof.gap < 1e-4
    game = found.report.game
    assert game is not None
    for allocation in game.allocations:
        assert sum(allocation.amounts.values()) == game.total
        agreed = found.settled(allocation.rule)
        assert borne(agreed) == allocation.amounts
        assert audit(found.instances[game.policy], agreed) == []


@pytest.mark.slow
def test_worker_processes_give_what_one_process_gives(tiny: Instance) -> None:
    """Two spawned workers return the report of a single process, but for the seconds."""
    alone = consolidate(tiny, STUDY).report
    spread = consolidate(tiny, replace(STUDY, workers=2)).report
    assert spread.game == alone.game
    for one, two in zip(alone.policies, spread.policies, strict=True):
        assert two.figures.objective == one.figures.objective
