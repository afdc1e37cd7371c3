"""The records that a consolidation study hands to whoever shows it."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from freight.consolidation.allocate import GameReport
from freight.consolidation.boxes import BoxBalance
from freight.consolidation.difference import Comparison
from freight.consolidation.figures import Figures
from freight.consolidation.policy import Policy
from freight.consolidation.sampling import SampledShares
from freight.domain.base import Frozen


class Saving(Frozen):
    """What a policy saves against another one, in cost and penalty.

    Plans in hand give ``in_hand``; proved bounds give the interval that holds the true saving, in
    money and in percent of what the other policy truly costs.
    """

    against: str
    in_hand: float
    at_least: float
    at_most: float
    percent_in_hand: float
    """Of the plan in hand of the other policy."""
    percent_at_least: float
    percent_at_most: float


class PolicyReport(Frozen):
    """One policy: its plan in numbers, how its boxes come home, what it saves."""

    policy: Policy
    figures: Figures
    boxes: BoxBalance | None
    saving: Saving | None
    """Against the first policy; None for it, and where either moves nothing for lack of a plan."""
    plan_of: str
    """Where the plan comes from: the policy itself, one that allows less, the owners' own plans
    side by side, or ``idle`` where nothing better was found in time than to move nothing."""


class Published(Frozen):
    """A published figure to set a saving beside."""

    study: str
    figure: str
    low_percent: float
    high_percent: float
    where: str


class ConsolidationReport(Frozen):
    """Everything that a study found; plans and instances stand beside it."""

    instance: str
    instance_digest: str
    currency: str
    policies: tuple[PolicyReport, ...]
    comparison: Comparison | None
    game: GameReport | None
    sampled: SampledShares | None
    """Shapley shares of a sample of coalitions, where they are too many for the game."""
    remark: str
    """Who does not play, or why nobody does."""
    published: tuple[Published, ...]
    seconds: float


@cache
def published() -> tuple[Published, ...]:
    """Savings of consolidation in print (``published.csv``)."""
    path = Path(__file__).parent / "published.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(Published.model_validate(row) for row in csv.DictReader(file))


def saving(against: str, other: Figures, own: Figures) -> Saving | None:
    """Saving of ``own`` against ``other``; None while a bound is missing.

    ``c ∈ [bound, objective]`` for both, hence ``bound_o - objective_p ≤ c_o - c_p ≤ objective_o -
    bound_p`` and ``1 - objective_p / bound_o ≤ 1 - c_p / c_o ≤ 1 - bound_p / objective_o``. None
    also where a bound is not above 0, for then shares of cost mean nothing.
    """
    if own.bound is None or other.bound is None or min(own.bound, other.bound) <= 0.0:
        return None
    low, high = other.bound - own.objective, other.objective - own.bound
    hand = other.objective - own.objective
    return Saving(
        against=against,
        in_hand=hand,
        at_least=low,
        at_most=high,
        percent_in_hand=100 * hand / other.objective,
        percent_at_least=100 * low / other.bound,
        percent_at_most=100 * high / other.objective,
    )
