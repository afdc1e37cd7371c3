"""What docs/extending.md shows works: a method from outside, a backend, a tab in one file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from freight.report.page import render
from solvers.linear.declared import with_declared
from tests.command import FREIGHT, SCREEN

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The first block of code of a language on the page."""
    [code] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(code)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installed package with the method of the page and a backend, as pip would lay it."""
    place = tmp_path_factory.mktemp("site")
    (place / "two_seeds.py").write_text(block("python"), encoding="utf-8")
    (place / "my_backend.py").write_text(
        "from solvers.linear.backends.highs import Highs\n\n\n"
        "class Mine(Highs):\n    name = 'my-highs'\n",
        encoding="utf-8",
    )
    about = place / "two_seeds-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: two-seeds\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(
        block("toml").replace('[project.entry-points."', "[").replace('"]', "]").replace('"', "")
        + "arc-mip = two_seeds:TwoSeeds\n\n[freight.backends]\nmy-highs = my_backend:Mine\n"
    )
    return place


def run(package: Path, *words: object) -> str:
    """The command with the package on its path."""
    path = os.pathsep.join([str(package), str(ROOT)])
    done = subprocess.run(
        [*FREIGHT, *map(str, words)], capture_output=True, text=True, timeout=200, check=False,
        cwd=package, env={**os.environ, "PYTHONPATH": path, **SCREEN},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_method_and_a_backend_from_outside_are_listed_and_solve(package: Path) -> None:
    """Both stand in the list; the optimum of tiny is found by them, audited and told by name."""
    listed = run(package, "solvers")
    assert "two-seeds" in listed
    assert "my-highs" in listed
    plan = package / "plan.json"
    assert "71,729 USD" in run(package, "solve", "tiny", "-m", "two-seeds", "-t", 20, "-o", plan)
    assert "by two-seeds" in " ".join(run(package, "show", plan).split())
    other = package / "other.json"
    assert "71,729 USD" in run(package, "solve", "tiny", "-b", "my-highs", "-o", other)


def test_nobody_takes_the_name_of_one_of_ours(package: Path) -> None:
    """The package declares arc-mip too; ours stays."""
    code = "from solvers.network_design.registry import METHODS; print(METHODS['arc-mip'])"
    path = os.pathsep.join([str(package), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert done.stdout.strip() == "solvers.network_design.exact.arc_mip:ArcFlow"
    assert with_declared("freight.nothing", {"a": "b:c"}) == {"a": "b:c"}


def test_a_tab_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file of the page becomes a tab between those beside its number, in both languages."""
    folder = tmp_path / "templates" / "report" / "tabs"
    folder.mkdir(parents=True)
    ours = ROOT / "freight" / "report" / "templates" / "report" / "tabs"
    for file in ours.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "55-customers.html").write_text(block("html"), encoding="utf-8")
    monkeypatch.setattr(render, "files", lambda _package: tmp_path)
    render.tabs.cache_clear()
    try:
        found = {tab.name: tab for tab in render.tabs()}
    finally:
        render.tabs.cache_clear()
    assert found["customers"].zh == "客户"
    names = list(found)
    assert names.index("shipments") < names.index("customers") < names.index("lanes")
    (folder / "56-untitled.html").write_text("<p></p>", encoding="utf-8")
    with pytest.raises(ValueError, match="56-untitled"):
        render.tabs()
    render.tabs.cache_clear()
