"""Files written whole or not at all, and never over what is there unless asked.

Every writer of the program ends here. Content is made first, then written to a hidden file beside
its place and moved there in one step, so that a full disk, Ctrl-C or a lost process leaves the old
file or the new one. A file that is replaced keeps its mode, a new one gets that of the umask.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from freight.errors import Fault, InstanceError
from freight.io.exchange import exchanged

DRAFT: Final = ".freight-"
"""Begin of the names of unfinished files and folders."""
TAKEN: Final = "already exists."
ASK: Final = "Choose another name, or replace it with --force."
_ELSEWHERE: Final = "Choose another place."


class _TakenError(Exception):
    """Something has come to a place since it was looked at."""


def write_text(path: Path, text: str, *, force: bool = False) -> None:
    """Write a text file in UTF-8 as :func:`write_bytes` does."""
    write_bytes(path, text.encode(errors="backslashreplace"), force=force)


def write_bytes(path: Path, data: bytes, *, force: bool = False) -> None:
    """Write a file; where a link stands, the file that it leads to.

    Raises InstanceError where something is there and ``force`` does not allow to replace it, or
    where it cannot be written; then nothing has changed.
    """
    with drafted(path, force=force) as draft:
        draft.write_bytes(data)


@contextmanager
def drafted(path: Path, *, force: bool = False) -> Iterator[Path]:
    """An empty hidden file beside a place, of its suffix, moved there when the work went well.

    Raises as :func:`write_bytes` does.
    """
    with unwritable(path):
        target = path.resolve()
        only_file(target)
        if not force and target.exists():
            raise refusal(path, TAKEN, ASK)
        with parents(target), _draft(target.parent, target) as draft:
            yield draft
            _put(draft, target, force)


def write_set(folder: Path, files: Mapping[str, bytes], *, force: bool = False) -> list[Path]:
    """Write files into a folder, all or none; other files in it are kept. Gives their paths.

    Raises InstanceError as :func:`write_bytes` does.
    """
    with unwritable(folder):
        target = folder.resolve()
        if not target.exists():
            with parents(target), _draft_folder(target.parent) as aside:
                fill(aside, files)
                aside.rename(target)
            return [folder / name for name in files]
        taken = [name for name in files if os.path.lexists(target / name)]
        if taken and not force:
            raise InstanceError([refused(folder / name, TAKEN, ASK) for name in taken])
        for name in taken:
            only_file(target / name)
        _put_all(target, files, force)
    return [folder / name for name in files]


def write_whole(folder: Path, files: Mapping[str, bytes], *, force: bool = False) -> None:
    """Write a folder in one step: whoever looks sees all old files of these names or all new ones.

    Other files in the folder are kept. Raises InstanceError as :func:`write_set` does.
    """
    target = folder.resolve()
    if force and target.is_dir() and target != Path.cwd():
        # Where the folder above takes no draft, the files are moved one by one.
        with contextlib.suppress(OSError), _draft_folder(target.parent) as aside:
            fill(aside, files)
            if exchanged(aside, target):
                return
    write_set(folder, files, force=force)


def fill(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder that nobody else sees yet."""
    for name, data in files.items():
        (folder / name).write_bytes(data)


def probe(path: Path) -> None:
    """Raise OSError where a file cannot be written; leaves nothing behind, no folder either."""
    target = path.resolve()
    only_file(target)
    absent = [folder for folder in target.parents if not folder.exists()]
    with parents(target), _draft(target.parent, target):
        pass
    for folder in absent:
        folder.rmdir()


def unused(path: Path) -> Path:
    """The path, or ``plan-2.json`` and so on where something has come there meanwhile."""
    place, number = path, 1
    while os.path.lexists(place):
        number += 1
        place = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return place


def only_file(path: Path) -> None:
    """Raise OSError at a folder, device or pipe, in whose place a rename would put a file."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "No regular file")


def refused(path: Path, what: str, remedy: str) -> Fault:
    """The fault of a place that is not written to."""
    return Fault(str(path), None, None, what, remedy)


def refusal(path: Path, what: str, remedy: str) -> InstanceError:
    """The error of one place that is not written to."""
    return InstanceError([refused(path, what, remedy)])


@contextmanager
def unwritable(path: Path) -> Iterator[None]:
    """Turn what the system says about a place into InstanceError."""
    try:
        yield
    except _TakenError as error:
        raise refusal(path, TAKEN, ASK) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise refusal(path, f"cannot be written ({reason}).", _ELSEWHERE) from error


@contextmanager
def parents(target: Path) -> Iterator[None]:
    """The folders above a place, made where they are missing and taken away if the work fails."""
    absent = [folder for folder in target.parents if not folder.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for folder in absent:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


@contextmanager
def _draft(folder: Path, target: Path) -> Iterator[Path]:
    """An empty hidden file in a folder with the mode that the target has or would get."""
    draft = folder / f"{DRAFT}{secrets.token_hex(8)}{target.suffix[:9]}"
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    try:
        if target.exists():
            draft.chmod(stat.S_IMODE(target.stat().st_mode))
        yield draft
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _draft_folder(folder: Path) -> Iterator[Path]:
    """A hidden folder inside another, emptied and removed at the end if it is still there."""
    aside = folder / f"{DRAFT}{secrets.token_hex(8)}"
    aside.mkdir()
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _put(draft: Path, target: Path, force: bool) -> None:
    """Move a draft to its place; raises _TakenError where something came there meanwhile."""
    if force:
        draft.replace(target)
        return
    try:
        os.link(draft, target)
    except FileExistsError as error:
        raise _TakenError from error
    except OSError as error:
        # No hard links on this file system.
        if target.exists():
            raise _TakenError from error
        draft.rename(target)


def _put_all(folder: Path, files: Mapping[str, bytes], force: bool) -> None:
    """Move files into a folder; where one fails, all that went before are taken back."""
    with _draft_folder(folder) as aside, contextlib.ExitStack() as undo:
        new, old = aside / "new", aside / "old"
        new.mkdir()
        old.mkdir()
        fill(new, files)
        for name in files:
            target = folder / name
            if force and target.exists():
                (new / name).chmod(stat.S_IMODE(target.stat().st_mode))
                _keep(target, old / name)
                undo.callback((old / name).replace, target)
                (new / name).replace(target)
            else:
                undo.callback(_take_back, new / name, target)
                _put(new / name, target, force=False)
        undo.pop_all()


def _keep(target: Path, kept: Path) -> None:
    """A second name for a file, or a copy where the file system has no hard links."""
    try:
        os.link(target, kept)
    except OSError:
        shutil.copy2(target, kept)


def _take_back(draft: Path, target: Path) -> None:
    """Remove a file that was moved to its place, not one that others put there."""
    if target.exists() and (not draft.exists() or target.samefile(draft)):
        target.unlink()
