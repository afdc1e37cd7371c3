"""Local times that can be reckoned with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from freight.domain.clock import local


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
