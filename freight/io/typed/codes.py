"""Codes that people write otherwise: HS and UN numbers, packages, currencies, countries."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from freight.domain.gazetteer import city
from freight.domain.packages import PACKAGE_CODES
from freight.domain.wording import quoted
from freight.io.columns import Column
from freight.io.typed.taken import CellError, Taken, narrow, two_readings
from freight.io.typed.words import folded, words

_HEADINGS: Final = MappingProxyType({1: 6, 2: 10, 3: 9, 4: 10, 5: 11, 6: 4, 7: 14, 8: 14, 9: 10})
"""Headings of the chapters whose number begins with a zero, Harmonized System 2022."""
_NOT_DANGEROUS: Final = frozenset(
    {"no", "n", "none", "否", "无", "非危", "非危险品", "普货", "不是", "nondg", "nonhaz", "false"}
)
_DANGEROUS: Final = frozenset({"yes", "y", "是", "有", "危险品", "dg", "true"})
_ANY_UN: Final = re.compile(r"(?:un|u\.n\.|联合国)?(?:no\.?)?(?:编号)?[:#]?(\d{4})")


def _hs(column: Column, value: str) -> Taken:
    text = re.sub(r"(?<=\d)[ .\-](?=\d)", "", narrow(value))
    if not text.isascii() or not text.isdigit():
        raise _no_code(column, value)
    if re.fullmatch(r"\d{4}\.\d", narrow(value)):
        what = f"{quoted(value)} has five digits: a spreadsheet took a zero off one of its ends."
        raise CellError(what, f"Write {text}0 as text, if that is it.")
    if len(text) % 2 == 0:
        if not 4 <= len(text) <= 10:
            raise _no_code(column, value)
        return Taken(text, text, "signs left out")
    whole = f"0{text}"
    chapter, heading = int(whole[:2]), int(whole[2:4] or 0)
    if 4 <= len(whole) <= 10 and 1 <= heading <= _HEADINGS.get(chapter, 0):
        return Taken(whole, whole, "a leading zero that a spreadsheet takes off")
    what = f"{quoted(value)} has {len(text)} digits; no HS code has an odd number of them."
    raise CellError(what, f"Write {column.form}; leading zeros count, so format the cell as text.")


def _un(column: Column, value: str) -> Taken:
    text = folded(value)
    number = _ANY_UN.fullmatch(text)
    if number:
        return Taken(f"UN{number[1]}", f"UN{number[1]}")
    if text in _NOT_DANGEROUS:
        return Taken(None, "no dangerous goods")
    if text in _DANGEROUS:
        what = f"{quoted(value)} does not say which dangerous goods."
        raise CellError(what, f"Write {column.form}, or leave the cell empty.")
    raise _no_code(column, value)


def _package(column: Column, value: str) -> Taken:
    text = folded(value)
    if text.upper() in PACKAGE_CODES:
        return Taken(text.upper(), text.upper())
    if text in ("箱", "箱子"):
        raise two_readings(value, ("CT (纸箱)", "CS (木箱)", "BX (盒)"), "Write one of these.")
    if text in ("包",):
        raise two_readings(value, ("BG (袋)", "PK (件)", "BL (压缩包)"), "Write one of these.")
    return _listed(column, value, "package")


def _currency(column: Column, value: str) -> Taken:
    text = narrow(value)
    if text == "¥":
        raise two_readings(value, ("CNY", "JPY"), "Write CNY or JPY.")
    if text == "$":
        raise two_readings(value, ("USD", "CAD", "AUD", "HKD"), "Write the code, such as USD.")
    return _listed(column, value, "currency")


def _country(column: Column, value: str) -> Taken:
    return _listed(column, value, "country")


def _unlocode(column: Column, value: str) -> Taken:
    text = folded(value).upper()
    if column.pattern and re.fullmatch(column.pattern, text):
        return Taken(text, text)
    raise _no_code(column, value)


def _city(_column: Column, value: str) -> Taken:
    """A Chinese city name in English; other texts stand."""
    known = city(value) if any("一" <= sign <= "鿿" for sign in value) else None
    return Taken(known.en, known.en) if known else Taken(value)


def _listed(column: Column, value: str, name: str) -> Taken:
    """A code by one of its words, or by itself in small letters."""
    text = folded(value)
    meant = words(name).get(text)
    if meant is None and column.pattern and re.fullmatch(column.pattern, text.upper()):
        meant = text.upper()
    if meant is None:
        raise _no_code(column, value)
    return Taken(meant, meant)


def _no_code(column: Column, value: object) -> CellError:
    return CellError(f"{quoted(value)} is not {column.noun}.", f"Write {column.form}.")


CODES: Final[Mapping[str, Callable[[Column, str], Taken]]] = MappingProxyType(
    {
        "hs_code": _hs,
        "dangerous": _un,
        "package_kind": _package,
        "currency": _currency,
        "country": _country,
        "unlocode": _unlocode,
        "city": _city,
    }
)
"""Readers of columns whose cells are codes, for what is not one as it stands."""


def code_of(column: Column, text: str) -> Taken:
    """The code that a text means; raises :class:`CellError`."""
    word = column.name == "currency" and folded(text) in words("currency")
    if column.pattern and re.fullmatch(column.pattern, text) and not word:
        return Taken(text)
    return CODES[column.name](column, text)
