"""The audit passes good plans and names what is broken in tampered ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings

from freight.domain.instance import Instance
from freight.domain.plan import Charge, ChargeKind, Itinerary, Plan
from freight.domain.service import Mode
from freight.io import read
from freight.model.audit import Finding, audit
from freight.planning import plan as make_plan
from solvers.options import Options
from tests.freight import hand
from tests.freight.random_instances import instances

Change = Callable[[Plan], Plan]


@cache
def tiny() -> tuple[Instance, Plan]:
    """The hand-solved instance and its plan."""
    instance = read("tiny")
    return instance, make_plan(instance, "arc-mip")


def itinerary(shipment: str, change: Callable[[Itinerary], dict]) -> Change:
    """Replace fields of the itinerary of a shipment."""

    def made(plan: Plan) -> Plan:
        some = tuple(
            one.model_copy(update=change(one)) if one.shipment == shipment else one
            for one in plan.itineraries
        )
        return plan.model_copy(update={"itineraries": some})

    return made


def step(shipment: str, number: int, **fields: object) -> Change:
    """Replace fields of one step; callables get the step."""

    def made(one: Itinerary) -> dict:
        steps = list(one.steps)
        old = steps[number]
        new = {key: value(old) if callable(value) else value for key, value in fields.items()}
        steps[number] = old.model_copy(update=new)
        return {"steps": tuple(steps)}

    return itinerary(shipment, made)


def run(which: str, /, **fields: object) -> Change:
    """Replace fields of one departure; callables get the run."""

    def made(plan: Plan) -> Plan:
        some = tuple(
            one.model_copy(update={k: v(one) if callable(v) else v for k, v in fields.items()})
            if one.departure == which
            else one
            for one in plan.departures
        )
        return plan.model_copy(update={"departures": some})

    return made


def without_run(departure: str) -> Change:
    """Strike a departure."""
    return lambda plan: plan.model_copy(
        update={"departures": tuple(one for one in plan.departures if one.departure != departure)}
    )


def top(**fields: object) -> Change:
    """Replace fields of the plan."""
    return lambda plan: plan.model_copy(update=fields)


def totals(**fields: object) -> Change:
    """Replace fields of the totals."""
    return lambda plan: plan.model_copy(update={"totals": plan.totals.model_copy(update=fields)})


def proof(**fields: object) -> Change:
    """Replace fields of the proof."""
    return lambda plan: plan.model_copy(update={"proof": plan.proof.model_copy(update=fields)})


def charge(shipment: str, kind: ChargeKind, amount: str) -> Change:
    """Set the amount of the first charge of a kind."""

    def made(one: Itinerary) -> dict:
        charges = list(one.charges)
        at = next(i for i, c in enumerate(charges) if c.kind is kind)
        charges[at] = charges[at].model_copy(update={"amount": Decimal(amount)})
        return {"charges": tuple(charges)}

    return itinerary(shipment, made)


def add_charge(shipment: str, **fields: object) -> Change:
    """One more charge."""
    return itinerary(shipment, lambda one: {"charges": (*one.charges, Charge(**fields))})


HOUR = timedelta(hours=1)
SAT = "WUH-DUI@2027-03-06T08:00"
BARGE = "YLO-YSA@2027-03-09T20:00"

TAMPERED = [
    ("another instance", top(instance_digest="0"), "instance", "instance_digest is '0'"),
    ("another currency", top(currency="EUR"), "instance", "currency is 'EUR', expected 'USD'."),
    ("cost", top(cost=Decimal("70000.00")), "total", "cost is 70000.00, its parts add up to"),
    ("penalty", top(unserved_penalty=Decimal(1)), "total", "unserved_penalty is 1"),
    ("unallocated", top(unallocated=Decimal(5)), "total", "unallocated is 5, expected 0."),
    ("a charge table", totals(by_charge={"leg": Decimal(1)}), "total", "adds up to 1, expected"),
    ("on time", totals(shipments_on_time=4), "total", "shipments_on_time is 4, expected 3."),
    ("co2e total", totals(co2e_kg=1.0), "total", "co2e_kg is 1, expected 31791.1."),
    ("objective", proof(objective=1.0), "proof", "objective is 1.00, cost and penalty are"),
    ("bound", proof(bound=80_000.0), "proof", "bound 80000.00 lies above the objective"),
    ("gap", proof(gap=0.5), "proof", "gap is 0.5, expected 0.0."),
    ("outcome", proof(outcome="splendid"), "proof", "outcome is 'splendid'"),
    ("no bound", proof(bound=None, gap=None), "proof", "says optimal without a bound"),
    (
        "unknown shipment",
        itinerary("S1", lambda _: {"shipment": "S9"}),
        "reference",
        "shipment 'S9' is unknown.",
    ),
    (
        "unserved shipment",
        itinerary("S1", lambda _: {"shipment": "S2"}),
        "demand",
        "12 TEU travel and 0 TEU are unserved of 6 TEU.",
    ),
    (
        "too few boxes",
        itinerary("S1", lambda _: {"teu": 4}),
        "demand",
        "4 TEU travel and 0 TEU are unserved of 6 TEU.",
    ),
    (
        "half a box",
        itinerary("S1", lambda _: {"teu": 5}),
        "lot",
        "carries 5 TEU, expected whole lots of 2 TEU.",
    ),
    ("split whole", itinerary("S4", lambda _: {"teu": 2}), "lot", "expected whole lots of 4 TEU."),
    ("weight", itinerary("S1", lambda _: {"loaded_tonnes": 1.0}), "tonnes", "weighs 1 t loaded"),
    (
        "owner",
        itinerary("S1", lambda _: {"owner": "changsha"}),
        "owner",
        "owner is 'changsha', expected 'wuhan'.",
    ),
    ("no steps", itinerary("S1", lambda _: {"steps": ()}), "connection", "has no ride"),
    (
        "torn apart",
        itinerary("S2", lambda one: {"steps": one.steps[2:]}),
        "connection",
        "starts at wuhan-rail, expected changsha-rail.",
    ),
    (
        "cut short",
        itinerary("S2", lambda one: {"steps": one.steps[:1]}),
        "connection",
        "ends at wuhan-rail, expected duisburg-rail.",
    ),
    (
        "dwell missing",
        itinerary("S2", lambda one: {"steps": one.steps[::2]}),
        "dwell",
        "does not say where it is",
    ),
    (
        "dwell times",
        step("S2", 1, arrives=lambda one: one.arrives - HOUR),
        "dwell",
        "dwells at wuhan-rail from",
    ),
    ("dwell place", step("S2", 1, terminal="wuhan-port"), "dwell", "while it is at wuhan-rail"),
    ("dwell hours", step("S2", 1, storage_hours=9.0), "dwell", "has 9 h of storage"),
    (
        "delivered",
        itinerary("S1", lambda one: {"delivered": one.delivered - HOUR}),
        "delivery",
        "is delivered at 2027-03-21 04:00, expected 2027-03-21 05:00.",
    ),
    (
        "late hours",
        itinerary("S4", lambda _: {"late_hours": 0.0}),
        "lateness",
        "is 0 h late, expected 48 h.",
    ),
    ("co2e", itinerary("S1", lambda _: {"co2e_kg": 1.0}), "co2e", "states 1.000 kg CO2e"),
    ("ride co2e", step("S1", 0, co2e_kg=1.0), "co2e", "states 1.000 kg CO2e, expected 10195.548."),
    ("move co2e", step("S2", 0, co2e_kg=1.0), "co2e", "expected 413.490."),
    (
        "unknown departure",
        step("S1", 0, departure="WUH-DUI@2027-03-07T08:00"),
        "reference",
        "departure 'WUH-DUI@2027-03-07T08:00' is not in the timetable.",
    ),
    ("foreign service", step("S1", 0, service="CSX-DUI"), "reference", "belongs to WUH-DUI"),
    ("unknown stop", step("S1", 0, to_sequence=9), "reference", "has no stop 9."),
    (
        "backwards",
        step("S1", 0, from_sequence=4, to_sequence=1),
        "reference",
        "rides WUH-DUI from stop 4 to stop 1.",
    ),
    ("unknown transfer", step("S2", 0, transfer="teleport"), "reference", "'teleport' is unknown"),
    ("unknown terminal", step("S2", 0, from_terminal="moon"), "reference", "'moon' is unknown"),
    (
        "early train",
        step("S1", 0, departs=lambda one: one.departs - 2 * HOUR),
        "timetable",
        "departs at 2027-03-06T06:00:00+08:00, the timetable says 2027-03-06T08:00:00+08:00.",
    ),
    (
        "fast train",
        step("S1", 0, arrives=lambda one: one.arrives - HOUR),
        "timetable",
        "arrives at",
    ),
    ("another mode", step("S1", 0, mode=Mode.SEA), "timetable", "mode is sea, expected rail."),
    ("another carrier", step("S1", 0, carrier="X"), "timetable", "carrier is X, expected China"),
    ("distance", step("S1", 0, distance_km=1.0), "timetable", "distance_km is 1, expected 10662."),
    ("borders", step("S1", 0, borders=()), "timetable", "borders is ()"),
    (
        "alight early",
        step("S1", 0, to_sequence=3, to_terminal="dostyk"),
        "stop flag",
        "is unloaded at dostyk, where the service does not unload.",
    ),
    (
        "board late",
        step("S1", 0, from_sequence=2, from_terminal="alashankou"),
        "stop flag",
        "is loaded at alashankou, where the service does not load.",
    ),
    (
        "fast transfer",
        step("S2", 0, arrives=lambda one: one.arrives - HOUR),
        "transfer",
        "takes 23 h, expected 24 h.",
    ),
    (
        "wrong transfer",
        step("S2", 0, transfer="wuhan-rail-port"),
        "transfer",
        "does not lead from changsha-rail to wuhan-rail.",
    ),
    (
        "transfer too soon",
        step("S2", 0, departs=lambda one: one.departs - 30 * HOUR),
        "time",
        "before it is free at",
    ),
    ("closed departure", without_run(SAT), "departure", "carries 16 TEU but does not run."),
    ("committed", without_run(BARGE), "committed", "is committed but does not run."),
    ("unknown run", run(SAT, departure="X@1"), "departure", "is not in the timetable."),
    (
        "twice",
        lambda plan: plan.model_copy(update={"departures": plan.departures * 2}),
        "departure",
        "is listed 2 times.",
    ),
    ("runs", run(SAT, runs=2), "runs", "runs 2 times, allowed are 1 to 1."),
    ("fixed cost", run(SAT, fixed_cost=Decimal(1)), "fixed cost", "expected 20000.00."),
    ("run owner", run(SAT, owner="changsha"), "departure", "owner is changsha, expected wuhan."),
    ("run times", run(SAT, departs=lambda one: one.departs + HOUR), "timetable", "leaves at"),
    ("load factor", run(SAT, load_factor=0.5), "leg", "load_factor is 0.5000, expected 0.8000."),
    ("legs", run(SAT, legs=lambda one: one.legs[1:]), "leg", "has 2 legs, expected 3."),
    (
        "leg load",
        run(SAT, legs=lambda one: tuple(leg.model_copy(update={"teu": 3.0}) for leg in one.legs)),
        "leg",
        "states teu 3",
    ),
    (
        "leg times",
        run(
            SAT,
            legs=lambda one: tuple(
                leg.model_copy(update={"departs": leg.departs + HOUR}) for leg in one.legs
            ),
        ),
        "timetable",
        "does not follow the timetable.",
    ),
    (
        "a charge",
        charge("S1", ChargeKind.LEG, "1.00"),
        "charge",
        f"leg of {SAT} is 1.00, expected 12600.00.",
    ),
    (
        "an extra charge",
        add_charge(
            "S1", kind=ChargeKind.STORAGE, amount=Decimal(9), step=0, reference="wuhan-rail"
        ),
        "charge",
        "storage of wuhan-rail is 9, expected 0.00.",
    ),
    (
        "charge of no step",
        add_charge("S1", kind=ChargeKind.LEG, amount=Decimal(0), step=9),
        "charge",
        "leg names step 9 of 1.",
    ),
    (
        "mode of a charge",
        add_charge("S1", kind=ChargeKind.LEG, amount=Decimal(0), step=0, mode=Mode.SEA),
        "charge",
        "leg has mode sea, its step rail.",
    ),
    (
        "a share",
        charge("S1", ChargeKind.FIXED, "7499.00"),
        "share",
        "fixed charges add up to 19999.00, its fixed cost is 20000.00.",
    ),
    (
        "an unfair share",
        charge("S1", ChargeKind.FIXED, "7000.00"),
        "share",
        "fixed share is 7000.00, expected 7500.00.",
    ),
    (
        "share of nothing",
        add_charge("S1", kind=ChargeKind.FIXED, amount=Decimal(3), reference="X@1"),
        "share",
        "fixed charges of 3 pay for no run.",
    ),
    (
        "settlement",
        add_charge("S1", kind=ChargeKind.SETTLEMENT, amount=Decimal(3)),
        "settlement",
        "add up to 3, expected 0.",
    ),
]


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
        ({"most_dwell_days": 0.5}, "dwell limit", "waits 2.0 days at shanghai-port, allowed are 0.5."),
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
