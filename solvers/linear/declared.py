"""Methods and backends of installed packages, declared as entry points beside our own.

A package that says in its ``pyproject.toml``

    [project.entry-points."freight.methods"]
    two-seeds = "my_package.two_seeds:TwoSeeds"

has its class listed and used as ours are; groups are ``freight.methods`` and ``freight.backends``.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points


def with_declared(group: str, own: Mapping[str, str]) -> dict[str, str]:
    """Our own entries (name to ``module:class``) with those declared in a group.

    Ours come first; nobody takes the name of one of them.
    """
    declared = {entry.name: entry.value for entry in sorted(entry_points(group=group))}
    return {**own, **{name: place for name, place in declared.items() if name not in own}}
