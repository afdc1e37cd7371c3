"""From a policy to the instance in which it is the law."""

from __future__ import annotations

from collections.abc import Collection

from freight.consolidation.candidates import Candidates, Train
from freight.consolidation.policy import Policy, check_policy
from freight.domain.instance import Instance
from freight.domain.service import Service


def shaped(network: Candidates, policy: Policy, members: Collection[str] | None = None) -> Instance:
    """The instance that a policy leaves to ``members`` (default: all owners).

    Only trains that the policy allows and a member can run are offered, each open to whom the
    policy says; with members given, only their shipments are there. Everything that is no trunk
    train stays as it is. Raises InstanceError for owners or cities that do not exist.
    """
    whole = network.instance
    check_policy(policy, whole)
    who = set(whole.owner if members is None else members)
    kept = {
        one.id: _ruled(one, network.trains.get(one.id), policy)
        for one in whole.services
        if _allowed(whole, network.trains.get(one.id), policy, who)
    }
    return Instance(
        statement=whole.statement,
        terminals=whole.terminals,
        transfers=whole.transfers,
        services=tuple(kept.values()),
        stops=tuple(one for one in whole.stops if one.service in kept),
        departures=tuple(one for one in whole.departures if one.service in kept),
        shipments=tuple(one for one in whole.shipments if one.owner in who),
        emissions=whole.emissions,
    )


def _allowed(whole: Instance, train: Train | None, policy: Policy, who: set[str]) -> bool:
    if train is None:
        return True
    if train.kind not in policy.trains or not train.backers & who:
        return False
    if policy.most_stops is not None and len(train.home) > policy.most_stops:
        return False
    if not policy.hubs or not train.home:
        return True
    return whole.terminal[train.home[0]].city in policy.hubs


def _ruled(service: Service, train: Train | None, policy: Policy) -> Service:
    """A trunk train with the policy's slots and minimum load."""
    if train is None:
        return service
    change: dict[str, object] = {"open_to": policy.may_ride(service.owner)}
    if policy.minimum_load_teu is not None:
        change["minimum_load_teu"] = policy.minimum_load_teu
    return service.model_copy(update=change)
