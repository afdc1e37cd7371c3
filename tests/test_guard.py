"""Nothing of the user's is overwritten unasked: one rule for every command that writes."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest
import rich_click as click

from cli import MODULES, main
from freight.errors import InstanceError
from freight.io import read, write
from freight.io.files import unused, write_bytes, write_set
from tests.command import freight

READY = ("--ready", "2027-03-01T08:00+08:00")
FILES: dict[str, Sequence[str]] = {
    "solve": ("solve", "tiny", "-o", "OUT.json"),
    "bill": ("bill", "PLAN", "--all", "-o", "OUT.html"),
    "bill as text": ("bill", "PLAN", "--all", "-o", "OUT.text"),
    "report": ("report", "PLAN", "-o", "OUT.html"),
    "workbook": ("export", "PLAN", "OUT.xlsx"),
    "map": ("export", "PLAN", "OUT.geojson"),
    "offer": ("route", "tiny", "Wuhan", "Duisburg", *READY, "--bill", "1", "-o", "OUT.json"),
    "model": ("model", "tiny", "OUT.mps"),
    "convert to json": ("convert", "tiny", "OUT.json"),
    "convert to xlsx": ("convert", "tiny", "OUT.xlsx"),
    "new": ("new", "OUT.json"),
    "template": ("template", "OUT.xlsx"),
    "trucks": ("dray", "PLAN", "--synthetic-doors", "-t", "0.5", "-o", "OUT.json"),
    "truck stops": ("dray", "PLAN", "--synthetic-doors", "-t", "0.5", "--routes", "OUT.csv"),
    "doors": ("dray", "PLAN", "--template", "OUT.csv"),
    "goods": ("groupage", "-i", "tiny", "--template", "OUT.csv"),
    "boxes": ("groupage", "GOODS", "-i", "tiny", "-o", "OUT.csv"),
    "instance with boxes": ("groupage", "GOODS", "-i", "tiny", "--into", "OUT.json"),
    "instance with barges": ("rotate", "-i", "tiny", "--into", "OUT.json"),
    "generate": ("generate", "yangtze-europe", "-o", "OUT.json"),
}
FOLDERS: dict[str, tuple[Sequence[str], str]] = {
    "convert": (("convert", "tiny", "OUT"), "shipments.csv"),
    "new": (("new", "OUT"), "shipments.csv"),
    "tables": (("export", "PLAN", "OUT", "--format", "csv"), "costs.csv"),
    "parquet": (("export", "PLAN", "OUT", "--format", "parquet"), "costs.parquet"),
    "river": (("rotate", "yangtze", "--template", "OUT"), "fleet.csv"),
    "study": (("consolidate", "tiny", "-o", "OUT"), "consolidation.json"),
    "agreed": (("consolidate", "tiny", "--agree", "shapley", "-o", "OUT"), "agreed.json"),
    "generate": (("generate", "yangtze-europe", "-o", "OUT"), "sources.csv"),
}
GOODS = """id,origin,destination,gross_tonnes,volume_m3,ready,due
a,wuhan-rail,duisburg-rail,13,5,2027-03-01T08:00,2027-03-25T12:00
"""


def words(pattern: Sequence[str], out: Path, plan: Path) -> list[str]:
    """A command of the tables above with its files in place."""
    goods = out.parent / "goods.csv"
    goods.write_text(GOODS, encoding="utf-8")
    put = {"OUT": str(out), "PLAN": str(plan), "GOODS": str(goods)}
    return [put.get(word, word.replace("OUT.", f"{out}.")) for word in pattern]


@pytest.mark.parametrize("name", FILES)
def test_no_command_replaces_a_file_unasked(name: str, tiny_plan: Path, tmp_path: Path) -> None:
    """Whatever is there, its owner finds it as it was, and what to do is said."""
    call = words(FILES[name], tmp_path / "out", tiny_plan)
    target = next(Path(word) for word in call if word.startswith(f"{tmp_path / 'out'}."))
    target.write_text("mine", encoding="utf-8")
    told = freight(*call, cwd=tmp_path, code=2).stderr
    assert f"{target}: already exists. Choose another name, or replace it with --force." in told
    assert target.read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["goods.csv", target.name]


@pytest.mark.parametrize("name", FOLDERS)
def test_no_command_replaces_a_table_unasked(name: str, tiny_plan: Path, tmp_path: Path) -> None:
    """The folder that holds a file of the same name is left alone."""
    pattern, file = FOLDERS[name]
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / file).write_text("mine", encoding="utf-8")
    told = freight(*words(pattern, tmp_path / "out", tiny_plan), cwd=tmp_path, code=2).stderr
    assert "already exists" in told or "is not an instance but holds" in told
    assert [path.name for path in (tmp_path / "out").iterdir()] == [file]
    assert (tmp_path / "out" / file).read_text(encoding="utf-8") == "mine"


QUICK = ("bill", "workbook", "map", "offer", "model", "convert to json", "convert to xlsx", "new",
         "template", "doors", "goods", "boxes", "instance with boxes")  # fmt: skip


@pytest.mark.parametrize("name", QUICK)
def test_force_replaces_a_file(name: str, tiny_plan: Path, tmp_path: Path) -> None:
    """What is asked for is done, with nothing left beside it."""
    call = words(FILES[name], tmp_path / "out", tiny_plan)
    target = next(Path(word) for word in call if word.startswith(f"{tmp_path / 'out'}."))
    target.write_text("mine", encoding="utf-8")
    freight(*call, "--force", cwd=tmp_path)
    assert target.read_bytes() != b"mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["goods.csv", target.name]


def test_every_command_that_writes_has_the_flag() -> None:
    """A command with an output and without --force would have no guard."""
    context = click.Context(main)
    for name in MODULES:
        command = main.get_command(context, name)
        assert command is not None
        names = {parameter.name for parameter in command.params}
        outputs = {"output", "into", "routes", "template", "directory", "workbook"} & names
        assert ("force" in names) == bool(outputs), name


@pytest.mark.parametrize("force", [(), ("--force",)])
def test_a_command_never_replaces_what_it_reads(
    force: tuple[str, ...], tiny_plan: Path, tmp_path: Path
) -> None:
    """An instance, a plan, a workbook, a table or goods named as the output, by whatever name."""
    write(read("tiny"), tmp_path / "plan.json")
    write(read("tiny"), tmp_path / "book.xlsx")
    write(read("tiny"), tmp_path / "my")
    (tmp_path / "link.json").symlink_to("plan.json")
    (tmp_path / "goods.csv").write_text(GOODS, encoding="utf-8")
    os.link(tmp_path / "book.xlsx", tmp_path / "same.xlsx")
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "consolidation.json").write_text("{}", encoding="utf-8")
    plan = tmp_path / "found.json"
    plan.write_bytes(tiny_plan.read_bytes())
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for call in (
        ("solve", "plan.json"),
        ("solve", "link.json", "-o", "plan.json"),
        ("solve", "plan.json", "-o", "my/../link.json"),
        ("solve", "book.xlsx", "-o", "book.xlsx"),
        ("solve", "book.xlsx", "-o", "same.xlsx"),
        ("solve", "my", "-o", "my/shipments.csv"),
        ("convert", "my", "my"),
        ("convert", "plan.json", "plan.json"),
        ("report", "found.json", "-o", "found.json"),
        ("bill", "found.json", "--all", "-o", "found.json"),
        ("bill", "found.json", "-i", "my", "--all", "-f", "json", "-o", "my/instance.toml"),
        ("export", "found.json", "found.json", "-f", "geojson"),
        ("report", "study", "-o", "study/consolidation.json"),
        ("dray", "found.json", "--synthetic-doors", "-o", "found.json"),
        ("dray", "found.json", "--doors", "goods.csv", "-o", "x.json", "--routes", "goods.csv"),
        ("groupage", "goods.csv", "-i", "my", "-o", "goods.csv"),
        ("groupage", "goods.csv", "-i", "my", "--into", "my"),
        ("rotate", "-i", "my", "--into", "my"),
    ):
        told = freight(*call, *force, cwd=tmp_path, code=2).stderr
        assert "is what this command reads. Choose another name." in told, call
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert after == before


def test_two_outputs_of_one_command_have_two_names(tiny_plan: Path, tmp_path: Path) -> None:
    """The plan with trucks would be lost under the stops of the trucks."""
    call = ("dray", tiny_plan, "--synthetic-doors", "-o", "x", "--routes", "./x")
    assert "is named for two outputs" in freight(*call, cwd=tmp_path, code=2).stderr
    assert not list(tmp_path.iterdir())


def test_a_second_solve_is_refused_before_it_works_and_says_how(tmp_path: Path) -> None:
    """Yesterday's plan stays; today's gets another name or --force."""
    (tmp_path / "plan.json").write_text("yesterday", encoding="utf-8")
    told = freight("solve", "tiny", cwd=tmp_path, code=2).stderr
    assert "plan.json: already exists." in told
    assert "Method" not in told
    assert (tmp_path / "plan.json").read_text(encoding="utf-8") == "yesterday"


def test_what_comes_there_meanwhile_is_kept(tmp_path: Path) -> None:
    """A plan that was long to find goes beside a file that came to its place while it was found."""
    assert unused(tmp_path / "plan.json") == tmp_path / "plan.json"
    (tmp_path / "plan.json").touch()
    assert unused(tmp_path / "plan.json") == tmp_path / "plan-2.json"
    (tmp_path / "plan-2.json").touch()
    assert unused(tmp_path / "plan.json") == tmp_path / "plan-3.json"


# --- modes, sets, failures ---------------------------------------------------------------------


def mode(path: Path) -> int:
    """Permissions of a file or folder."""
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_has_the_mode_of_the_umask_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    """A plan that others may not read does not become readable to all."""
    before = os.umask(0o077)
    try:
        write_bytes(tmp_path / "new", b"x")
        write_set(tmp_path / "set", {"a": b"x"})
        write(read("tiny"), tmp_path / "tiny")
    finally:
        os.umask(before)
    assert mode(tmp_path / "new") == 0o600
    assert (mode(tmp_path / "set"), mode(tmp_path / "set" / "a")) == (0o700, 0o600)
    assert (mode(tmp_path / "tiny"), mode(tmp_path / "tiny" / "stops.csv")) == (0o700, 0o600)
    write_bytes(tmp_path / "new", b"y", force=True)
    write(read("tiny"), tmp_path / "tiny", force=True)
    assert (mode(tmp_path / "new"), mode(tmp_path / "tiny")) == (0o600, 0o700)
    assert mode(tmp_path / "tiny" / "stops.csv") == 0o600
    (tmp_path / "new").chmod(0o640)
    write_bytes(tmp_path / "new", b"z", force=True)
    assert mode(tmp_path / "new") == 0o640


@pytest.mark.parametrize("force", [False, True])
def test_a_set_of_files_is_written_whole_or_not_at_all(tmp_path: Path, force: bool) -> None:
    """The third file cannot be put in place: the first two are as they were before."""
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "c").mkdir()
    (folder / "mine").write_text("mine")
    if force:
        (folder / "a").write_text("old")
    with pytest.raises(InstanceError, match=r"already exists|Is a directory"):
        write_set(folder, {"a": b"new", "b": b"new", "c": b"new"}, force=force)
    left = {path.name for path in folder.iterdir()}
    assert left == {"c", "mine"} | ({"a"} if force else set())
    assert not force or (folder / "a").read_text() == "old"
