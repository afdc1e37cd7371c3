"""Container types as the trade says them: 40HQ, 20GP, 40尺高柜, to ISO 6346."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

from freight.domain.wording import either, quoted
from freight.io.columns import Column
from freight.io.typed.taken import CellError, narrow, two_readings

_SHAPE: Final = re.compile(r"(20|40|45)(ft)?([a-z一-鿿]*)")
_COUNTED: Final = re.compile(r"\d+ ?[x×*] ?(.+)|(.+) ?[x×*] ?\d+")
_FEET: Final = re.compile(r"英尺|尺|呎|feet|foot|[′’'`]+")
_WHOLE: Final = MappingProxyType(
    {
        **{"22g0": "22G1", "22r0": "22R1", "42g0": "42G1", "45g0": "45G1", "45r0": "45R1"},
        **dict.fromkeys(("小柜", "20ft", "20ft柜", "20ft箱"), "22G1"),
        **dict.fromkeys(("高柜", "hq", "hc"), "45G1"),
    }
)
"""ISO codes that differ by a detail of the build, and names without a size."""
_SUFFIXES: Final = MappingProxyType(
    {
        **dict.fromkeys(
            ("gp", "dc", "dv", "dry", "st", "sd", "普柜", "普箱", "平柜", "干货箱", "通用箱"), "dry"
        ),
        **dict.fromkeys(("hq", "hc", "hcdv", "高柜", "高箱", "highcube", "hcube"), "high"),
        **dict.fromkeys(
            ("rf", "re", "rh", "rq", "hr", "rhc", "hcrf", "冷藏箱", "冷柜", "冷箱", "冻柜", "冷高",
             "reefer", "冷藏柜"),
            "reefer",
        ),
    }
)  # fmt: skip
_TYPES: Final = MappingProxyType(
    {
        ("20", "dry"): "22G1",
        ("20", "reefer"): "22R1",
        ("40", "dry"): "42G1",
        ("40", "high"): "45G1",
        ("40", "reefer"): "45R1",
    }
)


def container_of(column: Column, word: str) -> str | None:
    """The ISO code of a common name, None for an unknown one; CellError where two are meant."""
    text = re.sub(r"[\s_.\"-]+", "", _FEET.sub("ft", narrow(word).casefold()))
    counted = _COUNTED.fullmatch(text)
    if counted and container_of(column, counted[1] or counted[2]):
        what = f"{quoted(word)} is a number of boxes with their type."
        raise CellError(what, "Write the type alone; their TEU stand in teu.")
    if text in ("40ft", "大柜", "40ft柜", "40ft箱"):
        raise two_readings(word, ("42G1", "45G1"), "Write 42G1 (8'6\" high) or 45G1 (9'6\" high).")
    return _WHOLE.get(text) or _by_size(column, word, text)


def _by_size(column: Column, word: str, text: str) -> str | None:
    if text[:2] in ("l5", "l2", "lg"):
        raise _not_planned(column, word)
    shape = _SHAPE.fullmatch(text)
    if shape is None or not shape[3]:
        return None
    found = _TYPES.get((shape[1], _SUFFIXES.get(shape[3], shape[3])))
    if found is None:
        raise _not_planned(column, word)
    return found


def _not_planned(column: Column, word: str) -> CellError:
    what = f"{quoted(word)} is a container of a size or kind that is not planned here."
    return CellError(what, f"Write {either(column.choices)}.")
