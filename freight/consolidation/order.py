"""Policies that allow more can never be dearer: plans and bounds carried from one to the other.

Policy ``A`` is *contained* in ``B`` when every train of ``A`` runs in ``B`` on no worse terms: open
to at least the same owners, with no higher minimum load. Then every plan of ``A`` is a plan of
``B``, hence ``c(A) ≥ c(B)``: a plan of ``A`` cheaper than the one found for ``B`` replaces it, and
a bound of ``B`` is one of ``A``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from freight.consolidation.trunk import rebuilt
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.domain.service import Service
from freight.errors import AuditError, NoSolution
from solvers.outcome import relative_gap

ROUNDING = 1.0
"""Amounts in cents may differ from the solver's by this much, in the plan's currency."""


@dataclass(frozen=True)
class Ranked:
    """Plans after the exchange, of which policy each is, and the instances they belong to."""

    plans: dict[str, Plan]
    source: dict[str, str]
    instances: dict[str, Instance]


def contained(one: Instance, two: Instance) -> bool:
    """Whether every plan of ``one`` is a plan of ``two`` (same shipments and network)."""
    offers = {service.id: service for service in two.services}
    if one.shipments != two.shipments or one.terminals != two.terminals:
        return False
    return all(
        service.id in offers and _no_worse(service, offers[service.id]) for service in one.services
    )


def _no_worse(old: Service, new: Service) -> bool:
    wider = not new.open_to or (bool(old.open_to) and set(old.open_to) <= set(new.open_to))
    lighter = new.minimum_load_teu <= old.minimum_load_teu
    same = {"open_to": (), "minimum_load_teu": 0.0}
    return wider and lighter and old.model_copy(update=same) == new.model_copy(update=same)


def ranked(
    instances: Mapping[str, Instance],
    plans: Mapping[str, Plan | None],
    laws: Mapping[str, Instance] | None = None,
) -> Ranked:
    """Carry plans and bounds between policies; None stands for a policy without a plan yet.

    Where plans belong to ``instances`` of their own, such as chosen timetables, ``laws`` are those
    of the policies, and a plan that is carried takes its instance along.

    Raises AuditError when a bound contradicts a plan: one of them must be wrong. Raises NoSolution
    for a policy that is left without a plan.
    """
    known = {name: one for name, one in plans.items() if one is not None}
    ruled = instances if laws is None else laws
    inside = {(a, b) for a in known for b in plans if a != b and contained(ruled[a], ruled[b])}
    homes = dict(instances)
    found: dict[str, Plan] = {}
    source: dict[str, str] = {}
    for name, own in plans.items():
        smaller = [a for a, b in inside if b == name]
        for other in smaller if own is not None else ():
            _check(known[other], known[name], (other, name))
        best = min([*([name] if own else []), *smaller], default=None,
                   key=lambda a: (known[a].proof.objective, a != name))  # fmt: skip
        if best is None:
            raise NoSolution(
                f"Policy {name}: no plan found in time, and no policy studied allows less. "
                "Give it more time."
            )
        source[name] = best
        if laws is not None and best != name:
            homes[name] = renamed(instances[best], name)
        found[name] = known[best] if best == name else _carried(known[best], own, homes[name])
    for a, b in sorted(inside):
        found[a] = bounded(found[a], found[b].proof.bound)
    return Ranked(found, source, homes)


def renamed(home: Instance, policy: str) -> Instance:
    """The instance of one policy as that of another."""
    return rebuilt(home, statement=home.statement.model_copy(update={"policy": policy}))


def check_ordered(homes: Mapping[str, Instance], plans: Mapping[str, Plan]) -> None:
    """Raise AuditError where a policy is proved dearer than one that it contains."""
    for a in homes:
        for b in homes:
            if a != b and contained(homes[a], homes[b]):
                _check(plans[a], plans[b], (a, b))


def _carried(plan: Plan, own: Plan | None, home: Instance) -> Plan:
    """Another policy's plan as a plan of ``home``, with the bound proved there, if any."""
    objective = plan.proof.objective
    proved = None if own is None else own.proof.bound
    bound = None if proved is None else min(proved, objective)
    stop = "time" if own is None else own.proof.stop or "converged"
    proof = plan.proof.model_copy(
        update={"bound": bound, "gap": relative_gap(objective, bound), "outcome": "feasible",
                "stop": stop}
    )  # fmt: skip
    return plan.model_copy(update={"proof": proof}).with_instance(home)


def _check(narrow: Plan, wide: Plan, names: tuple[str, str]) -> None:
    bound, objective = wide.proof.bound, narrow.proof.objective
    if bound is not None and bound > objective + ROUNDING:
        raise AuditError(
            f"Policy {names[1]} is proved to cost at least {bound:,.2f}, but {names[0]}, which it "
            f"contains, has a plan of {objective:,.2f}. This is a defect of the program. "
            "Please report it with the instance."
        )


def bounded(plan: Plan, bound: float | None) -> Plan:
    """The plan of a contained policy with the bound of the wider one, where that says more."""
    proof = plan.proof
    if bound is None or (proof.bound is not None and bound <= proof.bound):
        return plan
    best = min(bound, proof.objective)
    changed = proof.model_copy(update={"bound": best, "gap": relative_gap(proof.objective, best)})
    return plan.model_copy(update={"proof": changed})
