"""Cooperative cost games: who pays what of a cost that players have together.

A game gives every coalition of players the cost it would have on its own; an allocation splits the
cost of all players together. Nothing here knows what the players are. Imports arrays and outcome;
no other package of ``solvers`` imports it.

``game``        the characteristic function as an array over bit masks
``shapley``     exact Shapley value, and sampled with confidence intervals for many players
``core``        excesses, core membership, who would rather leave, least core, balanced weights
``nucleolus``   nucleolus and prenucleolus by a sequence of linear programs
``shares``      proportional rules and the equal profit method
``bounded``     the same questions when coalition costs are known only as intervals

References
    Guajardo, Rönnqvist (2016), "A review on cost allocation methods in collaborative
    transportation", International Transactions in Operational Research 23(3).
"""

from solvers.games.bounded import BoundedGame, BoundedStability, Certainty, bounded_stability
from solvers.games.core import LeastCore, Stability, has_core, least_core, stability
from solvers.games.game import CostGame, members
from solvers.games.nucleolus import nucleolus, prenucleolus
from solvers.games.shapley import Sampling, ShapleyEstimate, sampled_shapley, shapley
from solvers.games.shares import equal_profit, proportional

__all__ = [
    "BoundedGame",
    "BoundedStability",
    "Certainty",
    "CostGame",
    "LeastCore",
    "Sampling",
    "ShapleyEstimate",
    "Stability",
    "bounded_stability",
    "equal_profit",
    "has_core",
    "least_core",
    "members",
    "nucleolus",
    "prenucleolus",
    "proportional",
    "sampled_shapley",
    "shapley",
    "stability",
]
