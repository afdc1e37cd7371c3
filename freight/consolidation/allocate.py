"""Who pays what: rules that share the cost of a joint plan, and what is certain about them.

The game's players are owners in the order of the instance; ``c(S)`` is the cost (penalty for boxes
left behind included) at which the owners in ``S`` could plan alone, known as an interval
``[bound, plan]``. What is shared is the cost of the joint plan in hand. See :mod:`solvers.games`.

Rules
    ``shapley``, ``nucleolus`` (prenucleolus where no allocation is acceptable to every single
    owner), ``least-core`` (its most equal point), ``equal-profit``, and in proportion to ``teu``,
    ``teu-km`` moved in the plan, or ``standalone`` cost. Those that use coalitions take each at
    its plan in hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import numpy as np
from pydantic import Field

from freight.domain.base import Frozen
from freight.domain.money import Cents, money, round_to, rounded
from freight.domain.plan import Dwell, Plan
from solvers.arrays import Floats
from solvers.games import (
    BoundedGame,
    bounded_stability,
    equal_profit,
    least_core,
    members,
    nucleolus,
    prenucleolus,
    proportional,
    shapley,
)
from solvers.outcome import SolverError


@dataclass(frozen=True)
class OwnerGame:
    """The cost game of owners, with what proportional rules measure; shapes as in solvers.games."""

    owners: tuple[str, ...]
    game: BoundedGame
    teu: Floats
    teu_km: Floats

    def names(self, mask: int) -> tuple[str, ...]:
        """Owners of a coalition."""
        return tuple(self.owners[i] for i in members(mask))


class Objection(Frozen):
    """A coalition that pays more than it could cost alone, by how much at least and at most."""

    coalition: tuple[str, ...]
    at_least: float
    at_most: float


class OwnerShare(Frozen):
    """What one owner pays by one rule, and what it would pay alone."""

    owner: str
    share: Cents
    alone: float
    """Cost of its own plan in hand."""
    alone_bound: float
    saving_at_least: float
    saving_at_most: float


class Allocation(Frozen):
    """One rule's shares of the joint plan; they add up to its cost and penalty exactly."""

    rule: str
    remark: str
    shares: tuple[OwnerShare, ...]
    in_core: str
    """``certainly``, ``certainly not`` or ``undecided``."""
    would_leave: tuple[Objection, ...]
    """Coalitions certain to do better apart, the largest objection first."""
    might_leave: tuple[Objection, ...]
    """Coalitions of which the proved gaps leave it open."""

    @property
    def amounts(self) -> dict[str, Decimal]:
        """Share by owner."""
        return {one.owner: one.share for one in self.shares}


class GameReport(Frozen):
    """The cost game of the owners and every allocation of it."""

    policy: str
    currency: str
    owners: tuple[str, ...]
    total: Cents
    """Cost and penalty of the joint plan, which is shared."""
    coalitions: dict[str, tuple[float, float]]
    """Coalition (owners joined by +) to proved bound and cost of its plan in hand."""
    core_exists: str
    least_core_epsilon: float
    """Least saving that every coalition can be promised, by the plans in hand."""
    shapley_range: dict[str, tuple[float, float]]
    """Least and greatest Shapley share that the proved gaps allow."""
    allocations: tuple[Allocation, ...]
    left_out: dict[str, str]
    """Rules that this game has no answer by, and why."""
    penalties: dict[str, Cents] = Field(default_factory=dict)
    """Of the shared plan by owner of what is not planned: part of its share, but no money."""


def _shapley(game: OwnerGame) -> tuple[Floats, str]:
    return shapley(game.game.plans), ""


def _nucleolus(game: OwnerGame) -> tuple[Floats, str]:
    plans = game.game.plans
    if float(plans.alone.sum()) < plans.total:
        remark = "Alone the owners are cheaper than together: prenucleolus."
        return prenucleolus(plans), remark
    return nucleolus(plans), ""


def _least_core(game: OwnerGame) -> tuple[Floats, str]:
    plans = game.game.plans
    return equal_profit(plans, least_core(plans).epsilon), "its most equal point"


def _equal_profit(game: OwnerGame) -> tuple[Floats, str]:
    plans = game.game.plans
    empty = least_core(plans).epsilon < 0
    return equal_profit(plans), "the core is empty: in the least core" if empty else ""


def _by_teu(game: OwnerGame) -> tuple[Floats, str]:
    return proportional(game.game.plans.total, game.teu), ""


def _by_teu_km(game: OwnerGame) -> tuple[Floats, str]:
    return proportional(game.game.plans.total, game.teu_km), ""


def _by_standalone(game: OwnerGame) -> tuple[Floats, str]:
    plans = game.game.plans
    return proportional(plans.total, plans.alone), ""


RULES: Final[Mapping[str, Callable[[OwnerGame], tuple[Floats, str]]]] = MappingProxyType(
    {
        "shapley": _shapley,
        "nucleolus": _nucleolus,
        "least-core": _least_core,
        "equal-profit": _equal_profit,
        "teu": _by_teu,
        "teu-km": _by_teu_km,
        "standalone": _by_standalone,
    }
)
"""Rules by name; a new rule is one function and one entry here."""


def measures(plan: Plan, owners: tuple[str, ...]) -> tuple[Floats, Floats]:
    """TEU brought (moved or not) and TEU-km moved by every owner; shapes n."""
    place = {owner: i for i, owner in enumerate(owners)}
    teu, teu_km = np.zeros(len(owners)), np.zeros(len(owners))
    for one in plan.itineraries:
        km = sum(step.distance_km for step in one.steps if not isinstance(step, Dwell))
        teu[place[one.owner]] += one.teu
        teu_km[place[one.owner]] += one.teu * km
    for left in plan.unserved:
        teu[place[left.owner]] += left.teu
    return teu, teu_km


def game_report(game: OwnerGame, policy: str, plan: Plan) -> GameReport:
    """Every rule applied to the game of a plan, each with what is certain of its stability."""
    currency = plan.currency
    bounded = game.game
    low, high = bounded.shapley_range()
    whole = bounded.plans
    made, left_out = _every_rule(game, currency)
    return GameReport(
        policy=policy,
        currency=currency,
        owners=game.owners,
        total=rounded(whole.total, currency),
        coalitions={
            "+".join(game.names(mask)): (float(bounded.lower[mask]), float(bounded.upper[mask]))
            for mask in range(1, whole.grand + 1)
        },
        core_exists=bounded.core_exists().value,
        least_core_epsilon=least_core(whole).epsilon,
        shapley_range={
            owner: (float(low[i]), float(high[i])) for i, owner in enumerate(game.owners)
        },
        allocations=tuple(made),
        left_out=left_out,
        penalties=penalties(plan),
    )


def penalties(plan: Plan) -> dict[str, Decimal]:
    """Penalty by owner of what a plan leaves out; owners without any are left out."""
    amounts: dict[str, Decimal] = {}
    for left in plan.unserved:
        amounts[left.owner] = amounts.get(left.owner, Decimal(0)) + left.penalty
    return amounts


def _every_rule(game: OwnerGame, currency: str) -> tuple[list[Allocation], dict[str, str]]:
    """Allocations by every rule that has one, and why the others have none."""
    made: list[Allocation] = []
    left_out: dict[str, str] = {}
    for rule in RULES:
        try:
            made.append(allocate(game, rule, currency))
        except (ValueError, SolverError) as error:
            left_out[rule] = str(error)
    return made, left_out


def allocate(game: OwnerGame, rule: str, currency: str) -> Allocation:
    """Shares by one rule of ``RULES``, to the cent.

    Raises KeyError for another name, ValueError where the rule has no answer.
    """
    amounts, remark = RULES[rule](game)
    found = bounded_stability(game.game, amounts)
    sure = [one for one in found.objections if one[1] > 0]
    open_ = [one for one in found.objections if one[1] <= 0]
    total = game.game.plans.total
    exact = round_to(total, [float(one) for one in amounts], currency)
    return Allocation(
        rule=rule,
        remark=remark,
        shares=tuple(_share(game, i, money(part, currency)) for i, part in enumerate(exact)),
        in_core=found.in_core.value,
        would_leave=tuple(_objection(game, one) for one in sure),
        might_leave=tuple(_objection(game, one) for one in open_),
    )


def _share(game: OwnerGame, i: int, share: Decimal) -> OwnerShare:
    low, high = float(game.game.lower[1 << i]), float(game.game.upper[1 << i])
    return OwnerShare(
        owner=game.owners[i],
        share=share,
        alone=high,
        alone_bound=low,
        saving_at_least=low - float(share),
        saving_at_most=high - float(share),
    )


def _objection(game: OwnerGame, found: tuple[int, float, float]) -> Objection:
    mask, low, high = found
    return Objection(coalition=game.names(mask), at_least=low, at_most=high)
