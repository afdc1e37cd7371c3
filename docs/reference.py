"""Write ``reference.md`` and ``commands.md`` from the code.

Run ``python docs/reference.py`` after a change; ``--check`` exits with 1 when a page is not what
the code says.
"""

from __future__ import annotations

import functools
import importlib
import operator
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import click  # noqa: E402
from pydantic import AwareDatetime, BaseModel  # noqa: E402

from freight import errors  # noqa: E402
from freight.domain import bill as bill_module  # noqa: E402
from freight.domain import carriage  # noqa: E402
from freight.domain import plan as plan_module  # noqa: E402
from freight.domain.plan import ChargeKind  # noqa: E402
from freight.io.columns import SIDE, Column, columns  # noqa: E402
from freight.report.tables import TABLES  # noqa: E402
from freight.report.words import word  # noqa: E402

PLAN = ("Plan", "Run", "LegLoad", "Itinerary", "Ride", "Move", "Dwell", "Charge", "Unserved",
        "Proof", "Totals", "Agreement", "InstanceSource", "InstanceSnapshot")  # fmt: skip
BILL = ("Bill", "Part", "Leg", "Wait", "Crossing", "Container", "Goods", "ChargeLine",
        "CustomsStep", "ThroughLiability", "Moment", "Place", "Party")  # fmt: skip
NOISE = ("typing.", "freight.domain.plan.", "freight.domain.snapshot.", "freight.domain.bill.",
         "freight.domain.carriage.", "datetime.", "decimal.")  # fmt: skip
NOTE = "Generated from the code; run `python docs/reference.py` after a change.\n"


def pages() -> dict[str, str]:
    """The pages by file name."""
    return {"reference.md": reference(), "commands.md": commands(), "tables.md": tables()}


def tables() -> str:
    """Columns of the tables that stand beside an instance."""
    parts = [
        "# Tables beside an instance\n", NOTE,
        "CSV files for `freight dray`, `groupage` and `rotate`, read by the rules of an instance's "
        "tables: UTF-8, a header, `#` lines are comments, empty cells stand for the default.\n",
    ]  # fmt: skip
    for name, record in SIDE.items():
        parts += [f"## `{name}`\n", f"{first_line(record)}\n"]
        parts.append(
            "| column | must | content | default | meaning |\n| --- | --- | --- | --- | --- |"
        )
        parts += [_column(one) for one in columns(name).values()]
        parts.append("")
    return "\n".join(parts)


def _column(one: Column) -> str:
    default = "" if one.required or one.default in (None, "") else f"`{one.default}`"
    meaning = " ".join(one.meaning.split()).replace("``", "`")
    return (
        f"| `{one.name}` | {'yes' if one.required else ''} | {one.form} | {default} | {meaning} |"
    )


def first_line(record: type) -> str:
    """First line of a record's description."""
    return (record.__doc__ or "").strip().splitlines()[0]


def reference() -> str:
    """Fields of plans and bills, tables, charges and exit codes."""
    parts = ["# Reference\n", NOTE, "## Charges\n", *_charges(), "## Tables of a plan\n"]
    for name, (heads, _) in TABLES.items():
        parts.append(f"`{name}`: " + ", ".join(f"`{one}`" for one in heads) + ".\n")
    parts += ["## Exit codes\n", *_exit_codes(), "## Fields of a plan\n"]
    parts += [line for name in PLAN for line in _record(getattr(plan_module, name))]
    parts.append("## Fields of a bill\n")
    parts += [line for name in BILL for line in _record(_bill_record(name))]
    return "\n".join(parts)


def _bill_record(name: str) -> type[BaseModel]:
    record: type[BaseModel] = getattr(carriage, name, None) or getattr(bill_module, name)
    return record


def _charges() -> Iterator[str]:
    yield "| charge | on a bill | 运单 | invoiced |\n| --- | --- | --- | --- |"
    for kind in ChargeKind:
        label = word(f"charge.{kind}")
        yield f"| `{kind}` | {label.en} | {label.zh} | {'yes' if kind.invoiced else 'no'} |"
    yield ""


def _exit_codes() -> Iterator[str]:
    yield "| code | error | meaning |\n| --- | --- | --- |"
    yield (
        "| 0 | | The answer is there; after Ctrl-C, SIGTERM or SIGHUP in a long command: the best "
        "so far. |"
    )
    yield (
        "| 1 | | `audit`: the plan does not hold; `bill --verify`: the bill is altered; a reader "
        "such as `head` went away. |"
    )
    for name in ("InstanceError", "NoSolution", "EngineError", "AuditError"):
        kind = getattr(errors, name)
        yield f"| {kind.exit_code} | `{name}` | {_line(kind.__doc__)} |"
    yield (
        "| 129, 130, 143 | | Stopped by SIGHUP, Ctrl-C or SIGTERM before there was anything to "
        "keep, or by a second signal. |"
    )
    yield ""


def _record(model: type[BaseModel]) -> Iterator[str]:
    yield f"### {model.__name__}\n"
    yield f"{_line(model.__doc__)}\n"
    yield "| field | type | meaning |\n| --- | --- | --- |"
    for name, field in model.model_fields.items():
        meaning = _line(field.description or "")
        yield f"| `{name}` | `{_type(field.annotation)}` | {meaning} |"
    yield ""


def _type(kind: Any) -> str:
    bare = _without_limits(kind)
    text = bare.__name__ if isinstance(bare, type) and not hasattr(bare, "__args__") else str(bare)
    for noise in NOISE:
        text = text.replace(noise, "")
    return "record" if len(text) > 60 else text.replace("|", "\\|")


def _without_limits(kind: Any) -> Any:
    """A type without the limits that are annotated to it or to its parts."""
    if kind is AwareDatetime:
        return datetime
    if get_origin(kind) is Annotated:
        return _without_limits(get_args(kind)[0])
    parts = tuple(_without_limits(part) for part in get_args(kind))
    if parts == get_args(kind) or get_origin(kind) is Literal:
        return kind
    if get_origin(kind) in (Union, UnionType):
        return functools.reduce(operator.or_, parts)
    return get_origin(kind)[parts]


def _line(text: str | None) -> str:
    return " ".join((text or "").split("\n\n")[0].split()).replace("|", "\\|")


def commands() -> str:
    """Every command with its arguments and options."""
    main = importlib.import_module("cli").main
    parts = ["# Commands\n", NOTE]
    context = click.Context(main)
    for name in sorted(main.list_commands(context)):
        command = main.get_command(context, name)
        about = " ".join((command.help or "").split("\b")[0].split())
        parts += [f"## freight {name}\n", f"{about}\n"]
        rows = [_parameter(one) for one in command.params if not getattr(one, "hidden", False)]
        if rows:
            parts += ["| argument or option | meaning |\n| --- | --- |", *rows, ""]
    return "\n".join(parts)


def _parameter(one: Any) -> str:
    names = f"`{one.human_readable_name}`"
    if one.param_type_name == "option":
        names = ", ".join(f"`{name}`" for name in one.opts)
    return f"| {names} | {_line(getattr(one, 'help', None))} |"


def main() -> None:
    """Write the pages, or with ``--check`` say which one is out of date."""
    stale = []
    for name, text in pages().items():
        path = ROOT / "docs" / name
        if "--check" in sys.argv:
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            path.write_text(text, encoding="utf-8", newline="\n")
    if stale:
        sys.exit(f"Out of date: {', '.join(stale)}. Run python docs/reference.py.")


if __name__ == "__main__":
    main()
