"""What a dispatcher needs of a plan: loading lists, lanes, modes, what to look at first."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from io import StringIO

import pytest
from rich.console import Console

from freight.consolidation.difference import compare
from freight.domain.instance import Instance
from freight.domain.plan import Plan, Unserved
from freight.domain.service import Mode
from freight.domain.timetable import dated_departures
from freight.errors import InstanceError
from freight.io import read
from freight.planning import plan as planned
from freight.report.attention import attention, late_shipments, thin_trains
from freight.report.comparison_view import comparison_view, slack_warning
from freight.report.console import plan_view, sentences, vehicles
from freight.report.loading_view import loading_view
from freight.report.tables import frame
from freight.report.tables.lanes import lane_sums
from freight.report.tables.loading import loading_lines
from freight.report.tables.modes import main_mode, mode_figures
from freight.report.tables.offered import not_run
from tests.freight.report_cases import large_case


@pytest.fixture(scope="module")
def tiny() -> tuple[Plan, Instance]:
    """The hand-solved instance and its optimal plan."""
    instance = read("tiny")
    return planned(instance), instance


@pytest.fixture(scope="module")
def drawn() -> tuple[Plan, Instance]:
    """300 shipments on services of several stops."""
    return large_case(300, seed=3)


def text(view: object, width: int = 200) -> str:
    """What a terminal shows of a view."""
    console = Console(width=width, file=StringIO())
    console.print(view)
    return console.file.getvalue()


def test_every_leg_carries_what_its_loading_list_says(drawn: tuple[Plan, Instance]) -> None:
    """The lines on board between two stops add up to the leg's TEU and tonnes."""
    plan, instance = drawn
    teu: defaultdict[tuple[str, int], float] = defaultdict(float)
    for line in loading_lines(plan, instance):
        for sequence in range(line.ride.from_sequence + 1, line.ride.to_sequence + 1):
            teu[line.departure, sequence] += line.teu
    legs = {(run.departure, leg.sequence): leg.teu for run in plan.departures for leg in run.legs}
    assert {key: value for key, value in legs.items() if value} == dict(teu)


def test_a_loading_list_names_boxes_weights_and_stops(tiny: tuple[Plan, Instance]) -> None:
    """16 TEU ride Wuhan's train: 8 boxes of forty feet whose tare is 3.9 t each."""
    plan, instance = tiny
    lines = list(loading_lines(plan, instance, "WUH-DUI@2027-03-06T08:00"))
    assert sum(line.teu for line in lines) == 16
    assert sum(line.boxes for line in lines) == 8
    for line in lines:
        assert line.loaded_tonnes - line.goods_tonnes == pytest.approx(3.9 * line.boxes)
    shown = text(loading_view(plan, instance, "WUH-DUI@2027-03-06T08:00"))
    for line in lines:
        assert line.shipment.id in shown
        assert line.shipment.consignee in shown


def test_a_departure_that_does_not_run_says_so(tiny: tuple[Plan, Instance]) -> None:
    """Its minimum stands beside it; a misspelt one is refused with the nearest name."""
    plan, instance = tiny
    idle = not_run(plan, instance)[0]
    assert f"{idle.id} " in text(loading_view(plan, instance, idle.id))
    assert "does not run" in text(loading_view(plan, instance, idle.id))
    with pytest.raises(InstanceError, match="Did you mean WUH-DUI@2027-03-06T08:00"):
        loading_view(plan, instance, "WUH-DUI@2027-03-06T08:01")


@pytest.mark.parametrize("name", ["CSX-DUI", "长沙—杜伊斯堡班列"])
def test_a_service_in_place_of_its_departure_is_answered_with_them(
    tiny: tuple[Plan, Instance], name: str
) -> None:
    """The departures of the service are offered, by its id and by its printed name."""
    plan, instance = tiny
    with pytest.raises(InstanceError, match="Choose one of CSX-DUI@2027-03-05T20:00\\."):
        loading_view(plan, instance, name)


def test_offered_departures_run_or_do_not(tiny: tuple[Plan, Instance]) -> None:
    """Every departure of the timetable is in the plan or in the list of those not run."""
    plan, instance = tiny
    running = {run.departure for run in plan.departures}
    idle = {dated.id for dated in not_run(plan, instance)}
    assert running | idle == {dated.id for dated in dated_departures(instance)}
    assert not running & idle
    assert set(frame("not_running", plan, instance)["departure"]) == idle


def test_lanes_add_up_to_the_plan(drawn: tuple[Plan, Instance]) -> None:
    """TEU and cost of all lanes are those of all itineraries; a FEU costs twice a TEU."""
    plan, instance = drawn
    sums = lane_sums(plan, instance)
    assert sum(total.teu for total in sums.values()) == sum(i.teu for i in plan.itineraries)
    cost = sum((i.cost for i in plan.itineraries), Decimal(0))
    assert sum((total.cost for total in sums.values()), Decimal(0)) == cost
    table = frame("lanes", plan, instance)
    assert (table["cost_per_feu"] * table["teu"] / 2).sum() == pytest.approx(float(cost))
    assert all(lane.week.weekday() == 0 for lane in sums)


def test_modes_count_a_box_once_and_add_up(tiny: tuple[Plan, Instance]) -> None:
    """16 TEU by a train of 20 slots load it to 80 %, whatever ships and trucks carry."""
    plan, instance = tiny
    figures = {row.mode: row for row in mode_figures(plan, instance)}
    assert figures[Mode.RAIL].load_factor == pytest.approx(0.8)
    assert figures[Mode.RAIL].departures == 1
    assert figures[Mode.RAIL].teu <= plan.totals.teu
    whole = sum((row.cost for row in figures.values()), Decimal(0))
    assert whole + plan.totals.by_mode.get("terminal", Decimal(0)) == plan.cost
    assert "1 train" in vehicles(plan)
    assert "1 trains" not in sentences(plan)


def test_the_main_mode_is_that_of_most_kilometres(tiny: tuple[Plan, Instance]) -> None:
    """A truck or a feeder to the train does not make a road or feeder journey."""
    for itinerary in tiny[0].itineraries:
        kilometres: defaultdict[Mode, float] = defaultdict(float)
        for step in itinerary.steps:
            if step.kind != "dwell":
                kilometres[step.mode] += step.distance_km
        mode = main_mode(itinerary)
        assert mode is not None
        assert kilometres[mode] == max(kilometres.values())


def test_late_shipments_stand_by_what_they_weigh(drawn: tuple[Plan, Instance]) -> None:
    """Most TEU-days first, each with the hours of its last box."""
    plan, _ = drawn
    late = late_shipments(plan)
    assert {row.shipment for row in late} == {
        itinerary.shipment for itinerary in plan.itineraries if itinerary.late_hours > 0
    }
    weights = [row.teu_days for row in late]
    assert weights == sorted(weights, reverse=True)


def test_thin_trains_are_paid_for_and_mostly_empty(drawn: tuple[Plan, Instance]) -> None:
    """Slots on somebody else's train are not called thin."""
    plan, _ = drawn
    thin = thin_trains(plan)
    assert [run.load_factor for run in thin] == sorted(run.load_factor for run in thin)
    assert all(run.fixed_cost > 0 and run.load_factor < 0.5 for run in thin)


def test_what_is_not_planned_is_named_first(tiny: tuple[Plan, Instance]) -> None:
    """The first table of a plan with boxes left out names shipment, customer and reason."""
    plan, instance = tiny
    shipment = instance.shipments[0]
    left = Unserved(
        shipment=shipment.id, owner=shipment.owner, teu=2, penalty=Decimal("9.00"), reason="Full."
    )
    troubled = plan.model_copy(update={"unserved": (left,)})
    first = text(next(iter(attention(troubled, instance, 15))))
    assert "Not planned: 1" in first
    assert shipment.consignee in first
    assert "Full." in first
    whole = text(plan_view(troubled, 15, instance))
    assert whole.index("Not planned") < whole.index("Cost by charge")


def test_a_difference_within_the_proof_is_warned_of(tiny: tuple[Plan, Instance]) -> None:
    """100 dearer with 150 of slack may be luck; with 50 of slack it is not."""
    plan, _ = tiny
    objective = plan.proof.objective + 100
    dearer = plan.model_copy(
        update={
            "cost": plan.cost + 100,
            "proof": plan.proof.model_copy(
                update={"objective": objective, "bound": objective - 150}
            ),
        }
    )
    [difference] = compare({"monday": plan, "tuesday": dearer}).differences
    assert difference.within_slack
    assert "lies within the proof" in slack_warning(difference, "USD")
    surer = dearer.model_copy(
        update={"proof": dearer.proof.model_copy(update={"bound": objective - 50})}
    )
    [difference] = compare({"monday": plan, "tuesday": surer}).differences
    assert not difference.within_slack
    assert slack_warning(difference, "USD") == ""
    [difference] = compare({"monday": dearer, "tuesday": plan}).differences
    assert difference.within_slack


def test_a_comparison_shows_before_and_after(tiny: tuple[Plan, Instance]) -> None:
    """Both amounts stand beside their difference; nothing changes in a plan set beside itself."""
    plan, _ = tiny
    shown = text(comparison_view(compare({"monday": plan, "tuesday": plan})))
    assert "before" in shown
    assert "after" in shown
    assert f"{plan.cost:,.0f}" in shown
    assert "No shipment is re-routed." in shown
    assert "added" not in shown


def test_a_shipment_that_was_not_planned_says_so(tiny: tuple[Plan, Instance]) -> None:
    """Where there was no way before, or is none after, the comparison says not planned."""
    plan, _ = tiny
    gone = plan.itineraries[0]
    left = Unserved(
        shipment=gone.shipment, owner=gone.owner, teu=gone.teu, reason="x", penalty=Decimal(0)
    )
    others = [one for one in plan.itineraries if one.shipment != gone.shipment]
    poorer = plan.model_copy(update={"itineraries": others, "unserved": (left,)})
    assert "not planned →" in text(comparison_view(compare({"a": poorer, "b": plan})))
    assert "→ not planned" in text(comparison_view(compare({"a": plan, "b": poorer})))
