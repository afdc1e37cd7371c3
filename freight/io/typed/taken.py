"""What a cell was taken for, and how it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from freight.domain.wording import either, quoted

_WIDE: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES: Final = dict.fromkeys((0x3000, 0x00A0, 0x2009, 0x202F), 0x20)
_SIGNS: Final = _WIDE | _SPACES | {0xFFE5: 0xA5, 0xFFE1: 0xA3}


class CellError(ValueError):
    """A cell cannot be read: what is wrong and what to do."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Taken:
    """The value of a cell; ``read_as`` says what was guessed, empty where nothing was.

    Guesses of one ``rule`` are told together with one example; without a rule each reading is told.
    """

    value: object
    read_as: str = ""
    rule: str = ""
    currencies: frozenset[str] = frozenset()
    """Currencies that the cell itself names; empty: none."""


def narrow(text: str) -> str:
    """A text with the full-width forms of letters, digits and signs made ordinary, and stripped."""
    return text.translate(_SIGNS).strip()


def two_readings(value: object, readings: tuple[str, ...], remedy: str) -> CellError:
    """The refusal of a cell that means one thing or another."""
    return CellError(f"{quoted(value)} can be read as {either(readings)}.", remedy)
