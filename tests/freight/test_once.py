"""Boxes come to no place twice: plan, bound and progress speak of that one problem."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np
import pytest

from freight.errors import AuditError, NoSolution
from freight.model.compile import compile_instance
from freight.planning import Choice, choose, plan
from solvers.network_design.exact.arc_mip import ArcFlow
from solvers.network_design.statement.method import Traits
from solvers.options import Options
from solvers.outcome import Outcome, Stop
from tests.freight.circling import circling, one_box, outwaiting
from tests.freight.every_plan import TooMany, cheapest_plan

METHODS = ("auto", "arc-mip", "columns", "matheuristic")
QUICK = (9, 12, 17, 20, 30, 41, 2, 5)


@dataclass
class Heard:
    """Everything a solve said."""

    plans: list[float] = field(default_factory=list)
    bounds: list[float] = field(default_factory=list)

    def improved(self, objective):
        """A better plan."""
        self.plans.append(objective)

    def bounded(self, bound):
        """A better bound."""
        self.bounds.append(bound)

    def iterated(self, stage, iteration):
        """Nothing to keep."""


def exact(heard=None, seconds=60.0):
    """To the end, heard by somebody."""
    options = Options(gap=0.0, time_limit_seconds=seconds)
    return options if heard is None else replace(options, listener=heard)


def check_agreement(instance, methods, optimum):
    """Every method proves the optimum, and never shows a plan below or a bound above it."""
    for method in methods:
        heard = Heard()
        found = plan(instance, method, options=exact(heard))
        assert found.proof.outcome == "optimal", method
        assert found.proof.objective == pytest.approx(optimum, abs=0.01), method
        assert found.proof.bound == pytest.approx(optimum, abs=0.01), method
        assert min(heard.plans) >= optimum - 0.01, method
        assert max(heard.bounds) <= optimum + 0.01, method


@pytest.mark.parametrize("method", METHODS)
def test_one_box_does_not_dodge_storage(method):
    """Driving to and fro for 9 is no plan: 3 trains and 600 of storage are the cheapest, proved."""
    # The trains OA, AB, BD cost 1 each. The box is in A or B from hour 31 to 200: 169 h, of which
    # 1 h is free in each: by OA it waits 1 h in A for AB and 145 h in B, of which 144 h cost 100 a
    # day: 600.
    check_agreement(one_box(), (method,), 603.0)


@pytest.mark.parametrize("method", METHODS)
def test_boxes_take_the_ship_from_which_they_may_wait(method):
    """Six boxes by Friday's ship, 41 h of dwell and the barge: 6 × (20 + 10)."""
    check_agreement(outwaiting(), (method,), 180.0)


@pytest.mark.parametrize("seed", QUICK)
def test_methods_find_what_trying_every_plan_finds(seed):
    """Exact fits, ties, minimum loads, circles and dwell limits: one optimum, proved by each."""
    instance = circling(seed)
    optimum = cheapest_plan(compile_instance(instance).problem)
    check_agreement(instance, ("arc-mip", "columns"), optimum)


def test_the_matheuristic_finds_it_too():
    """The same with a search and a prover in a process of its own."""
    for seed in QUICK[3:5]:
        instance = circling(seed)
        check_agreement(
            instance, ("matheuristic",), cheapest_plan(compile_instance(instance).problem)
        )


def test_the_rule_binds_in_some_of_these():
    """Without the rule some optima would be lower: the cases are about it."""
    lower = 0
    for seed in QUICK:
        problem = compile_instance(circling(seed)).problem
        free = replace(problem, arrives=problem.arrives[:0], home=problem.home[:0])
        loose = ArcFlow().solve(free, exact())
        assert loose.objective is not None
        lower += loose.objective < cheapest_plan(problem) - 1e-6
    assert lower == 6


@pytest.mark.slow
@pytest.mark.parametrize("method", ["arc-mip", "columns", "matheuristic"])
def test_methods_find_it_on_many(method):
    """The same on 250 more, for every method."""
    tried = 0
    for seed in range(1000, 1250):
        instance = circling(seed)
        try:
            optimum = cheapest_plan(compile_instance(instance).problem)
        except TooMany:
            continue
        check_agreement(instance, (method,), optimum)
        tried += 1
    assert tried > 200


@dataclass
class Lawless:
    """A method that lets boxes come back, and finds nothing when asked again."""

    asked: list[float | None] = field(default_factory=list)
    name: ClassVar[str] = "lawless"
    traits: ClassVar[Traits] = ArcFlow.traits

    def solve(self, problem, options):
        """The optimum without the rule, once."""
        self.asked.append(options.time_limit_seconds)
        free = replace(problem, arrives=problem.arrives[:0], home=problem.home[:0])
        found = ArcFlow().solve(free, options)
        if len(self.asked) == 1:
            return found
        return replace(found, outcome=Outcome.NO_SOLUTION, stop=Stop.TIME, objective=None,
                       solution=None)  # fmt: skip


def test_a_method_that_comes_back_is_mended_and_never_asked_again():
    """Its plan is mended where it comes back, its bound is that of a problem that allows more."""
    instance, method = one_box(), Lawless()
    found = plan(instance, Choice("x", "highs", "to test.", compile_instance(instance), method))
    assert len(method.asked) == 1
    assert found.proof.objective >= 603.0
    assert found.proof.objective < 100_000.0
    assert found.proof.bound == pytest.approx(9.0)
    assert found.proof.outcome == "feasible"


@pytest.mark.parametrize("method", ["arc-mip", "columns", "matheuristic"])
@pytest.mark.parametrize("seed", [3, 9])
def test_leaving_everything_behind_is_a_plan(method, seed):
    """Without any time, even without any way, there is a plan, and a bound not below 0."""
    instance = circling(seed)
    found = plan(instance, method, options=exact(seconds=0.0))
    boxes = sum(one.teu for one in instance.shipments)
    assert found.totals.teu_unserved + sum(one.teu for one in found.itineraries) == boxes
    assert found.proof.bound is None or found.proof.bound >= 0.0


def test_where_boxes_must_travel_there_may_be_no_plan():
    """A demand that may not stay behind is not left behind, however short the time."""
    instance = one_box()
    compiled = compile_instance(instance)
    must = replace(compiled.problem, unserved_cost=np.full(1, np.inf))
    must = replace(must, y_max=0 * must.y_max)
    choice = replace(choose(instance, "columns"), compiled=replace(compiled, problem=must))
    with pytest.raises(NoSolution):
        plan(instance, choice, options=exact())


@dataclass
class Boasting:
    """A method that finds the optimum and claims more than it proves."""

    claim: float
    name: ClassVar[str] = "boasting"
    traits: ClassVar[Traits] = ArcFlow.traits

    def solve(self, problem, options):
        """The optimum with another bound."""
        found = ArcFlow().solve(problem, options)
        object.__setattr__(found, "bound", self.claim)
        return found


def test_a_bound_above_the_plan_is_a_defect_and_not_a_gap_of_zero():
    """A cent above is rounding and shown as the plan's cost; ten dollars above are told."""
    instance = one_box()
    compiled = compile_instance(instance)
    near = plan(instance, Choice("x", "highs", "to test.", compiled, Boasting(603.01)))
    assert (near.proof.bound, near.proof.gap) == (603.0, 0.0)
    with pytest.raises(AuditError, match=r"(?s)bound of arc-mip is wrong:.*613\.00.*defect"):
        plan(instance, Choice("x", "highs", "to test.", compiled, Boasting(613.0)))
