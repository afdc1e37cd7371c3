"""The compact model of an instance as an MPS or LP file, for any solver that reads them."""

from __future__ import annotations

from pathlib import Path

from freight.domain.instance import Instance
from freight.errors import EngineError, Fault, InstanceError
from freight.io.files import drafted
from freight.model.compile import compile_instance
from solvers.linear.backends.files import SUFFIXES, write_model
from solvers.linear.model import LinearModel
from solvers.network_design.compact.model import build
from solvers.outcome import SolverFailed

NAMED = 5_000_000
"""Arcs × commodities up to which labels hold names, which make a file three times as large."""
LARGEST = 100_000_000
"""Arcs × commodities beyond which the compact model is not stated whole."""


def write_instance_model(
    instance: Instance, path: Path, strong: bool = True, *, force: bool = False
) -> LinearModel:
    """Write the compact model in the format of the suffix; gives the model.

    The formulation stands in :mod:`solvers.network_design.compact.model`.

    Columns and rows carry symbol and indices and, in a model that is not large, the names of
    shipments, departures and events; costs are in the base currency. Without ``strong`` the
    linking rows that capacity rows imply are left out. That boxes come to no place twice is stated
    by rows, exactly where a commodity travels whole; where it may be divided the optimum of the
    file may lie below that of freight. Raises InstanceError for another suffix,
    EngineError when it is too large or HiGHS fails.
    """
    if path.suffix not in SUFFIXES:
        what = f"suffix '{path.suffix}' is not that of a model file."
        raise InstanceError([Fault(str(path), None, None, what, f"Use {' or '.join(SUFFIXES)}.")])
    problem = compile_instance(instance).problem
    size = problem.arcs * problem.commodities
    if size > LARGEST:
        raise EngineError(
            f"The compact model of {problem.arcs:,} arcs × {problem.commodities:,} commodities is "
            "too large for a file. Export fewer shipments or a shorter horizon."
        )
    stated = build(problem, strong, named=size <= NAMED, visits=True)
    if not stated.possible:
        raise EngineError(
            f"{instance.statement.name}: a row without columns rules out every plan. "
            "Check committed departures and daily capacities with freight solve."
        )
    try:
        with drafted(path, force=force) as draft:
            write_model(stated.model, draft)
    except SolverFailed as error:
        raise EngineError(str(error)) from error
    return stated.model
