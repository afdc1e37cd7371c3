"""Documentation: every link leads somewhere, generated pages are current."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

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


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """The script that writes the reference."""
    spec = importlib.util.spec_from_file_location("reference", ROOT / "docs" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
