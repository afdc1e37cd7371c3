"""Shapley shares for more owners than have countable coalitions: sampled, with intervals.

Random orders of joining are drawn in antithetic pairs; every coalition met is solved once, on
shared itineraries and in parallel. Coalitions count at their plans in hand; the confidence interval
is that of the sampling, and ``gap_share`` says how much of the total the widest proved gap of a
coalition is, which no sample can narrow.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor

from freight.consolidation.coalitions import Effort, Players, coalition_costs
from freight.domain.base import Frozen
from freight.domain.instance import Instance
from solvers.games import Sampling, sampled_shapley
from solvers.pool import Pool


class SampledShare(Frozen):
    """One owner's Shapley share with its confidence interval, in the base currency."""

    owner: str
    share: float
    low: float
    high: float


class SampledShares(Frozen):
    """Sampled Shapley shares; they add up to the cost of everybody's plan."""

    currency: str
    confidence: float
    orders: int
    coalitions: int
    gap_share: float
    shares: tuple[SampledShare, ...]


def sampled_shares(
    instance: Instance,
    players: Players,
    sampling: Sampling,
    effort: Effort,
    executor: tuple[Executor, int],
) -> SampledShares:
    """Sample the Shapley value of the owners' game in a policy's instance; raises as planning."""
    widest = [0.0]

    def costs(masks: Sequence[int]) -> list[float]:
        found = coalition_costs(instance, players, masks, Pool(), effort, executor)
        widest.append(max(one.upper - one.lower for one in found))
        by_mask = {one.mask: one.upper for one in found}
        return [by_mask[mask] for mask in masks]

    estimate = sampled_shapley(len(players.owners), costs, sampling)
    total = float(estimate.value.sum())
    return SampledShares(
        currency=instance.statement.currency,
        confidence=estimate.confidence,
        orders=estimate.orders,
        coalitions=estimate.coalitions,
        gap_share=max(widest) / total if total else 0.0,
        shares=tuple(
            SampledShare(
                owner=owner,
                share=float(estimate.value[i]),
                low=float(estimate.low[i]),
                high=float(estimate.high[i]),
            )
            for i, owner in enumerate(players.owners)
        ),
    )
