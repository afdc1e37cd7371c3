"""Places by the names that people give them: cities in English and Chinese, terminals by any name.

The table of cities is general knowledge: the cities of the China–Europe network and the ports and
borders beside it. A city that is not in it is still known by the name that a terminal gives it.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from freight.domain.terminal import Terminal, TerminalKind

_LETTERS: Final = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "ı": "i"})
_BRACKETS: Final = re.compile(r"\([^()]*\)|（[^（）]*）")
_LAND: Final = frozenset({TerminalKind.RAIL, TerminalKind.BORDER})
_WATER: Final = frozenset({TerminalKind.RIVER_PORT, TerminalKind.SEA_PORT})
_AIR: Final = frozenset({TerminalKind.AIRPORT})
_ENDINGS: Final[tuple[tuple[str, frozenset[TerminalKind]], ...]] = (
    ("铁路集装箱中心站", _LAND),
    ("铁路中心站", _LAND),
    ("集装箱中心站", _LAND),
    ("铁路货场", _LAND),
    ("铁路场站", _LAND),
    ("铁路口岸", _LAND),
    ("中心站", _LAND),
    ("口岸", _LAND),
    ("站", _LAND),
    ("railterminal", _LAND),
    ("borderstation", _LAND),
    ("station", _LAND),
    ("集装箱码头", _WATER),
    ("码头", _WATER),
    ("港区", _WATER),
    ("港", _WATER),
    ("containerport", _WATER),
    ("port", _WATER),
    ("国际机场", _AIR),
    ("机场", _AIR),
    ("internationalairport", _AIR),
    ("airport", _AIR),
)
"""How printed names of terminals end, with the kinds that the ending stands for; longest first."""


@dataclass(frozen=True, slots=True)
class CityName:
    """A city as it is printed: in English, in Chinese, and its country (ISO 3166-1)."""

    en: str
    zh: str
    country: str


def folded(name: str) -> str:
    """A name without what people leave out or vary: capitals, accents, spaces, hyphens, width."""
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(_LETTERS)
    return "".join(sign for sign in plain if sign.isalnum())


@cache
def _cities() -> Mapping[str, CityName]:
    """Cities by every folded name; a name that two cities share stands for none."""
    text = (files("freight.domain") / "facts" / "cities.csv").read_text(encoding="utf-8")
    names: dict[str, set[CityName]] = {}
    for row in csv.DictReader(text.splitlines()):
        spoken = row["name_zh"].split("/")
        city = CityName(row["name_en"], spoken[0], row["country"])
        for name in (city.en, *spoken):
            names.setdefault(folded(name), set()).add(city)
    return MappingProxyType({key: one.pop() for key, one in names.items() if len(one) == 1})


def city(name: str) -> CityName | None:
    """The city of a name in English or Chinese (郑州, 郑州市, Xian), or None when unknown."""
    key = folded(name)
    known = _cities().get(key)
    return known or (_cities().get(key[:-1]) if key.endswith("市") else None)


def city_key(name: str) -> str:
    """What equal cities share, whichever language they are written in."""
    known = city(name)
    return folded(known.en if known else name)


def terminals_named(name: str, terminals: Iterable[Terminal]) -> tuple[Terminal, ...]:
    """The terminals that a name stands for, in the order given; none when it is unknown.

    An id comes first, then a UN/LOCODE, a printed name or city in either language, and last a
    printed name without its ending, its bracket or its city (阳逻港 for 武汉阳逻港).
    """
    known = tuple(terminals)
    for fits in (_is_id, _is_code, _is_name, _is_short_name):
        hits = tuple(one for one in known if fits(name.strip(), one))
        if hits:
            return hits
    return ()


def _is_id(name: str, terminal: Terminal) -> bool:
    return name.casefold() == terminal.id.casefold()


def _is_code(name: str, terminal: Terminal) -> bool:
    return name.replace(" ", "").upper() == terminal.unlocode


def _is_name(name: str, terminal: Terminal) -> bool:
    key = folded(name)
    printed = key in (folded(terminal.name_en), folded(terminal.name_zh))
    return printed or city_key(name) == city_key(terminal.city)


def _is_short_name(name: str, terminal: Terminal) -> bool:
    stem, kinds = _stem(name)
    if not stem or (kinds and terminal.kind not in kinds):
        return False
    return stem in set(_short_names(terminal))


def _short_names(terminal: Terminal) -> Iterator[str]:
    """What is left of the printed names without ending, bracket and city; the bracket alone."""
    known = city(terminal.city)
    cities = {folded(terminal.city), *((folded(known.en), folded(known.zh)) if known else ())}
    for printed in (terminal.name_en, terminal.name_zh):
        stem, _ = _stem(_BRACKETS.sub("", printed))
        yield stem
        yield from (stem.removeprefix(one) for one in cities if stem != one)
        yield from (_stem(one)[0] for one in _BRACKETS.findall(printed))


def _stem(name: str) -> tuple[str, frozenset[TerminalKind]]:
    """A folded name without the ending that says what the place is, and the kinds it stands for."""
    key = folded(name)
    for ending, kinds in _ENDINGS:
        if key.endswith(ending) and key != ending:
            return key.removesuffix(ending), kinds
    return key, frozenset()
