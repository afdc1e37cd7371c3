"""From a policy to the instance in which it is the law.

Two forms: :func:`law` keeps every candidate train, so that all policies have the same network and
may share itineraries, with :func:`closed` naming the trains that may not run; :func:`shaped` leaves
those out, which is what a reader of the plan wants to see.
"""

from __future__ import annotations

from collections.abc import Collection

from freight.consolidation.candidates import Candidates, Train
from freight.consolidation.policy import Policy, check_policy
from freight.consolidation.trunk import rebuilt
from freight.domain.gazetteer import city_key
from freight.domain.instance import Instance
from freight.domain.service import Service


def law(network: Candidates, policy: Policy) -> Instance:
    """The whole candidate network with the policy's slots and minimum loads.

    Raises InstanceError for owners or cities that do not exist.
    """
    whole = network.instance
    check_policy(policy, whole)
    ruled = tuple(_ruled(one, network.trains.get(one.id), policy) for one in whole.services)
    statement = whole.statement.model_copy(update={"policy": policy.id})
    return rebuilt(whole, statement=statement, services=ruled)


def closed(
    network: Candidates, policy: Policy, members: Collection[str] | None = None
) -> frozenset[str]:
    """Services that may not run: trunk trains that the policy bars or no member can run."""
    who = set(network.instance.owner if members is None else members)
    return frozenset(
        name
        for name, train in network.trains.items()
        if not _allowed(network.instance, train, policy, who)
    )


def shaped(network: Candidates, policy: Policy, members: Collection[str] | None = None) -> Instance:
    """The instance that a policy leaves to ``members`` (default: all owners).

    Only trains that may run are offered, each open to whom the policy says; with members given,
    only their shipments are there. Everything that is no trunk train stays as it is. Raises
    InstanceError for owners or cities that do not exist.
    """
    whole, shut = law(network, policy), closed(network, policy, members)
    who = set(whole.owner if members is None else members)
    return rebuilt(
        whole,
        services=tuple(one for one in whole.services if one.id not in shut),
        stops=tuple(one for one in whole.stops if one.service not in shut),
        departures=tuple(one for one in whole.departures if one.service not in shut),
        shipments=tuple(one for one in whole.shipments if one.owner in who),
    )


def _allowed(whole: Instance, train: Train, policy: Policy, who: set[str]) -> bool:
    if train.kind not in policy.trains or not train.backers & who:
        return False
    if policy.most_stops is not None and len(train.home) > policy.most_stops:
        return False
    if not policy.hubs or not train.home:
        return True
    home = city_key(whole.terminal[train.home[0]].city)
    return home in {city_key(one) for one in policy.hubs}


def _ruled(service: Service, train: Train | None, policy: Policy) -> Service:
    """A trunk train with the policy's slots and minimum load."""
    if train is None:
        return service
    change: dict[str, object] = {"open_to": policy.may_ride(service.owner)}
    if policy.minimum_load_teu is not None:
        change["minimum_load_teu"] = policy.minimum_load_teu
    return service.model_copy(update=change)
