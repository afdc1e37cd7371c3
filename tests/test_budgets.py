"""Budgets that keep the library readable and that the linter does not know."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES = 400


def test_no_module_is_longer_than_one_idea_needs() -> None:
    """A long one holds more than one idea."""
    modules = [path for name in ("freight", "solvers") for path in (ROOT / name).rglob("*.py")]
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert len(lines) > 100
    assert {path.name: many for path, many in lines.items() if many > MOST_LINES} == {}


def test_the_command_line_stays_a_table() -> None:
    """``cli.py`` holds the group, the exit codes and the table of commands, nothing else."""
    assert len((ROOT / "cli.py").read_text(encoding="utf-8").splitlines()) < 120
