"""Trucks as asked for by one record: doors and trucks read or made up, then planned and charged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from freight.domain.drayage import Door
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.domain.wording import refused, unknown
from freight.drayage import (
    ASSUMED_TRUCKS,
    drayage,
    read_doors,
    read_trucks,
    synthetic_doors,
    with_drayage,
)
from freight.io.places import check_apart, check_output
from freight.requests.drayage import DrayageRequest
from freight.requests.watching import Watcher
from solvers.vrp import METHODS


def plan_with_trucks(
    instance: Instance, plan: Plan, request: DrayageRequest, watcher: Watcher | None = None
) -> Plan:
    """The plan with its trucks; nothing is written.

    Raises InstanceError for a request that makes no sense or tables with faults.
    """
    if request.method not in METHODS:
        raise unknown("method", request.method, list(METHODS))
    doors = doors_of(instance, request)
    trucks = read_trucks(request.trucks, instance) if request.trucks else ASSUMED_TRUCKS
    options = (watcher or Watcher()).of_parts().options(request.seconds, seed=request.seed)
    made = drayage(instance, plan, doors, options, trucks, request.method)
    return with_drayage(instance, plan, made)


def check_outputs(request: DrayageRequest, reads: Sequence[Path | str | None] = ()) -> None:
    """Raise InstanceError where the files asked for could not be written after all the work."""
    named = (*reads, request.doors, request.trucks)
    for path in (request.output, request.routes):
        check_output(path, force=request.force, reads=named)
    check_apart(request.output, request.routes)


def doors_of(instance: Instance, request: DrayageRequest) -> Sequence[Door]:
    """The doors of a table, or made-up ones; raises InstanceError for neither and for both."""
    if request.doors is not None and not request.synthetic_doors:
        return read_doors(request.doors, instance)
    if request.doors is None and request.synthetic_doors:
        return synthetic_doors(instance, request.seed, request.within_km)
    what = "It is not said where the doors are."
    raise refused("doors", what, "Give either --doors FILE or --synthetic-doors.")
