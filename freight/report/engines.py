"""The methods and backends at hand, their traits, and whether they are installed."""

from __future__ import annotations

from dataclasses import asdict

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table

from solvers.linear.backends import BACKENDS, unavailable
from solvers.linear.backends import traits_of as backend_traits
from solvers.network_design.registry import METHODS, method_class


def engine_rows() -> dict[str, list[dict[str, object]]]:
    """Methods and backends with their traits; ``installed`` is False where ``why`` says why."""
    methods = [{"name": name, **asdict(method_class(name).traits)} for name in METHODS]
    backends: list[dict[str, object]] = []
    for name in BACKENDS:
        why = unavailable(name)
        backends.append(
            {"name": name, "installed": why is None, "why": why, **asdict(backend_traits(name))}
        )
    return {"methods": [dict(row) for row in methods], "backends": backends}


def engine_view() -> RenderableType:
    """Two tables for a terminal."""
    rows = engine_rows()
    methods = _table("Methods (--method)", rows["methods"], ("exact", "gives_bound"))
    flags = ("installed", "integer", "continuous", "lp_duals", "warm_start", "streams", "threads")
    return Group(methods, _table("Backends (--backend)", rows["backends"], flags))


def _table(title: str, rows: list[dict[str, object]], flags: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("name")
    for flag in flags:
        table.add_column(flag.replace("_", " "), justify="center")
    table.add_column("what it is")
    for row in rows:
        marks = ("yes" if row[flag] else "–" for flag in flags)
        table.add_row(str(row["name"]), *marks, str(row.get("why") or row["summary"]))
    return table
