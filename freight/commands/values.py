"""What flags take: numbers, times and modes, written as people write them in tables.

Plain numbers are read on the spot; anything else goes to the reader of tables, which is loaded
then. What was guessed is said once.
"""

from __future__ import annotations

from contextlib import suppress
from math import isfinite
from typing import TYPE_CHECKING, NoReturn

import rich_click as click

from freight.commands.screen import tell

if TYPE_CHECKING:
    from freight.io.columns import Column
    from freight.io.typed.taken import CellError, Taken

Parameter = click.Parameter | None
Context = click.Context | None


class Number(click.ParamType[float]):
    """A number within limits; ``unit`` stands in the help, ``whole`` asks for a whole one."""

    def __init__(
        self,
        unit: str = "number",
        low: float | None = None,
        high: float | None = None,
        *,
        above: float | None = None,
        whole: bool = False,
    ) -> None:
        self.name = unit
        self.low, self.high, self.above, self.whole = low, high, above, whole

    def convert(self, value: object, param: Parameter, ctx: Context) -> float:
        """Parse ``0.5``, ``80,000`` or ``6%`` and check the limits."""
        number: float | None = None
        with suppress(ValueError):
            number = int(str(value)) if self.whole else float(str(value))
        if number is None:
            number = self._typed(str(value), param, ctx)
        if not isfinite(number):
            self.fail(f"'{value}' is not a finite number.", param, ctx)
        what = self._beyond(number)
        if what:
            self.fail(f"{value} is {what}.", param, ctx)
        return number

    def _beyond(self, number: float) -> str:
        if self.low is not None and number < self.low:
            return f"less than {self.low:,.12g}"
        if self.above is not None and number <= self.above:
            return f"not more than {self.above:,.12g}"
        if self.high is not None and number > self.high:
            return f"more than {self.high:,.12g}"
        return ""

    def _typed(self, value: str, param: Parameter, ctx: Context) -> float:
        from freight.io.columns import Column, Kind
        from freight.io.typed.numbers import number_of
        from freight.io.typed.taken import CellError

        kind = Kind.WHOLE if self.whole else Kind.NUMBER
        unit = {"amount": "money", "share": "share"}.get(self.name, "")
        column = Column(
            "number", kind, True, unit=unit, low=self.low, above=self.above, high=self.high
        )
        try:
            taken = number_of(column, value)
        except CellError as error:
            _refuse(self, error, param, ctx)
        if taken.currencies:
            self.fail(
                f"'{value}' names a currency. Give the number alone, in the instance's.", param, ctx
            )
        _tell(value, taken, param)
        return int(str(taken.value)) if self.whole else float(str(taken.value))


class Cell(click.ParamType[object]):
    """A value as a cell of shipments takes it, in the column of the flag's name.

    ``2027-03-01T08:00+08:00``, ``2027-03-01 8:00`` or ``2027年3月1日``; ``rail,sea`` or
    ``铁路、海运``; ``UN3480`` or ``3480``. A time without an offset is local where it is said of.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def convert(self, value: object, param: Parameter, ctx: Context) -> object:
        """Parse; what was guessed is said."""
        from freight.io.cells import take
        from freight.io.typed.taken import CellError

        if not isinstance(value, str):
            return value
        try:
            taken = take(_column(param), value)
        except CellError as error:
            _refuse(self, error, param, ctx)
        _tell(value, taken, param)
        return taken.value


def _column(param: Parameter) -> Column:
    """The column of shipments that a flag stands for."""
    from freight.io.columns import columns

    name = param.name if param is not None and param.name else "ready"
    return columns("shipments")[name]


def _refuse(kind: Number | Cell, error: CellError, param: Parameter, ctx: Context) -> NoReturn:
    kind.fail(f"{error.what} {error.remedy}".strip(), param, ctx)


def _tell(value: str, taken: Taken, param: Parameter) -> None:
    if taken.read_as and param is not None:
        rule = f" ({taken.rule})" if taken.rule else ""
        tell(f"--{param.name} '{value}' read as {taken.read_as}{rule}.", "Note:", "yellow")
