"""Where an instance was read from, and whether what lies there has changed since."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final, Literal

from pydantic import TypeAdapter, ValidationError

from freight.domain.base import Identifier
from freight.domain.instance import Instance
from freight.domain.snapshot import InstanceSource
from freight.io.columns import TABLES
from freight.io.statement import FILE

Kind = Literal["folder", "json", "xlsx", "shipped"]
_KINDS: Final[dict[str, Kind]] = {".json": "json", ".xlsx": "xlsx"}
_WORDS: Final[dict[Kind, str]] = {
    "folder": "The folder", "json": "The file", "xlsx": "The workbook",
    "shipped": "The shipped instance",
}  # fmt: skip


def source_of(given: Path | str, path: Path, *, is_shipped: bool) -> InstanceSource | None:
    """Where an instance was just read from; None where its files are gone already."""
    kind: Kind = "shipped" if is_shipped else _KINDS.get(path.suffix.lower(), "folder")
    try:
        return InstanceSource(
            given=str(given), path=str(path.resolve()), kind=kind, fingerprint=_fingerprint(path)
        )
    except (OSError, ValueError):
        return None


def changed_place(source: InstanceSource, beside: Path) -> Path | None:
    """Where the files of a source are no longer as they were; None: unchanged, or not there.

    They are looked for where they were and then, by their name, in the folder ``beside``.
    """
    for place in (Path(source.path), beside / Path(source.path).name):
        try:
            if place.is_dir() or place.is_file():
                return None if _fingerprint(place) == source.fingerprint else place
        except (OSError, ValueError):
            continue
    return None


def change_sentence(source: InstanceSource, place: Path) -> str:
    """What to tell a reader of a plan whose instance has changed since."""
    name = source.given if source.kind == "shipped" else str(place)
    return (
        f"{_WORDS[source.kind]} {name} has changed since this plan was made; the plan is read with "
        "the data that it was made from."
    )


def renamed_for(instance: Instance, path: Path) -> Instance:
    """An instance made from another one, with the name of where it is to lie, if that is a name."""
    if instance.source is not None and Path(instance.source.path) == path.resolve():
        return instance
    try:
        name = TypeAdapter[str](Identifier).validate_python(path.stem)
    except ValidationError:
        return instance
    statement = instance.statement.model_copy(update={"name": name})
    return instance.model_copy(update={"statement": statement})


def _fingerprint(path: Path) -> str:
    """SHA-256 of a file, or of the tables of a folder with their names; raises OSError."""
    if not path.is_dir():
        return _file_digest(path)
    whole = sha256()
    for name in _table_files(path):
        whole.update(f"{name} {_file_digest(path / name)}\n".encode())
    return whole.hexdigest()


def _table_files(path: Path) -> Iterable[str]:
    head = (FILE,) if (path / FILE).is_file() else ("instance.csv", "owners.csv", "exchange.csv")
    names = sorted((*head, *(f"{table}.csv" for table in TABLES)))
    return (name for name in names if (path / name).is_file())


def _file_digest(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
