"""Numbers as people type them: thousands separators, decimal commas, signs, units, 万 and %."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from freight.domain.wording import listed, number, quoted
from freight.io.columns import Column, Kind
from freight.io.typed.taken import CellError, Taken, narrow, two_readings

_LARGEST: Final = 1e12
"""Beyond this, sums of amounts would no longer be exact to the cent."""
_PLAIN: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_FIGURE: Final = re.compile(r"[+-]?[\d.,'’ ]*\d", re.ASCII)
_SHAPE: Final = re.compile(
    r"(?P<sign>[+-]?)(?P<before>[^\d.,'’+\-]*)(?P<figure>[+-]?\d[\d.,'’ ]*)(?P<after>\D*)", re.ASCII
)
_POINTED: Final = re.compile(r"\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}|\d{1,3}([ '’]\d{3})+\.\d+")
_COMMAED: Final = re.compile(r"\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}|\d{1,3}([ '’]\d{3})+,\d+")
_SPACED: Final = re.compile(r"\d{1,3}([ '’]\d{3})+")
_EITHER_COMMA: Final = re.compile(r"[1-9]\d{0,2},\d{3}")
_EITHER_POINT: Final = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_DECIMAL_COMMA: Final = re.compile(r"\d+,\d+")

_MONEY: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        **dict.fromkeys(("￥", "¥"), frozenset({"CNY", "JPY"})),
        **dict.fromkeys(("元", "人民币", "rmb", "块", "元人民币"), frozenset({"CNY"})),
        **dict.fromkeys(("€", "欧元", "euro", "euros"), frozenset({"EUR"})),
        **dict.fromkeys(("us$", "美元", "美金"), frozenset({"USD"})),
        "$": frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD"}),
        "hk$": frozenset({"HKD"}),
        **dict.fromkeys(("£", "英镑"), frozenset({"GBP"})),
        **dict.fromkeys(("日元", "円"), frozenset({"JPY"})),
        **dict.fromkeys(("卢布", "₽"), frozenset({"RUB"})),
        **dict.fromkeys(("坚戈", "₸"), frozenset({"KZT"})),
        **dict.fromkeys(("兹罗提", "zł"), frozenset({"PLN"})),
    }
)
"""Signs and words of money, and the currencies that they can mean."""
_CODE: Final = re.compile(r"[a-z]{3}")
_TIMES: Final = MappingProxyType({"万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8})
_UNITS: Final[Mapping[str, Mapping[str, float]]] = MappingProxyType(
    {
        "TEU": {"teu": 1, "teus": 1, "标箱": 1, "标准箱": 1},
        "t": {
            **dict.fromkeys(("t", "mt", "ton", "tons", "tonne", "tonnes", "吨", "公吨"), 1.0),
            **dict.fromkeys(("kg", "kgs", "kilo", "公斤", "千克"), 1e-3),
        },
        "km": {
            **dict.fromkeys(("km", "kms", "公里", "千米"), 1.0),
            **dict.fromkeys(("m", "米"), 1e-3),
        },
        "h": {
            **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "小时", "个小时", "时"), 1.0),
            **dict.fromkeys(("d", "day", "days", "天", "日"), 24.0),
            **dict.fromkeys(("min", "mins", "minutes", "分钟"), 1 / 60),
        },
        "days": dict.fromkeys(("d", "day", "days", "天", "日"), 1.0),
        "packages": dict.fromkeys(
            ("件", "箱", "个", "包", "托", "袋", "pcs", "pkgs", "ctns", "ctn", "plts"), 1.0
        ),
        "°": {"°": 1, "度": 1},
    }
)
"""Words of units by the unit of a column, each with its factor to that."""
_ENDS: Final = MappingProxyType(
    {
        "_days": "days",
        "packages": "packages",
        "tonnes": "t",
        "_hours": "h",
        "_km": "km",
        "km": "km",
        "_teu": "TEU",
        "lat": "°",
        "lon": "°",
    }
)
"""Units by the ends of names, for columns that state none."""
_PER: Final = MappingProxyType(
    {
        "teu": ("teu", "标箱"),
        "tonne": ("t", "吨"),
        "teu_day": ("teu/天", "teu/day", "标箱/天"),
        "departure": ("列", "班", "train", "departure"),
    }
)
"""What a price can be for, by the end of its column's name."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How a table writes numbers, as far as its other cells show without doubt."""

    decimal_comma: bool = False
    decimal_point: bool = False
    semicolons: bool = False
    """Whether the cells are parted by semicolons, as where the comma is the decimal sign."""


POINT: Final = Habits()
_SMALL: Final = frozenset({"per_base", "lat", "lon"})
"""Columns where nobody needs a thousands separator."""
_AXES: Final = MappingProxyType(
    {
        "lat": {"n": 1.0, "北纬": 1.0, "s": -1.0, "南纬": -1.0},
        "lon": {"e": 1.0, "东经": 1.0, "w": -1.0, "西经": -1.0},
    }
)
"""Sides of the earth by column."""


def habits_of(texts: Iterable[str], *, semicolons: bool = False) -> Habits:
    """What the cells of number columns show about commas and points."""
    comma = point = False
    for text in texts:
        core = _figure_in(text)
        if _POINTED.fullmatch(core):
            point = True
        elif _COMMAED.fullmatch(core):
            comma = True
        elif _PLAIN.fullmatch(core) and "." in core and not _EITHER_POINT.fullmatch(core):
            point = True
        elif _DECIMAL_COMMA.fullmatch(core) and not _EITHER_COMMA.fullmatch(core):
            comma = True
    return Habits(comma, point, semicolons)


def _figure_in(text: str) -> str:
    match = _FIGURE.search(narrow(text))
    return match.group().strip().lstrip("+-").strip() if match else ""


def number_of(column: Column, value: object, habits: Habits = POINT) -> Taken:
    """A number, whole where the column asks for one; raises :class:`CellError`."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _no_number(column, value)
    if isinstance(value, str):
        if value.isdigit() and value.isascii() and len(value) < 12:
            return Taken(int(value) if column.kind is Kind.WHOLE else float(value))
        taken = _from_text(column, value, habits)
    else:
        taken = Taken(_float(column, value))
    found = taken.value
    if not isinstance(found, float) or not math.isfinite(found):
        what = f"{quoted(value)} is not a finite number."
        raise CellError(what, f"Write {column.form}.")
    if abs(found) > _LARGEST:
        what = f"{quoted(value)} is larger than anything of this kind."
        raise CellError(what, f"Write at most {_LARGEST:.0f}, or check the unit.")
    if column.kind is Kind.WHOLE:
        shown = found if isinstance(value, str) else _as_shown(found)
        if not shown.is_integer():
            raise _no_number(column, value)
        return Taken(int(shown), taken.read_as, taken.rule, taken.currencies)
    return taken


def _as_shown(figure: float) -> float:
    """What a workbook shows of a computed figure, 15 digits: 20 * 0.3 is 6 there."""
    return float(f"{figure:.15g}")


def _float(column: Column, value: float | str) -> float:
    try:
        return float(value)
    except (ValueError, OverflowError) as error:
        raise _no_number(column, value) from error


def _no_number(column: Column, value: object) -> CellError:
    what = f"{quoted(value)} is not {column.noun}."
    unusual = isinstance(value, str) and not _PLAIN.fullmatch(value.strip())
    if unusual and re.fullmatch(r"[+-]?[\d\s.,']+", str(value).strip()):
        return CellError(what, "Write it with a decimal point and no thousands sign, as 1234.5.")
    return CellError(what, f"Write {column.form}.")


def _from_text(column: Column, value: str, habits: Habits) -> Taken:
    text = narrow(value)
    two_ways = _EITHER_POINT.fullmatch(text) and _doubtful(column, text, ".", habits)
    if _PLAIN.fullmatch(text) and not two_ways:
        found = _float(column, text)
        same = text == value.strip()
        return Taken(found) if same else Taken(found, number(found), "full-width signs")
    if text.casefold() in ("nan", "inf", "+inf", "-inf", "infinity", "-infinity"):
        return Taken(float(text))
    shape = _SHAPE.fullmatch(text)
    if shape is None or (shape["sign"] and shape["figure"][0] in "+-"):
        raise _no_number(column, value)
    figure, rule = _figure(column, value, shape["figure"].strip(), habits)
    factor, currencies = _words(column, value, shape["before"], shape["after"])
    found = figure * factor * (-1.0 if shape["sign"] == "-" else 1.0)
    found = float(f"{found:.15g}")
    return Taken(found, number(found), rule or "signs and units left out", currencies)


def _figure(column: Column, value: str, figure: str, habits: Habits) -> tuple[float, str]:
    """The digits with their separators, and what was done about them."""
    sign = -1.0 if figure.startswith("-") else 1.0
    core = figure.lstrip("+-")
    for separators, either in ((",", _EITHER_COMMA), (".", _EITHER_POINT)):
        if either.fullmatch(core) and _doubtful(column, core, separators, habits):
            thousands = core.replace(separators, "")
            decimal = core.replace(",", ".")
            remedy = f"Write {thousands} or {number(float(decimal))}."
            raise two_readings(value, (thousands, number(float(decimal))), remedy)
    if _EITHER_COMMA.fullmatch(core) or _POINTED.fullmatch(core) or _SPACED.fullmatch(core):
        return sign * float(re.sub(r"[,'’ ]", "", core)), "thousands separators"
    if _PLAIN.fullmatch(core):
        return sign * float(core), ""
    if _COMMAED.fullmatch(core) or _DECIMAL_COMMA.fullmatch(core):
        bare = re.sub(r"[.'’ ]", "", core)
        return sign * float(bare.replace(",", ".")), "a decimal comma"
    raise _no_number(column, value)


def _doubtful(column: Column, core: str, separator: str, habits: Habits) -> bool:
    unsure = habits.semicolons and not habits.decimal_point
    if separator == ".":
        return habits.decimal_comma or (unsure and column.name not in _SMALL)
    thousands, decimal = float(core.replace(",", "")), float(core.replace(",", "."))
    if column.name in _SMALL or (column.high is not None and thousands > column.high >= decimal):
        return True
    return habits.decimal_comma or unsure


def _words(column: Column, value: str, before: str, after: str) -> tuple[float, frozenset[str]]:
    """The factor of what stands around the digits, and the currencies that it names."""
    factor, currencies = 1.0, frozenset[str]()
    after = _without_per(column, after)
    for word in (before, after):
        rest = word.strip().casefold()
        for name, times in sorted(_TIMES.items(), key=lambda item: -len(item[0])):
            if word is after and rest.startswith(name):
                factor, rest = times, rest.removeprefix(name).strip()
                break
        if not rest:
            continue
        if rest == "%" and word is after:
            factor *= _percent(column, value)
        elif rest in _units(column):
            factor *= _units(column)[rest]
        elif rest.strip("°度 ") in _AXES.get(column.name, {}):
            factor *= _AXES[column.name][rest.strip("°度 ")]
        else:
            currencies |= _money(column, value, rest)
    return factor, currencies


def _without_per(column: Column, text: str) -> str:
    """``元`` of ``元/TEU`` in a column of costs per TEU; any other text as it is."""
    word, _, per = text.partition("/")
    fits = per.strip().casefold() in _PER.get(column.name.rpartition("_per_")[2], ())
    return word if fits else text


def unit_of(column: Column, text: str) -> str:
    """The unit in the title of a number column, empty for what is none of its units.

    A price may say for what it is: ``元/TEU`` in a column of costs per TEU.
    """
    word = _without_per(column, narrow(text))
    if "/" in word:
        return ""
    try:
        _words(column, text, "", word)
    except CellError:
        return ""
    return word.strip()


def _percent(column: Column, value: str) -> float:
    if column.high == 1.0 or _unit(column) == "share":
        return 0.01
    raise CellError(f"{quoted(value)} is a share, not {column.noun}.", f"Write {column.form}.")


def _unit(column: Column) -> str:
    """The unit of a column: its own, else by the end of its name."""
    if column.unit:
        return "money" if column.unit.startswith("money") else column.unit
    if column.name.startswith("cost"):
        return "money"
    name = column.name if "_per_" not in column.name else ""
    return next((unit for end, unit in _ENDS.items() if name.endswith(end)), "")


def _units(column: Column) -> Mapping[str, float]:
    return _UNITS.get(_unit(column), {})


def _money(column: Column, value: str, word: str) -> frozenset[str]:
    if _unit(column) == "money":
        if word in _MONEY:
            return _MONEY[word]
        if _CODE.fullmatch(word):
            return frozenset({word.upper()})
    named = {factor: name for name, factor in reversed(list(_units(column).items()))}
    remedy = f"Write {column.form}"
    remedy += f"; units read here are {listed(sorted(named.values()))}." if named else "."
    raise CellError(f"{quoted(value)} is not {column.noun}.", remedy)
