"""JSON in which every name stands once: of two values under one name, readers take either."""

from __future__ import annotations

import json
import math
from collections import Counter
from pathlib import Path
from typing import Final

from freight.domain.wording import quoted
from freight.errors import Fault, InstanceError
from freight.io.regular import Unreadable, regular_bytes

_MOST_DIGITS: Final = 300


class TwiceError(ValueError):
    """A name stands twice in one record of a document."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{quoted(name)} stands twice in one record.")
        self.name = quoted(name).strip("'")


class _EndlessError(ValueError):
    """A number that nothing can be measured by; its text is the argument."""


def strict_json(text: str) -> object:
    """The content of a JSON text.

    Raises :class:`TwiceError` for a name that stands twice in one record, ``json.JSONDecodeError``
    for what is no JSON and for a number without end, RecursionError for what nests too deep.
    """
    try:
        return json.loads(
            text,
            object_pairs_hook=_once,
            parse_constant=_constant,
            parse_int=_whole,
            parse_float=_real,
        )
    except _EndlessError as error:
        digits = str(error)
        what = f"a number of {len(digits):,} characters"
        raise json.JSONDecodeError(what, text, text.find(digits)) from error


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise _EndlessError(digits)
    return int(digits)


def _real(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise _EndlessError(digits)
    return value


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    record = dict(pairs)
    if len(record) < len(pairs):
        count = Counter(name for name, _ in pairs)
        twice = next(name for name, number in count.items() if number > 1)
        raise TwiceError(twice)
    return record


def _constant(name: str) -> float:
    return {"NaN": math.nan, "Infinity": math.inf}.get(name, -math.inf)


def read_strict(path: Path) -> object:
    """The content of a JSON file.

    Raises InstanceError where the file cannot be read or is no JSON, :class:`TwiceError` for a name
    that stands twice in one record.
    """
    try:
        return strict_json(regular_bytes(path).decode("utf-8-sig"))
    except TwiceError:
        raise
    except FileNotFoundError as error:
        fault = Fault(str(path), None, None, "There is no such file.")
        raise InstanceError([fault]) from error
    except Unreadable as error:
        raise InstanceError([Fault(str(path), None, None, error.what, error.remedy)]) from error
    except UnicodeDecodeError as error:
        fault = Fault(str(path), None, None, "is not UTF-8 text.", _binary(path))
        raise InstanceError([fault]) from error
    except json.JSONDecodeError as error:
        what = f"is not JSON ({error.msg}, column {error.colno})."
        raise InstanceError([Fault(str(path), error.lineno, None, what)]) from error
    except (RecursionError, ValueError) as error:
        what = "is not JSON that can be read: it nests too deep or has endless numbers."
        raise InstanceError([Fault(str(path), None, None, what)]) from error


def _binary(path: Path) -> str:
    """What to do about a file that is no text where a JSON file is asked for."""
    if path.suffix.casefold() in (".xlsx", ".xlsm", ".xls"):
        return f"It is a workbook: plan it with freight solve {path.name} -o plan.json first."
    return "Give a JSON file that freight has written."
