"""``instance.toml`` to the sheets of the statement, and back."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from freight.errors import Fault
from freight.io.document import statement_sheets, unread_statement
from freight.io.regular import Unreadable, regular_bytes
from freight.io.sheet import Sheet
from freight.io.text import EncodingFault, decoded

FILE: Final = "instance.toml"
_SECTION: Final = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(#.*)?")
_KEY: Final = re.compile(r"""\s*["']?([A-Za-z0-9_-]+)["']?\s*=""")


def read_statement(path: Path) -> dict[str, Sheet]:
    """The sheets instance, defaults, exchange and owners of a folder's ``instance.toml``."""
    try:
        read = decoded(regular_bytes(path / FILE))
        content = tomllib.loads(read.text)
    except (EncodingFault, Unreadable) as error:
        return _unread(error.what, error.remedy)
    except FileNotFoundError:
        return _unread("The file is missing.", "Add it, or copy one made by 'freight new'.")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return _unread(f"The file is not TOML: {error}.", 'Write key = "value", one a line.')
    lines = toml_lines(read.text)

    def where(spot: str, _record: int | None) -> tuple[int | None, str | None, None]:
        section = spot.rpartition(".")[0]
        return lines.get(spot, lines.get(section)), spot or None, None

    sheets = statement_sheets(content, FILE, "", where)
    if read.note:
        notes = (Fault(FILE, None, None, read.note),)
        sheets["instance"] = replace(sheets["instance"], notes=notes)
    return sheets


def _unread(what: str, remedy: str) -> dict[str, Sheet]:
    return unread_statement(FILE, None, None, None, what, remedy)


def toml_lines(text: str) -> Mapping[str, int]:
    """Line of every key and section of a TOML text, by path such as ``owners[0].city``."""
    lines: dict[str, int] = {}
    prefix, counts = "", dict[str, int]()
    for number, line in enumerate(text.splitlines(), start=1):
        section, key = _SECTION.fullmatch(line), _KEY.match(line)
        if section:
            name = section.group(2)
            if section.group(1) == "[[":
                lines.setdefault(name, number)
                counts[name] = counts.get(name, -1) + 1
                name = f"{name}[{counts[name]}]"
            lines.setdefault(name, number)
            prefix = f"{name}."
        elif key:
            lines.setdefault(prefix + key.group(1), number)
    return lines
