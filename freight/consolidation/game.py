"""The owners' game under one policy: which coalitions to solve, and what their costs add up to."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from freight.consolidation.allocate import OwnerGame, measures
from freight.consolidation.candidates import Candidates
from freight.consolidation.cases import Case, Worked
from freight.consolidation.coalitions import Players, halves, offer_to, table_of, teu_of
from freight.consolidation.desk import Batch, Order
from freight.consolidation.policy import Policy
from freight.consolidation.shape import law
from freight.consolidation.trunk import players
from freight.domain.digest import sha256_of
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.errors import NoSolution
from solvers.arrays import Floats
from solvers.games import BoundedGame, members

COALITION_WEIGHT = (0.1, 0.2)
"""Time for a coalition, beside 1 for a policy: for any, and for one that brings all TEU."""
BATCHES = 48
"""Most batches that coalitions are solved in."""


@dataclass(frozen=True)
class Table:
    """Those who play under one policy and what each coalition may run."""

    law: Instance
    players: Players

    @staticmethod
    def of(network: Candidates, policy: Policy) -> Table:
        """The table of a policy; raises InstanceError for owners or cities that do not exist."""
        owners = players(network.instance)
        return Table(law(network, policy), table_of(network, policy, owners))

    @property
    def owners(self) -> tuple[str, ...]:
        """The players; coalitions are masks over them."""
        return self.players.owners

    @property
    def grand(self) -> int:
        """The coalition of everybody."""
        return (1 << len(self.owners)) - 1

    @cached_property
    def teu(self) -> Floats:
        """TEU that every player brings; shape n."""
        brought = teu_of(self.law, self.owners)
        return np.array([brought[one] for one in self.owners], dtype=np.float64)

    def share(self, mask: int) -> float:
        """Part of all TEU that a coalition brings."""
        return float(self.teu[list(members(mask))].sum() / self.teu.sum())

    def name(self, mask: int) -> str:
        """Owners of a coalition, joined by plus signs."""
        return "+".join(self.owners[i] for i in members(mask))

    def key(self, mask: int) -> str:
        """Equal for coalitions of equal members with equal trains, whatever the policy."""
        offer = offer_to(self.law, self.players, mask)
        text = repr(sorted((name, sorted(riders), load) for name, riders, load in offer))
        return f"{mask:b}:{sha256_of(text.encode())[:16]}"

    def singles(self) -> tuple[str, ...]:
        """Keys of every player alone."""
        return tuple(self.key(1 << i) for i in range(len(self.owners)))


def orders_of(table: Table, masks: Iterable[int], done: Iterable[Hashable] = ()) -> list[Order]:
    """An order for every coalition not done yet, small ones first."""
    keys = {mask: table.key(mask) for mask in sorted(masks, key=lambda one: (one.bit_count(), one))}
    known = set(done)
    least, by_teu = COALITION_WEIGHT
    found = []
    for mask, key in keys.items():
        if key in known:
            continue
        case = Case(key, table.name(mask), table.law, table.players, mask)
        splits = halves(mask, dict.fromkeys(keys, 0.0), most=len(keys))
        starts = tuple(("its parts", (keys[one], keys[two])) for one, two in splits)
        found.append(Order(case, least + by_teu * table.share(mask), starts=starts))
    return found


def batches_of(orders: Sequence[Order]) -> list[Batch]:
    """Orders in at most ``BATCHES`` batches; each waits for those of smaller coalitions."""
    size = -(-len(orders) // BATCHES)
    if size <= 1:
        return [Batch((one,)) for one in orders]
    return [Batch(tuple(orders[i : i + size])) for i in range(0, len(orders), size)]


def partition_orders(table: Table, costs: Mapping[int, float]) -> list[tuple[str, tuple[str, str]]]:
    """The cheapest ways to put everybody's plan together from those of two coalitions."""
    splits = halves(table.grand, costs)
    return [
        (f"{table.name(one)} beside {table.name(two)}", (table.key(one), table.key(two)))
        for one, two in splits
    ]


def beaten_by(table: Table, found: Mapping[Hashable, Worked], total: float) -> Order | None:
    """An order to take the plans of two coalitions where they cost less than ``total`` together."""
    costs = {}
    for mask in range(1, table.grand):
        one = found.get(table.key(mask))
        if one is not None and one.upper is not None:
            costs[mask] = one.upper
    cheap = {
        label: keys
        for label, keys in partition_orders(table, costs)
        if sum(found[key].upper or 0.0 for key in keys) < total - 1.0
    }
    if not cheap:
        return None
    case = Case("", "", table.law, table.players)
    return Order(case, 0.1, starts=tuple(cheap.items()), enough=True)


def bounded_game(table: Table, found: Mapping[Hashable, Worked], plan: Plan) -> OwnerGame:
    """Interval costs of all coalitions; that of everybody is the plan in hand.

    Raises NoSolution where some coalition has no plan or no bound.
    """
    lower, upper = np.zeros(table.grand + 1), np.zeros(table.grand + 1)
    for mask in range(1, table.grand):
        lower[mask], upper[mask] = interval(table, found, mask)
    proof = plan.proof
    upper[table.grand] = proof.objective
    lower[table.grand] = 0.0 if proof.bound is None else proof.bound
    return OwnerGame(table.owners, BoundedGame(lower, upper), *measures(plan, table.owners))


def interval(table: Table, found: Mapping[Hashable, Worked], mask: int) -> tuple[float, float]:
    """Ends of a coalition's cost, its part of what the market's departures cost included."""
    one = found.get(table.key(mask))
    if one is None or one.lower is None or one.upper is None:
        reason = "it was not solved." if one is None else one.reason or "no bound."
        raise NoSolution(
            f"What {table.name(mask)} would pay alone is not known: {reason} "
            "Give the study more time, or leave the sharing out with --game none."
        )
    extra = one.market * table.share(mask)
    return min(one.lower, one.upper) + extra, one.upper + extra
