"""The order in which policies are planned, and what each of them starts from.

A policy that allows less comes first: its plan is a plan of every policy that allows more, which
is therefore never dearer, however short the time. Where a policy leaves owners nothing to decide
together, what each of them does alone is a plan side by side as far as the capacities suffice that
all share, the market's slots above all; what each is proved to cost alone adds up to a bound in any
case. Wider policies wait for the owners alone, whose itineraries help, and not for that plan, which
is far from theirs.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace

from freight.consolidation.candidates import Candidates
from freight.consolidation.cases import BY_OWNER, Case
from freight.consolidation.coalitions import separable
from freight.consolidation.desk import Order
from freight.consolidation.game import Table, orders_of
from freight.consolidation.order import contained
from freight.consolidation.policy import Policy
from freight.domain.instance import Instance


def policy_orders(
    network: Candidates,
    policies: Mapping[str, Policy],
    homes: Mapping[str, Instance],
    weekly: bool = False,
) -> list[Order]:
    """Orders of all policies, with those of single owners where these make a policy up."""
    tables = {name: Table.of(network, one) for name, one in policies.items()}
    apart = {
        name
        for name, one in tables.items()
        if not weekly and len(one.owners) > 1 and separable(one.law, one.players)
    }
    below = _below(homes)
    found: dict[object, Order] = {}
    for name, table in tables.items():
        trunk = tuple(network.trains) if weekly else ()
        case = Case(name, name, table.law, table.players, None, homes[name], trunk)
        order = Order(
            case, _weight(network, table), _before(below[name], apart, tables),
            starts=tuple((one, (one,)) for one in below[name]),
        )  # fmt: skip
        if name in apart:
            alone = orders_of(table, [1 << i for i in range(len(table.owners))])
            found |= {one.case.key: one for one in alone if one.case.key not in found}
            keys = table.singles()
            order = replace(
                order, after=order.after | set(keys), parts=keys, enough=True,
                starts=(*order.starts, (BY_OWNER, keys)),
            )  # fmt: skip
        found[name] = order
    return list(found.values())


def _before(below: list[str], apart: set[str], tables: Mapping[str, Table]) -> frozenset[Hashable]:
    """What a policy waits for: those contained, of separable ones the owners alone."""
    found: set[Hashable] = {name for name in below if name not in apart}
    for name in apart & set(below):
        found |= set(tables[name].singles())
    return frozenset(found)


def _weight(network: Candidates, table: Table) -> float:
    """Half of the time for any policy, half by the trains that it offers."""
    open_ = len(network.trains) - len(table.players.closed)
    return 0.5 + 0.5 * open_ / max(1, len(network.trains))


def _below(homes: Mapping[str, Instance]) -> dict[str, list[str]]:
    """The policies contained in each; of equal ones the earlier in the later."""
    names = list(homes)
    inside = {(a, b) for a in names for b in names if a != b and contained(homes[a], homes[b])}
    return {
        b: [
            a
            for a in names
            if (a, b) in inside and ((b, a) not in inside or names.index(a) < names.index(b))
        ]
        for b in names
    }
