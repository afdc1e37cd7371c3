"""Days of the week as people write them: 周二, Thursday, 3、6, 周一至周五, daily."""

from __future__ import annotations

import re
from datetime import date
from types import MappingProxyType
from typing import Final

from freight.domain.service import Weekday
from freight.domain.wording import nearest, quoted
from freight.io.columns import Column
from freight.io.typed.taken import CellError, Taken, narrow, two_readings
from freight.io.typed.words import parted, word_of

_ORDER: Final = tuple(day.value for day in Weekday)
_NAMES: Final = (
    "monday mo montag", "tuesday tues tu dienstag di", "wednesday weds we mittwoch mi",
    "thursday thur thurs th donnerstag do", "friday fr freitag", "saturday sa samstag sonnabend",
    "sunday su sonntag so",
)  # fmt: skip
_DAYS: Final = MappingProxyType(
    {
        **{name: day for day, names in zip(_ORDER, _NAMES, strict=True) for name in names.split()},
        **{day: day for day in _ORDER},
        **dict(zip("一二三四五六日", _ORDER, strict=True)),
        **dict(zip("1234567", _ORDER, strict=True)),
        "天": "sun",
    }
)
_SEVERAL: Final = MappingProxyType(
    {
        **dict.fromkeys(("daily", "everyday", "每天", "每日", "天天"), _ORDER),
        **dict.fromkeys(("weekdays", "workdays", "工作日"), _ORDER[:5]),
        **dict.fromkeys(("weekend", "weekends", "周末"), _ORDER[5:]),
    }
)
_CHINESE: Final = re.compile(r"(?:每|逢)?(?:周|星期|礼拜)|[每逢]")
_TO: Final = re.compile(r" ?(?:至|到|~|to) ?")
_DASH: Final = re.compile(r" ?[-–—] ?")


def weekdays_of(column: Column, value: object) -> Taken:
    """Days of the week, each once; raises :class:`CellError`."""
    if isinstance(value, date):
        what = f"The cell holds the date {quoted(value)}: a spreadsheet made it of what was typed."
        raise CellError(what, "Format the cell as text and write the days, such as wed sat.")
    if isinstance(value, list | tuple):
        return Taken(
            _once([day for part in value for day in _token(column, part, word_of(column, part))])
        )
    written = word_of(column, value)
    text = narrow(written).casefold()
    parts = _parts(column, written, text)
    days = _once([day for part in parts for day in _token(column, written, part)])
    plain = all(part in _ORDER for part in parts)
    return Taken(days) if plain else Taken(days, " ".join(days))


def _once(days: list[str]) -> tuple[str, ...]:
    for index, day in enumerate(days):
        if day in days[:index]:
            raise CellError(f"{quoted(day)} stands twice.", "Write it once.")
    return tuple(days)


def _parts(column: Column, written: str, text: str) -> list[str]:
    """The words of a cell, ranges kept together and told by a tilde."""
    whole = re.sub(r"\s", "", text)
    if whole in _SEVERAL:
        return [whole]
    dashes = len(_DASH.findall(text))
    text = _TO.sub("~", _CHINESE.sub("", re.sub(r"\band\b", " ", text)))
    if dashes:
        ends = [part.strip() for part in _DASH.split(text)]
        if dashes > 1 or len(ends) != 2 or ends[0][:1].isdigit():
            raise _dash(column, written, ends)
        text = "~".join(ends)
    return parted(text)


def _dash(column: Column, written: str, ends: list[str]) -> CellError:
    days = [_DAYS[end] for end in ends if end in _DAYS]
    if len(ends) != 2 or len(days) != 2:
        return _no_days(column, written)
    readings = (" ".join(days), " ".join(_span(*days)))
    return two_readings(written, readings, "Write every day, parted by spaces.")


def _span(first: str, last: str) -> tuple[str, ...]:
    start, length = _ORDER.index(first), (_ORDER.index(last) - _ORDER.index(first)) % 7
    return tuple(_ORDER[(start + step) % 7] for step in range(length + 1))


def _token(column: Column, written: object, part: str) -> tuple[str, ...]:
    """The days of one word: a name, a range, or a run of figures such as 135 or 一三五."""
    word = part.casefold().rstrip(".")
    if word in _SEVERAL:
        return _SEVERAL[word]
    if "~" in word:
        ends = [_DAYS.get(end) for end in word.split("~")]
        if len(ends) == 2 and ends[0] and ends[1]:
            return _span(ends[0], ends[1])
        raise _no_days(column, written)
    singular = word.removesuffix("s") if word not in _DAYS else word
    if singular in _DAYS:
        return (_DAYS[singular],)
    run = [_DAYS.get(sign, "") for sign in word]
    rising = list(word) == sorted(set(word)) or not word.isdigit()
    if not word or "" in run or not rising or (word.isascii() and not word.isdigit()):
        raise _no_days(column, part)
    return tuple(run)


def _no_days(column: Column, written: object) -> CellError:
    close = nearest(str(written), _ORDER) if len(str(written)) > 1 else None
    remedy = f"Did you mean {quoted(close)}?" if close else f"Write {column.form}."
    return CellError(f"{quoted(written)} is not {column.noun}.", remedy)
