"""From a path or a name to an instance; the reader is chosen by suffix."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

from freight.domain.instance import Instance
from freight.errors import Fault, InstanceError
from freight.io.assemble import assemble
from freight.io.finding import find, suffix_of
from freight.io.folder import read_folder
from freight.io.json_file import read_json
from freight.io.origin import source_of
from freight.io.sheet import Source
from freight.io.workbook import read_workbook
from freight.telling import tell

READERS: Final[Mapping[str, Callable[[Path], Source]]] = MappingProxyType(
    {"": read_folder, ".json": read_json, ".xlsx": read_workbook}
)
"""Readers by suffix; the empty one stands for a folder."""


def read(path: Path | str) -> Instance:
    """Read an instance from a folder, ``.json`` or ``.xlsx``; a shipped one by its name.

    What was guessed is in its ``notes``, and told to whoever hears (:mod:`freight.telling`).
    Raises :class:`InstanceError` with every fault of every file.
    """
    found = find(path)
    suffix = suffix_of(found, READERS)
    if suffix == "" and not found.is_dir():
        what = "The file has no suffix that tells what it is."
        fault = Fault(str(path), None, None, what, "Give a folder, .json or .xlsx.")
        raise InstanceError([fault])
    reader = READERS[suffix]
    with _uncollected():
        instance = assemble(reader(found))
    source = source_of(path, found, is_shipped=str(found) != str(Path(path)))
    if source is not None:
        instance.mark_source(source)
    tell(instance.notes)
    return instance


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pause the search for cyclic garbage: reading makes many small objects and no cycles."""
    active = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if active:
            gc.enable()
