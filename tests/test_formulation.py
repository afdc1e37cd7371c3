"""The page of formulations says what the docstrings say."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).resolve().parent.parent / "docs"


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """The script that writes the page."""
    spec = importlib.util.spec_from_file_location("formulation", DOCS / "formulation.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_current(generator: ModuleType) -> None:
    """After a change to a formulation, run python docs/formulation.py."""
    assert (DOCS / "formulation.md").read_text(encoding="utf-8") == generator.page()


def test_every_chapter_states_its_mathematics(generator: ModuleType) -> None:
    """No module is listed twice, each has a heading, formulas stay unwrapped."""
    modules = [one for some in generator.CHAPTERS.values() for one in some]
    assert len(modules) == len(set(modules))
    text = generator.page()
    assert all(one.replace(".", "/") + ".py" in text for one in modules)
    assert "balance    Σ_out x[k,a] - Σ_in x[k,a]" in text


def test_docstrings_become_markdown(generator: ModuleType) -> None:
    """Paragraphs lose their roles, set-apart lines stay as they are."""
    text = "See :mod:`solvers.games` and ``x``.\n\n    ``a = b``\n\nmin  a cost\nmax  a range"
    assert generator.markdown(text).split("\n\n") == [
        "See `solvers.games` and `x`.",
        "```text\n    a = b\n```",
        "```text\nmin  a cost\nmax  a range\n```",
    ]


def test_tables_keep_their_columns(generator: ModuleType) -> None:
    """Backticks go, cells stay under their heads."""
    table = "    =========  ====\n    name       is\n    =========  ====\n    ``c[a]``   cost"
    assert generator.markdown(table).splitlines()[-2] == "    c[a]       cost"


def test_a_stale_page_is_told(
    generator: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """--check fails until the page is written."""
    monkeypatch.setattr(generator, "PAGE", tmp_path / "formulation.md")
    assert generator.main(["--check"]) == 1
    assert "out of date" in capsys.readouterr().err
    assert generator.main([]) == 0
    assert generator.main(["--check"]) == 0
