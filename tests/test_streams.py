"""What the command line sends to a terminal, a pipe, a full disk or nowhere."""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from rich.table import Table

import cli
from freight.commands import screen
from tests.command import FREIGHT, ROOT, freight

POSIX = pytest.mark.skipif(os.name == "nt", reason="descriptors as on POSIX systems")
ENTRY = " ".join(shlex.quote(word) for word in FREIGHT)


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A line of a shell in which FREIGHT stands for the program."""
    return subprocess.run(
        ["sh", "-c", line.replace("FREIGHT", ENTRY)], cwd=ROOT, capture_output=True, timeout=60,
        check=False, env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )  # fmt: skip


def written(words: list[str], encoding: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a command sends to a stdout of some encoding."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    with pytest.raises(SystemExit) as ended:
        cli.main(words, prog_name="freight")
    assert ended.value.code == 0
    stream.flush()
    return stream.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk"])
@pytest.mark.parametrize("words", ["--help", "bill PLAN -s S1"])
def test_every_encoding_is_written(
    encoding: str, words: str, tiny_plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signs that a stream cannot take become question marks; help and bills come whole."""
    told = written(words.replace("PLAN", str(tiny_plan)).split(), encoding, monkeypatch)
    assert "freight" in told or "S1" in told
    assert ("?" in told) == (encoding != "gbk")


def test_a_narrow_stream_of_the_system_is_no_error() -> None:
    """The same through the real entry point."""
    told = shell("FREIGHT --help", PYTHONIOENCODING="latin-1")
    assert told.returncode == 0, told.stderr
    assert "Usage: freight" in told.stdout.decode("latin-1")


def test_json_loses_nothing_on_a_narrow_stream(
    tiny_plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ASCII cannot hold is escaped, so that a program reads what UTF-8 would have held."""
    words = ["bill", str(tiny_plan), "-s", "S1", "-f", "json"]
    narrow, wide = (written(words, encoding, monkeypatch) for encoding in ("ascii", "utf-8"))
    assert "\\u" in narrow
    assert json.loads(narrow) == json.loads(wide)


@POSIX
def test_a_closed_stream_is_no_error() -> None:
    """Whoever closes stdout wants no answer; the exit code is that of the work."""
    told = shell("FREIGHT validate tiny >&- 2>&- <&-")
    assert told.returncode == 0
    told = shell("FREIGHT completion bash >&-")
    assert (told.returncode, told.stderr) == (0, b"")


@POSIX
def test_a_file_never_takes_the_place_of_a_closed_stream(tmp_path: Path) -> None:
    """With stdout closed the first file opened would get its number, and what libraries print."""
    copy = tmp_path / "copy.json"
    assert shell(f"FREIGHT convert tiny {copy} >&-").returncode == 0
    assert json.loads(copy.read_text("utf-8"))["statement"]["name"] == "tiny"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_a_full_disk_is_told_in_one_line(tiny_plan: Path) -> None:
    """No traceback, not at the end of the process either."""
    told = shell(f"FREIGHT show {tiny_plan} >/dev/full")
    assert told.returncode == 4
    assert told.stderr.decode().splitlines() == [
        "Error: The answer cannot be written: No space left on device."
    ]


@POSIX
def test_a_reader_that_goes_away_is_quiet(tiny_plan: Path) -> None:
    """``freight … | head -1`` prints a line and nothing else."""
    told = shell(f"FREIGHT bill {tiny_plan} --all | head -1")
    assert told.stdout.count(b"\n") == 1
    assert told.stderr == b""


def test_control_characters_are_shown_and_never_sent(capsys: pytest.CaptureFixture[str]) -> None:
    """Escape, bell, C1 and signs that turn a line around, in sentences, tables and texts."""
    nasty = "a\x1b[2Jb\x07c\x9bd\x7fe\u202ef"
    table = Table(nasty, title=nasty)
    table.add_row(nasty)
    screen.say(nasty, "Head:")
    screen.view(table)
    screen.raw(nasty)
    screen.tell(nasty)
    told = capsys.readouterr()
    for text in (told.out, told.err):
        assert not set(text) & set("\x1b\x07\x9b\x7f\u202e")
        assert "a␛[2Jb␇c\\x9bd␡e\\u202ef" in text
    assert told.out.count("␛") == 5


def test_json_escapes_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    """A program reads the same text, a terminal gets nothing to obey."""
    nasty = {"name": "a\x1b[2J\x9b\x7f\u202e\U0001f600中"}
    screen.as_json(nasty)
    told = capsys.readouterr().out
    assert json.loads(told) == nasty
    assert not set(told) & set("\x1b\x9b\x7f\u202e")


def test_text_of_people_is_no_markup(tmp_path: Path) -> None:
    """Brackets in names of files and folders stand as they are typed."""
    assert "to x[/y].json" in freight("solve", "tiny", "-o", "x[/y].json", cwd=tmp_path).stdout
    assert (tmp_path / "x[/y].json").exists()
    assert "[bold]x" in freight("new", "[bold]x", cwd=tmp_path).stdout
    assert "[/z]" in freight("show", "[/z].json", cwd=tmp_path, code=2).stderr
    assert "[/z]" in freight("solve", "tiny", "-t", "[/z]", cwd=tmp_path, code=2).stderr


def test_names_in_tables_are_no_markup(tmp_path: Path) -> None:
    """A city called [/c]Wuhan is a row of the matrix, not a fault of the program."""
    freight("convert", "tiny", tmp_path / "inst")
    for name in ("instance.toml", "terminals.csv"):
        path = tmp_path / "inst" / name
        path.write_text(path.read_text("utf-8").replace("Wuhan", "[/c]Wuhan"), "utf-8")
    told = freight("matrix", tmp_path / "inst", "--city", "[/c]Wuhan", "--city", "Duisburg").stdout
    assert "[/c]Wuhan" in told


def test_notes_are_lost_rather_than_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a hang-up stderr takes nothing any more; the plan is written all the same."""

    class Gone(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(sys, "stderr", Gone())
    assert screen.tell("anything") is None
