"""The compact mixed-integer program: exact on small instances, and the reference for all others.

The formulation stands in :mod:`solvers.network_design.compact.model`. Branch-and-bound is the
backend's; here the model is built, the answer cleaned (runs rounded, flows repaired for the rounded
runs where the backend's tolerances left traces), decomposed into paths, and freed of runs that
carry nothing.

Circulations cost something on networks with cycles and are cancelled when found; a model whose
minimum rows could only be met by circulating is refused with SolverFailed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from solvers.arrays import Floats
from solvers.linear.backends import LinearResult, backend
from solvers.network_design.compact.model import ArcModel, build
from solvers.network_design.loading.greedy import greedy
from solvers.network_design.loading.repair import mended
from solvers.network_design.master.lagrangian import priced_apart, surcharge
from solvers.network_design.pricing.once import once
from solvers.network_design.pricing.pricer import Pricer
from solvers.network_design.statement.flows import trim_runs
from solvers.network_design.statement.incumbent import Progress
from solvers.network_design.statement.method import Traits
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.places import places_met_again, returning
from solvers.network_design.statement.problem import NetworkDesign, runs_behind
from solvers.network_design.statement.result import Result, Solution
from solvers.network_design.statement.verify import verify
from solvers.options import Clock, Options
from solvers.outcome import Outcome, SolverFailed, SolverUnavailable, Stop, TracePoint

#: Largest breach of a row by the rounded answer that is left to the final tolerance.
_CLEAN = 1e-9
_REPAIR_SECONDS = 30.0
_LOADING = 0.2  #: of the time at most for a first solution
_PER_PAIR = 7e-6  #: seconds for each pair of commodity and arc before an engine can be stopped
_MANY = 100_000  #: pairs up to which a model is stated whatever the time


@dataclass(frozen=True)
class ArcFlow:
    """Solve the compact model with a backend.

    ``strong`` states all linking rows (a tight relaxation, |K|·|A| rows) instead of only those
    that capacity rows do not imply.
    """

    backend: str = "highs"
    strong: bool = True

    name: ClassVar[str] = "arc-mip"
    traits: ClassVar[Traits] = Traits(
        exact=True, gives_bound=True, lots=True, floors=True, largest=300_000,
        summary="Compact arc model in a general MIP solver: exact, for small instances.",
    )  # fmt: skip

    def solve(self, problem: NetworkDesign, options: Options) -> Result:
        """Solve and report.

        Raises SolverUnavailable when the backend is missing or refuses the model, SolverFailed
        when the problem is unsound, the backend breaks down or paths cannot carry its flows.
        """
        problem.ensure_sound()
        return _Run(self, problem, options).result()


class _Run:
    """One solve of one problem, in rounds while paths come back to places (see there)."""

    def __init__(self, method: ArcFlow, problem: NetworkDesign, options: Options) -> None:
        self.method, self.problem, self.options = method, problem, options
        self.clock = Clock(options)
        self.solver = backend(method.backend)
        self.progress = Progress(problem, self.clock, options.listener)
        self.critical: dict[int, tuple[int, ...]] = {}
        self.build_seconds = 0.0
        self.trace: list[TracePoint] = []

    def result(self) -> Result:
        """The best solution with its bound; INFEASIBLE only where that is proved."""
        self._say("first plan")
        needed = self._begin()
        while True:
            if self.clock.left < needed or self._over():
                return self._report(None, None if self._over() else Stop.TIME)
            self._say("model")
            began = self.clock.seconds
            stated = build(self.problem, self.method.strong, critical=self.critical)
            needed = self.clock.seconds - began
            self.build_seconds += needed
            if not stated.possible:
                return self._report(Outcome.INFEASIBLE)
            reason = self.solver.refusal(stated.model)
            if reason is not None:
                raise SolverUnavailable(reason)
            self._say("branch and cut")
            answer = self._answer(stated)
            back = self._taken(stated, answer)
            if not back or self._over():
                return self._report(None if back else answer.outcome, answer.stop)

    def _say(self, stage: str) -> None:
        """Name what begins now."""
        self.options.listener.iterated(stage, 0)

    def _over(self) -> bool:
        """Whether there is nothing left to prove."""
        return self.progress.closed(self.options.gap) or self.options.cancel.raised

    def _begin(self) -> float:
        """A bound before the model is built, and where flow has no cycles a plan.

        Returns the seconds that model and engine need at least before they can look at the clock.
        """
        began = time.thread_time()
        network = Network.of(self.problem)
        prices, asked = surcharge(network), np.flatnonzero(self.problem.demand > 0.0)
        pricer = once(network, Pricer(network))
        priced = pricer.price(prices, asked, np.full(len(asked), np.inf))
        self.progress.prove(priced_apart(network, prices, priced, asked))
        if self.problem.once and network.acyclic:
            self.progress.offer(greedy(network, self.clock.part(_LOADING)))
        pairs = int(network.usable_count[self.problem.demand > 0.0].sum())
        busy = max(1.0, self.clock.seconds / max(time.thread_time() - began, 1e-3))
        return 0.0 if pairs <= _MANY else _PER_PAIR * pairs * busy

    def _answer(self, stated: ArcModel) -> LinearResult:
        """The backend's answer in the time left; what it finds on the way is heard."""
        began = self.clock.seconds
        own = replace(_remaining(self.options, self.clock), listener=_Heard(self))
        answer = self.solver.solve(stated.model, own)
        if not self.problem.once:
            self.trace += [
                TracePoint(began + one.seconds, one.objective, self._lifted(one.bound))
                for one in answer.trace
            ]
        return answer

    def _lifted(self, bound: float | None) -> float | None:
        """A bound of the backend, or what was known before it where that is better."""
        known = self.progress.bound
        if not np.isfinite(known):
            return bound
        return known if bound is None else max(bound, known)

    def _taken(self, stated: ArcModel, answer: LinearResult) -> bool:
        """Take bound and solution of an answer, mended where its paths come back; whether they do.

        The next model knows the places they come back to.
        """
        if answer.bound is not None:
            self.progress.prove(answer.bound)
        if answer.values is None:
            return False
        found = _solution(stated, answer.values, self.options)
        back = np.flatnonzero(returning(self.problem, found.commodity, found.path_arcs))
        for i in back.tolist():
            k = int(found.commodity[i])
            new = places_met_again(self.problem, k, found.path_arcs[i])
            self.critical[k] = tuple(dict.fromkeys((*self.critical.get(k, ()), *new)))
        kept = mended(self.problem, found) if len(back) else found
        if kept is not None:
            self.progress.offer(kept)
        if not len(back) and self.progress.solution is None:
            messages = [one.message for one in verify(self.problem, found).violations[:3]]
            raise SolverFailed(
                f"The answer of {self.method.backend} breaks the problem: {' '.join(messages)} "
                "Try another backend."
            )
        return len(back) > 0

    def _report(self, outcome: Outcome | None, stop: Stop | None = None) -> Result:
        """What is known in the end; ``outcome`` and ``stop`` are those of the last model."""
        done = self.progress
        proved = Outcome.INFEASIBLE if outcome is Outcome.INFEASIBLE else None
        found = done.result(
            ArcFlow.name, self.options, {"build seconds": self.build_seconds}, proved
        )
        if done.solution is not None and outcome is Outcome.OPTIMAL and np.isfinite(done.bound):
            found = replace(found, outcome=Outcome.OPTIMAL, stop=None)
        if found.stop is not None and stop is not None:
            found = replace(found, stop=stop)
        trace = self.trace or done.trace
        return replace(
            found, backend=self.method.backend, versions=self.solver.versions(), trace=trace
        )


@dataclass(frozen=True)
class _Heard:
    """Passes on what a backend finds: bounds if they say more, solutions if they are plans."""

    run: _Run

    def improved(self, objective: float) -> None:
        """A better solution of the model, which may come back to places where that is a rule."""
        if not self.run.problem.once:
            self.run.options.listener.improved(objective)

    def bounded(self, bound: float) -> None:
        """A better bound."""
        if self.run.problem.once:
            self.run.progress.prove(bound)
        elif bound > self.run.progress.bound:
            self.run.options.listener.bounded(bound)

    def iterated(self, stage: str, iteration: int) -> None:
        """One more step."""
        self.run.options.listener.iterated(stage, iteration)


def _remaining(options: Options, clock: Clock) -> Options:
    """The same options with the time that building the model left."""
    if options.time_limit_seconds is None:
        return options
    return replace(options, time_limit_seconds=clock.left)


def _solution(stated: ArcModel, values: Floats, options: Options) -> Solution:
    """Paths and needed runs of an answer; raises SolverFailed when paths cannot carry it."""
    problem = stated.problem
    solution = trim_runs(problem, stated.solution(_repaired(stated, values, options)))
    if problem.row_floor.any() and _misses_a_floor(problem, solution):
        raise SolverFailed(
            "A minimum row is met only by flow that circulates, which no path carries. Remove the "
            "minimum or the cycle of arcs."
        )
    return solution


def _repaired(stated: ArcModel, values: Floats, options: Options) -> Floats:
    """Values with whole integers; the continuous rest solved again where that breaks a row."""
    model = stated.model
    whole = np.where(model.integral, np.round(values), values)
    whole = np.clip(whole, model.col_lower, model.col_upper)
    if not model.violated_rows(whole, _CLEAN):
        return whole
    fixed = replace(
        model, integral=np.zeros(model.columns, dtype=np.bool_),
        col_lower=np.where(model.integral, whole, model.col_lower),
        col_upper=np.where(model.integral, whole, model.col_upper),
    )  # fmt: skip
    again = backend("highs").solve(
        fixed, Options(_REPAIR_SECONDS, threads=options.threads, seed=options.seed)
    )
    return whole if again.values is None else again.values


def _misses_a_floor(problem: NetworkDesign, solution: Solution) -> bool:
    """Whether the paths stay below a minimum row."""
    step = solution.path_arcs.owners()
    arc, k = solution.path_arcs.values, solution.commodity[step]
    owner, member = problem.row_arcs.owners(), problem.row_arcs.values
    use = np.zeros(problem.rows)
    for d in range(problem.load.shape[0]):
        taken = problem.load[d][k] * solution.amount[step]
        on_arc = np.bincount(arc, weights=taken, minlength=problem.arcs)
        use += np.where(
            problem.row_dim == d,
            np.bincount(owner, weights=on_arc[member], minlength=problem.rows), 0.0,
        )  # fmt: skip
    need = problem.row_limit * runs_behind(problem.row_design, solution.y)
    short = problem.row_floor & (need - use > 1e-6 * np.maximum(1.0, need))
    return bool(short.any())
