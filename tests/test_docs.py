"""Documentation: every link leads somewhere, generated pages are current."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("instances/**/*.md")])
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
FENCE = re.compile(r"```.*?```", re.DOTALL)


def anchors(path: Path) -> set[str]:
    """Anchors that a Markdown renderer makes of the headings."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in heads}


def broken(path: Path, text: str) -> list[str]:
    """Links of a page that lead nowhere; addresses on the web are not followed."""
    found = []
    for link in LINK.findall(FENCE.sub("", text)):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            found.append(link)
    return found


def script(name: str) -> ModuleType:
    """A script of the folder docs as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """The script that writes the reference."""
    return script("reference")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_link_is_broken(path: Path) -> None:
    """Files and headings that a page points to are there."""
    assert broken(path, path.read_text(encoding="utf-8")) == []


def test_the_checker_finds_broken_links(tmp_path: Path) -> None:
    """A missing file and a missing heading are both found; code is left alone."""
    page = tmp_path / "page.md"
    page.write_text("# One head\n", encoding="utf-8")
    text = "[a](gone.md) [b](#one-head) [c](#two) [d](page.md#one-head)\n```\n[e](x.md)\n```\n"
    assert broken(page, text) == ["gone.md", "#two"]


def test_the_reference_is_current(generator: ModuleType) -> None:
    """After a change to a record, run python docs/reference.py."""
    page = ROOT / "docs" / "reference.md"
    assert page.read_text(encoding="utf-8") == generator.reference()


def test_every_command_is_listed(generator: ModuleType) -> None:
    """After adding a command, run python docs/reference.py."""
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    heads = re.findall(r"^## (freight [a-z-]+)$", generator.commands(), re.MULTILINE)
    assert [one for one in heads if f"## {one}\n" not in page] == []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site, in a folder that goes away."""
    pytest.importorskip("mkdocs")
    folder = tmp_path_factory.mktemp("site")
    done = build(folder)
    assert done.returncode == 0, done.stderr
    return folder


def build(folder: Path, config: Path = ROOT / "mkdocs.yml") -> subprocess.CompletedProcess[str]:
    """Run the generator as make docs does."""
    command = [sys.executable, "-m", "mkdocs", "build", "-f", config, "-d", folder]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(command, check=False, capture_output=True, text=True, env=quiet)


def test_the_site_has_every_page_and_loads_nothing_from_elsewhere(site: Path) -> None:
    """Pages outside docs are in it, links between them work, no script or style is foreign."""
    for page in ("index", "tutorial", "notebook", "formulation", "instances/index"):
        assert (site / f"{page}.html").is_file()
    assert (site / "freight" / "schemas" / "bill.json").is_file()
    assert 'href="instances/index.html"' in (site / "index.html").read_text(encoding="utf-8")
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert re.findall(r'<(?:script|img|link rel="stylesheet")[^>]+"https?:', text) == []


def test_a_broken_link_ends_the_build_of_the_site(tmp_path: Path) -> None:
    """The generator is strict about files and headings alike."""
    pytest.importorskip("mkdocs")
    for name in ("mkdocs.yml", "CHANGELOG.md", "CONTRIBUTING.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("docs", "instances", "benchmarks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "freight" / "schemas").mkdir(parents=True)
    shutil.copy(ROOT / "freight/schemas/bill.json", tmp_path / "freight/schemas/bill.json")
    page = tmp_path / "docs" / "concepts.md"
    sound = page.read_text(encoding="utf-8")
    cases = {"gone.md": "gone.md", "how-to.md#gone": "does not contain an anchor"}
    for link, message in cases.items():
        page.write_text(f"{sound}\n[x]({link})\n", encoding="utf-8")
        done = build(tmp_path / "site", tmp_path / "mkdocs.yml")
        assert done.returncode != 0
        assert message in done.stdout + done.stderr


def test_the_notebook_is_executed_and_knows_no_machine() -> None:
    """Every cell has run, in order, without error; no path of a machine stands in it."""
    text = (ROOT / "docs" / "notebook.ipynb").read_text(encoding="utf-8")
    code = [one for one in json.loads(text)["cells"] if one["cell_type"] == "code"]
    assert [one["execution_count"] for one in code] == list(range(1, len(code) + 1))
    assert all(out["output_type"] != "error" for one in code for out in one["outputs"])
    assert "data:image/png;base64" in text
    assert not re.search(r"/(work|home|root|tmp|Users)/|No map", text)


@pytest.mark.slow
def test_the_notebook_gives_the_same_again(tmp_path: Path) -> None:
    """Executed again, cells and text outputs are the committed ones, seconds and versions apart."""
    pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    notebook = script("notebook")
    committed = json.loads(notebook.PAGE.read_text(encoding="utf-8"))["cells"]
    again = notebook.executed(tmp_path)["cells"]
    assert ["".join(one["source"]) for one in committed] == [one["source"] for one in again]
    assert [shown(one) for one in committed] == [shown(one) for one in again]


def shown(cell: dict[str, Any]) -> list[str]:
    """Text outputs of a cell; a plan's own record of its solve is left out."""
    texts = ["".join(one.get("data", {}).get("text/plain", "")) for one in cell.get("outputs", ())]
    return ["Plan" if text.startswith("Plan(") else text for text in texts]


def test_python_in_the_how_to_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples for Python work one after the other as they stand."""
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "how-to.md").read_text(encoding="utf-8")
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        exec(compile(block, "how-to.md", "exec"), names)
    written = {one.name for one in tmp_path.iterdir()}
    assert written == {"tables", "plan.geojson", "solve.pdf", "profile.svg"}
