"""From a path or a name to an instance; the reader is chosen by suffix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Final

from freight.domain.instance import Instance
from freight.domain.wording import either, listed, nearest, quoted
from freight.errors import Fault, InstanceError
from freight.io.assemble import assemble
from freight.io.folder import read_folder
from freight.io.sheet import Source

READERS: Final[Mapping[str, Callable[[Path], Source]]] = MappingProxyType({"": read_folder})
"""Readers by suffix; the empty one stands for a folder."""


def read(path: Path | str) -> Instance:
    """Read an instance from a folder, ``.json`` or ``.xlsx``; a shipped one by its name.

    Raises :class:`InstanceError` with every fault of every file.
    """
    found = find(path)
    suffix = "" if found.is_dir() else found.suffix.lower()
    if suffix not in READERS:
        formats = either(["a folder", *filter(None, READERS)])
        what = f"The suffix {quoted(found.suffix)} is not one of an instance."
        raise InstanceError([Fault(found.name, None, None, what, f"Give {formats}.")])
    return assemble(READERS[suffix](found))


def find(name: Path | str) -> Path:
    """The path as it stands, or that of a shipped instance; raises :class:`InstanceError`."""
    path = Path(name)
    if path.exists():
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
