"""Budgets that keep the library readable and that the linter does not know."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES = 400


def test_no_module_is_longer_than_one_idea_needs() -> None:
    """A long one holds more than one idea."""
    modules = [path for name in ("freight", "solvers") for path in (ROOT / name).rglob("*.py")]
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert len(lines) > 100
    assert {path.name: many for path, many in lines.items() if many > MOST_LINES} == {}


def test_the_top_floor_of_solvers_has_at_most_ten_names() -> None:
    """Whoever opens the folder sees every problem at once, and not the parts of one."""
    floor = ROOT / "solvers"
    modules = {path.name for path in floor.glob("*.py")} - {"__init__.py"}
    names = modules | {path.parent.name for path in floor.glob("*/__init__.py")}
    assert len(names) <= 10, sorted(names)


def test_every_package_of_solvers_says_what_lives_there_and_who_may_import_it() -> None:
    """The docstring of a storey is what a stranger reads first."""
    packages = [path.parent for path in (ROOT / "solvers").glob("**/__init__.py")]
    assert len(packages) > 15
    for folder in packages:
        text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
        assert text is not None, folder
        assert re.search(r"\b[Ii]mport(s|ing)?\b", text), f"{folder}: says nothing of imports"


def test_the_command_line_stays_a_table() -> None:
    """``cli.py`` holds the group, the exit codes and the table of commands, nothing else."""
    assert len((ROOT / "cli.py").read_text(encoding="utf-8").splitlines()) < 120
