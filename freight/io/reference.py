"""The tables of the format reference, generated from the records so that they cannot go stale.

``python -m freight.io.reference`` brings ``instances/README.md`` up to date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Final

from freight.domain.base import Frozen
from freight.domain.instance import Instance
from freight.io.assemble import assemble
from freight.io.columns import Column, Kind, columns
from freight.io.folder import read_folder
from freight.io.values import cells, text_of, written

_BLOCK: Final = re.compile(r"(<!-- columns of (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_TITLES: Final = ("Column", "Must", "Content", "Unit", "Default", "Example", "Meaning")


def reference(text: str) -> str:
    """A document with the column table of every marked block brought up to date."""
    example = assemble(read_folder(Path(str(files("freight.io") / "example"))))
    return _BLOCK.sub(
        lambda found: f"{found[1]}{column_table(found[2], example)}\n{found[3]}", text
    )


def column_table(table: str, example: Instance) -> str:
    """The columns of one table as Markdown, with values of an example instance."""
    rows = [_row(table, column, example) for column in columns(table).values()]
    head = [f"| {' | '.join(_TITLES)} |", "|---" * len(_TITLES) + "|"]
    return "\n".join([*head, *rows])


def _row(table: str, column: Column, example: Instance) -> str:
    default = "" if column.required else _shown(column)
    meaning = " ".join(column.meaning.split())
    if column.refers is not None:
        meaning = f"{meaning} An id of `{column.refers}`.".strip()
    unit = column.unit.split(",")[0]
    cells_of_row = (
        f"`{column.name}`",
        "yes" if column.required else "",
        _content(column),
        unit,
        default,
        f"`{_example(table, column.name, example)}`",
        meaning,
    )
    return f"| {' | '.join(cells_of_row)} |".replace("``", "")


def _content(column: Column) -> str:
    if column.kind in (Kind.NUMBER, Kind.WHOLE):
        return column.form.removesuffix(f" ({column.unit})")
    if column.choices:
        words = ", ".join(f"`{one}`" for one in column.choices)
        return f"words of {words}" if column.kind is Kind.WORDS else f"one of {words}"
    if column.kind in (Kind.FLAG, Kind.MOMENT):
        return column.noun
    form = column.form.split(" such as ")[0]
    return column.noun if column.form.startswith(column.noun) else f"{column.noun}: {form}"


def _shown(column: Column) -> str:
    if column.default is None or column.default == []:
        return "empty"
    value = column.default
    return text_of(written(value if isinstance(value, bool | int | float) else str(value)))


def _example(table: str, name: str, example: Instance) -> str:
    position = list(columns(table)).index(name)
    values = (text_of(cells(table, record)[position]) for record in _records(table, example))
    return next((value for value in values if value), "")


def _records(table: str, example: Instance) -> Iterator[Frozen]:
    statement = example.statement
    if table in ("instance", "defaults"):
        yield statement if table == "instance" else statement.defaults
        return
    yield from getattr(statement if table in ("exchange", "owners") else example, table)


def main() -> None:
    """Rewrite the tables of ``instances/README.md``; raises when it is not where it belongs."""
    path = Path(str(files("instances") / "README.md"))
    path.write_text(reference(path.read_text("utf-8")), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
