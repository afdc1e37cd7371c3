"""Ways to tamper with a plan: each changes one thing and says what the audit must name.

``TAMPERED`` is for the plan of the hand-solved instance ``tiny``; a case is its name, the change,
the code of the expected finding and words of its message.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from freight.domain.plan import Charge, ChargeKind, Itinerary, LegLoad, Plan
from freight.domain.service import Mode

Change = Callable[[Plan], Plan]


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


def restated(shipment: str, kind: ChargeKind, **fields: object) -> Change:
    """Let the first charge of a kind stand elsewhere."""

    def made(one: Itinerary) -> dict:
        charges = list(one.charges)
        at = next(i for i, c in enumerate(charges) if c.kind is kind)
        charges[at] = charges[at].model_copy(update=fields)
        return {"charges": tuple(charges)}

    return itinerary(shipment, made)


def both(first: Change, second: Change) -> Change:
    """One change after the other."""
    return lambda plan: second(first(plan))


def nudged(leg: LegLoad, name: str) -> LegLoad:
    """A leg with one quantity a ten-thousandth larger."""
    return leg.model_copy(update={name: getattr(leg, name) + 0.0001})


HOUR = timedelta(hours=1)
SAT = "WUH-DUI@2027-03-06T08:00"
TRAIN = {"reference": SAT, "mode": Mode.RAIL}
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
        "a network share",
        charge("S1", ChargeKind.NETWORK, "1.00"),
        "share",
        "network share is 1.00, expected 375.00.",
    ),
    (
        "share of nothing",
        add_charge("S1", kind=ChargeKind.FIXED, amount=Decimal(3), reference="X@1"),
        "share",
        "fixed charges of 3 pay for no run.",
    ),
    (
        "settlement",
        add_charge("S1", kind=ChargeKind.SETTLEMENT, amount=Decimal(3), reference="owners"),
        "settlement",
        "owners settle without an agreement.",
    ),
    (
        "settlements that add up to nothing",
        both(
            add_charge("S1", kind=ChargeKind.SETTLEMENT, amount=Decimal(-5000), reference="owners"),
            add_charge("S2", kind=ChargeKind.SETTLEMENT, amount=Decimal(5000), reference="owners"),
        ),
        "settlement",
        "owners settle without an agreement.",
    ),
    (
        "a pair of lines",
        both(
            add_charge("S1", kind=ChargeKind.LEG, amount=Decimal(1000), step=0, **TRAIN),
            add_charge("S1", kind=ChargeKind.LEG, amount=Decimal(-1000), step=0, **TRAIN),
        ),
        "charge",
        f"leg of {SAT} is charged 3 times, expected 1.",
    ),
    (
        "a pair of shares",
        both(
            add_charge("S1", kind=ChargeKind.FIXED, amount=Decimal(1000), step=0, **TRAIN),
            add_charge("S1", kind=ChargeKind.FIXED, amount=Decimal(-1000), step=0, **TRAIN),
        ),
        "share",
        "fixed share is charged 3 times.",
    ),
    (
        "a cent",
        charge("S1", ChargeKind.LEG, "12600.01"),
        "charge",
        f"leg of {SAT} is 12600.01, expected 12600.00.",
    ),
    (
        "a cent of a share",
        charge("S1", ChargeKind.FIXED, "7500.01"),
        "share",
        "fixed share is 7500.01, expected 7500.00.",
    ),
    (
        "a line of nothing for nothing",
        add_charge("S1", kind=ChargeKind.CUSTOMS, amount=Decimal("0.00"), reference="moon"),
        "charge",
        "customs of moon is 0.00, expected 0.00.",
    ),
    (
        "capital by air",
        restated("S1", ChargeKind.CAPITAL, mode=Mode.AIR),
        "charge",
        "capital of S1 stands at no step and mode air, expected no step and no mode.",
    ),
    (
        "step of a charge changed",
        restated("S2", ChargeKind.TRANSFER, step=1),
        "charge",
        "stands at step 1 and mode rail, expected step 0 and mode rail.",
    ),
    (
        "step of a charge taken",
        restated("S1", ChargeKind.LEG, step=None),
        "charge",
        f"leg of {SAT} stands at no step and mode rail, expected step 0 and mode rail.",
    ),
    (
        "step of a share taken",
        restated("S1", ChargeKind.FIXED, step=None),
        "share",
        "fixed share is 7500.00, expected 0.00.",
    ),
    (
        "mode of a share",
        restated("S1", ChargeKind.NETWORK, mode=Mode.AIR),
        "share",
        "network charges of 375.00 pay for no run.",
    ),
    (
        "a capacity by a hair",
        run(SAT, legs=lambda one: (nudged(one.legs[0], "capacity_teu"), *one.legs[1:])),
        "leg",
        "states capacity_teu 20.0001, expected 20.",
    ),
    (
        "handling by a hair",
        step("S2", 1, handling_hours=lambda one: one.handling_hours + 0.0001),
        "dwell",
        "h of handling at wuhan-rail",
    ),
    (
        "a second",
        step("S1", 0, departs=lambda one: one.departs + HOUR / 3600),
        "timetable",
        "departs at 2027-03-06T08:00:01+08:00, the timetable says 2027-03-06T08:00:00+08:00.",
    ),
    (
        "optimal with a gap",
        proof(bound=35_864.6, gap=0.5),
        "proof",
        "says optimal with a gap of 0.5, asked was 0.0001.",
    ),
    (
        "optimal with a gap and nothing asked",
        proof(bound=35_864.6, gap=0.5, asked_gap=None),
        "proof",
        "says optimal with a gap of 0.5, asked was 0.05.",
    ),
    ("CO2e of a wait", step("S2", 1, co2e_kg=1.0), "dwell", "has 1 kg CO2e at wuhan-rail"),
    (
        "a total of nobody",
        lambda plan: totals(by_owner=plan.totals.by_owner | {"nobody": Decimal(0)})(plan),
        "total",
        "'nobody' is unknown.",
    ),
    (
        "a total of nothing",
        lambda plan: totals(by_mode=plan.totals.by_mode | {"rocket": Decimal(0)})(plan),
        "total",
        "'rocket' is unknown.",
    ),
]
