"""Vehicle routing: one statement, several methods behind one verb, one independent checker.

Imports the floor of ``solvers`` alone; no other package of ``solvers`` imports it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from solvers.outcome import SolverUnavailable

if TYPE_CHECKING:
    from solvers.vrp.best_of_both import RoutingMethod

METHODS: dict[str, str] = {
    "ortools": "solvers.vrp.ortools_routing:OrTools",
    "pyvrp": "solvers.vrp.pyvrp_search:PyVrp",
    "best-of-both": "solvers.vrp.best_of_both:BestOfBoth",
    "enumeration": "solvers.vrp.enumeration:Enumeration",
}


def routing_method(name: str) -> RoutingMethod:
    """The method behind a name with its default parameters; SolverUnavailable names the known."""
    if name not in METHODS:
        raise SolverUnavailable(f"Method '{name}' is unknown. Choose one of {', '.join(METHODS)}.")
    module, attribute = METHODS[name].split(":")
    try:
        method: RoutingMethod = getattr(import_module(module), attribute)()
    except ModuleNotFoundError as error:
        raise SolverUnavailable(
            f"Method '{name}' needs the package '{error.name}'. Install it, or use 'enumeration'."
        ) from error
    return method
