"""Games whose coalition costs are known only as intervals: what can be said for certain.

Each coalition's cost lies in ``[lower(S), upper(S)]``: a solve stopped at a gap proves the lower
end and holds a plan that costs the upper end. What is shared is ``upper(N)``, the cost of the plan
in hand. An allocation ``x`` of it is

- certainly in the core    when ``x(S) ≤ lower(S)`` for every coalition,
- certainly not in it      when some ``x(S) > upper(S)``: that coalition holds a cheaper plan,
- undecided                otherwise; the coalitions with ``lower(S) < x(S) ≤ upper(S)`` decide it.

The Shapley value is linear in the costs, with positive weight where the player belongs to the
coalition and negative weight elsewhere, so its exact range is found by taking each end where it
hurts most.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from solvers.arrays import Floats
from solvers.games.core import TOLERANCE, check_efficient, has_core
from solvers.games.game import CostGame, membership
from solvers.games.shapley import join_weight


class Certainty(StrEnum):
    """What the intervals allow to say of a statement."""

    YES = "certainly"
    NO = "certainly not"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class BoundedGame:
    """Lower and upper ends of every coalition's cost, shape ``2^n`` each.

    Raises ValueError when a lower end lies above its upper end beyond rounding.
    """

    lower: Floats
    upper: Floats

    def __post_init__(self) -> None:
        """Check that the intervals exist."""
        game = CostGame(self.upper)
        if self.lower.shape != self.upper.shape:
            raise ValueError(f"lower has shape {self.lower.shape}, upper {self.upper.shape}.")
        CostGame(self.lower)
        wrong = np.flatnonzero(self.lower > self.upper + 1e-6 * game.scale)
        if len(wrong):
            mask = int(wrong[0])
            raise ValueError(
                f"Coalition {mask:b} has lower cost {self.lower[mask]:.10g} above its upper cost "
                f"{self.upper[mask]:.10g}."
            )

    @property
    def plans(self) -> CostGame:
        """The game of the plans in hand: every coalition at its upper cost."""
        return CostGame(self.upper)

    @property
    def cautious(self) -> CostGame:
        """Every proper coalition at its lower cost, the grand one at the plan that is shared."""
        cost = np.minimum(self.lower, self.upper)
        cost[-1] = self.upper[-1]
        return CostGame(cost)

    def core_exists(self) -> Certainty:
        """Whether the cost of the plan in hand can be shared so that no coalition leaves."""
        if has_core(self.cautious):
            return Certainty.YES
        return Certainty.UNDECIDED if has_core(self.plans) else Certainty.NO

    def shapley_range(self) -> tuple[Floats, Floats]:
        """Least and greatest Shapley share of every player over all games in the intervals.

        The cost to share is the plan in hand, a single number; shapes n.
        """
        ends = self.cautious.cost, self.upper
        players = self.plans.players
        belongs, weight = membership(players), join_weight(players)
        size = belongs.sum(axis=1)
        low, high = np.empty(players), np.empty(players)
        for i in range(players):
            without = np.flatnonzero(~belongs[:, i])
            joined, share = without | 1 << i, weight[size[without]]
            low[i] = float(share @ (ends[0][joined] - ends[1][without]))
            high[i] = float(share @ (ends[1][joined] - ends[0][without]))
        return low, high


@dataclass(frozen=True, slots=True)
class BoundedStability:
    """What is certain about an allocation of the plan in hand.

    ``objections`` lists (mask, least, greatest amount the coalition pays above its own cost) of
    every coalition that would or might rather leave, the most certain first; an amount within
    rounding of 0 is 0, so that ``least > 0`` means that the coalition would leave.
    """

    in_core: Certainty
    objections: tuple[tuple[int, float, float], ...]


def bounded_stability(
    game: BoundedGame, allocation: Floats, tolerance: float = TOLERANCE
) -> BoundedStability:
    """Compare what coalitions pay with the ends of their cost; raises ValueError as core does."""
    plans = game.plans
    check_efficient(plans, allocation)
    paid, slack = plans.paid(allocation), tolerance * plans.scale
    least = (paid - game.upper)[plans.proper]
    least[np.abs(least) <= slack] = 0.0
    greatest = (paid - game.cautious.cost)[plans.proper]
    found = [
        (int(mask), float(low), float(high))
        for mask, low, high in zip(plans.proper, least, greatest, strict=True)
        if high > slack
    ]
    found.sort(key=lambda one: (-one[1], one[0]))
    verdict = Certainty.YES if not found else Certainty.UNDECIDED
    if found and found[0][1] > 0.0:
        verdict = Certainty.NO
    return BoundedStability(verdict, tuple(found))
