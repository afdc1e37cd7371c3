"""Several routing methods at once, each in its own process; the best checked result wins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from typing import ClassVar, Protocol

from solvers.options import Cancel, Options, SharedCancel, Silent
from solvers.outcome import SolverFailed
from solvers.processes import become_helper, spawning
from solvers.vrp.enumeration import small_optimum
from solvers.vrp.ortools_routing import OrTools
from solvers.vrp.problem import Routing
from solvers.vrp.pyvrp_search import PyVrp, refuse_extras
from solvers.vrp.result import RoutingResult, Trail

_POLL_SECONDS = 0.2


class RoutingMethod(Protocol):
    """A way to solve a Routing; never prints."""

    @property
    def name(self) -> str:
        """As it is asked for."""
        ...

    def solve(self, problem: Routing, options: Options) -> RoutingResult:
        """Solve and report; raises SolverUnavailable or SolverFailed."""
        ...


@dataclass(frozen=True)
class Relay:
    """OR-Tools for a ``share`` of the time, then PyVRP from its routes with a seed of its own."""

    name: ClassVar[str] = "relay"
    share: float = 0.15

    def solve(self, problem: Routing, options: Options) -> RoutingResult:
        """Solve and report; without a time limit each of the two stops by its own rule."""
        trail = Trail(options)
        limit = options.time_limit_seconds
        brief = None if limit is None else limit * self.share
        first = OrTools().solve(problem, replace(options, time_limit_seconds=brief))
        left = None if limit is None else max(0.01, limit - trail.seconds)
        rest = replace(options, time_limit_seconds=left, seed=options.seed + 1)
        second = PyVrp(first=1, saving=0.3).improve(problem, rest, first.routes)
        best = min((second, first), key=_rank)
        return replace(best, method=self.name, seconds=trail.seconds, seed=options.seed)


def _rank(result: RoutingResult) -> float:
    return float("inf") if result.objective is None else float(result.objective)


def _work(
    method: RoutingMethod, problem: Routing, options: Options, event: Event, out: Connection
) -> None:
    become_helper()
    try:
        out.send(method.solve(problem, replace(options, cancel=SharedCancel(event))))
    except SolverFailed as error:
        out.send(error)
    finally:
        out.close()


@dataclass(frozen=True)
class BestOfBoth:
    """Runs its methods side by side for the whole time limit, one core each.

    By default PyVRP on one, and on the other OR-Tools handing over to PyVRP.
    """

    name: ClassVar[str] = "best-of-both"
    methods: tuple[RoutingMethod, ...] = (PyVrp(saving=0.5), Relay())

    def solve(self, problem: Routing, options: Options) -> RoutingResult:
        """The best result of the methods that ended, few tasks exactly.

        Raises SolverFailed when none ended, ValueError where ``problem.check()`` is not empty.
        """
        refuse_extras(problem, self.name)
        wrong = problem.check()
        if wrong:
            raise ValueError(" ".join(wrong))
        exact = small_optimum(problem, options)
        if exact is not None:
            return replace(exact, method=self.name, notes={"winner": exact.method})
        trail = Trail(options)
        quiet = replace(options, listener=Silent(), cancel=Cancel())
        running: dict[Connection, BaseProcess] = {}
        with spawning() as context:
            event = context.Event()
            for method in self.methods:
                inlet, outlet = context.Pipe(duplex=False)
                worker = context.Process(target=_work, args=(method, problem, quiet, event, outlet))
                worker.start()
                outlet.close()
                running[inlet] = worker
        answers = _collect(running, event, trail)
        return self._best(answers, trail)

    def _best(self, answers: list[RoutingResult | SolverFailed], trail: Trail) -> RoutingResult:
        results = [one for one in answers if isinstance(one, RoutingResult)]
        if not results:
            reason = answers[0] if answers else "every process ended without an answer."
            raise SolverFailed(f"{self.name} has no result: {reason}")
        best = min(results, key=_rank)
        found: dict[str, float | str] = {
            one.method: "none" if one.objective is None else float(one.objective) for one in results
        }
        return replace(
            best, method=self.name, seconds=trail.seconds, notes={**found, "winner": best.method}
        )


def _collect(
    running: dict[Connection, BaseProcess], event: Event, trail: Trail
) -> list[RoutingResult | SolverFailed]:
    answers: list[RoutingResult | SolverFailed] = []
    waiting = dict(running)
    try:
        while waiting:
            for ready in wait(list(waiting), timeout=_POLL_SECONDS):
                inlet = next(one for one in waiting if one is ready)
                del waiting[inlet]
                try:
                    answers.append(inlet.recv())
                except EOFError:
                    continue
                if isinstance(answers[-1], RoutingResult) and answers[-1].objective is not None:
                    trail.improved(answers[-1].objective)
            if trail.options.cancel.raised:
                event.set()
    finally:
        for inlet, worker in running.items():
            if waiting:
                worker.terminate()
            worker.join()
            inlet.close()
    return answers
