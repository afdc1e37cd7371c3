"""From a path or a name to an instance; the reader is chosen by suffix."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Final

from freight.domain.instance import Instance
from freight.domain.wording import listed, nearest, quoted
from freight.errors import Fault, InstanceError
from freight.io.assemble import assemble
from freight.io.folder import read_folder
from freight.io.json_file import read_json
from freight.io.origin import source_of
from freight.io.sheet import Source
from freight.io.workbook import read_workbook
from freight.io.writing import suffix_of, there

READERS: Final[Mapping[str, Callable[[Path], Source]]] = MappingProxyType(
    {"": read_folder, ".json": read_json, ".xlsx": read_workbook}
)
"""Readers by suffix; the empty one stands for a folder."""


def read(path: Path | str) -> Instance:
    """Read an instance from a folder, ``.json`` or ``.xlsx``; a shipped one by its name.

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


def find(name: Path | str) -> Path:
    """The path as it stands, or that of a shipped instance; raises :class:`InstanceError`."""
    path = Path(name)
    if there(path):
        return path
    names = shipped()
    if str(name) in names:
        return Path(str(files("instances") / str(name)))
    close = nearest(str(name), names)
    remedy = f"Did you mean {quoted(close)}? " if close else ""
    remedy += f"Give a path, or a shipped instance: {listed(names)}."
    what = "There is no such file, folder or shipped instance."
    raise InstanceError([Fault(str(name), None, None, what, remedy)])


def shipped() -> tuple[str, ...]:
    """Names of the instances that come with the program."""
    folder = files("instances")
    return tuple(sorted(one.name for one in folder.iterdir() if (one / "instance.toml").is_file()))
