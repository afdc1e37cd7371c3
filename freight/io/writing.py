"""Writing an instance: into a temporary sibling first, then into place by a rename."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter.exceptions import XlsxWriterException

from freight.domain.instance import Instance
from freight.domain.wording import either, listed, quoted
from freight.errors import Fault, InstanceError
from freight.io.book_writer import write_book
from freight.io.columns import TABLES, columns
from freight.io.json_file import json_text
from freight.io.plan_file import refuse_special
from freight.io.statement import FILE
from freight.io.toml_file import toml_text
from freight.io.values import rows, text_of

_OWN: Final = frozenset({FILE, *(f"{table}.csv" for table in TABLES)})


def write(instance: Instance, path: Path | str) -> None:
    """Write an instance as a folder, ``.json`` or ``.xlsx``; never leaves anything half-written.

    What stands at the path is replaced only if it is an instance itself; other files in the
    folder of an instance are kept. Raises :class:`InstanceError` when it cannot be written.
    """
    target = Path(path)
    writer = WRITERS[suffix_of(target, WRITERS)]
    with staged(target) as draft:
        writer(instance, draft)


def template(path: Path | str) -> None:
    """Write an empty workbook with drop-downs, units and notes; raises :class:`InstanceError`."""
    target = Path(path)
    suffix_of(target, {".xlsx": write_book})
    with staged(target) as draft:
        write_book(draft, None)


def suffix_of(path: Path, table: Mapping[str, object]) -> str:
    """The suffix of a path, empty for a folder; raises :class:`InstanceError` if not in a table."""
    suffix = "" if there(path) and path.is_dir() else path.suffix.lower()
    if suffix not in table:
        forms = either("a folder" if one == "" else one for one in table)
        what = f"The suffix {quoted(path.suffix)} is not one of an instance."
        raise _refusal(path, what, f"Give {forms}.")
    return suffix


def there(path: Path) -> bool:
    """Whether something stands at a path; a name that no file can have is nowhere."""
    try:
        return path.exists()
    except OSError:
        return False


def write_folder(instance: Instance, path: Path) -> None:
    """Write ``instance.toml`` and the CSV files into a new folder."""
    path.mkdir()
    (path / FILE).write_text(toml_text(instance.statement), encoding="utf-8", newline="\n")
    for table in TABLES:
        with (path / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(columns(table))
            writer.writerows([text_of(cell) for cell in row] for row in rows(table, instance))


def _write_json(instance: Instance, path: Path) -> None:
    path.write_text(json_text(instance), encoding="utf-8", newline="\n")


def _write_workbook(instance: Instance, path: Path) -> None:
    write_book(path, instance)


WRITERS: Final[Mapping[str, Callable[[Instance, Path], None]]] = MappingProxyType(
    {"": write_folder, ".json": _write_json, ".xlsx": _write_workbook}
)
"""Writers by suffix; the empty one stands for a folder."""


@contextmanager
def staged(path: Path) -> Iterator[Path]:
    """A path to write to, put in the place of ``path`` when all went well, else removed."""
    target = path.resolve()
    try:
        refuse_special(target)
        foreign = _foreign(path, target)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as aside:
            draft = Path(aside) / f"draft{target.suffix}"
            yield draft
            for one in foreign:
                _copy(one, draft / one.name)
            _swap(draft, target, Path(aside) / "old")
    except (OSError, XlsxWriterException) as error:
        what = f"It cannot be written: {getattr(error, 'strerror', None) or error}."
        raise _refusal(path, what, "Choose another place, or check permissions and space.") from (
            error
        )


def _swap(draft: Path, target: Path, old: Path) -> None:
    """Put the draft in place; a folder that stands there comes back if that fails."""
    if not target.is_dir():
        draft.replace(target)
        return
    target.rename(old)
    try:
        draft.rename(target)
    except OSError:
        old.rename(target)
        raise


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy2(source, target)


def _foreign(path: Path, target: Path) -> list[Path]:
    """What stands beside the instance at a path and is to be kept; refuses other content."""
    if not target.exists():
        return []
    if not target.is_dir():
        if _is_instance_file(target):
            return []
        what = "There is a file that is not an instance."
        raise _refusal(path, what, "Choose another name, or remove it first.")
    present = sorted(target.iterdir())
    if present and not (target / FILE).is_file():
        names = listed([*(one.name for one in present[:3]), *(["more"] if present[3:] else [])])
        what = f"The folder is not an instance but holds {names}."
        raise _refusal(path, what, "Choose a new or an empty folder.")
    return [one for one in present if one.name not in _OWN]


def _is_instance_file(path: Path) -> bool:
    try:
        if path.stat().st_size == 0:
            return True
        if path.suffix.lower() == ".xlsx":
            return "instance" in CalamineWorkbook.from_path(path).sheet_names
        content = json.loads(path.read_bytes())
    except (CalamineError, OSError, ValueError, RecursionError):
        return False
    return isinstance(content, dict) and {"statement", "terminals"} <= content.keys()


def _refusal(path: Path, what: str, remedy: str) -> InstanceError:
    return InstanceError([Fault(str(path), None, None, what, remedy)])
