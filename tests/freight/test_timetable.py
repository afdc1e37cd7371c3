"""Which train a row of the timetable means, and what it is called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freight.billing import bills
from freight.consolidation.weekly import slots_of
from freight.domain.checks import doubts, warnings
from freight.domain.clock import clock_text
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.domain.timetable import dated_departures, departure_id
from freight.io import read, write
from freight.io.cells import CellError, parse
from freight.io.columns import columns
from freight.model.audit import audit
from freight.model.audit.timetable import timetable_of
from freight.model.compile import compile_instance
from freight.planning import plan
from freight.report import bill_iftmcs
from tests.freight import hand
from tests.freight.random_instances import random_instance

BERLIN = "Europe/Berlin"
FIRST, SECOND = "2027-10-31T02:30+02:00", "2027-10-31T02:30+01:00"


def night_trains(*rows: dict[str, Any], **more: Any) -> Instance:
    """Trains of 2 TEU from A to B in Berlin time, 100 a run and 10 a TEU, and two shipments.

    ``s1`` is due 15 minutes after the first train of the repeated hour arrives, ``s2`` an hour on.
    """
    made = hand.instance(
        terminals=[hand.terminal(name, time_zone=BERLIN) for name in "AB"],
        services=[
            (
                hand.service("N", committed=False, fixed_cost_per_departure=100, capacity_teu=2),
                hand.stops("N", ("A", 0, 0), ("B", 5, 5), cost_per_teu=10),
                [{"service": "N", **row} for row in rows],
            )
        ],
        shipments=[
            hand.shipment(name, "A", "B", 0, due=due, lateness_cost_per_teu_day=100)
            for name, due in (("s1", "2027-10-31T05:45Z"), ("s2", "2027-10-31T06:30Z"))
        ],
    )
    start = datetime(2027, 10, 25, tzinfo=UTC)
    ready = [one.model_copy(update={"ready": start}) for one in made.shipments]
    span = {"horizon_start": start, "horizon_end": start + timedelta(days=15)}
    return Instance.model_validate(
        made.model_dump()
        | {"statement": made.statement.model_dump() | span, "shipments": ready}
        | more
    )


def trains(instance: Instance) -> list[str]:
    """Names of all departures."""
    return [dated.id for dated in dated_departures(instance)]


def test_the_hour_that_comes_twice_has_two_departures() -> None:
    """02:30+02:00 and 02:30+01:00 are two trains: each takes a shipment, 240, none late."""
    instance = night_trains({"departs_at": FIRST}, {"departs_at": SECOND})
    assert trains(instance) == [f"N@{FIRST}", f"N@{SECOND}"]
    found = plan(instance)
    assert (float(found.cost), found.totals.shipments_on_time) == (240.0, 2)
    assert {one.departure: one.runs for one in found.departures} == {
        f"N@{FIRST}": 1,
        f"N@{SECOND}": 1,
    }
    assert audit(instance, found) == []


def test_the_audit_knows_the_two_hours_apart() -> None:
    """A plan that sends the boxes of the first train with the second is told from a right one."""
    instance = night_trains({"departs_at": FIRST}, {"departs_at": SECOND})
    text = plan(instance).model_dump_json().replace(f'"N@{FIRST}"', f'"N@{SECOND}"')
    assert {one.code for one in audit(instance, Plan.model_validate_json(text))} >= {
        "timetable",
        "departure",
        "capacity",
    }


def test_trains_seconds_apart_are_two() -> None:
    """08:00:00 and 08:00:30 are two departures with two names."""
    some = ({"departs_at": f"2027-10-26T08:00:{second}+02:00"} for second in ("00", "30"))
    assert trains(night_trains(*some)) == ["N@2027-10-26T08:00", "N@2027-10-26T08:00:30"]


def test_a_weekly_pattern_tells_the_two_hours_apart() -> None:
    """Twins of one night are two slots; the first is the slot of other Sundays at 02:30."""
    rows = [{"departs_at": when} for when in (FIRST, SECOND, "2027-11-07T02:30+01:00")]
    slots = slots_of(compile_instance(night_trains(*rows)), {"N"})
    assert list(slots.values()) == [
        ("N", "sun", "02:30"),
        ("N", "sun", "02:30+0100"),
        ("N", "sun", "02:30"),
    ]


def test_edi_times_carry_their_offset() -> None:
    """IFTMCS gives every time by format 205 with its offset, so the two trains differ."""
    instance = night_trains({"departs_at": FIRST}, {"departs_at": SECOND})
    text = bill_iftmcs.text(bills(instance, plan(instance)))
    assert "DTM+133:202710310230?+0200:205'" in text
    assert "DTM+133:202710310230?+0100:205'" in text


def test_rows_that_state_one_train_give_one_train_and_a_note() -> None:
    """A pattern, its explicit time and a second pattern mean one train, and a note names the rows.

    Of 6 TEU due that day 2 go with the one train for 120; 4 stay behind at 500.
    """
    instance = night_trains(
        {"weekdays": ["mon", "tue"], "departs_local": "08:00"},
        {"departs_at": "2027-10-26T08:00+02:00"},
        {"weekdays": ["tue"], "departs_local": "08:00", "last_date": "2027-10-27"},
        shipments=[
            hand.shipment("s", "A", "B", 0, teu=6, unserved_cost_per_teu=500)
            | {"ready": "2027-10-26T05:00Z", "due": "2027-10-26T12:00Z"}
        ],
    )
    late = {"most_late_days": 0.5, "unserved_cost_per_teu": 1, "lateness_cost_per_teu_day": 1}
    statement = instance.statement.model_copy(
        update={"defaults": instance.statement.defaults.model_copy(update=late)}
    )
    instance = instance.model_copy(update={"statement": statement})
    assert trains(instance).count("N@2027-10-26T08:00") == 1
    found = plan(instance)
    assert (float(found.cost), float(found.unserved_penalty)) == (120.0, 2000.0)
    notes = [note.what for note in warnings(instance) if note.file == "departures"]
    assert notes == ["Records 1, 2 and 3 state the same departure 'N@2027-10-26T08:00'."]


def test_rows_of_one_train_may_run_as_often_as_the_most_generous_says() -> None:
    """A pattern for one train and an explicit row for three of one date allow three that day."""
    instance = night_trains(
        {"weekdays": ["tue"], "departs_local": "08:00"},
        {"departs_at": "2027-10-26T08:00+02:00", "most_runs": 3},
    )
    assert [dated.most_runs for dated in dated_departures(instance)] == [3, 1]


ZONES = st.sampled_from((BERLIN, "Asia/Shanghai", "America/Santiago", "Australia/Lord_Howe", "UTC"))
MOMENTS = st.datetimes(
    min_value=datetime(2026, 1, 1), max_value=datetime(2029, 1, 1), timezones=st.just(UTC)
)


@given(MOMENTS, st.integers(-7200, 7200), ZONES)
def test_no_two_moments_share_a_name(moment: datetime, seconds: int, zone: str) -> None:
    """Two departures of one service have one name exactly when they are one moment."""
    other = moment + timedelta(seconds=seconds)
    same = departure_id("N", moment, zone) == departure_id("N", other, zone)
    assert same == (seconds == 0)


@given(st.integers(-240, 240), st.sampled_from((BERLIN, "America/Santiago", "Australia/Lord_Howe")))
def test_a_clock_text_reads_back_as_its_moment(minutes: int, zone: str) -> None:
    """Around a night when clocks go back the text of a moment names it and no other."""
    nights = {BERLIN: (2027, 10, 31, 1), "America/Santiago": (2027, 4, 4, 3)}
    back = datetime(*nights.get(zone, (2027, 4, 3, 15)), tzinfo=UTC)
    moment = back + timedelta(minutes=minutes)
    read = datetime.fromisoformat(clock_text(moment, zone))
    assert (read if read.tzinfo else read.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC) == moment


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_the_audit_reads_the_same_timetable(seed: int) -> None:
    """The audit's own reading of every row gives the departures that plans are made of."""
    instance = random_instance(seed)
    known = {dated.id: dated for dated in dated_departures(instance)}
    assert timetable_of(instance) == known


def test_a_train_is_cancelled_by_its_date() -> None:
    """Tuesdays and Wednesdays but for one Tuesday: the others stay, for the audit as well."""
    row = {"weekdays": ["tue", "wed"], "departs_local": "08:00"}
    every = trains(night_trains(row))
    instance = night_trains(row | {"except_dates": ["2027-10-26"]})
    assert "N@2027-10-26T08:00" in every
    assert trains(instance) == [one for one in every if one != "N@2027-10-26T08:00"]
    assert timetable_of(instance).keys() == set(trains(instance))


def test_an_exception_where_nothing_leaves_is_noted() -> None:
    """A Monday is no day of a Tuesday's train: perhaps another date was meant."""
    row = {"weekdays": ["tue"], "departs_local": "08:00", "except_dates": ["2027-10-25"]}
    notes = [note.what for note in warnings(night_trains(row)) if note.column == "except_dates"]
    assert notes == [
        "Service 'N' does not leave on 2027-10-25 (mon) anyway, by this row: it leaves on tue."
    ]


def test_exceptions_are_read_and_written_as_dates(tmp_path: Path) -> None:
    """Dates as people type them come back from CSV; an empty column leaves the digest as it was."""
    made = read("tiny")
    folder = tmp_path / "tiny"
    write(made, folder)
    assert read(folder).digest == made.digest
    table = folder / "departures.csv"
    header, first, *rest = table.read_text("utf-8-sig").splitlines()
    cells = dict(zip(header.split(","), first.split(","), strict=True))
    cells["except_dates"] = "2027年3月3日 2027-03-10"
    table.write_text("\n".join([header, ",".join(cells.values()), *rest]) + "\n", "utf-8")
    changed = read(folder)
    assert [str(one) for one in changed.departures[0].except_dates] == ["2027-03-03", "2027-03-10"]
    assert changed.digest != made.digest
    write(changed, tmp_path / "again.json")
    assert read(tmp_path / "again.json").departures == changed.departures


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2027-03-03 2027-03-03", "'2027-03-03' stands twice."),
        ("2027-03-03 soon", "'soon' is not a list of dates."),
    ],
)
def test_exceptions_that_are_no_dates_are_refused(value: str, said: str) -> None:
    """One date twice, or a word: refused with the form of the column."""
    with pytest.raises(CellError) as caught:
        parse(columns("departures")["except_dates"], value)
    assert caught.value.what == said
    assert caught.value.remedy.endswith(".")


def test_rows_of_a_file_are_named_where_a_plan_is_made_too(tmp_path: Path) -> None:
    """Read from a file the note names its rows, and ``solve`` tells it as ``validate`` does."""
    folder = tmp_path / "tiny"
    write(read("tiny"), folder)
    table = folder / "departures.csv"
    header, *rest = table.read_text("utf-8-sig").splitlines()
    cells = dict.fromkeys(header.split(","), "")
    cells |= {"service": "WUH-DUI", "departs_at": "2027-03-03T08:00+08:00"}
    table.write_text("\n".join([header, *rest, ",".join(cells.values())]) + "\n", "utf-8")
    told = [str(note) for note in doubts(read(folder)) if note.file == "departures.csv"]
    assert told == [
        "departures.csv, row 6, service: Rows 2 and 6 state the same departure "
        "'WUH-DUI@2027-03-03T08:00'. It counts once and may run once. For more trains at once "
        "raise most_runs."
    ]
