"""What commands print: one place, where text from people is never markup and never a command.

Control characters in names and texts, which could clear a terminal or print a false verdict, are
shown as pictures of themselves and never sent. Notes on stderr are never worth a failure.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

PIPE_WIDTH = 110
"""Columns of a table that goes into a file or another program."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""C0 without tab and new line, C1, line separators and what turns the direction of text."""


def shown(text: str) -> str:
    """A text whose control characters are visible and do nothing: ``␛`` for escape."""
    return _CONTROL.sub(lambda match: _picture(ord(match[0])), text)


def _picture(code: int) -> str:
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


class SafeConsole(Console):
    """A console that sends no control character of a text."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Segments of a text or table, control characters shown."""
        for segment in super().render(renderable, options):
            if segment.control or not _CONTROL.search(segment.text):
                yield segment
            else:
                yield Segment(shown(segment.text), segment.style)


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


_PLAIN = {"markup": False, "highlight": False, "emoji": False}
out = SafeConsole(width=None if _is_terminal() else PIPE_WIDTH, **_PLAIN)  # type: ignore[arg-type]
err = SafeConsole(stderr=True, **_PLAIN)  # type: ignore[arg-type]


def say(text: str, head: str = "", style: str = "") -> None:
    """A sentence of the answer; ``head`` stands before it in a style."""
    out.print(_line(text, head, style), soft_wrap=True)


def tell(text: str, head: str = "", style: str = "") -> None:
    """A sentence beside the answer, on stderr; lost where stderr takes nothing any more."""
    with suppress(OSError, RuntimeError, ValueError):
        err.print(_line(text, head, style), soft_wrap=True)


def _line(text: str, head: str, style: str) -> Text:
    # Text drops bells and the like; shown first, they stay to be seen.
    return Text.assemble((f"{head} ", style), shown(text)) if head else Text(shown(text))


def lines(texts: Sequence[str], head: str, style: str) -> None:
    """One line of the answer for each text, all with the same head."""
    for text in texts:
        say(text, head, style)


def view(table: RenderableType) -> None:
    """A table or several; strings in them stand as they are."""
    out.print(table)


def raw(text: str) -> None:
    """A text that is the answer itself, as it would stand in a file."""
    _write(shown(text))


def raw_json(text: str) -> None:
    """JSON that is the answer itself; what the stream or a terminal cannot take is escaped."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    beyond = _CONTROL if encoding.startswith("utf") else re.compile(r"[^\n\x20-\x7e]")
    _write(beyond.sub(lambda match: _escaped(match[0]), text))


def _write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _escaped(sign: str) -> str:
    return "\\u007f" if sign == "\x7f" else json.dumps(sign)[1:-1]


def as_json(data: object) -> None:
    """The answer for programs."""
    raw_json(json.dumps(data, ensure_ascii=False, indent=1, default=str))
