"""No plan file, however odd, ends in a traceback: it is refused, found out, or shown."""

from __future__ import annotations

import json
from functools import cache
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pydantic import ValidationError
from rich.console import Console

from freight.billing import bills
from freight.consolidation.difference import compare
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.drayage import drayage, synthetic_doors, with_drayage
from freight.errors import InstanceError
from freight.io import read
from freight.io.plan_file import held_by, read_plan
from freight.model.audit import audit, not_recomputed
from freight.planning import plan as make_plan
from freight.report.comparison_view import comparison_view
from freight.report.showing import show_whole
from freight.requests.showing import ShowRequest
from solvers.options import Options
from tests.freight.plan_leaves import (
    leaves,
    name_of,
    nudged,
    odd_values,
    replaced,
    text_of,
    value_at,
    without,
)


@cache
def case() -> tuple[Instance, Plan, Any]:
    """The hand-solved instance, its plan with trucks and a shipment left, and that as data."""
    shipments = read("tiny").shipments
    left = shipments[0].model_copy(update={"unserved_cost_per_teu": 1.0, "id": "S0"})
    instance = read("tiny").model_copy(update={"shipments": (*shipments, left)})
    bare = make_plan(instance, "arc-mip")
    doors = synthetic_doors(instance, seed=1)
    trucks = drayage(instance, bare, doors, Options(time_limit_seconds=1.0))
    plan = with_drayage(instance, bare, trucks)
    assert plan.unserved
    return instance, plan, json.loads(plan.model_dump_json())


def check_lived_with(document: Any, path: Path) -> None:
    """Read, audit, show, compare and bill a plan file; only the faults of a user are raised."""
    instance, sound, _ = case()
    path.write_text(text_of(document), encoding="utf-8")
    try:
        plan = read_plan(path)
    except InstanceError:
        return
    findings = audit(instance, plan)
    console = Console(file=StringIO(), width=200)
    console.print(show_whole(plan, None, ShowRequest()))
    not_recomputed(plan)
    try:
        console.print(comparison_view(compare({"a": sound, "b": plan})))
        home = held_by(plan, path)
    except InstanceError:
        return
    assert not findings
    assert bills(home, plan)


def odd_documents(limit: int | None, seed: int) -> list[Any]:
    """Documents with one leaf changed or taken away; all of them without a limit."""
    _, _, data = case()
    paths = [path for path in leaves(data) if path[:1] != ("snapshot",)]
    changes = [(path, value) for path in paths for value in odd_values(value_at(data, path))]
    if limit is not None:
        changes = Random(seed).sample(changes, limit)
        paths = Random(seed).sample(paths, limit // 10)
    made = [replaced(data, path, value) for path, value in changes]
    return made + [without(data, path) for path in paths]


@pytest.mark.parametrize(
    ("leaf", "value", "words"),
    [
        (("itineraries", 0, "delivered"), "2027-03-21T05:00:00", "should have timezone info"),
        (("itineraries", 0, "steps", 0, "departs"), "0001-01-01T00:00:00+14:00",
         "the year 1 is not between 1900 and 2200"),
        (("itineraries", 0, "teu"), 10**200, "should be less than or equal to 9007199254740992"),
        (("itineraries", 0, "co2e_kg"), 1e300, "should be less than or equal to 1000000000000000"),
        (("cost",), "1e30", "should be less than or equal to 1000000000000000"),
    ],
)  # fmt: skip
def test_what_no_clock_or_figure_holds_is_refused(
    leaf: tuple[str | int, ...], value: object, words: str, tmp_path: Path
) -> None:
    """With the field named."""
    path = tmp_path / "plan.json"
    path.write_text(text_of(replaced(case()[2], leaf, value)), encoding="utf-8")
    with pytest.raises(InstanceError, match=words) as refused:
        read_plan(path)
    named = {str(part) for part in leaf}
    assert named <= set((refused.value.faults[0].column or "").split("."))


def test_a_plan_with_an_odd_value_is_refused_or_found_out_or_shown(tmp_path: Path) -> None:
    """A sample of all leaves and values."""
    for document in odd_documents(50, 7):
        check_lived_with(document, tmp_path / "plan.json")


TAKEN = (
    "source.", "snapshot.", "proof.trace.", "proof.versions.", "drayage.doors.#.",
    "drayage.trucks.#.",
)  # fmt: skip
TAKEN_ALONE = {
    *(f"proof.{name}" for name in ("bound", "method", "backend", "seed", "seconds", "asked_gap")),
    *(f"drayage.{name}" for name in ("method", "seed", "seconds", "routes.#.returns",
                                     "routes.#.distance_km")),
    "unserved.#.reason", "unserved.#.reason_zh",
}  # fmt: skip
"""What an audit cannot recompute, and says so; trucks may be back later, metres are rounded."""


def untaken(seed: int, count: int) -> list[tuple[str | int, ...]]:
    """A sample of the leaves that an audit derives."""
    _, _, data = case()
    paths = [
        path
        for path in leaves(data)
        if isinstance(value_at(data, path), str | int | float)
        and not name_of(path).startswith(TAKEN)
        and name_of(path) not in TAKEN_ALONE
    ]
    return Random(seed).sample(paths, min(count, len(paths)))


def check_derived(paths: list[tuple[str | int, ...]]) -> None:
    """Each leaf, changed a little, is refused or found."""
    instance, _, data = case()
    for path in paths:
        changed = replaced(data, path, nudged(value_at(data, path)))
        try:
            plan = Plan.model_validate(changed)
        except ValidationError:
            continue
        assert audit(instance, plan), path


def test_boxes_left_behind_are_listed_once() -> None:
    """Two entries for one shipment would have two reasons."""
    instance, plan, _ = case()
    twice = plan.model_copy(update={"unserved": plan.unserved * 2})
    assert any(one.message == "is listed 2 times." for one in audit(instance, twice))


def test_a_leaf_changed_by_a_hair_is_found() -> None:
    """A cent, a second, a ten-thousandth of a kilometre or hour, a letter of a name."""
    check_derived(untaken(5, 120))


@pytest.mark.slow
def test_every_leaf_of_a_plan_is_derived_or_said_to_be_taken() -> None:
    """All of them."""
    check_derived(untaken(0, 10**6))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_many_odd_values_are_lived_with(seed: int, tmp_path: Path) -> None:
    """Thousands of them."""
    for document in odd_documents(3000, 100 + seed):
        check_lived_with(document, tmp_path / "plan.json")
