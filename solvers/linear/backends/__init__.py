"""Names of the backends and where they live; a new backend is one file and one entry here.

Imports the linear model and the floor of ``solvers``; a method asks for a backend by name.
"""

from __future__ import annotations

from dataclasses import fields
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from solvers.linear.backends.base import Backend, LinearResult, Traits
from solvers.linear.declared import with_declared
from solvers.outcome import SolverUnavailable

__all__ = [
    "BACKENDS",
    "Backend",
    "LinearResult",
    "Traits",
    "backend",
    "traits_of",
    "unavailable",
]

BACKENDS: dict[str, str] = with_declared(
    "freight.backends",
    {
        "highs": "solvers.linear.backends.highs:Highs",
        "scip": "solvers.linear.backends.scip:Scip",
        "cbc": "solvers.linear.backends.cbc:Cbc",
        "cp-sat": "solvers.linear.backends.cp_sat:CpSat",
        "glop": "solvers.linear.backends.glop:Glop",
        "pdlp": "solvers.linear.backends.pdlp:Pdlp",
    },
)

#: Import name and distribution that each of our own backends needs.
REQUIRES: dict[str, tuple[str, str]] = {
    "highs": ("highspy", "highspy"),
    "scip": ("ortools", "ortools"),
    "cbc": ("pulp", "PuLP"),
    "cp-sat": ("ortools", "ortools"),
    "glop": ("ortools", "ortools"),
    "pdlp": ("ortools", "ortools"),
}


def unavailable(name: str) -> str | None:
    """Why a backend cannot be used here and what to do, or None when it can.

    Raises SolverUnavailable when the name is unknown.
    """
    if name not in BACKENDS:
        raise SolverUnavailable(
            f"Backend '{name}' is unknown. Choose one of {', '.join(BACKENDS)}."
        )
    package, distribution = REQUIRES.get(name, ("", ""))
    if package and find_spec(package) is None:
        return f"Backend '{name}' needs the package {distribution}. Install it with pip."
    return _probe(name)


def _probe(name: str) -> str | None:
    """What the backend itself says about its native part."""
    try:
        found = _class(name)()
    except ImportError as error:
        return f"Backend '{name}' cannot be loaded: {error}. Reinstall its package."
    probe = getattr(found, "missing", None)
    reason: str | None = probe() if probe is not None else None
    return reason


def _class(name: str) -> type[Backend]:
    module, attribute = BACKENDS[name].split(":")
    found: type[Backend] = getattr(import_module(module), attribute)
    return found


def traits_of(name: str) -> Traits:
    """What a backend can do, which is nothing when its package is not installed.

    Raises SolverUnavailable when the name is unknown.
    """
    reason = unavailable(name)
    try:
        return _class(name).traits
    except ImportError:
        nothing: dict[str, Any] = dict.fromkeys((one.name for one in fields(Traits)), False)
        return Traits(**{**nothing, "summary": reason or "Cannot be loaded."})


def backend(name: str) -> Backend:
    """The backend of a name; raises SolverUnavailable when unknown or not usable here."""
    reason = unavailable(name)
    if reason is not None:
        raise SolverUnavailable(reason)
    return _class(name)()
