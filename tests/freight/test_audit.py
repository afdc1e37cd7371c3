"""The audit passes good plans and names what is broken in tampered ones."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import cache
from math import ceil

import pytest
from hypothesis import given, settings

from freight.domain.charges import capital
from freight.domain.instance import Instance
from freight.domain.plan import ChargeKind, Plan
from freight.domain.service import Mode
from freight.io import read
from freight.model.audit import Finding, audit
from freight.planning import plan as make_plan
from solvers.options import Options
from tests.freight import hand
from tests.freight.random_instances import instances
from tests.freight.tampering import HOUR, SAT, TAMPERED, run, top


@cache
def tiny() -> tuple[Instance, Plan]:
    """The hand-solved instance and its plan."""
    instance = read("tiny")
    return instance, make_plan(instance, "arc-mip")


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [case[1:] for case in TAMPERED],
    ids=[case[0] for case in TAMPERED],
)
def test_tampering_is_named(change, code, words):
    """Whatever is changed in a good plan, the audit names the rule and the value."""
    instance, plan = tiny()
    findings = audit(instance, change(plan))
    assert [one for one in findings if one.code == code and words in one.message], findings


def test_a_good_plan_has_no_findings():
    """The plan of tiny holds, also after a trip through JSON."""
    instance, plan = tiny()
    assert audit(instance, plan) == []
    assert audit(instance, Plan.model_validate_json(plan.model_dump_json())) == []


def test_lines_rounded_one_by_one_to_ones_gain_are_found():
    """Each charge may be rounded by less than a cent, and so may all of them together."""
    statement = read("tiny").statement.model_copy(update={"capital_rate_per_year": 0.0337})
    instance = changed(read("tiny"), statement=statement)
    plan = make_plan(instance, "arc-mip")
    exact = [
        capital.price(instance, shipment).amount(
            one.teu, (one.delivered - shipment.ready) / timedelta(hours=1)
        )
        for one in plan.itineraries
        for shipment in [instance.shipment[one.shipment]]
    ]
    dearer = tuple(
        one.model_copy(update={"charges": tuple(
            c.model_copy(update={"amount": Decimal(ceil(amount * 100)) / 100})
            if c.kind is ChargeKind.CAPITAL else c for c in one.charges
        )})
        for one, amount in zip(plan.itineraries, exact, strict=True)
    )  # fmt: skip
    gained = sum(ceil(amount * 100) - amount * 100 for amount in exact)
    assert 1.1 < gained < 4.0
    (finding,) = [
        one
        for one in audit(instance, plan.model_copy(update={"itineraries": dearer}))
        if one.code == "charge"
    ]
    assert finding.message.startswith("charges by the price list add up to")


def test_findings_say_where():
    """A finding reads as a sentence with its place in front."""
    assert str(Finding("lot", "itinerary 1 of S1", "is odd.")) == "itinerary 1 of S1: is odd."
    instance, plan = tiny()
    (one,) = [f for f in audit(instance, run(SAT, runs=2)(plan)) if f.code == "runs"]
    assert one.where == f"departure {SAT}"


def changed(instance: Instance, **tables: object) -> Instance:
    """The instance with some tables replaced."""
    fields = {name: getattr(instance, name) for name in Instance.model_fields}
    return Instance.model_validate(fields | tables)


def limited(instance: Instance, table: str, name: str, **fields: object) -> Instance:
    """The instance with one row changed."""
    rows = tuple(
        one.model_copy(update=fields) if one.id == name else one for one in getattr(instance, table)
    )
    return changed(instance, **{table: rows})


RULES = [
    ("services", "WUH-DUI", {"capacity_teu": 15}, "capacity",
     "leg wuhan-rail-alashankou carries 16 TEU, it takes 15 TEU."),
    ("services", "WUH-DUI", {"capacity_tonnes": 100}, "capacity", "it takes 100 t."),
    ("services", "WUH-DUI", {"minimum_load_teu": 17}, "minimum load",
     "loads 16 TEU, its minimum is 17 TEU."),
    ("services", "WUH-DUI", {"cutoff_hours": 30}, "cutoff", "after the cutoff of"),
    ("services", "WUH-DUI", {"open_to": ("wuhan",)}, "access", "belongs to changsha"),
    ("services", "CSX-DUI", {"committed": True}, "committed", "is committed but does not run."),
    ("shipments", "S1", {"modes": (Mode.SEA,)}, "mode", "rides by rail, allowed are sea."),
    ("shipments", "S1", {"reefer": True}, "reefer", "needs temperature control"),
    ("shipments", "S1", {"dangerous": "UN3480"}, "dangerous", "is dangerous goods (UN3480)"),
    ("shipments", "S1", {"splittable": False, "teu": 12}, "lot", "expected whole lots of 12 TEU."),
    ("terminals", "wuhan-rail", {"capacity_teu_per_day": 15}, "terminal capacity",
     "16 TEU are lifted, the terminal takes 15 TEU a day."),
    ("terminals", "duisburg-rail", {"handling_hours": 5}, "delivery", "expected"),
    ("transfers", "changsha-wuhan", {"capacity_teu_per_day": 9}, "transfer capacity",
     "10 TEU start, the transfer takes 9 TEU a day."),
    ("transfers", "alashankou-dostyk", {"capacity_teu_per_day": 9}, "transfer capacity",
     "16 TEU start, the transfer takes 9 TEU a day."),
]  # fmt: skip


@pytest.mark.parametrize(("table", "name", "fields", "code", "words"), RULES)
def test_every_rule_is_checked(table, name, fields, code, words):
    """A good plan of one instance breaks exactly the rule that a stricter one adds."""
    instance, plan = tiny()
    findings = audit(limited(instance, table, name, **fields), plan)
    assert [one for one in findings if one.code == code and words in one.message], findings


@pytest.mark.parametrize(
    ("defaults", "code", "words"),
    [
        ({"most_late_days": 1.0}, "lateness", "is 2.0 days late, allowed are 1."),
        (
            {"most_dwell_days": 0.5},
            "dwell limit",
            "waits 2.0 days at shanghai-port, allowed are 0.5.",
        ),
    ],
)
def test_defaults_are_checked(defaults, code, words):
    """Limits on lateness and dwell hold for every itinerary."""
    instance, plan = tiny()
    limits = instance.statement.defaults.model_copy(update=defaults)
    statement = instance.statement.model_copy(update={"defaults": limits})
    findings = audit(changed(instance, statement=statement), plan)
    assert [one for one in findings if one.code == code and words in one.message], findings


def test_an_optional_departure_without_a_box_is_named():
    """An optional train that runs empty costs money for nothing."""
    instance, plan = tiny()
    wed = "WUH-DUI@2027-03-03T08:00"
    (sat,) = [one for one in plan.departures if one.departure == SAT]
    more = top(departures=(*plan.departures, sat.model_copy(update={"departure": wed})))(plan)
    codes = {one.code for one in audit(instance, more) if wed in one.where}
    assert {"empty", "timetable", "leg"} <= codes


def test_visiting_a_terminal_twice_is_named():
    """A shuttle there and back is a circle."""
    instance = hand.instance(
        [hand.terminal("A"), hand.terminal("B"), hand.terminal("C")],
        [(hand.service("S"), hand.stops("S", ("A", 0, 0), ("C", 5, 5)), hand.leaves("S", 20))],
        [hand.shipment("P", "A", "C", 0)],
        [hand.transfer("road", "A", "B", 2, both_ways=True)],
    )
    plan = make_plan(instance, "arc-mip")
    (one,) = plan.itineraries
    other = hand.instance(
        [hand.terminal("A"), hand.terminal("B"), hand.terminal("C")],
        [],
        [hand.shipment("P", "A", "B", 0)],
        [hand.transfer("road", "A", "B", 2, both_ways=True)],
    )
    (there,) = make_plan(other, "arc-mip").itineraries[0].steps
    back = there.model_copy(
        update={
            "from_terminal": "B", "to_terminal": "A", "departs": there.arrives,
            "arrives": there.arrives + 2 * HOUR,
        }
    )  # fmt: skip
    circle = one.model_copy(update={"steps": (there, back, *one.steps)})
    findings = audit(instance, plan.model_copy(update={"itineraries": (circle,)}))
    assert "itinerary 1 of P: visits A 2 times." in map(str, findings)


def test_unserved_boxes_are_checked():
    """Owner, lots, penalty and shipment of what is left behind."""
    instance = hand.instance(
        [hand.terminal("A"), hand.terminal("B")], [], [hand.shipment("P", "A", "B", 0)]
    )
    plan = make_plan(instance, "arc-mip")
    assert audit(instance, plan) == []
    (left,) = plan.unserved
    for fields, code, words in (
        ({"shipment": "Q"}, "reference", "the shipment is unknown."),
        ({"owner": "changsha"}, "owner", "owner is 'changsha', expected 'wuhan'."),
        ({"teu": 1}, "lot", "leaves 1 TEU, expected whole lots of 2 TEU."),
        ({"penalty": Decimal(1)}, "penalty", "penalty is 1, expected 20000.00."),
    ):
        tampered = plan.model_copy(update={"unserved": (left.model_copy(update=fields),)})
        findings = audit(instance, tampered)
        assert [one for one in findings if one.code == code and words in one.message], findings


@settings(max_examples=40, deadline=None)
@given(instances())
def test_every_plan_survives_its_audit(instance):
    """Plans of random instances hold, and break when their cost is touched."""
    plan = make_plan(instance, "arc-mip", options=Options(gap=0.0, time_limit_seconds=30))
    assert audit(instance, plan) == []
    dearer = plan.model_copy(update={"cost": plan.cost + Decimal("0.01")})
    assert "total" in {one.code for one in audit(instance, dearer)}
