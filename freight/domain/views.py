"""Views of records: what draws a record stands above the domain and registers itself here."""

from __future__ import annotations

from collections.abc import Callable

_HTML: dict[str, Callable[[object], str]] = {}


def register_html(kind: str, view: Callable[[object], str]) -> None:
    """Let records of a kind, such as ``plan``, show themselves in notebooks by a view."""
    _HTML[kind] = view


def html_of(kind: str, record: object) -> str | None:
    """A record as an HTML fragment; None where no view is registered for its kind."""
    view = _HTML.get(kind)
    return None if view is None else view(record)
