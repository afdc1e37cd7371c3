"""Names of the methods and where they live; a new method is one file and one entry here."""

from __future__ import annotations

from importlib import import_module

from solvers.errors import SolverUnavailable
from solvers.method import Method

METHODS: dict[str, str] = {
    "arc-mip": "solvers.arc_flow:ArcFlow",
    "columns": "solvers.column_generation:ColumnGeneration",
    "matheuristic": "solvers.matheuristic:Matheuristic",
}


def method_class(name: str) -> type[Method]:
    """The class behind a name; raises SolverUnavailable naming the known ones."""
    if name not in METHODS:
        raise SolverUnavailable(f"Method '{name}' is unknown. Choose one of {', '.join(METHODS)}.")
    module, attribute = METHODS[name].split(":")
    found: type[Method] = getattr(import_module(module), attribute)
    return found
