"""Cells as people and spreadsheets write them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from freight.domain.service import Weekday
from freight.io.cells import CellError, localize, parse
from freight.io.columns import Column, columns


def column(table: str, name: str) -> Column:
    """The column of a table."""
    return columns(table)[name]


@pytest.mark.parametrize(
    ("word", "value"),
    [
        *((word, True) for word in ("yes", "TRUE", "1", "y", 1.0, True, "是")),
        *((word, False) for word in ("no", "False", "0", "n", 0, False, "否")),
    ],
)
def test_yes_and_no(word: object, value: bool) -> None:
    """Words, digits and spreadsheet booleans all say yes or no."""
    assert parse(column("services", "committed"), word) is value


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon wed fri", "mon wed fri"),
        ("1 3 5", "mon wed fri"),
        ("MON, Wed;7", "mon wed sun"),
        (7.0, "sun"),
        (["mon", "tue"], "mon tue"),
    ],
)
def test_weekdays(text: object, days: str) -> None:
    """Names in any case or numbers, parted by spaces or commas; Monday is 1."""
    assert parse(column("departures", "weekdays"), text) == tuple(map(Weekday, days.split()))


@pytest.mark.parametrize(
    "value",
    [
        "2027-03-01T08:00",
        "2027-03-01 08:00:00",
        "2027/3/1 8:00",
        "2027/03/01 08:00:00",
        dt.datetime(2027, 3, 1, 7, 59, 59, 999_999),
        dt.datetime(2027, 3, 1, 8),
    ],
)
def test_moments(value: object) -> None:
    """ISO 8601, what Excel makes of it in a CSV, and date cells with their rounding."""
    assert parse(column("shipments", "ready"), value) == dt.datetime(2027, 3, 1, 8)


@pytest.mark.parametrize(
    "value", ["8:30", "08:30", "08:30:00", dt.time(8, 30), dt.timedelta(hours=8.5)]
)
def test_clock_times(value: object) -> None:
    """Text with or without seconds, time cells and duration cells."""
    assert parse(column("departures", "departs_local"), value) == dt.time(8, 30)


@pytest.mark.parametrize(
    ("table", "name", "value", "message"),
    [
        ("shipments", "ready", "2027-03-23+08:00", "'2027-03-23+08:00' has no time of day."),
        ("shipments", "due", "2027-03-23-05:00", "'2027-03-23-05:00' has no time of day."),
        ("departures", "departs_at", "2027-W12-2T08:00", "is not a date and time."),
        ("instance", "horizon_start", "20270323T0800", "is not a date and time."),
        ("shipments", "ready", 46000.5, "The cell holds the number 46000.5, not a date."),
        ("departures", "departs_local", 0.25, "The cell holds the number 0.25, not a time."),
        ("departures", "first_date", dt.datetime(2027, 3, 1, 9), "is not a date."),
        ("departures", "departs_local", dt.timedelta(hours=30), "is not a time of day."),
        ("shipments", "hs_code", dt.date(2027, 3, 1), "'2027-03-01' is not a text."),
        ("shipments", "teu", "2.5", "'2.5' is not a whole number."),
        ("shipments", "teu", "1e300", "'1e300' is larger than anything of this kind."),
        ("shipments", "value", "1_000", "'1_000' is not a number."),
        ("shipments", "value", 10**400, "is not a number."),
        ("shipments", "modes", 5.5, "'5.5' is not a mode."),
        ("shipments", "modes", {"rail": 1}, "is not a mode."),
    ],
)
def test_cells_that_are_something_else(table: str, name: str, value: object, message: str) -> None:
    """A cell of the wrong nature is refused with its value; nothing is guessed."""
    with pytest.raises(CellError) as caught:
        parse(column(table, name), value)
    assert message in caught.value.what
    assert caught.value.remedy.endswith(".")


def test_whole_numbers_in_text_columns_are_text() -> None:
    """A spreadsheet turns the HS code 847130 into a number: it comes back as text."""
    assert parse(column("shipments", "hs_code"), 847130.0) == "847130"


def test_local_times_get_the_offset_of_the_day() -> None:
    """Berlin is UTC+1 on 27 March 2027 and UTC+2 two days later."""
    berlin = ZoneInfo("Europe/Berlin")
    for day, hours in ((27, 1), (29, 2)):
        found = localize(dt.datetime(2027, 3, day, 12), berlin)
        assert found.utcoffset() == dt.timedelta(hours=hours)


@pytest.mark.parametrize("computed", [20 * 0.3, 5.999999999999999, 6.000000000000001, 6.0])
def test_a_computed_whole_number_is_what_the_workbook_shows(computed: float) -> None:
    """A binary speck that no spreadsheet shows is no fault; 6.0000000001 is shown and refused."""
    assert parse(column("shipments", "teu"), computed) == 6
    with pytest.raises(CellError, match=r"6\.0000000001' is not a whole number"):
        parse(column("shipments", "teu"), computed + 1e-10)
