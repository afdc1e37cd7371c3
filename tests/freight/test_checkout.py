"""Set-up, demo and tests of a checkout without make, and lines that install what is missing."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pytest

import cli
from freight import checkout, packages
from freight.errors import EngineError
from tests.command import ROOT


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What would be run, in a checkout that has no environment yet."""
    for name in checkout.SOURCES:
        (tmp_path / name).write_text("", encoding="utf-8")
    monkeypatch.setattr(checkout, "ROOT", tmp_path)
    monkeypatch.setattr(checkout, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(checkout, "BIN", tmp_path / ".venv" / "bin")
    made: list[list[str]] = []

    def remember(words: Sequence[str]) -> None:
        made.append(list(words))
        (tmp_path / ".venv").mkdir(exist_ok=True)

    monkeypatch.setattr(checkout, "run", remember)
    return made


def test_it_runs_before_anything_is_installed() -> None:
    """Plain Python without any package says what it can do."""
    done = subprocess.run(
        [sys.executable, "-S", "-m", "freight.checkout", "--help"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "{setup,setup-dev,demo,test}" in done.stdout


def test_a_set_up_is_made_once_until_its_sources_change(
    calls: list[list[str]], tmp_path: Path
) -> None:
    """An environment and one installation; the second time nothing; after a change, again."""
    checkout.set_up(run=checkout.run)
    assert calls[0][1:] == ["-m", "venv", str(tmp_path / ".venv")]
    assert calls[1][-2:] == ["--editable", ".[report]"]
    checkout.set_up(run=checkout.run)
    assert len(calls) == 2
    later = checkout.ready("report").stat().st_mtime + 10
    os.utime(tmp_path / "constraints.txt", (later, later))
    checkout.set_up(run=checkout.run)
    assert calls[-1][-2:] == ["--editable", ".[report]"]


def test_the_demo_calls_commands_as_they_are(calls: list[list[str]]) -> None:
    """Every step names a command and flags that this version has."""
    checkout.demo(run=checkout.run)
    steps = calls[2:]
    assert [step[1] for step in steps] == ["validate", "solve", "audit", "bill", "report"]
    context = click.Context(cli.main)
    for step in steps:
        command = cli.main.get_command(context, step[1])
        assert command is not None
        command.make_context(step[1], step[2:])


def test_the_answer_says_how_freight_gets_on_the_path(
    calls: list[list[str]], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it is, how to activate, and one line for every terminal."""
    monkeypatch.setattr(checkout, "set_up", lambda *_: calls.append([]))
    checkout.main(["setup"])
    told = capsys.readouterr().out
    assert "source " in told
    assert 'pipx install ".[report]"' in told


def test_a_failing_step_ends_with_its_exit_code() -> None:
    """As make does."""
    with pytest.raises(SystemExit) as ended:
        checkout.run([sys.executable, "-c", "raise SystemExit(7)"])
    assert ended.value.code == 7


@pytest.mark.parametrize("folder", ["/opt/freight/bin", "/home/a b/bin"])
def test_the_line_that_installs_names_this_python(
    folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that a shell would read otherwise; where uv made the environment, uv installs."""
    monkeypatch.setattr(sys, "executable", f"{folder}/python")
    line = packages.install_line("plotly")
    assert shlex.split(line) == [f"{folder}/python", "-m", "pip", "install", "plotly"]
    assert not set(line) & set("'[]<>*$")
    monkeypatch.setattr(packages, "find_spec", lambda _: None)
    assert shlex.split(packages.install_line("plotly"))[:3] == ["uv", "pip", "install"]


def test_a_missing_package_is_named_with_what_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The module of the package is asked for, the package is named."""
    monkeypatch.setitem(sys.modules, "plotly.offline", None)
    with pytest.raises(EngineError, match=r"^The report needs plotly, which is not inst"):
        packages.needed("plotly.offline", "The report needs")
