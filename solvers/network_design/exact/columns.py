"""Column generation over itineraries: strong bound, restricted integer program, branch and price.

Master and formulation: :mod:`solvers.network_design.master.master`; bound:
:mod:`solvers.network_design.master.lagrangian`; pricing:
:mod:`solvers.network_design.pricing.pricer`; tree:
:mod:`solvers.network_design.exact.branch_and_price`. Sources: Crainic, Frangioni, Gendron (2001),
"Bundle-based relaxation methods for multicommodity capacitated fixed charge network design", DAM
112; Gendron, Larose (2014), "Branch-and-price-and-cut for large-scale multicommodity capacitated
fixed-charge network design", EJCO 2.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from solvers.arrays import Floats
from solvers.network_design.exact.branch_and_price import BranchAndPrice, reduced_cost_fixing
from solvers.network_design.loading.greedy import greedy
from solvers.network_design.master.restricted_mip import Restriction, solve_restricted
from solvers.network_design.pricing.enumeration import all_itineraries
from solvers.network_design.relaxation.column_generation import Relaxation, Relaxed
from solvers.network_design.relaxation.column_pool import Pool
from solvers.network_design.relaxation.infeasibility import proved_infeasible
from solvers.network_design.statement.incumbent import Progress
from solvers.network_design.statement.method import Traits
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.paths import Itineraries
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Result, Solution
from solvers.options import Clock, Options, Silent
from solvers.outcome import Outcome

_LOADING = 0.2  #: of the time at most for a first solution


@dataclass(frozen=True)
class ColumnGeneration:
    """Itinerary master with strong inequalities, restricted integer program, then branch and price.

    ``root_share`` is the most of the time that the root bound may take, ``restricted_share`` the
    part of what is left that a restricted program may take; ``most_itineraries`` limits the
    complete list that proves optimality where lots or cycles leave the tree open; ``branch``
    switches the tree off for a quick bound and solution. ``pool`` is where solves on the same arcs
    share itineraries; ``start`` is a solution already known.
    """

    root_share: float = 0.6
    restricted_share: float = 0.4
    most_itineraries: int = 20_000
    branch: bool = True
    pool: Pool | None = field(default=None, compare=False, repr=False)
    start: Solution | None = field(default=None, compare=False, repr=False)

    name: ClassVar[str] = "columns"
    traits: ClassVar[Traits] = Traits(
        exact=True, gives_bound=True, lots=True, floors=True, largest=2_000_000_000,
        summary="Column generation over itineraries with strong inequalities, branch and price.",
    )  # fmt: skip

    def solve(self, problem: NetworkDesign, options: Options) -> Result:
        """Solve and report; raises SolverFailed when the statement is unsound."""
        problem.ensure_sound()
        return _Run(self, problem, options).result()


class _Run:
    """One solve of one problem."""

    def __init__(self, method: ColumnGeneration, problem: NetworkDesign, options: Options) -> None:
        self.method = method
        self.problem = problem
        self.options = options
        self.clock = Clock(options)
        self.progress = Progress(problem, self.clock, options.listener)
        self.notes: dict[str, float | str] = {}

    def result(self) -> Result:
        """The best solution with its bound; INFEASIBLE only where that is proved."""
        network = Network.of(self.problem)
        relaxation = Relaxation(network, self.options)
        if len(relaxation.unreachable):
            return self._report(Outcome.INFEASIBLE)
        start = self.method.start
        if start is None and network.acyclic:
            self.options.listener.iterated("first plan", 0)
            start = greedy(network, self.clock.part(_LOADING))
        if start is not None and self.progress.offer(start):
            relaxation.master.add_paths(Itineraries.of(start))
        root = self._root(relaxation)
        if root.point is None:
            return self._report()
        missing = root.point.penalty > 1e-6 and self.progress.solution is None
        if missing and proved_infeasible(self.problem, self.clock):
            return self._report(Outcome.INFEASIBLE)
        self._round_up(relaxation, root)
        if not self._done():
            self._alternate(relaxation, root)
        if self.method.branch and not self._done():
            return self._prove(relaxation, root)
        return self._report()

    def _prove(self, relaxation: Relaxation, root: Relaxed) -> Result:
        """Close the gap: by the tree when designs alone decide, else over all itineraries."""
        divisible = not (self.problem.lot > 0.0).any()
        if divisible and root.converged:
            tree = BranchAndPrice(relaxation, self.progress, self.options.gap)
            exhausted = tree.run(self.clock, root, relaxation.low, relaxation.high)
            self.notes["nodes"] = float(tree.nodes)
            if exhausted and self.progress.solution is None:
                return self._report(Outcome.INFEASIBLE)
            if exhausted or self._done():
                return self._report()
        return self._complete(relaxation, root)

    def _complete(self, relaxation: Relaxation, root: Relaxed) -> Result:
        """Solve the integer program over every itinerary that may matter, if they are few."""
        prices = root.dual.multipliers
        room = self.progress.cutoff(0.0) - root.dual.bound
        if prices is None:
            return self._report()
        found = all_itineraries(
            relaxation.network, prices, root.dual.least, room, self.method.most_itineraries
        )
        if found is None:
            return self._report()
        relaxation.master.add_paths(found)
        self.notes["itineraries"] = float(len(relaxation.master.paths))
        bound = self._restricted(relaxation, root, 1.0)
        self.progress.leave(bound)
        if np.isinf(bound) and bound > 0.0 and self.progress.solution is None:
            return self._report(Outcome.INFEASIBLE)
        return self._report()

    def _done(self) -> bool:
        return self.clock.over or self.progress.closed(self.options.gap)

    def _root(self, relaxation: Relaxation) -> Relaxed:
        pool = self.method.pool
        if pool is not None:
            self.notes["shared_paths"] = float(pool.seed(relaxation))
        most = self.clock.part(self.method.root_share)
        root = relaxation.root(most, hear=self.progress.prove)
        if pool is not None:
            pool.harvest(relaxation)
        self.notes["root_bound"] = root.dual.bound
        self.notes["root_seconds"] = round(self.clock.seconds, 3)
        self.notes["root_rounds"] = float(relaxation.rounds)
        self.notes["paths"] = float(len(relaxation.master.paths))
        self.notes["strong_inequalities"] = float(len(relaxation.master.strong_arc))
        return root

    def _round_up(self, relaxation: Relaxation, root: Relaxed) -> None:
        """A first solution: run every design that the relaxation touches, drop what is idle."""
        if root.point is None or (self.problem.lot > 0.0).any():
            return
        found = relaxation.fixed(np.ceil(root.point.y - 1e-6), self.clock)
        if found is not None:
            self.progress.offer(found)

    def _alternate(self, relaxation: Relaxation, root: Relaxed) -> None:
        """Solutions from the paths at hand; with lots, designs and flows are decided in turn.

        The root's itineraries fit fractional designs, whole ones need others: the restricted
        program chooses designs, flows divided at will; under these designs new itineraries are
        priced, and lots made whole; again while this finds anything new.
        """
        if not (self.problem.lot > 0.0).any():
            self._restricted(relaxation, root, self.method.restricted_share)
            return
        while not self._done():
            before, known = self.progress.objective, len(relaxation.master.paths)
            y = self._designs(relaxation, root)
            if y is None:
                break
            relaxation.fixed(y, self.clock)
            everything = np.ones(len(relaxation.master.paths), dtype=np.bool_)
            limit = self._limited(self.method.restricted_share)
            found, _ = solve_restricted(relaxation.master, Restriction(y, y, everything), limit)
            if found is not None:
                self.progress.offer(found)
            if self.progress.objective >= before and len(everything) == known:
                break
        if self.progress.solution is None:
            self._restricted(relaxation, root, self.method.restricted_share)

    def _designs(self, relaxation: Relaxation, root: Relaxed) -> Floats | None:
        """Runs of the restricted program without lots; None when it finds nothing better."""
        cutoff = self.progress.cutoff(0.0)
        low, high = reduced_cost_fixing(relaxation.low, relaxation.high, root.dual, cutoff)
        everything = np.ones(len(relaxation.master.paths), dtype=np.bool_)
        restriction = Restriction(low, high, everything, cutoff, lots=False)
        own = self._limited(self.method.restricted_share)
        found, _ = solve_restricted(relaxation.master, restriction, own)
        return None if found is None else found.y.astype(np.float64)

    def _limited(self, share: float) -> Options:
        """Options of a program that may take a share of the time left."""
        limit = self.clock.left * share
        return replace(
            self.options, listener=Silent(), threads=1,
            time_limit_seconds=None if np.isinf(limit) else limit,
        )  # fmt: skip

    def _restricted(self, relaxation: Relaxation, root: Relaxed, share: float) -> float:
        """Offer the best solution over the paths at hand; returns a bound over these paths."""
        master = relaxation.master
        cutoff = self.progress.cutoff(0.0)
        low, high = reduced_cost_fixing(relaxation.low, relaxation.high, root.dual, cutoff)
        everything = np.ones(len(master.paths), dtype=np.bool_)
        own = self._limited(share if self.method.branch else 1.0)
        restriction = Restriction(low, high, everything, cutoff)
        found, bound = solve_restricted(master, restriction, own)
        if found is not None:
            if not (self.problem.lot > 0.0).any():
                found = relaxation.fixed(found.y.astype(np.float64), self.clock) or found
            self.progress.offer(found)
        return bound

    def _report(self, outcome: Outcome | None = None) -> Result:
        return self.progress.result(self.method.name, self.options, self.notes, outcome)
