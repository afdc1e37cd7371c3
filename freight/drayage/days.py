"""Local days in real seconds: 23, 24 or 25 hours long, as summer time begins and ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from freight.domain.clock import comes_twice, local
from freight.domain.measures import exact

HOUR = 3600


def seconds_of(hours: float) -> int:
    """Hours as they are written, to the second."""
    return round(exact(hours) * HOUR)


class LocalDay:
    """A day by the clock of a zone; seconds count from its midnight."""

    def __init__(self, day: date, zone: ZoneInfo) -> None:
        self.day, self.zone = day, zone
        self.start = self._instant(timedelta(0))
        self.length = self.seconds(self._instant(timedelta(days=1)))

    def seconds(self, moment: datetime, up: bool = False) -> int:
        """Seconds from midnight to an aware moment, begun ones left out or else counted."""
        since, second = moment.astimezone(UTC) - self.start, timedelta(seconds=1)
        return -(-since // second) if up else since // second

    def clock(self, moment: datetime) -> int:
        """What the clock on the wall shows at a moment, in seconds after its midnight."""
        shown = local(moment, self.zone)
        return shown.hour * HOUR + shown.minute * 60 + shown.second

    def moment(self, seconds: int) -> datetime:
        """The local time so long after midnight, its offset fixed."""
        return local(self.start + timedelta(seconds=seconds), self.zone)

    def open(self, opens_hour: float, closes_hour: float) -> tuple[int, int]:
        """From when until when a place is open that says so by the clock on its wall.

        Of an hour that comes twice the part counts that lies within by either reading; a place
        that is open only in an hour that is skipped closes before it opens.
        """
        first, last = ([self._instant(timedelta(seconds=seconds_of(h)), fold) for fold in (0, 1)]
                       for h in (opens_hour, closes_hour))  # fmt: skip
        opens, closes = max(first), min(last)
        if closes < opens and comes_twice(closes, self.zone):
            closes = max(last)
        return self.seconds(opens), self.seconds(closes)

    def _instant(self, clock: timedelta, fold: int = 0) -> datetime:
        """When the clock shows a time of day; one that it skips counts by the offset before."""
        shown = datetime.combine(self.day, datetime.min.time()) + clock
        return shown.replace(tzinfo=self.zone, fold=fold).astimezone(UTC)
