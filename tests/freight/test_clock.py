"""Local times that can be reckoned with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from freight.domain.clock import local, read_day, read_moment


def test_hours_across_the_change_to_summer_time_are_real() -> None:
    """78 h from Saturday noon UTC end at 18:00 UTC, although Warsaw skips an hour on 28 March."""
    start = local(datetime(2027, 3, 27, 12, tzinfo=UTC), "Europe/Warsaw")
    end = local(datetime(2027, 3, 30, 18, tzinfo=UTC), "Europe/Warsaw")
    assert start + timedelta(hours=78) == end
    assert end - start == timedelta(hours=78)
    assert (start.isoformat(), end.isoformat()) == (
        "2027-03-27T13:00:00+01:00",
        "2027-03-30T20:00:00+02:00",
    )


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-03-23T08:00", "2027-03-23T08:00:00"),
        ("2027-03-23 08:00:30+08:00", "2027-03-23T08:00:30+08:00"),
        ("2027-03-23T08:00Z", "2027-03-23T08:00:00+00:00"),
        ("2027-03-23T08:00:00.5-0500", "2027-03-23T08:00:00.500000-05:00"),
    ],
)
def test_a_date_with_a_time_of_day_is_read(text: str, moment: str) -> None:
    """A calendar date, a time of day and perhaps an offset make a moment."""
    assert read_moment(text).isoformat() == moment


@pytest.mark.parametrize(
    "text",
    [
        "2027-03-23+08:00", "2027-03-23-05:00", "2027-03-23Z", "2027-03-23", "2027-W12-2T08:00",
        "20270323T080000", "2027-03-23x08:00", "2027-03-23T08", "2027-03-23T0800", "2027-082T08:00",
        "2027-03-23T08:00+08:00:30", "2027-02-30T08:00", "2027-03-23T25:00", "２０２７-03-23T08:00",
    ],
)  # fmt: skip
def test_nothing_else_is_a_moment(text: str) -> None:
    """Dates with an offset and no time, weeks, day numbers and run-together forms are refused."""
    with pytest.raises(ValueError, match=r"|".join((text[:4], "month", "hour", "^$"))):
        read_moment(text)


@pytest.mark.parametrize("text", ["20270323", "2027-W12-2", "2027-3-23", "2027-03-23T00:00"])
def test_only_a_calendar_date_is_a_day(text: str) -> None:
    """A day is written year, month and day in full."""
    with pytest.raises(ValueError, match=r"^$"):
        read_day(text)
