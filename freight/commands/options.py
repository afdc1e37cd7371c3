"""Flags that mean the same in every command, and how flags become records."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import rich_click as click

from freight.commands.values import Cell, Number

Command = Callable[..., None]
Decorator = Callable[[Command], Command]
MOST_SEED = 2**31 - 1
DEFAULT_PLAN = Path("plan.json")
BILL_FORMS = ("text", "json", "html", "pdf", "efbl", "edi")
EXPORT_FORMS = ("xlsx", "geojson", "csv", "parquet")


class FreightCommand(click.RichCommand):
    r"""A command whose examples keep their lines: ``\b`` in a raw docstring says which."""

    def __init__(self, *args: object, **settings: object) -> None:
        super().__init__(*args, **settings)  # type: ignore[arg-type]
        self.help = with_marks(self.help)


def with_marks(text: str | None) -> str | None:
    r"""A raw docstring with ``\b``, click's sign for lines to keep, as click wants it."""
    return None if text is None else text.replace("\\b\n", "\b\n")


def command(run: Command) -> click.RichCommand:
    """A command of the same name as its function."""
    made: click.RichCommand = click.command(cls=FreightCommand)(run)
    return made


def fills(*records: Callable[..., object]) -> Decorator:
    """Hand a command frozen records made of its flags; the flags left over go to it by name."""

    def wrap(run: Command) -> Command:
        @wraps(run)
        def filled(**asked: object) -> None:
            made = []
            for record in records:
                names = [name for name in inspect.signature(record).parameters if name in asked]
                made.append(record(**{name: asked.pop(name) for name in names}))
            run(*made, **asked)

        filled.records = records  # type: ignore[attr-defined]
        return filled

    return wrap


PATH = click.Path(path_type=Path)
SECONDS = Number("seconds", 0.1, 30 * 86400)
PROCESSES = Number("number", 1, 256, whole=True)
MOMENT = Cell("time")


def argument(name: str, about: str, **settings: Any) -> Decorator:
    """A positional argument with its description."""
    return click.argument(name, help=about, **settings)


def _read_as(ctx: click.Context, _param: click.Parameter, encoding: str | None) -> None:
    from freight.io.text import reading_as

    ctx.with_resource(reading_as(encoding))


ENCODING = click.option(
    "--encoding",
    callback=_read_as,
    expose_value=False,
    help="Encoding of CSV files that are not UTF-8: cp1252, big5, shift_jis.",
)
"""--encoding: how tables are read that are not UTF-8; holds while the command runs."""


def INSTANCE(run: Command) -> Command:  # noqa: N802
    """The argument for an instance, with the encoding of its files."""
    about = "A folder, a .json or .xlsx file, or the name of a shipped instance."
    return argument("instance", about)(ENCODING(run))


PLAN = argument("plan", "A plan that freight has written.", type=PATH)
PLANS = argument("plans", "Plans that freight has written.", nargs=-1, required=True, type=PATH)
HOME = click.option(
    "-i", "--instance", help="Read the plan against this instance, not the one that it carries."
)
FORCE = click.option("--force", is_flag=True, help="Replace what is already there.")


def seed(default: int = 0) -> Decorator:
    """--seed: the same one gives the same answer."""
    kind = Number("number", 0, MOST_SEED, whole=True)
    return click.option(
        "--seed",
        type=kind,
        default=default,
        help="Of random choices: the same seed gives the same answer.",
    )


def threads(default: int = 2) -> Decorator:
    """--threads: of one process."""
    return click.option("--threads", type=PROCESSES, default=default, help="Most threads to use.")


def json_flag(about: str = "The answer as JSON on stdout.") -> Decorator:
    """--json: the answer for programs."""
    return click.option("--json", "as_json", is_flag=True, help=about)


def time_limit(default: float, about: str, kind: Number = SECONDS) -> Decorator:
    """-t: seconds after which the best so far is taken."""
    return click.option("-t", "--time-limit", "seconds", type=kind, default=default, help=about)


def gap(
    default: float, about: str = "Stop when proved this close to the best (0.01 or 1%)."
) -> Decorator:
    """-g: the relative gap at which a search ends."""
    kind = Number("share", 0.0, 1.0)
    return click.option("-g", "--gap", type=kind, default=default, help=about)


def output(about: str, default: Path | None = None) -> Decorator:
    """-o: the file or folder that is written."""
    return click.option("-o", "--output", type=PATH, default=default, help=about)


def form(forms: tuple[str, ...], about: str) -> Decorator:
    """-f: one of the forms that a document is written in."""
    return click.option("-f", "--format", "form", type=click.Choice(forms), help=about)


def template(about: str) -> Decorator:
    """--template: where empty tables go; nothing else is done."""
    return click.option("--template", type=PATH, help=about)


def everything(about: str) -> Decorator:
    """--all: no selection."""
    return click.option("--all", "everything", is_flag=True, help=about)
