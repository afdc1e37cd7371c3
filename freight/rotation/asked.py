"""Rotations as asked for by one record: a waterway read, planned, and written into an instance."""

from __future__ import annotations

from freight.domain.wording import refused, unknown
from freight.errors import NoSolution
from freight.io import check_instance, find, read, write
from freight.io.origin import renamed_for
from freight.requests.rotation import RotationRequest
from freight.requests.watching import Watcher
from freight.rotation import RotationPlan, RotationRules, rotations
from freight.rotation.adding import operator_of, with_rotations
from freight.rotation.files import Waterway, folder_of, read_waterway
from solvers.outcome import Outcome


def rotations_as_asked(request: RotationRequest, watcher: Watcher | None = None) -> RotationPlan:
    """The cheapest rotations; nothing is written.

    Raises InstanceError with all faults of the tables, NoSolution where nothing carries what must
    go, EngineError when there are too many lots.
    """
    if request.into is not None:
        if request.instance is None:
            what = "It is not said which instance gets the departures."
            raise refused("instance", what, "Name it with --instance.")
        reads = [folder_of(request.source), find(request.instance)]
        check_instance(request.into, force=request.force, reads=reads)
    waterway = read_waterway(request.source)
    rules = rules_of(waterway, request)
    options = (watcher or Watcher()).of_parts().options(request.seconds, request.gap)
    made = rotations(
        waterway.river, waterway.flows, waterway.offers, rules, options, waterway.berths
    )
    if made.outcome is Outcome.INFEASIBLE:
        what = "No rotations carry what must go. Allow more weeks, vessels or penalties."
        raise NoSolution(" ".join([what, *made.remarks]))
    return made


def rules_of(waterway: Waterway, request: RotationRequest) -> RotationRules:
    """The rules of a request on a waterway; raises InstanceError for an unknown home port."""
    home = request.home or waterway.mouth
    if home not in waterway.river.ports:
        raise unknown("home", home, list(waterway.river.ports))
    return RotationRules(
        home_port=home, month=request.month, under_keel_m=request.under_keel,
        call_hours=request.call_hours, teu_per_hour=request.teu_per_hour,
        most_weeks=request.most_weeks, lot_teu=request.lot_teu,
    )  # fmt: skip


def add_as_asked(made: RotationPlan, request: RotationRequest) -> None:
    """Write rotations as services into the instance that the request names, if any.

    Raises InstanceError when ports, owner, currency or emission class are not the instance's.
    """
    if request.into is None or request.instance is None:
        return
    waterway = read_waterway(request.source)
    where = (waterway, rules_of(waterway, request))
    instance = read(request.instance)
    operator = operator_of(instance, where, request.owner, request.emission_class)
    more = with_rotations(instance, made, where, operator)
    write(renamed_for(more, request.into), request.into, force=request.force)
