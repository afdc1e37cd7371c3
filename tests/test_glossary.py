"""The glossary names modules that exist, each term once, in order, with its Chinese."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[1] / "docs" / "glossary.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| term", "| ---"))
]


def test_every_place_in_the_glossary_exists() -> None:
    """A renamed module is renamed in the glossary too."""
    places = {row[3].strip("`") for row in ROWS}
    assert len(places) > 40
    assert [place for place in places if find_spec(place) is None] == []


def test_terms_stand_once_and_in_order() -> None:
    """In each of the two tables, so that a term is found."""
    terms = [row[0].lower() for row in ROWS]
    assert len(set(terms)) == len(terms)
    falls = [i for i in range(1, len(terms)) if terms[i] < terms[i - 1]]
    assert len(falls) == 1


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_every_term_has_its_chinese(row: list[str]) -> None:
    """A planner finds the word that is used at home."""
    assert len(row) == 5
    assert row[0] == "UN/LOCODE" or re.search(r"[\u4e00-\u9fff]", row[1])
