"""Shapley shares for more owners than have countable coalitions: sampled, with intervals.

Random orders of joining are drawn in antithetic pairs; every coalition met is solved once, on
shared itineraries and in parallel. Coalitions count at their plans in hand; the confidence interval
is that of the sampling, and ``gap_share`` says how much of the total the widest proved gap of a
coalition is, which no sample can narrow.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from decimal import Decimal

from pydantic import Field

from freight.consolidation.allocate import penalties
from freight.consolidation.desk import Desk
from freight.consolidation.game import Table, batches_of, interval, orders_of
from freight.domain.base import Frozen
from freight.domain.money import Cents, money, round_to
from freight.domain.plan import Plan
from solvers.games import Sampling, sampled_shapley

MOST_ROUNDS = 50
SECONDS_EACH = 1.0
"""Time of a worker that a coalition is reckoned with when rounds are counted."""


class SampledShare(Frozen):
    """One owner's Shapley share with its confidence interval, and its cost alone."""

    owner: str
    share: Cents
    low: float
    high: float
    alone: float
    """Cost of its own plan in hand."""
    alone_bound: float


class SampledShares(Frozen):
    """Sampled Shapley shares; they add up to the cost of everybody's plan exactly."""

    policy: str
    currency: str
    confidence: float
    orders: int
    coalitions: int
    gap_share: float
    shares: tuple[SampledShare, ...]
    penalties: dict[str, Cents] = Field(default_factory=dict)
    """Of the shared plan by owner of what is not planned: part of its share, but no money."""

    @property
    def amounts(self) -> dict[str, Decimal]:
        """Share by owner."""
        return {one.owner: one.share for one in self.shares}


def rounds_for(owners: int, desk: Desk) -> int:
    """Rounds that the time left allows: two orders of ``owners - 1`` coalitions each."""
    left = max(0.0, desk.deadline - time.perf_counter()) * desk.workers
    return max(2, min(MOST_ROUNDS, int(left / SECONDS_EACH / (2 * max(1, owners - 1)))))


def sampled_shares(
    desk: Desk, table: Table, sampling: Sampling, shared: tuple[str, Plan]
) -> SampledShares:
    """Sample the Shapley value of a policy's game, whose plan is shared.

    Raises NoSolution where a coalition has no plan or no bound.
    """
    policy, plan = shared
    singles = [1 << i for i in range(len(table.owners))]
    gaps = [0.0]

    def costs(masks: Sequence[int]) -> list[float]:
        proper = {mask for mask in (*masks, *singles) if mask != table.grand}
        desk.carry_out(batches_of(orders_of(table, proper, desk.found)))
        found = {mask: interval(table, desk.found, mask) for mask in proper}
        gaps.extend(upper - lower for lower, upper in found.values())
        whole = (0.0, plan.proof.objective)
        return [found.get(mask, whole)[1] for mask in masks]

    estimate = sampled_shapley(len(table.owners), costs, sampling)
    total = plan.cost + plan.unserved_penalty
    parts = round_to(total, [float(one) for one in estimate.value], plan.currency)
    alone = [interval(table, desk.found, mask) for mask in singles if mask != table.grand]
    alone = alone or [(plan.proof.bound or 0.0, plan.proof.objective)]
    return SampledShares(
        policy=policy,
        currency=plan.currency,
        confidence=estimate.confidence,
        orders=estimate.orders,
        coalitions=estimate.coalitions,
        gap_share=max(gaps) / float(total) if total else 0.0,
        shares=tuple(
            SampledShare(
                owner=owner,
                share=money(parts[i], plan.currency),
                low=float(estimate.low[i]),
                high=float(estimate.high[i]),
                alone=alone[i][1],
                alone_bound=alone[i][0],
            )
            for i, owner in enumerate(table.owners)
        ),
        penalties=penalties(plan),
    )
