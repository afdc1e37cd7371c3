"""What changes between plans: money, trains, routes; and Shapley shares by sampling."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from freight.consolidation import Study, compare, consolidate
from freight.consolidation.candidates import candidates
from freight.consolidation.difference import MoveKind, labels, route
from freight.consolidation.policy import load_policy
from freight.consolidation.settle import borne
from freight.consolidation.shape import shaped
from freight.domain.instance import Instance
from freight.domain.plan import Plan, Unserved
from freight.errors import InstanceError
from freight.io import read
from freight.planning import plan


@pytest.fixture(scope="module")
def tiny() -> Instance:
    """Two cities, four shipments."""
    return read("tiny")


@pytest.fixture(scope="module")
def plans(tiny: Instance) -> dict[str, Plan]:
    """Standalone and joint plans of tiny."""
    network = candidates(tiny)
    return {name: plan(shaped(network, load_policy(name))) for name in ("standalone", "joint")}


def test_a_plan_does_not_differ_from_itself(plans: dict[str, Plan]) -> None:
    """No money, no trains, no shipments."""
    [same] = compare({"one": plans["joint"], "two": plans["joint"]}).differences
    assert same.cost == 0
    assert set(same.by_charge.values()) == {Decimal(0)}
    assert (same.appear, same.vanish, same.other_runs, same.shipments) == ((), (), (), ())


def test_money_adds_up_to_the_difference(plans: dict[str, Plan]) -> None:
    """71,729.20 - 87,711.20 = -15,982, by charge and by owner alike."""
    [change] = compare(plans).differences
    assert change.cost == Decimal("-15982.00")
    assert sum(change.by_charge.values()) == change.cost
    assert sum(change.by_owner.values()) == change.cost
    # alone 8 TEU by water at 1,400 and 10 by Changsha's train at 2,150, together as in the README
    assert change.by_charge["leg"] == Decimal("36400.00") - Decimal(8 * 1400 + 10 * 2150)


def test_trains_appear_and_vanish(plans: dict[str, Plan]) -> None:
    """Wuhan's Saturday train takes the place of Changsha's Friday train."""
    [change] = compare(plans).differences
    assert [one.departure for one in change.appear] == ["WUH-DUI@2027-03-06T08:00"]
    assert [one.departure for one in change.vanish] == ["CSX-DUI@2027-03-05T20:00"]
    assert change.appear[0].runs_before == 0
    assert change.appear[0].load_after == pytest.approx(16 / 20)
    [back] = compare({"joint": plans["joint"], "standalone": plans["standalone"]}).differences
    assert [one.departure for one in back.vanish] == ["WUH-DUI@2027-03-06T08:00"]


def test_shipments_that_change_are_named_with_the_way_they_change(plans: dict[str, Plan]) -> None:
    """S1 leaves the sea for the train, S2 and S4 feed Wuhan, S3 stays on the water."""
    [change] = compare(plans).differences
    kinds = {one.shipment: one.kind for one in change.shipments}
    assert kinds == {"S1": MoveKind.MODE, "S2": MoveKind.ROUTE, "S4": MoveKind.ROUTE}
    first = change.shipments[0]
    assert first.teu == 6
    assert first.route_after == "6 TEU wuhan-rail ~rail~ duisburg-rail"
    assert "~barge~ shanghai-port ~sea~ rotterdam-port" in first.route_before


def test_another_day_on_the_same_route_is_a_departure_change(plans: dict[str, Plan]) -> None:
    """Renaming the train of every itinerary leaves routes and modes as they are."""
    joint = plans["joint"]
    moved = joint.model_copy(
        update={
            "itineraries": tuple(
                one.model_copy(
                    update={
                        "steps": tuple(
                            step.model_copy(update={"departure": "WUH-DUI@2027-03-03T08:00"})
                            if step.kind == "ride" and step.service == "WUH-DUI"
                            else step
                            for step in one.steps
                        )
                    }
                )
                for one in joint.itineraries
            )
        }
    )
    [change] = compare({"a": joint, "b": moved}).differences
    assert {one.kind for one in change.shipments} == {MoveKind.DEPARTURE}
    assert sum(one.teu for one in change.shipments) == 16


def test_boxes_left_behind_and_taken_along_are_told_apart(plans: dict[str, Plan]) -> None:
    """A shipment that only one plan knows, one that is dropped, one that is taken."""
    joint = plans["joint"]
    s1 = [one for one in joint.itineraries if one.shipment == "S1"]
    left = {
        "shipment": "S1", "owner": "wuhan", "teu": 6, "penalty": Decimal("48000.00"),
        "reason": "No train.",
    }  # fmt: skip
    without = joint.model_copy(
        update={"itineraries": tuple(one for one in joint.itineraries if one not in s1)}
    )
    dropped = without.model_copy(update={"unserved": (Unserved.model_validate(left),)})
    [down] = compare({"a": joint, "b": dropped}).differences
    assert [(one.kind, one.teu) for one in down.shipments] == [(MoveKind.DROPPED, 6)]
    [up] = compare({"a": dropped, "b": joint}).differences
    assert [one.kind for one in up.shipments] == [MoveKind.TAKEN]
    [gone] = compare({"a": joint, "b": without}).differences
    assert [one.kind for one in gone.shipments] == [MoveKind.ABSENT]


def test_routes_read_as_terminals_and_modes(plans: dict[str, Plan]) -> None:
    """Dwells are no part of a route."""
    s3 = next(one for one in plans["joint"].itineraries if one.shipment == "S3")
    assert route(s3) == (
        "wuhan-rail ~road~ wuhan-port ~barge~ shanghai-port ~sea~ rotterdam-port "
        "~road~ duisburg-rail"
    )


def test_plans_that_cannot_be_compared_are_refused(plans: dict[str, Plan]) -> None:
    """One plan alone, or plans in different currencies."""
    with pytest.raises(InstanceError, match="1 plan given"):
        compare({"joint": plans["joint"]})
    euro = plans["joint"].model_copy(update={"currency": "EUR"})
    with pytest.raises(InstanceError, match=r"It is in EUR, joint in USD"):
        compare({"joint": plans["joint"], "other": euro})


def test_sampled_shares_of_two_owners_are_exact(tiny: Instance) -> None:
    """An antithetic pair of orders is all there is: 36,503.20 and 51,208 less 7,991 each."""
    study = Study(("joint",), seconds=60.0, gap=0.0, seed=1, sampled=2, workers=1)
    done = consolidate(tiny, study)
    found = done.report.sampled
    assert found is not None
    assert done.report.game is None
    assert [float(one.share) for one in found.shares] == [28_512.20, 43_217.0]
    assert found.shares[0].low == pytest.approx(found.shares[0].high, abs=0.02)
    assert [one.alone for one in found.shares] == pytest.approx([36_503.20, 51_208.0])
    assert found.coalitions == 3
    assert found.gap_share == pytest.approx(0, abs=1e-6)
    agreed = done.settled("shapley")
    assert borne(agreed) == found.amounts
    with pytest.raises(InstanceError, match="no allocation by 'nucleolus'"):
        done.settled("nucleolus")


def test_plans_in_files_go_by_short_names_where_these_differ() -> None:
    """Two plans of the same name in different folders keep their paths."""
    study = [Path("study/joint.plan.json"), Path("monday.json")]
    assert labels(study) == ["joint", "monday"]
    assert labels([Path("a/plan.json"), Path("b/plan.json")]) == ["a/plan.json", "b/plan.json"]
    assert labels([Path("a.json"), Path("a.json")]) == ["a.json", "a.json (2)"]
