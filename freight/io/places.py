"""May this be written? Asked by every command before its work, by one rule.

Refused is a place where something is already, unless ``--force`` says to replace it; always what
the command itself reads; and a place that the system does not let be written.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from freight.errors import Fault, InstanceError
from freight.io.columns import TABLES
from freight.io.files import ASK, TAKEN, only_file, probe, refusal, refused, unwritable
from freight.io.finding import find
from freight.io.statement import FILE

OWN: Final = frozenset({FILE, *(f"{table}.csv" for table in TABLES)})
"""Files of a folder that belong to its instance."""
STUDY: Final = "consolidation.json"
"""What makes a folder that of a study."""
_INPUT: Final = "is what this command reads."
_OTHER: Final = "Choose another name."


def check_file(path: Path, *, force: bool = False, reads: Sequence[Path] = ()) -> None:
    """Raise InstanceError before a long job where writing a file would be refused after it.

    ``reads`` are files and folders of the command's input. Nothing is left behind.
    """
    with unwritable(path):
        refuse_input(path, reads)
        only_file(path)
        if path.exists() and not force:
            raise refusal(path, TAKEN, ASK)
        probe(path)


def check_output(
    path: Path | None, *, force: bool = False, reads: Sequence[Path | str | None] = ()
) -> None:
    """:func:`check_file` for an output that may be none, of inputs that may be names or none."""
    if path is not None:
        check_file(path, force=force, reads=inputs(reads))


def inputs(reads: Sequence[Path | str | None]) -> list[Path]:
    """The paths of inputs, where a name of a shipped instance is its folder."""
    return [find(name) if isinstance(name, str) else name for name in reads if name is not None]


def check_set(
    folder: Path, names: Iterable[str], *, force: bool = False, reads: Sequence[Path] = ()
) -> None:
    """The same for files of these names in a folder, all faults at once."""
    faults: list[Fault] = []
    with unwritable(folder):
        for name in names:
            try:
                refuse_input(folder / name, reads)
                if os.path.lexists(folder / name) and not force:
                    faults.append(refused(folder / name, TAKEN, ASK))
            except InstanceError as error:
                faults += error.faults
        if faults:
            raise InstanceError(faults)
        probe(folder / "probe")


def check_apart(*paths: Path | None) -> None:
    """Raise InstanceError where one command would write two things to one place."""
    named = [path for path in paths if path is not None]
    for number, path in enumerate(named):
        if any(_same(path, other) for other in named[:number]):
            raise refusal(path, "is named for two outputs.", _OTHER)


def refuse_input(path: Path, reads: Sequence[Path]) -> None:
    """Refuse an input itself, and what is read of a folder that is one."""
    for source in reads:
        inside = source.is_dir() and path.name in {*OWN, STUDY} and _same(path.parent, source)
        if inside or _same(path, source):
            raise refusal(path, _INPUT, _OTHER)


def _same(path: Path, other: Path) -> bool:
    try:
        if path.exists() and other.exists():
            return path.samefile(other)
        return path.resolve() == other.resolve()
    except OSError:
        # A name that the system does not look at is no input that could be lost.
        return False
