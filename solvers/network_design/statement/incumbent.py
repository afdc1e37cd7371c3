"""The best solution known so far, checked before it counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import version

import numpy as np

from solvers.arrays import Floats, Ints, Ragged
from solvers.network_design.statement.flows import trim_runs
from solvers.network_design.statement.paths import Itineraries
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Result, Solution
from solvers.network_design.statement.verify import verify
from solvers.options import Clock, Listener, Options
from solvers.outcome import Outcome, Stop, TracePoint

DEFECT = "defect"
"""Note of a result whose bound was above a solution: a defect of the method."""
_NOISE = 1e-5  #: relative difference of bound and solution that tolerances explain


@dataclass
class Progress:
    """Incumbent, proved bound and their history over one solve.

    ``ceiling`` is the cost of a solution known elsewhere: it cuts off, it is no incumbent.
    ``defect`` says which bound turned out to be above a solution.
    """

    problem: NetworkDesign
    clock: Clock
    listener: Listener
    solution: Solution | None = None
    objective: float = float("inf")
    bound: float = float("-inf")
    ceiling: float = float("inf")
    trace: list[TracePoint] = field(default_factory=list)
    refused: int = 0
    defect: str | None = None

    def offer(self, solution: Solution) -> bool:
        """Take a solution when it passes the independent check and improves; whether it did."""
        lean = trim_runs(self.problem, solution)
        checked = verify(self.problem, lean)
        if not checked.feasible:
            self.refused += 1
            return False
        if checked.objective >= self.objective - 1e-9 * max(1.0, abs(self.objective)):
            return False
        self.solution, self.objective = lean, checked.objective
        self._compare(self.bound)
        self.bound = min(self.bound, self.objective)
        self.listener.improved(self.objective)
        self._note()
        return True

    def prove(self, bound: float) -> None:
        """Take a lower bound of all solutions when it is better."""
        self._compare(bound)
        self.leave(bound)

    def leave(self, bound: float) -> None:
        """Take a lower bound of all solutions but the one known when it is better."""
        bound = min(bound, self.objective, self.ceiling)
        if bound > self.bound + 1e-12 * max(1.0, abs(bound)):
            self.bound = bound
            self.listener.bounded(bound)
            self._note()

    def _compare(self, bound: float) -> None:
        """Remember a bound that lies above the solution known beyond what tolerances explain."""
        self.defect = self.defect or contradiction(bound, self.objective)

    def closed(self, gap: float) -> bool:
        """Whether incumbent and bound are within the relative gap."""
        return self.solution is not None and self.cutoff(gap) <= self.bound

    def cutoff(self, gap: float) -> float:
        """Bound from which nothing better than the incumbent by more than ``gap`` can exist."""
        least = min(self.objective, self.ceiling)
        return least - max(gap, 1e-9) * max(abs(least), 1e-9) if np.isfinite(least) else least

    def result(
        self,
        method: str,
        options: Options,
        notes: dict[str, float | str],
        outcome: Outcome | None = None,
    ) -> Result:
        """What a method ends with; ``outcome`` where it is more than incumbent and bound tell."""
        stop: Stop | None = None
        if outcome is None and self.solution is None:
            self.offer(idle(self.problem))
        if self.defect is not None:
            notes[DEFECT] = self.defect
        if outcome is None:
            closed = self.closed(options.gap)
            solved = Outcome.OPTIMAL if closed else Outcome.FEASIBLE
            outcome = Outcome.NO_SOLUTION if self.solution is None else solved
            if not closed:
                late = Stop.TIME if self.clock.over else Stop.CONVERGED
                stop = Stop.INTERRUPTED if options.cancel.raised else late
        return Result(
            outcome=outcome, stop=stop,
            objective=None if self.solution is None else self.objective,
            bound=self.bound if np.isfinite(self.bound) else None,
            solution=self.solution, seconds=self.clock.seconds, method=method,
            backend="highs", seed=options.seed,
            versions={name: version(name) for name in ("highspy", "numba", "numpy")},
            trace=self.trace, notes=notes,
        )  # fmt: skip

    def _note(self) -> None:
        objective = self.objective if self.solution is not None else None
        bound = self.bound if np.isfinite(self.bound) else None
        self.trace.append(TracePoint(self.clock.seconds, objective, bound))


def contradiction(bound: float, objective: float) -> str | None:
    """In words that a bound lies above a solution beyond what tolerances explain, or None."""
    if not bound - objective > _NOISE * max(1.0, abs(objective)):
        return None
    return f"no solution is said to cost less than {bound:,.6f}, one costs {objective:,.6f}."


def idle(problem: NetworkDesign) -> Solution:
    """Nothing served, every design run as seldom as it may."""
    none = np.zeros(0, dtype=np.int64)
    return Solution(
        y=problem.y_min.copy(), commodity=none, path_arcs=Ragged.of([]), path_exit=none.copy(),
        amount=np.zeros(0), unserved=problem.demand.copy(),
    )  # fmt: skip


def assemble(
    problem: NetworkDesign, paths: Itineraries, share: Floats, unserved: Floats, y: Ints
) -> Solution:
    """Solution from shares of demand on paths; rounding noise is scaled away per commodity.

    Commodities with a lot are rounded to whole lots.
    """
    lot, demand = problem.lot, problem.demand
    amount = share * demand[paths.commodity]
    left = unserved * demand
    size = lot[paths.commodity]
    whole = size > 0.0
    amount[whole] = np.round(amount[whole] / size[whole]) * size[whole]
    left[lot > 0.0] = np.round(left[lot > 0.0] / lot[lot > 0.0]) * lot[lot > 0.0]
    noise = 1e-7 * np.maximum(1.0, demand)
    left[left < noise] = 0.0
    amount[amount < noise[paths.commodity]] = 0.0
    keep = np.flatnonzero(amount > 0.0)
    kept = paths.take(keep)
    amount = amount[keep]
    moved = np.bincount(kept.commodity, weights=amount, minlength=problem.commodities)
    goal = np.maximum(demand - left, 0.0)
    factor = np.divide(goal, moved, out=np.ones_like(goal), where=(moved > 0.0) & (lot == 0.0))
    return Solution(y, kept.commodity, kept.arcs, kept.path_exit,
                    amount * factor[kept.commodity], left)  # fmt: skip
