"""Networks too large to begin with a master: rerouting and districts, steered by a guide.

With two threads or more the bound
(:mod:`solvers.network_design.heuristics.matheuristic.bound_worker`) and the search run side by
side, one thread each; with one thread the bound comes first. Rerouting always steers by the latest
prices, on the arcs near the cheapest itineraries under them; while prices still move much it loads
everything anew. After it the best solution is improved district by district
(:mod:`solvers.network_design.heuristics.matheuristic.districts`), where it costs most above the
prices.
"""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace

import numpy as np

from solvers.network_design.heuristics.matheuristic.bound_worker import BoundUpdate, BoundWorker
from solvers.network_design.heuristics.matheuristic.districts import Districts, Sent
from solvers.network_design.heuristics.matheuristic.worker_pool import District, WorkerPool
from solvers.network_design.heuristics.regret import regret
from solvers.network_design.heuristics.ruin_recreate import RuinRecreate
from solvers.network_design.pricing.near_paths import near_arcs
from solvers.network_design.relaxation.column_generation import Relaxation
from solvers.network_design.statement.incumbent import Progress
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.result import Result, Solution
from solvers.network_design.statement.verify import verify
from solvers.network_design.transform.subproblem import Subproblem
from solvers.options import Cancel, Options

LARGE = 4_000  #: commodities above which a master from nothing takes too long
_BOUND_SHARE = 0.5  #: of the time, for the bound, where one thread does both
_PHASE = 0.06  #: of the time, between looks at the prices
_LEAST_PHASE = 8.0  #: seconds
_PATIENCE = 12  #: phases without improvement after which a search without a limit ends
_MOVED = 0.004  #: relative rise of the bound after which everything is loaded anew
_EARLY = 0.6  #: of the time for rerouting, in which that may happen
_NEAR = 0.3  #: of the mean cost of a unit: arcs that commodities may use
_WIDE = 0.8  #: the same in districts
_FAR = 1.5  #: the same for commodities that wait
_REROUTING = 0.1  #: of the time; districts come after it
_LEAST_REROUTING = 60.0  #: seconds, but
_MOST_REROUTING = 0.5  #: of the time
_DISTRICT_GAP = 1e-3
_OFFERED_EVERY = 20.0  #: seconds between checks of the whole solution
_CLOSING_RESERVE = 1.5  #: of the seconds that the last end of a phase took
_LENIENT, _STRICT = 0.3, 8.0  #: how dear a missed minimum is at first and at the end
_FIRST_TEMPERATURE, _LAST_TEMPERATURE = 0.08, 0.001  #: temperature, in mean costs of a part


def searched(
    relaxation: Relaxation, progress: Progress, options: Options
) -> dict[str, float | str]:
    """Prove by a guide, search by rerouting and districts; notes on both."""
    network, left = relaxation.network, progress.clock.left
    if options.threads == 1:
        guide = BoundWorker(
            relaxation, replace(options, time_limit_seconds=_part(_BOUND_SHARE, left))
        )
        guide.run()
        return _noted(guide, _Search(network, guide, progress, options).run())
    cancel = Cancel()
    part = replace(options, time_limit_seconds=_part(1.0, left), cancel=cancel)
    guide = BoundWorker(relaxation, part, beside=True)
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(guide.run)
        try:
            rounds = _Search(network, guide, progress, options).run()
        finally:
            cancel.set()
            future.result()
    return _noted(guide, rounds)


def _part(share: float, seconds: float) -> float | None:
    return None if np.isinf(seconds) else share * seconds


def _noted(guide: BoundWorker, rounds: int) -> dict[str, float | str]:
    found: dict[str, float | str] = {"search_rounds": float(rounds)}
    if guide.failure is not None:
        found["prover"] = f"ended early: {guide.failure}"
    return found


class _Search:
    """Phases of rerouting; prices and usable arcs are renewed between them."""

    def __init__(
        self, network: Network, guide: BoundWorker, progress: Progress, options: Options
    ) -> None:
        self.network, self.guide = network, guide
        self.progress, self.options = progress, options
        self._loaded = BoundUpdate(-np.inf, guide.news.price, guide.news.likely)
        self._began = 0.0
        self._end = np.inf
        self._parts: RuinRecreate | None = None
        self._closing = 2.0

    def run(self) -> int:
        """Phases until closed, out of time or out of patience, then districts; the phases."""
        idle = phases = 0
        clock = self.progress.clock
        share = max(_REROUTING * clock.left, _LEAST_REROUTING)
        until = self._end = clock.seconds + min(share, _MOST_REROUTING * clock.left)
        while not self._over() and idle < _PATIENCE:
            self._prove()
            began = clock.seconds
            now = self._renewed(phases)
            renewing = clock.seconds - began
            self.options.listener.iterated("search", phases + 1)
            won = self._phase(now)
            if until - clock.seconds < 2.0 * (renewing + self._closing):
                break
            idle = 0 if won or not np.isinf(clock.left) else idle + 1
            phases += 1
        self._by_districts()
        self._prove()
        return phases

    def _prove(self) -> None:
        if np.isfinite(self.guide.news.bound):
            self.progress.prove(self.guide.news.bound)

    def _by_districts(self) -> None:
        """Improve the best solution until the time is over."""
        clock = self.progress.clock
        if self.progress.solution is None or np.isinf(clock.left):
            return
        price = self.guide.news.price
        slack = np.full(self.network.problem.commodities, _WIDE * self._mean_cost())
        near = near_arcs(self.network, price, slack)
        promise = regret(self.network, price, self.progress.solution)
        districts = Districts(near, promise, self.options.seed)
        crew = WorkerPool(self.options.threads)
        try:
            self._planned_anew(districts, crew)
        finally:
            crew.stop()

    def _planned_anew(self, districts: Districts, crew: WorkerPool) -> None:
        """Put back what the crew finds; the whole is checked now and then."""
        clock, solution = self.progress.clock, self.progress.solution
        busy: dict[Future[Result | None], Sent] = {}
        offered = clock.seconds
        while solution is not None and not self._over() and clock.left > self._closing:
            self._send(districts, crew, solution, busy)
            if not busy:
                break
            self.options.listener.iterated("districts", districts.count)
            done, _ = wait(busy, timeout=0.5, return_when=FIRST_COMPLETED)
            self._prove()
            for future in done:
                sent, found = busy.pop(future), future.result()
                solution, saved = _with(solution, sent.part, found)
                districts.update(sent, saved, _left(found), clock.seconds - sent.at_seconds)
            if clock.seconds - offered > _OFFERED_EVERY:
                solution = self._checked(solution)
                offered = clock.seconds
        if solution is not None:
            self.progress.offer(solution)

    def _checked(self, solution: Solution) -> Solution:
        """The solution, or the best one known where it does not hold as a whole."""
        refused = self.progress.refused
        self.progress.offer(solution)
        known = self.progress.solution
        return solution if known is None or self.progress.refused == refused else known

    def _send(
        self,
        districts: Districts,
        crew: WorkerPool,
        solution: Solution,
        busy: dict[Future[Result | None], Sent],
    ) -> None:
        """Give every idle hand a district."""
        while len(busy) < self._hands():
            left = self.progress.clock.left - self._closing
            size = districts.size(left)
            part = districts.next(solution, tuple(one.part for one in busy.values()), size)
            if part is None:
                break
            seconds = min(size.seconds, left)
            seed = self.options.seed + districts.count
            task = District(part.problem, part.start, seconds, _DISTRICT_GAP, seed)
            busy[crew.submit(task)] = Sent(part, size, self.progress.clock.seconds)

    def _hands(self) -> int:
        """Districts that may be planned at a time: one less while the bound is being raised."""
        return max(1, self.options.threads - int(self.guide.busy))

    def _over(self) -> bool:
        return self.progress.clock.over or self.progress.closed(self.options.gap)

    def _renewed(self, seed: int) -> RuinRecreate:
        """What is loaded, on the arcs near the latest prices; anew where they moved much."""
        news, before = self.guide.news, self._parts
        rise = (news.bound - self._loaded.bound) / max(abs(news.bound), 1e-9)
        clock = self.progress.clock
        early = clock.seconds <= _EARLY * self._end
        fresh = before is None or (early and np.isfinite(news.bound) and not rise < _MOVED)
        cost = self._mean_cost()
        many = self.network.problem.commodities
        waiting = np.zeros(many, np.bool_) if before is None or fresh else before.waiting
        slack = np.where(waiting, _FAR, _NEAR) * cost
        near = near_arcs(self.network, news.price, slack)
        if before is None or fresh:
            self.options.listener.iterated("loading", 0)
            now = RuinRecreate(near, news.price, self.options.seed + seed)
            now.load(news.likely)
            self._loaded, self._began = news, self.progress.clock.seconds
        else:
            now = before.on(near, news.price, self.options.seed + seed)
        self._parts = now
        return now

    def _mean_cost(self) -> float:
        """Mean cost of a unit, where nothing is known yet a tenth of what it costs to leave it."""
        problem = self.network.problem
        total = float(problem.demand.sum())
        if self.progress.solution is not None:
            return abs(self.progress.objective) / max(total, 1e-9)
        finite = problem.unserved_cost[np.isfinite(problem.unserved_cost)]
        return 0.1 * float(finite.mean()) if len(finite) else 1e9

    def _phase(self, now: RuinRecreate) -> bool:
        """Batches of moves until the phase ends; whether it found a better solution."""
        clock = self.progress.clock
        whole = self._end
        left = whole - clock.seconds
        length = _LEAST_PHASE if np.isinf(whole) else max(_LEAST_PHASE, _PHASE * whole)
        left -= _CLOSING_RESERVE * self._closing
        until = clock.seconds + (left if left < length + _LEAST_PHASE else length)
        part = abs(now.mean_cost)
        if self.progress.solution is None:
            self._closed_short(now)
        while clock.seconds < until and not clock.over:
            self._prove()
            done = 0.7 if np.isinf(whole) else (clock.seconds - self._began) / (whole - self._began)
            temperature = (
                part
                * _FIRST_TEMPERATURE
                * (_LAST_TEMPERATURE / _FIRST_TEMPERATURE) ** min(done, 1.0)
            )
            now.batch(temperature, _LENIENT * (_STRICT / _LENIENT) ** min(done, 1.0))
        return self._closed_short(now)

    def _closed_short(self, now: RuinRecreate) -> bool:
        """Offer what is loaded without designs that miss a minimum; whether it is better."""
        began = self.progress.clock.seconds
        sound = now.without_short()
        better = sound is not None and self._offered(sound)
        self._closing = self.progress.clock.seconds - began
        return better

    def _offered(self, sound: RuinRecreate) -> bool:
        # Where a design may run several times, its cost there is that of all its runs.
        several = bool((self.network.problem.y_max > 1).any())
        cheaper = several or sound.cost < self.progress.objective
        return cheaper and self.progress.offer(sound.solution())


def _with(whole: Solution, part: Subproblem, found: Result | None) -> tuple[Solution, float]:
    """The whole with what was found for a part, where that is cheaper, and what it saves."""
    if found is None or found.solution is None or found.objective is None:
        return whole, 0.0
    now = verify(part.problem, part.start)
    if not now.feasible or found.objective >= now.objective:
        return whole, 0.0
    return part.put_back(whole, found.solution), now.objective - found.objective


def _left(found: Result | None) -> float:
    """What the bound of a part leaves to save."""
    if found is None or found.objective is None or found.bound is None:
        return float("inf")
    return max(found.objective - found.bound, 0.0)
