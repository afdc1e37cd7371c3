"""Which designs a restricted program may change; all others keep the runs of a base solution.

Intensification frees designs on which the incumbent and the relaxation disagree ("relaxation
induced", Danna, Rothberg, Le Pape 2005) or which the same commodities use. Diversification frees
the designs on which two or three members of the population differ ("merging") or a random set, and
starts from a member that need not be the best. Alternating the two follows Gendron, Hanafi,
Todosijević (2018), "Matheuristics based on iterative linear programming and slope scaling for
multicommodity capacitated fixed charge network design", EJOR 268.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvers.arrays import Floats, Ints, Ragged
from solvers.network_design.heuristics.matheuristic.population import Member, Population
from solvers.network_design.statement.paths import Itineraries
from solvers.network_design.statement.problem import NetworkDesign

KINDS = ("merge", "merge-best", "induced", "related", "random")


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A base solution and the designs that may change."""

    kind: str
    base: Member
    free: Ints


@dataclass(frozen=True, slots=True)
class View:
    """What the choice may look at: population, relaxed designs, itineraries and a generator."""

    problem: NetworkDesign
    population: Population
    relaxed: Floats
    paths: Itineraries
    random: np.random.Generator


def choose(view: View, kind: str, size: int) -> Neighbourhood:
    """A neighbourhood of about ``size`` designs; raises KeyError when the kind is unknown."""
    ranks = {
        "merge": _merge, "merge-best": _merge_best, "induced": _induced, "related": _related,
        "random": _random,
    }  # fmt: skip
    base, weight = ranks[kind](view)
    runs = view.population.designs()
    support = (view.relaxed > 1e-6) | (runs.max(axis=0) > 0)
    support &= view.problem.y_max > view.problem.y_min
    among = np.flatnonzero(support)
    noise = view.random.random(len(among))
    order = np.argsort(-(weight[among] + 0.25 * noise), kind="stable")
    return Neighbourhood(kind, base, np.sort(among[order[:size]]))


def _disagreement(view: View, base: Member) -> Floats:
    """How far base, relaxation and population differ on each design, 0 to about 1."""
    often = view.population.designs().mean(axis=0)
    apart = np.minimum(np.abs(view.relaxed - base.y) + np.abs(often - base.y), 2.0)
    return np.asarray(0.25 * apart, dtype=np.float64)


def _differing(view: View, picked: Ints, base: Member) -> Floats:
    runs = view.population.designs()[picked]
    differ = (runs != base.y).any(axis=0).astype(np.float64)
    return np.asarray(2.0 * differ + _disagreement(view, base), dtype=np.float64)


def _merge(view: View) -> tuple[Member, Floats]:
    """Two members; the cheaper is the base."""
    count = len(view.population)
    picked = view.random.choice(count, size=min(count, 2), replace=False)
    base = view.population.members[int(picked.min())]
    return base, _differing(view, picked, base)


def _merge_best(view: View) -> tuple[Member, Floats]:
    """The best member against three others."""
    count = len(view.population)
    picked = view.random.choice(count, size=min(count, 3), replace=False)
    base = view.population.best
    return base, _differing(view, picked, base)


def _induced(view: View) -> tuple[Member, Floats]:
    """Where the best member leaves the relaxation."""
    base = view.population.best
    return base, np.abs(view.relaxed - base.y)


def _random(view: View) -> tuple[Member, Floats]:
    base = view.population.best
    return base, view.random.random(view.problem.designs) + _disagreement(view, base)


def _related(view: View) -> tuple[Member, Floats]:
    """Designs that the same commodities use as one random design does."""
    problem, paths = view.problem, view.paths
    base = view.population.best
    step = problem.design[paths.arcs.values]
    who = paths.commodity[paths.arcs.owners()]
    uses = Ragged.grouped(who, step, problem.commodities)
    commodity, design = uses.owners(), uses.values
    running = np.flatnonzero((view.relaxed > 1e-6) | (base.y > 0))
    seed = running[view.random.integers(len(running))] if len(running) else 0
    mine = np.zeros(problem.commodities, dtype=np.bool_)
    mine[commodity[design == seed]] = True
    common = np.bincount(design, weights=mine[commodity], minlength=problem.designs)
    users = np.bincount(design, minlength=problem.designs)
    weight = common / np.sqrt(1.0 + users)
    return base, weight / max(float(weight.max()), 1e-9)
