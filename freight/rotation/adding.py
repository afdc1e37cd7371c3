"""Rotations into an instance: their services, stops and departures beside those it has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from freight.domain.instance import Instance
from freight.domain.wording import quoted, suggestion
from freight.errors import Fault, InstanceError
from freight.rotation import RotationPlan, RotationRules
from freight.rotation.files import Waterway
from freight.rotation.services import Operator, services_of

MARKET = "market"
"""Usual id of the owner of services that are open to all."""


def home_owner(instance: Instance) -> str:
    """Whose services they are where nobody says: of ``market``, else of the first owner."""
    return MARKET if MARKET in instance.owner else instance.statement.owners[0].id


def with_rotations(
    instance: Instance,
    found: RotationPlan,
    where: tuple[Waterway, RotationRules],
    operator: Operator,
) -> Instance:
    """The instance with the rotations as weekly services; those of the same month are replaced.

    Raises InstanceError when ports, owner, currency or emission class are not the instance's.
    """
    waterway, rules = where
    named = replace(operator, prefix=f"{operator.prefix}{rules.month:02}-")
    faults = list(_faults(instance, found, named))
    if faults:
        raise InstanceError(faults)
    hulls = [one.vessel for one in waterway.offers]
    services, stops, departures = services_of(found, waterway.river, rules, hulls, named)
    kept = {one.id for one in instance.services if not one.id.startswith(named.prefix)}
    tables = {name: getattr(instance, name) for name in Instance.model_fields}
    tables["services"] = (*(o for o in instance.services if o.id in kept), *services)
    tables["stops"] = (*(o for o in instance.stops if o.service in kept), *stops)
    tables["departures"] = (*(o for o in instance.departures if o.service in kept), *departures)
    return Instance(**tables)


def _faults(instance: Instance, found: RotationPlan, operator: Operator) -> Iterator[Fault]:
    name = instance.statement.name
    ports = {call.port for one in found.rotations for call in one.calls}
    for port in sorted(ports - set(instance.terminal)):
        remedy = suggestion(port, sorted(instance.terminal), "add it to the terminals")
        yield Fault(name, None, "terminals", f"{quoted(port)} is no terminal of it.", remedy)
    known = (
        ("owners", operator.owner, set(instance.owner)),
        ("exchange", found.currency, set(instance.rates)),
        ("emissions", operator.emission_class, set(instance.emission)),
    )
    for table, value, names in known:
        if value not in names:
            remedy = suggestion(value, sorted(names), "add it")
            yield Fault(name, None, table, f"{quoted(value)} is not among them.", remedy)


def operator_of(
    instance: Instance,
    where: tuple[Waterway, RotationRules],
    owner: str | None,
    emission_class: str,
) -> Operator:
    """Who runs the services: ``owner``, or as by :func:`home_owner`; with what made them."""
    source = f"freight rotate {where[0].name}, month {where[1].month}"
    return Operator("Barge rotation", owner or home_owner(instance), emission_class, source)
