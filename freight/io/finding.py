"""Where a path or a name leads, and what its suffix says it is."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from freight.domain.wording import either, listed, nearest, quoted
from freight.errors import Fault, InstanceError
from freight.io.regular import cannot_be_read


def find(name: Path | str) -> Path:
    """The path as it stands, or that of a shipped instance; raises :class:`InstanceError`."""
    path = Path(name)
    try:
        if path.exists():
            return path
    except OSError as error:
        fault = cannot_be_read(error)
        raise InstanceError([Fault(str(name), None, None, fault.what, fault.remedy)]) from error
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


def suffix_of(path: Path, table: Mapping[str, object]) -> str:
    """The suffix of a path, empty for a folder; raises :class:`InstanceError` if not in a table."""
    suffix = "" if there(path) and path.is_dir() else path.suffix.lower()
    if suffix not in table:
        forms = either("a folder" if form == "" else form for form in table)
        what = f"The suffix {quoted(path.suffix)} is not one of an instance."
        raise InstanceError([Fault(str(path), None, None, what, f"Give {forms}.")])
    return suffix


def there(path: Path) -> bool:
    """Whether something is at a path; a name that no file can have is nowhere."""
    try:
        return path.exists()
    except OSError:
        return False
