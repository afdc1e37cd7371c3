"""Figures for papers: the right curves, in files of the right kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freight import planning
from freight.errors import InstanceError
from freight.io import read
from freight.report.figures import convergence, pareto, performance_profile, undominated

pytest.importorskip("matplotlib")
NUMBERS = st.integers(0, 50)


def test_profile_is_a_vector_file(tmp_path: Path) -> None:
    """Two methods on three problems, one unsolved, make an SVG with both names."""
    path = tmp_path / "profile.svg"
    performance_profile({"columns": [1, 2, 4], "arcs": [2, 2, None]}, path)
    text = path.read_text(encoding="utf-8")
    assert "<svg" in text


def test_equal_figures_are_equal_bytes(tmp_path: Path) -> None:
    """A PDF carries no date of its making."""
    for name in ("a", "b"):
        performance_profile({"columns": [1, 2], "arcs": [2, 1]}, tmp_path / f"{name}.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


def test_convergence_and_front_are_drawn(tmp_path: Path) -> None:
    """A solve and a front end up in files."""
    plan = planning.plan(read("tiny"))
    convergence({"tiny": plan}, tmp_path / "solve.pdf")
    pareto({"routes": [(1, 3), (2, 2), (3, 3)]}, ("USD", "days"), tmp_path / "front.pdf")
    assert (tmp_path / "solve.pdf").stat().st_size > 1000
    assert (tmp_path / "front.pdf").stat().st_size > 1000


def test_other_suffix_is_refused(tmp_path: Path) -> None:
    """A suffix that is no figure's is named with those that are."""
    with pytest.raises(InstanceError, match=r"suffix '\.docx' is none of a figure\. Use \.pdf"):
        pareto({"one": [(1, 1)]}, ("a", "b"), tmp_path / "front.docx")


def test_nothing_solved_is_refused(tmp_path: Path) -> None:
    """A profile of nothing says so."""
    with pytest.raises(ValueError, match="no solved problem"):
        performance_profile({"columns": [None]}, tmp_path / "p.pdf")


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1))
def test_front_is_what_nothing_dominates(points: list[tuple[int, int]]) -> None:
    """Every point is dominated by the front or on it; no front point dominates another."""
    front = undominated(points)
    for x, y in points:
        assert any(a <= x and b <= y for a, b in front)
    for x, y in front:
        assert not any((a, b) != (x, y) and a <= x and b <= y for a, b in points)
