"""A matheuristic around the strong bound, with a tree that proves in a second process.

Two processes share the time. One proves: the strong relaxation with cuts, then branch and price.
The other searches, and each tells the other what it finds:

1. first solutions by loading (:mod:`solvers.network_design.loading.greedy`) and slope scaling;
2. the same relaxation, roughly, for itineraries and duals;
3. dives, some under perturbed fixed costs, found a small population of different solutions;
4. restricted programs: a neighbourhood frees some designs of a solution, the relaxation within it
   completes its itineraries, reduced costs fix what cannot pay, and a short branch and bound
   improves it. Kinds of neighbourhoods are drawn by how often they improved lately.

The largest networks begin without a master
(:mod:`solvers.network_design.heuristics.matheuristic.large_networks`). Lots are ignored until a
solution is worth having; then :mod:`solvers.network_design.heuristics.matheuristic.integral_lots`
makes its flows whole. Sources: Crainic, Gendron, Hernu (2004), J. Heuristics 10; Hewitt, Nemhauser,
Savelsbergh (2010), "Combining exact and heuristic approaches for the capacitated fixed-charge
network flow problem", INFORMS J. Computing 22(2); Katayama (2015), "A combined capacity scaling and
local branching approach for capacitated multi-commodity network design problem", Far East Journal
of Applied Mathematics 92; Gendron, Hanafi, Todosijević (2018), EJOR 268.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from solvers.network_design.exact.branch_and_price import BranchAndPrice
from solvers.network_design.heuristics.matheuristic.integral_lots import LotRepair
from solvers.network_design.heuristics.matheuristic.large_networks import LARGE, searched
from solvers.network_design.heuristics.matheuristic.proving import Prover, Task
from solvers.network_design.heuristics.matheuristic.search import Search
from solvers.network_design.heuristics.matheuristic.slope_scaling import slope_scaled
from solvers.network_design.loading.greedy import greedy
from solvers.network_design.relaxation.column_generation import CUT_ROUNDS, Relaxation, Relaxed
from solvers.network_design.relaxation.column_pool import Pool
from solvers.network_design.relaxation.infeasibility import proved_infeasible
from solvers.network_design.statement.incumbent import Progress
from solvers.network_design.statement.method import Traits
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.paths import Itineraries
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Result, Solution
from solvers.options import Clock, Options, Silent
from solvers.outcome import Outcome, SolverFailed

_TINY = 3_000  #: pairs of commodity and arc up to which one process does all
_ROUGH, _EXACT = 1e-4, 1e-7  #: relative distance at which a root ends: proved elsewhere, or not
_ROUGH_CUTS = 30  #: rounds of cuts before the search; the others come with the tree
_NEAR = 0.008  #: gap up to which a known solution is searched around at once
_LOADING = 0.2  #: of the time at most for a first solution
_FINE = 0.1  #: of the gap asked for: relative distance at which a root has converged
_LOTS = 0.15  #: of the time limit that one program of whole lots may take
_LAST_LOTS = 0.3  #: the same where it is the only one
_LAST_RESERVE = 1.5  #: of the seconds it may take


@dataclass(frozen=True)
class Matheuristic:
    """Slope scaling, strong relaxation, dives, neighbourhood search, and branch and price.

    ``slope_rounds`` of slope scaling give first solutions; ``first_dives`` perturbed dives, or as
    many as fit in ``founding_share`` of the time, found the population. With two threads or more a
    second process proves bounds by branch and price meanwhile. With one thread, or without a time
    limit, the search stops after ``patience`` rounds without progress; with one thread it gets
    ``search_share`` of the time at most, and the tree follows. The bound that the search starts
    from gets ``root_share`` of the time at most. A ``brief`` solve, of a part of something larger,
    makes lots whole only at the end, and ends with the search. ``pool`` is where solves on the same
    arcs share itineraries; ``start`` is a solution already known.
    """

    slope_rounds: int = 12
    first_dives: int = 5
    patience: int = 24
    founding_share: float = 0.15
    search_share: float = 0.7
    root_share: float = 0.6
    brief: bool = False
    pool: Pool | None = field(default=None, compare=False, repr=False)
    start: Solution | None = field(default=None, compare=False, repr=False)

    name: ClassVar[str] = "matheuristic"
    traits: ClassVar[Traits] = Traits(
        exact=False, gives_bound=True, lots=True, floors=True, largest=20_000_000_000,
        summary="Dives and restricted programs around the strong bound; the one for large cases.",
    )  # fmt: skip

    def solve(self, problem: NetworkDesign, options: Options) -> Result:
        """Solve and report; raises SolverFailed when the statement is unsound."""
        problem.ensure_sound()
        return _Run(self, problem, options).result()


class _Run:
    """One solve of one problem."""

    def __init__(self, method: Matheuristic, problem: NetworkDesign, options: Options) -> None:
        self.method = method
        self.problem = problem
        self.options = options
        self.clock = Clock(options)
        self.progress = Progress(problem, self.clock, options.listener)
        self.notes: dict[str, float | str] = {}
        self.whole = bool((problem.lot > 0.0).any())
        plain = Progress(problem.divisible, self.clock, Silent())
        self.inner = plain if self.whole else self.progress
        self.keeper: LotRepair | None = None
        self._prover: Prover | None = None
        self._told = float("inf")

    def result(self) -> Result:
        """The best solution with its bound; the prover, where one runs, has ended by then."""
        network = Network.of(self.problem)
        try:
            if network.acyclic and self.problem.commodities > LARGE:
                return self._solved_large(network)
            self._load(network)
            self._start_prover(network)
            return self._solved(network)
        except SolverFailed as failure:
            if self.progress.solution is None:
                raise
            self.notes["search"] = f"ended early: {failure}"
            return self._report()
        finally:
            if self._prover is not None:
                self._prover.stop()

    def _say(self, stage: str) -> None:
        """Name what begins now."""
        self.options.listener.iterated(stage, 0)

    def _start_prover(self, network: Network) -> None:
        """A second process, unless the tree of this one ends before that would have started."""
        left = self.clock.left
        tiny = self.problem.once and int(network.usable_count.sum()) <= _TINY
        if self.options.threads > 1 and left > 3.0 and not tiny:
            seconds = None if np.isinf(left) else left
            # Names are functions for messages alone, and functions do not travel.
            bare = replace(self.problem, names={})
            self._prover = Prover(Task(bare, self.options.gap, seconds))

    def _solved(self, network: Network) -> Result:
        relaxation = Relaxation(network, self.options)
        if len(relaxation.unreachable):
            return self._report(Outcome.INFEASIBLE)
        search = Search(relaxation, self.inner, self.options)
        if self.whole:
            share = _LAST_LOTS if self.method.brief else _LOTS
            progress = (self.inner, self.progress)
            self.keeper = LotRepair(relaxation, progress, self.options, share)
        self._begin(relaxation, search)
        self._slope_scaled(network, search)
        root = self._root(relaxation)
        if self.method.pool is not None:
            self.method.pool.harvest(relaxation)
        self.notes["root_bound"] = root.dual.bound
        self.notes["root_seconds"] = round(self.clock.seconds, 3)
        if root.point is None:
            return self._report()
        missing = root.point.penalty > 1e-6 and self.progress.solution is None
        if missing and proved_infeasible(self.problem, self.clock):
            return self._report(Outcome.INFEASIBLE)
        search.relaxed = root.point.y
        closed = self._improve(search, self._dives(search, root))
        if not closed and not self.method.brief:
            self._prove(relaxation, root, search)
        self.notes["search_rounds"] = float(search.rounds)
        self.notes["paths"] = float(len(relaxation.master.paths))
        return self._report()

    def _begin(self, relaxation: Relaxation, search: Search) -> None:
        """Take over shared itineraries and a known solution."""
        pool, start = self.method.pool, self.method.start
        if pool is not None:
            self.notes["shared_paths"] = float(pool.seed(relaxation))
        if start is not None and self.progress.offer(start):
            relaxation.master.add_paths(Itineraries.of(start))
            search.set_aside(start)

    def _load(self, network: Network) -> None:
        """A first solution by loading, so that an early end has something to show."""
        if network.acyclic and self.method.start is None:
            self._say("first plan")
            self.progress.offer(greedy(network, self.clock.part(_LOADING)))

    def _solved_large(self, network: Network) -> Result:
        """Without a master."""
        self._say("first prices")
        # Bounds are proved in a thread of their own, which nobody listens to.
        quiet = replace(self.options, listener=Silent())
        relaxation = Relaxation(network, quiet, self.options.threads)
        if len(relaxation.unreachable):
            return self._report(Outcome.INFEASIBLE)
        self.progress.prove(relaxation.first)
        if self.method.start is not None:
            self.progress.offer(self.method.start)
        self.notes.update(searched(relaxation, self.progress, self.options))
        return self._report()

    def _slope_scaled(self, network: Network, search: Search) -> None:
        """First divisible solutions, where no minimum stands in the way of rounding up."""
        if not network.row_floor.any():
            for solution in slope_scaled(network, Options(), self.clock, self.method.slope_rounds):
                search.offer_plain(solution)

    def _root(self, relaxation: Relaxation) -> Relaxed:
        """The strong bound with a few cuts; only roughly where another process proves."""
        self._say("bound")
        clock = self.clock.part(self.method.root_share)
        tolerance = max(_EXACT, _FINE * self.options.gap) if self._prover is None else _ROUGH
        return relaxation.root(
            clock, hear=self.progress.prove, tolerance=tolerance, cut_rounds=_ROUGH_CUTS
        )

    def _prove(self, relaxation: Relaxation, root: Relaxed, search: Search) -> None:
        """What is left to prove: wait for the second process, or grow the tree in this one."""
        self._say("proof")
        if self._prover is None:
            if root.converged:
                root = relaxation.converge(
                    self.clock, hear=self.progress.prove, cut_rounds=CUT_ROUNDS - _ROUGH_CUTS
                )
            if root.converged:
                tree = BranchAndPrice(relaxation, self.progress, self.options.gap)
                tree.run(self.clock, root, relaxation.low, relaxation.high)
            return
        while not self._exchange(search) and self._prover.busy():
            time.sleep(0.1)
        self._prover.hear_out()
        self._exchange(search)
        code = self._prover.failure()
        if code is not None:
            self.notes["prover"] = f"ended early with code {code}"

    def _dives(self, search: Search, root: Relaxed) -> int:
        """Dives that found the population; none where a known solution is close already."""
        near = self.inner.objective - root.dual.bound <= _NEAR * abs(root.dual.bound)
        if not (near and search.held):
            return self.method.first_dives
        search.admit()
        return 0

    def _improve(self, search: Search, dives: int) -> bool:
        """Search until closed, out of time or out of patience; whether closed."""
        share = 1.0 if self._prover is not None else self.method.search_share
        until = self.clock.seconds + share * self.clock.left
        founded = self.clock.seconds + self.method.founding_share * self.clock.left
        step = 1.0 if search.relaxation.network.row_floor.any() else 0.3
        self._say("dives")
        for i in range(dives):
            if self._exchange(search) or (i > 0 and self.clock.seconds > founded):
                break
            search.dive_once(step, 0.3 * min(i, 1))
            self._keep(search, i == 0 and not self.method.brief)
        while not self._exchange(search) and self.clock.seconds < until - self._reserve():
            search.round()
            self._keep(search, False)
            alone = self._prover is None or np.isinf(until)
            if alone and search.idle >= self.method.patience:
                break
        self._keep(search, True)
        return self.progress.closed(self.options.gap)

    def _keep(self, search: Search, now: bool) -> None:
        """Make whole lots of the divisible incumbent, ``now`` or when it is worth it."""
        if self.keeper is None:
            return
        if now or (self.keeper.due(search.idle) and not self.method.brief):
            self.keeper.keep(search.relaxed)

    def _reserve(self) -> float:
        """Seconds that the last program of whole lots needs."""
        if self.keeper is None:
            return 0.0
        if self.method.brief:
            return _LAST_RESERVE * self.keeper.limit()
        return 1.2 * self.keeper.last_seconds

    def _exchange(self, search: Search) -> bool:
        """Tell and hear the prover; whether the solve is over."""
        prover = self._prover
        if prover is not None:
            for news in prover.news():
                if news.solution is not None:
                    if self.whole:
                        self.progress.offer(news.solution)
                    search.offer(news.solution)
                if news.bound is not None:
                    self.progress.leave(news.bound)
            if self.progress.objective < self._told:
                self._told = self.progress.objective
                prover.tell(self._told)
        return self.clock.over or self.progress.closed(self.options.gap)

    def _report(self, outcome: Outcome | None = None) -> Result:
        return self.progress.result(self.method.name, self.options, self.notes, outcome)
