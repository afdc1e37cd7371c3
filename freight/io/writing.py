"""Writing an instance: made whole first, then put in place in one step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from freight.domain.instance import Instance
from freight.domain.wording import listed
from freight.io.book_writer import book
from freight.io.columns import TABLES, columns
from freight.io.csv_text import csv_text
from freight.io.files import ASK, TAKEN, refusal, unwritable, write_bytes, write_whole
from freight.io.finding import suffix_of
from freight.io.json_file import json_text
from freight.io.places import OWN, check_file, check_set, refuse_input
from freight.io.statement import FILE
from freight.io.toml_file import toml_text
from freight.io.values import rows


def write(
    instance: Instance,
    path: Path | str,
    *,
    force: bool = False,
    beside: Mapping[str, bytes] = MappingProxyType({}),
) -> None:
    """Write an instance as a folder, ``.json`` or ``.xlsx``; never leaves anything half-written.

    What is at the path is replaced only with ``force``, of a folder only the tables of an instance:
    other files in it are kept. ``beside`` are further files of a folder. Raises
    :class:`InstanceError` when it cannot be written.
    """
    target = Path(path)
    suffix = check_instance(target, force=force)
    if suffix:
        write_bytes(target, WRITERS[suffix](instance), force=force)
    else:
        write_whole(target, {**folder_files(instance), **beside}, force=force)


def template(path: Path | str, *, force: bool = False) -> None:
    """Write an empty workbook with drop-downs, units and notes; raises :class:`InstanceError`."""
    target = Path(path)
    suffix_of(target, {".xlsx": book})
    write_bytes(target, book(None), force=force)


def check_instance(path: Path, *, force: bool = False, reads: Sequence[Path] = ()) -> str:
    """The suffix of a place for an instance; raises InstanceError where :func:`write` would."""
    suffix = suffix_of(path, {"": None, **WRITERS})
    if suffix:
        check_file(path, force=force, reads=reads)
        return suffix
    with unwritable(path):
        refuse_input(path, reads)
        if path.exists() and not path.is_dir():
            check_file(path)
        present = sorted(path.iterdir()) if path.exists() else []
        if present and not (path / FILE).is_file():
            names = listed([*(entry.name for entry in present[:3]), *["more"][: len(present) - 3]])
            what = f"The folder is not an instance but holds {names}."
            raise refusal(path, what, "Choose a new or an empty folder.")
    if present and not force:
        raise refusal(path, TAKEN, ASK)
    check_set(path, OWN, force=force, reads=reads)
    return suffix


def folder_files(instance: Instance) -> dict[str, bytes]:
    """The files of an instance as a folder: ``instance.toml`` and a CSV file for each table."""
    made = {FILE: toml_text(instance.statement)}
    made |= {f"{table}.csv": csv_text(columns(table), rows(table, instance)) for table in TABLES}
    return {name: text.encode() for name, text in made.items()}


def _json(instance: Instance) -> bytes:
    return json_text(instance).encode()


WRITERS: Final[Mapping[str, Callable[[Instance], bytes]]] = MappingProxyType(
    {".json": _json, ".xlsx": book}
)
"""Writers of one file by its suffix; without one a folder is written."""
