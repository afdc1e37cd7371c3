"""Whole instances where rules meet, through every method and the audit."""

from __future__ import annotations

import pytest

from freight.domain.timetable import dated_departures
from freight.model.audit import audit
from freight.model.audit.timetable import timetable_of
from freight.planning import plan
from freight.routing import Request, Router
from solvers.network_design.registry import METHODS
from solvers.options import Options
from tests.freight.brute_force import BruteForce
from tests.freight.sharp_instances import sharp_instance

EXACT = ("arc-mip", "columns")


def check_solved(seed: int, methods: tuple[str, ...]) -> None:
    """Plans keep the audit; no bound lies above any plan; what is proved optimal agrees."""
    instance = sharp_instance(seed)
    assert timetable_of(instance) == {one.id: one for one in dated_departures(instance)}
    options = Options(gap=0.0, time_limit_seconds=20, threads=1)
    plans = {name: plan(instance, name, options=options) for name in methods}
    objectives = {name: one.proof.objective for name, one in plans.items()}
    for name, one in plans.items():
        assert audit(instance, one) == [], name
        assert all(left.reason != "-" for left in one.unserved)
        if one.proof.bound is not None:
            assert one.proof.bound <= min(objectives.values()) + 0.05, (name, objectives)
    proved = [objectives[name] for name, one in plans.items() if one.proof.outcome == "optimal"]
    assert not proved or max(proved) - min(proved) <= 0.05
    check_served(seed, plans[methods[0]].unserved)


def check_served(seed: int, unserved: object) -> None:
    """A shipment of which a box travels has an itinerary by plain search."""
    instance = sharp_instance(seed)
    behind = {one.shipment: one.teu for one in unserved}  # type: ignore[attr-defined]
    search = BruteForce(instance)
    for one in instance.shipments:
        if behind.get(one.id, 0) < one.teu:
            assert search.cheapest(one) is not None, one.id


@pytest.mark.parametrize("seed", range(0, 30, 2))
def test_sharp_instances_keep_the_audit(seed: int) -> None:
    """The exact method on small instances with exact fits, tight dwell and repeated hours."""
    check_solved(seed, ("arc-mip",))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 301))
def test_sharp_instances_keep_the_audit_by_every_method(seed: int) -> None:
    """Every method, on 300 of them: no bound above any plan, equal optima, sound plans."""
    check_solved(seed, tuple(METHODS))


@pytest.mark.parametrize("seed", range(1, 40, 3))
def test_routes_keep_the_audit(seed: int) -> None:
    """What a route offers breaks no rule of time, dwell, mode, day or leg when it travels alone."""
    instance = sharp_instance(seed)
    router = Router(instance)
    for shipment in instance.shipments:
        ask = Request(
            shipment.origin, shipment.destination, shipment.teu, 10.0 * shipment.teu,
            shipment.ready, modes=shipment.modes, reefer=shipment.reefer,
            dangerous=shipment.dangerous, owner=shipment.owner,
        )  # fmt: skip
        for one in router.options(ask):
            home, offer = router.quotation(one)
            broken = {found.code for found in audit(home, offer)}
            assert not broken & {
                "connection", "visited twice", "time", "cutoff", "dwell limit", "mode", "reefer",
                "dangerous", "access", "capacity", "terminal capacity", "transfer capacity",
                "timetable", "stop flag", "lateness", "reference",
            }, broken  # fmt: skip
