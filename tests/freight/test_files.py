"""Whatever ends a write, the old files are there or the new ones, and never half of either."""

from __future__ import annotations

import csv
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from freight import planning
from freight.domain.instance import Instance
from freight.domain.wording import legible
from freight.errors import InstanceError
from freight.io import files, read, write
from freight.io.csv_text import MARK, csv_text, marked, unmarked
from freight.io.files import DRAFT, write_bytes, write_set
from freight.io.model_file import write_instance_model
from freight.io.places import check_file
from freight.report.table_files import write_tables
from tests.command import freight

CALLS = ("link", "rename", "replace", "mkdir", "unlink", "rmdir", "chmod", "open")


@contextmanager
def ended_at(number: int, end: Callable[[], None]) -> Iterator[None]:
    """The n-th call that changes the file system is the last: ``end`` is called in its place."""
    left = [number]
    originals = {name: getattr(os, name) for name in CALLS}

    def counting(name: str) -> Callable[..., object]:
        def call(*rest: object, **more: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                end()
            return originals[name](*rest, **more)

        return call

    try:
        for name in CALLS:
            setattr(os, name, counting(name))
        yield
    finally:
        for name, original in originals.items():
            setattr(os, name, original)


def interrupt() -> None:
    """As Ctrl-C does."""
    raise KeyboardInterrupt


def killed() -> None:
    """As a lost process or the power."""
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """The folder of an instance with files of its owner."""
    place = tmp_path / "work"
    write(read("tiny"), place)
    (place / "notes.txt").write_text("mine")
    (place / "sub").mkdir()
    (place / "sub" / "a.txt").write_text("mine too")
    return place


def newer() -> Instance:
    """Another state of the instance."""
    tiny = read("tiny")
    return tiny.model_copy(update={"shipments": tiny.shipments[:2]})


def check_whole(place: Path) -> str:
    """The digest of the instance; foreign files are as they were."""
    assert (place / "notes.txt").read_text() == "mine"
    assert (place / "sub" / "a.txt").read_text() == "mine too"
    return read(place).digest


def test_ctrl_c_at_any_moment_leaves_the_old_folder_or_the_new(work: Path, tmp_path: Path) -> None:
    """Nothing of the owner is lost, nothing is mixed, and before the exchange nothing is left."""
    old, new = read(work), newer()
    seen = set()
    for number in count(1):
        write(old, work, force=True)
        try:
            with ended_at(number, interrupt):
                write(new, work, force=True)
        except KeyboardInterrupt:
            seen.add(check_whole(work))
            for left in tmp_path.glob(f"{DRAFT}*"):
                shutil.rmtree(left)
            continue
        break
    assert check_whole(work) == new.digest
    assert seen == {old.digest, new.digest}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_killed_process_leaves_the_old_folder_or_the_new(work: Path, tmp_path: Path) -> None:
    """Between two renames there was no folder at all."""
    old, new = read(work), newer()
    for number in count(1, 4):
        child = os.fork()
        if child == 0:
            with ended_at(number, killed):
                write(new, work, force=True)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert check_whole(work) in (old.digest, new.digest)
        if os.WIFEXITED(status):
            break
        for left in tmp_path.glob(f"{DRAFT}*"):
            shutil.rmtree(left)
        write(old, work, force=True)
    assert check_whole(work) == new.digest


@pytest.mark.parametrize("force", [False, True])
def test_a_set_of_files_that_is_interrupted_is_taken_back(tmp_path: Path, force: bool) -> None:
    """In a folder that keeps its place, as the current one, files are moved one by one."""
    names = ("a", "b", "c")
    new = dict.fromkeys(names, b"new")
    for number in count(1):
        place = tmp_path / str(number)
        place.mkdir()
        (place / "mine").write_text("mine")
        if force:
            for name in names:
                (place / name).write_bytes(b"old")
        before = {path.name: path.read_bytes() for path in place.iterdir()}
        try:
            with ended_at(number, interrupt):
                write_set(place, new, force=force)
        except KeyboardInterrupt:
            after = {
                path.name: path.read_bytes()
                for path in place.iterdir()
                if not path.name.startswith(DRAFT)
            }
            assert after in (before, before | new)
            continue
        break
    assert {path.name for path in place.iterdir()} == {"mine", *names}


def test_the_current_folder_is_written_in_place(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell in the folder would find itself in one that is gone."""
    monkeypatch.chdir(work)
    inode = work.stat().st_ino
    new = newer()
    write(new, Path(), force=True)
    assert work.stat().st_ino == inode
    assert check_whole(work) == new.digest


def test_without_an_exchange_files_are_moved_one_by_one(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system has none, nothing of the owner is touched either."""
    monkeypatch.setattr(files, "exchanged", lambda _draft, _target: False)
    new = newer()
    write(new, work, force=True)
    assert check_whole(work) == new.digest


# --- full disks --------------------------------------------------------------------------------


@contextmanager
def at_most(size: int) -> Iterator[None]:
    """No file may grow beyond a size: what a full disk is to a writer."""
    resource = pytest.importorskip("resource", reason="no limits here")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("suffix", [".mps", ".lp"])
def test_a_model_that_does_not_fit_is_refused_and_the_old_one_kept(
    suffix: str, tmp_path: Path
) -> None:
    """The library that writes it does not look whether what it writes arrives."""
    target = tmp_path / f"model{suffix}"
    target.write_text("old")
    with (
        at_most(4096),
        pytest.raises(InstanceError, match=r"cannot be written \(No space left on device\)"),
    ):
        write_instance_model(read("tiny"), target, force=True)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


@pytest.mark.parametrize("name", ["new", "new.json", "new.xlsx"])
def test_an_instance_that_does_not_fit_is_not_begun(name: str, tmp_path: Path) -> None:
    """A message, and nothing beside it."""
    with at_most(700), pytest.raises(InstanceError, match="cannot be written"):
        write(read("tiny"), tmp_path / "deep" / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_tables_that_do_not_fit_leave_no_table(form: str, tiny_plan: Path, tmp_path: Path) -> None:
    """All tables of a plan or none."""
    (tmp_path / "tables").mkdir()
    with at_most(700):
        words = ("export", tiny_plan, tmp_path / "tables", "--format", form)
        assert "cannot be written" in freight(*words, code=2).stderr
    assert not list((tmp_path / "tables").iterdir())


# --- names and texts ---------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="names are text here")
def test_names_that_are_no_text_are_taken(tiny_plan: Path, tmp_path: Path) -> None:
    """Plans, instances, models and reports under a name of bytes, shown as far as they can be."""
    odd = tmp_path / os.fsdecode(b"odd\xff")
    odd.mkdir()
    plan = odd / os.fsdecode(b"p\xff.json")
    shutil.copy(tiny_plan, plan)
    freight("report", plan, "-o", odd / "r.html")
    freight("model", "tiny", odd / os.fsdecode(b"m\xff.mps"))
    freight("convert", "tiny", odd / os.fsdecode(b"i\xff"))
    freight("validate", odd / os.fsdecode(b"i\xff"))
    freight("compare", plan, tiny_plan)
    assert r"p\xff" in (odd / "r.html").read_text(encoding="utf-8")


def test_a_name_is_legible() -> None:
    """Bytes that are none and signs that cannot be printed are spelled out."""
    assert legible("a\tb") == r"a\x09b"
    assert legible(os.fsdecode(b"m\xff.mps")) == r"m\xff.mps"
    assert legible("武汉 2027.json") == "武汉 2027.json"


def test_a_name_longer_than_names_are_is_refused_before_work(tmp_path: Path) -> None:
    """The reason of the system is said."""
    with pytest.raises(InstanceError, match=r"cannot be written \(File name too long\)"):
        check_file(tmp_path / ("x" * 5000), reads=[tmp_path / ("y" * 5000)])
    with pytest.raises(InstanceError, match=r"cannot be written \(File name too long\)"):
        write_bytes(tmp_path / ("x" * 300), b"")


def test_a_long_name_that_is_allowed_is_written(tmp_path: Path) -> None:
    """A draft needs no longer name than the file."""
    write_bytes(tmp_path / ("x" * 250), b"y")
    assert (tmp_path / ("x" * 250)).read_bytes() == b"y"


FORMULAS = (
    "=1+1",
    "+cmd",
    "-cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "＝1+1",
    "  =x",
    "'=x",
    "''@y",
)
PLAIN = ("", "-", "=", "5 = 5", "a@b.c", "'tis", "1-2", "武汉")


def test_what_a_spreadsheet_would_compute_is_marked_and_read_back() -> None:
    """An apostrophe before it, which reading takes away; nothing else changes."""
    for text in FORMULAS:
        assert marked(text) == f"'{text}"
        assert unmarked(marked(text)) == text
    for text in PLAIN:
        assert marked(text) == text
        assert unmarked(text) == text


def test_csv_files_begin_with_a_mark_and_keep_numbers() -> None:
    """Excel takes UTF-8 without it for the code page of its country."""
    assert csv_text(("a", "b"), [["=x", -5.0]]) == f"{MARK}a,b\n'=x,-5\n"


def test_an_instance_of_formulas_survives_a_folder(tmp_path: Path) -> None:
    """Names that begin like formulas come back to the letter."""
    tiny = read("tiny")
    shipments = tuple(
        one.model_copy(update={"consignor": text.strip()})
        for one, text in zip(tiny.shipments, FORMULAS[:4], strict=True)
    )
    instance = tiny.model_copy(update={"shipments": shipments})
    write(instance, tmp_path / "a")
    text = (tmp_path / "a" / "shipments.csv").read_text(encoding="utf-8")
    assert text.startswith(MARK)
    cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=+@" and cell]
    assert read(tmp_path / "a").digest == instance.digest


def test_exported_tables_hold_no_formulas(tmp_path: Path) -> None:
    """Owner, goods and names come from people; numbers stay numbers."""
    instance = read("tiny")
    shipments = tuple(
        one.model_copy(update={"consignor": "=cmd|'/C calc'!A0"}) for one in instance.shipments
    )
    changed = instance.model_copy(update={"shipments": shipments})
    plan = planning.plan(changed)
    texts = [path.read_text("utf-8") for path in write_tables(plan, changed, tmp_path / "t")]
    for text in texts:
        assert text.startswith(MARK)
        for row in csv.reader(text.splitlines()):
            assert not [cell for cell in row if cell.startswith("=")]
    assert any("'=cmd|" in text for text in texts)
