"""A method that starts from solutions already known, and never returns a worse one.

Solutions of one problem are often solutions of another: of one that allows more, or put together
from problems of parts of the demand. The best of them that the problem accepts is handed to the
inner method, where that can use it (fields ``start`` and ``pool``), and stands against what it
finds. Leaving everything unserved is a solution too, so that an answer is there however short the
time, where demand may stay unserved at all; it is no start for a search, for it says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar

import numpy as np

from solvers.arrays import Ragged
from solvers.network_design.relaxation.column_pool import Pool
from solvers.network_design.statement.flows import trim_runs
from solvers.network_design.statement.incumbent import DEFECT, contradiction, idle
from solvers.network_design.statement.method import Method, Traits
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Result, Solution
from solvers.network_design.statement.verify import verify
from solvers.options import Options
from solvers.outcome import Outcome, Stop, relative_gap

IDLE = "idle"
"""Label of the solution that leaves everything unserved."""


@dataclass(frozen=True)
class Start:
    """A known solution and what it is called."""

    label: str
    solution: Solution


@dataclass(frozen=True)
class _Taken:
    label: str
    solution: Solution
    objective: float


def united(problem: NetworkDesign, parts: Sequence[Solution]) -> Solution:
    """Solutions of parts of the demand side by side; designs run as often as all need together.

    Whether ``problem`` accepts it depends on the capacities that the parts share.
    """
    extra = np.sum([one.y - problem.y_min for one in parts], axis=0).astype(np.int64)
    return Solution(
        y=np.clip(problem.y_min + extra, problem.y_min, problem.y_max),
        commodity=np.concatenate([one.commodity for one in parts]),
        path_arcs=Ragged.of([one.path_arcs[i] for one in parts for i in range(len(one.path_arcs))]),
        path_exit=np.concatenate([one.path_exit for one in parts]),
        amount=np.concatenate([one.amount for one in parts]),
        unserved=np.sum([one.unserved for one in parts], axis=0),
    )


def equipped(method: Method, start: Solution | None, pool: Pool | None) -> Method:
    """The method with a start and shared paths, as far as it has fields for them."""
    named: Any = method
    known = {one.name for one in fields(named)}
    given = {"start": start, "pool": pool}
    made: Method = replace(named, **{key: value for key, value in given.items() if key in known})
    return made


@dataclass(frozen=True)
class Started:
    """``inner`` from the best of ``starts``; the result's note ``start`` names what it returns.

    ``bound`` is a lower bound proved elsewhere. With ``enough``, a start that is accepted is the
    answer and ``inner`` does not run; without ``inner`` the best start is the answer in any case.
    ``inner`` takes ``share`` of the time; the rest is for whoever has to solve again.
    """

    inner: Method | None
    starts: tuple[Start, ...] = ()
    bound: float | None = None
    pool: Pool | None = None
    enough: bool = False
    share: float = 0.75

    name: ClassVar[str] = "started"
    traits: ClassVar[Traits] = Traits(
        exact=True, gives_bound=True, lots=True, floors=True, largest=20_000_000_000,
        summary="Another method from solutions already known.",
    )  # fmt: skip

    def solve(self, problem: NetworkDesign, options: Options) -> Result:
        """Solve; raises what the inner method raises."""
        best = self._best(problem)
        if self.inner is None or (best is not None and self._suffices(best, options)):
            return self._returned(best, options)
        limit = options.time_limit_seconds
        own = options if limit is None else replace(options, time_limit_seconds=self.share * limit)
        start = None if best is None or best.label == IDLE else best.solution
        engine = equipped(self.inner, start, self.pool)
        found = engine.solve(problem, own)
        if self.pool is not None and found.solution is not None:
            self.pool.set_aside(found.solution)
        return self._better(best, found, options)

    def _best(self, problem: NetworkDesign) -> _Taken | None:
        """The cheapest start that the problem accepts."""
        best: _Taken | None = None
        for one in (*self.starts, Start(IDLE, idle(problem))):
            if len(one.solution.y) != problem.designs:
                continue
            lean = trim_runs(problem, one.solution)
            checked = verify(problem, lean)
            good = checked.feasible and np.isfinite(checked.objective)
            if good and (best is None or checked.objective < best.objective):
                best = _Taken(one.label, lean, checked.objective)
        return best

    def _suffices(self, best: _Taken, options: Options) -> bool:
        gap = relative_gap(best.objective, self._bound_under(best.objective))
        return best.label != IDLE and (self.enough or (gap is not None and gap <= options.gap))

    def _bound_under(self, objective: float) -> float | None:
        """The given bound, never above the objective."""
        return None if self.bound is None else min(self.bound, objective)

    def _returned(self, best: _Taken | None, options: Options) -> Result:
        """The start as the answer."""
        nothing = Result(
            outcome=Outcome.NO_SOLUTION, stop=Stop.TIME, objective=None, bound=self.bound,
            solution=None, seconds=0.0, backend="highs", seed=options.seed,
            method=self.name if self.inner is None else self.inner.name,
        )  # fmt: skip
        return self._better(best, nothing, options)

    def _better(self, best: _Taken | None, found: Result, options: Options) -> Result:
        """What was found or the start, whichever is cheaper, with the better bound."""
        objective, solution, label = found.objective, found.solution, ""
        if best is not None:
            noise = 1e-9 * max(1.0, abs(best.objective))
            if objective is None or objective >= best.objective - noise:
                objective, solution, label = best.objective, best.solution, best.label
        if objective is None or solution is None:
            return found
        proved = None if found.outcome is Outcome.INFEASIBLE else found.bound
        known = [one for one in (proved, self.bound) if one is not None]
        defect = contradiction(max(known), objective) if known else None
        notes = found.notes if defect is None else found.notes | {DEFECT: defect}
        bound = min(max(known), objective) if known else None
        gap = relative_gap(objective, bound)
        closed = gap is not None and gap <= options.gap
        return replace(
            found, outcome=Outcome.OPTIMAL if closed else Outcome.FEASIBLE,
            stop=None if closed else found.stop or Stop.CONVERGED, objective=objective,
            bound=bound, solution=solution, notes=notes | {"start": label},
        )  # fmt: skip
