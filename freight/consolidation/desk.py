"""The desk of a study: what has been solved so far, handed to whatever is solved next."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace

from freight.consolidation.agenda import Agenda, Job, Slot
from freight.consolidation.cases import Case, Effort, Known, Worked, warm, work_all
from freight.consolidation.order import bounded
from freight.errors import EngineError
from solvers.network_design.relaxation.column_pool import Pool
from solvers.network_design.warm_start import IDLE
from solvers.options import Cancel

MOST_STARTS = 4
"""Known solutions that a case is handed, the cheapest ones."""


@dataclass(frozen=True)
class Order:
    """A case with its share of the time and where its starts come from.

    ``starts`` are labels with the keys of the cases whose solutions, side by side, may solve this
    one; ``parts`` are the keys of cases whose bounds add up to one of this case.
    """

    case: Case
    weight: float
    after: frozenset[Hashable] = frozenset()
    starts: tuple[tuple[str, tuple[Hashable, ...]], ...] = ()
    parts: tuple[Hashable, ...] = ()
    enough: bool = False


@dataclass(frozen=True)
class Batch:
    """Orders of one law that a worker takes together."""

    orders: tuple[Order, ...]

    @property
    def job(self) -> Job:
        """The batch on the agenda; it goes by the key of its first order."""
        after = frozenset(key for one in self.orders for key in one.after)
        weight = sum(one.weight for one in self.orders)
        return Job(self.orders[0].case.key, weight, after)


@dataclass
class Desk:
    """Executor, deadline, and everything found; pools and solutions flow from case to case."""

    engine: Executor
    workers: int
    deadline: float
    effort: Effort
    hear: Callable[[str], None]
    found: dict[Hashable, Worked] = field(default_factory=dict)
    pool: Pool = field(default_factory=Pool)
    cancel: Cancel = field(default_factory=Cancel)
    overtime: float = math.inf
    """Seconds after the deadline from which workers that have not answered count as lost."""

    def carry_out(self, batches: Sequence[Batch]) -> None:
        """Solve every batch; what was solved before is not solved again unless ordered anew.

        Once the desk is cancelled, what did not begin is left out.
        """
        by_key = {one.job.key: one for one in batches}
        leader = {order.case.key: key for key, one in by_key.items() for order in one.orders}

        def begin(job: Job, slot: Slot) -> Future[tuple[Worked, ...]]:
            orders = by_key[job.key].orders
            effort = replace(self.effort, seconds=slot.seconds / len(orders), threads=slot.threads)
            tasks = tuple((one.case, self._known(one)) for one in orders)
            return self.engine.submit(work_all, tasks, effort)

        def end(_: Job, results: tuple[Worked, ...]) -> None:
            for one in results:
                self._take(one)

        jobs = [
            replace(job, after=frozenset(leader.get(key, key) for key in job.after) - {job.key})
            for job in (one.job for one in batches)
        ]
        agenda = Agenda(
            self.deadline, self.workers, begin, end, lambda: self.cancel.raised, self.overtime
        )
        agenda.carry_out(jobs, list(self.found))

    @property
    def left(self) -> float:
        """Seconds until the deadline."""
        return max(0.0, self.deadline - time.perf_counter())

    def warm(self, case: Case) -> None:
        """Have what is compiled on first use ready before time is shared out."""
        begun = self.engine.submit(warm, case)
        try:
            begun.result(None if math.isinf(self.overtime) else self.left + self.overtime)
        except TimeoutError as error:
            raise EngineError("No worker has answered. See the logs of the cluster.") from error

    def _take(self, one: Worked) -> None:
        self.pool = self.pool.joined(one.pool)
        self.found[one.key] = replace(_better(self.found.get(one.key), one), pool=Pool())
        self.hear(heard(self.found[one.key]))

    def _known(self, order: Order) -> Known:
        """What helps a case: the pool, the cheapest known starts, a bound from its parts."""
        ready = []
        for label, keys in order.starts:
            some = [self.found.get(key) for key in keys]
            solutions = tuple(
                one.solution for one in some if one and one.solution and one.start != IDLE
            )
            if len(solutions) == len(keys):
                cost = sum(one.upper or 0.0 for one in some if one)
                ready.append((cost, label, solutions))
        ready.sort(key=lambda one: one[0])
        lower = [self.found[key].lower for key in order.parts if key in self.found]
        proved = [one for one in lower if one is not None]
        whole = order.parts and len(proved) == len(order.parts)
        return Known(
            pool=self.pool,
            starts=tuple((label, some) for _, label, some in ready[:MOST_STARTS]),
            parts_bound=sum(proved) if whole else None,
            enough=order.enough,
        )


def _better(before: Worked | None, one: Worked) -> Worked:
    """The cheaper of two results of one case, with the better of their bounds."""
    if before is None or before.upper is None:
        return one
    best = one if one.upper is not None and one.upper < before.upper else before
    proved = [found.lower for found in (before, one) if found.lower is not None]
    if best.upper is None or not proved:
        return best
    lower = min(max(proved), best.upper)
    return replace(best, lower=lower, plan=best.plan and bounded(best.plan, lower))


def heard(one: Worked) -> str:
    """One line on a case as it is solved."""
    if one.upper is None:
        return f"{one.name}: no plan of its own. {one.reason}"
    gap = "unknown"
    if one.lower is not None:
        gap = f"{100 * max(0.0, one.upper - one.lower) / max(abs(one.upper), 1e-9):.2f} %"
    origin = f", the plan of {one.start}" if one.start else ""
    return f"{one.name}: {one.upper:,.0f}, gap {gap}, {one.seconds:.0f} s{origin}."
