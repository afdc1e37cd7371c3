"""What commands print: text from people and files is never markup."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import rich_click as click
from rich.console import Console, RenderableType
from rich.text import Text

PIPE_WIDTH = 110
"""Columns of a table that goes into a file or another program."""


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


out = Console(width=None if _is_terminal() else PIPE_WIDTH, markup=False, highlight=False)
err = Console(stderr=True, markup=False, highlight=False)


def say(text: str, head: str = "", style: str = "") -> None:
    """A sentence of the answer; ``head`` stands before it in a style."""
    _print(out, text, head, style)


def tell(text: str, head: str = "", style: str = "") -> None:
    """A sentence beside the answer, on stderr."""
    _print(err, text, head, style)


def _print(console: Console, text: str, head: str, style: str) -> None:
    line = Text.assemble((f"{head} ", style), text) if head else Text(text)
    console.print(line, soft_wrap=True)


def view(shown: RenderableType) -> None:
    """A table or several; strings in them stand as they are."""
    out.print(shown)


def raw(text: str) -> None:
    """A text that is the answer itself, as it would stand in a file."""
    click.echo(text)


def as_json(data: object) -> None:
    """The answer for programs."""
    raw(json.dumps(data, ensure_ascii=False, indent=1, default=str))


def counted(number: int, what: str) -> str:
    """``1 bill``, ``2 bills``."""
    return f"{number:,} {what}{'s' if number != 1 else ''}"


def lines(texts: Sequence[str], head: str, style: str) -> None:
    """One line of the answer for each text, all with the same head."""
    for text in texts:
        say(text, head, style)
