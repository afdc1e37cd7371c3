"""Names of the methods and where they live; a new method is one file and one entry here.

Methods of installed packages stand beside them (:mod:`solvers.linear.declared`).
"""

from __future__ import annotations

from importlib import import_module

from solvers.linear.declared import with_declared
from solvers.network_design.statement.method import Method
from solvers.outcome import SolverUnavailable

METHODS: dict[str, str] = with_declared(
    "freight.methods",
    {
        "arc-mip": "solvers.network_design.exact.arc_mip:ArcFlow",
        "columns": "solvers.network_design.exact.columns:ColumnGeneration",
        "matheuristic": "solvers.network_design.heuristics.matheuristic:Matheuristic",
    },
)


def method_class(name: str) -> type[Method]:
    """The class behind a name; raises SolverUnavailable naming the known ones."""
    if name not in METHODS:
        raise SolverUnavailable(f"Method '{name}' is unknown. Choose one of {', '.join(METHODS)}.")
    module, attribute = METHODS[name].split(":")
    found: type[Method] = getattr(import_module(module), attribute)
    return found
