"""Hooks of the site's build: pages that stand outside ``docs``, and the notebook as a page.

A link from a page to a file of the project outside ``docs`` is kept: the file becomes a page or a
download of the site, under its path in the project. A link to a file that is not there stays as it
is, and the strict build ends with it.
"""

from __future__ import annotations

import posixpath
import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import nbformat
from mkdocs.structure.files import File
from nbconvert import MarkdownExporter

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("benchmarks/README.md", "CONTRIBUTING.md", "CHANGELOG.md", "instances/README.md",
         "instances/tiny/README.md", "instances/yangtze-europe/README.md")  # fmt: skip
NOTEBOOK = "notebook.ipynb"
LINK = re.compile(r"(?<=\]\()(?P<file>[^)#\s:]+)(?P<anchor>#[^)\s]*)?(?=\))")


def on_files(files: Any, config: Any) -> Any:
    """Add the pages outside ``docs``, what pages link to there, and the notebook."""
    for name in PAGES:
        _add(files, config, name)
    sources = [*PAGES, *(f"docs/{one.src_uri}" for one in files.documentation_pages())]
    for source in sources:
        path = ROOT / source
        if path.is_file():
            for link in LINK.finditer(path.read_text(encoding="utf-8")):
                target = project_path(source, link["file"])
                if not target.startswith(("docs/", "../")) and (ROOT / target).is_file():
                    _add(files, config, target)
    files.append(File.generated(config, "notebook.md", content=notebook_page()))
    return files


def _add(files: Any, config: Any, name: str) -> None:
    if files.get_file_from_path(name) is None:
        files.append(File.generated(config, name, abs_src_path=str(ROOT / name)))


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Point links at where their files stand in the site."""
    here = page.file.src_uri
    source = here if here in PAGES else f"docs/{here}"

    def moved(link: re.Match[str]) -> str:
        target = project_path(source, link["file"])
        if not (ROOT / target).is_file() and target != "docs/notebook.md":
            return link[0]
        uri = site_path(target)
        return posixpath.relpath(uri, posixpath.dirname(here) or ".") + (link["anchor"] or "")

    return LINK.sub(moved, markdown)


def project_path(source: str, link: str) -> str:
    """Path in the project of what a file of it links to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), link))


def site_path(target: str) -> str:
    """Path in the site of a file of the project."""
    uri = target.removeprefix("docs/")
    return "notebook.md" if uri == NOTEBOOK else uri


def notebook_page() -> str:
    """The executed notebook as Markdown, pictures inside."""
    book = nbformat.read(ROOT / "docs" / NOTEBOOK, as_version=4)
    text, resources = MarkdownExporter().from_notebook_node(book)
    for name, data in resources.get("outputs", {}).items():
        text = text.replace(f"({name})", f"({_inline(name, data)})")
    return str(text)


def _inline(name: str, data: bytes) -> str:

    kind = {".png": "image/png", ".svg": "image/svg+xml"}[Path(name).suffix]
    return f"data:{kind};base64,{b64encode(data).decode('ascii')}"
