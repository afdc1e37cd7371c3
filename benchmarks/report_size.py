"""How long a report of a large plan takes to write and to use, and how large it is.

    python -m benchmarks.report_size INSTANCE [--keep FOLDER]

The plan is a real one, audited, made by the simple method below, so that the report is measured
apart from how well plans are found. The page is opened in headless Chromium where there is one.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from benchmarks.contention import Contention
from freight import planning
from freight.io import read
from freight.io.plan_file import write_plan
from freight.report.page import Case, page
from freight.report.page.render import TABS
from solvers.arrays import Bools, Floats, Ints
from solvers.network_design.pricing.pricer import Multipliers, Pricer
from solvers.network_design.statement.flows import PathFlow, objective_of, pack, trim_runs
from solvers.network_design.statement.method import Traits
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Result, Solution
from solvers.options import Clock, Options
from solvers.outcome import Outcome, Stop

ROUNDS = 8
CLOSINGS = 3
FULL = 1e7
"""Price of a unit in a row that has no room left."""


@dataclass(frozen=True)
class Cheapest:
    """Load every commodity on its cheapest path with room, round by round; nothing is proved.

    Fixed costs enter as their share at full load. Designs that miss a minimum are closed and their
    commodities loaded elsewhere.
    """

    name: ClassVar[str] = "cheapest-path"
    traits: ClassVar[Traits] = Traits(
        exact=False, gives_bound=False, lots=True, floors=True, largest=10**10,
        summary="Each commodity on its cheapest path with room.",
    )  # fmt: skip

    def solve(self, problem: NetworkDesign, options: Options) -> Result:
        """A feasible result without a bound."""
        clock = Clock(options)
        loading = Loading(problem)
        for _ in range(CLOSINGS):
            loading.fill()
            if not loading.close():
                break
        solution = loading.solution()
        return Result(
            outcome=Outcome.FEASIBLE, stop=Stop.CONVERGED,
            objective=objective_of(problem, solution), bound=None, solution=solution,
            seconds=clock.seconds, method=self.name, backend="none", seed=options.seed,
        )  # fmt: skip


class Loading:
    """What is loaded so far: paths, room left in every row, demand left of every commodity."""

    def __init__(self, problem: NetworkDesign) -> None:
        self.problem = problem
        self.network = Network.of(problem)
        self.pricer = Pricer(self.network)
        self.paths: list[PathFlow] = []
        self.left = problem.demand.copy()
        self.closed = np.zeros(problem.designs, dtype=np.bool_)
        self.room = self._whole_room()

    def _whole_room(self) -> Floats:
        n = self.network
        runs = np.where(n.row_design >= 0, self.problem.y_max[np.maximum(n.row_design, 0)], 1)
        return np.where(n.row_floor, np.inf, n.row_limit * runs)

    def fill(self) -> None:
        """Rounds of pricing and loading until nothing more fits."""
        for _ in range(ROUNDS):
            asked = np.flatnonzero(self.left > 0)
            if not len(asked) or not self._round(asked):
                return

    def _round(self, asked: Ints) -> bool:
        count = self.problem.commodities
        prices = Multipliers(self._row_prices(), np.zeros(count + 1, dtype=np.int64),
                             np.zeros(0, dtype=np.int64), np.zeros(0))  # fmt: skip
        found = self.pricer.price(prices, asked, self.problem.unserved_cost[asked])
        worth = {int(k): float(v) for k, v in zip(asked, found.value, strict=True)}
        order = sorted(range(len(found.commodity)), key=lambda i: worth[int(found.commodity[i])])
        before = len(self.paths)
        for i in order:
            self._load(int(found.commodity[i]), found.arcs[i], int(found.path_exit[i]))
        return len(self.paths) > before

    def _row_prices(self) -> Floats:
        """Share of the fixed cost at full load; a wall where there is no room."""
        n, p = self.network, self.problem
        owned = (n.row_design >= 0) & ~n.row_floor & (n.row_dim == 0) & (n.row_limit > 0)
        legs = np.bincount(n.row_design[owned], minlength=p.designs)
        price = np.zeros(n.rows)
        design = n.row_design[owned]
        price[owned] = p.fixed_cost[design] / (n.row_limit[owned] * np.maximum(1, legs[design]))
        closed = (n.row_design >= 0) & self.closed[np.maximum(n.row_design, 0)]
        full = (self.room < self._least()) | closed
        price[full & ~n.row_floor] = FULL
        return price

    def _least(self) -> Floats:
        """The least that any commodity takes of a row's dimension."""
        unit = np.where(self.problem.lot > 0, self.problem.lot, 1.0)
        return np.asarray((self.network.load * unit).min(axis=1))[self.network.row_dim]

    def _load(self, k: int, arcs: Ints, exit_: int) -> None:
        amount = self._fitting(k, arcs)
        if amount <= 0:
            return
        for rows, take in self._taken(k, arcs):
            self.room[rows] -= take * amount
        self.left[k] -= amount
        self.paths.append(PathFlow(k, tuple(int(a) for a in arcs), exit_, amount))

    def _taken(self, k: int, arcs: Ints) -> Iterator[tuple[int, float]]:
        n = self.network
        for a in arcs:
            for r in n.rows_at[int(a)]:
                yield int(r), float(n.load[n.row_dim[r], k])

    def _fitting(self, k: int, arcs: Ints) -> float:
        """What of the commodity fits, in whole lots."""
        need: dict[int, float] = {}
        for r, take in self._taken(k, arcs):
            need[r] = need.get(r, 0.0) + take
        room = min((self.room[r] / take for r, take in need.items() if take > 0), default=np.inf)
        most, lot = min(float(self.left[k]), float(room)), float(self.problem.lot[k])
        return np.floor(most / lot + 1e-9) * lot if lot > 0 else max(0.0, most)

    def close(self) -> bool:
        """Unload and close the designs that miss a minimum; whether there was one."""
        short = self._short()
        if not short.any():
            return False
        self.closed |= short
        kept = []
        for path in self.paths:
            used = self.problem.design[list(path.arcs)]
            if short[used[used >= 0]].any():
                self.left[path.commodity] += path.amount
                for rows, take in self._taken(path.commodity, np.array(path.arcs)):
                    self.room[rows] += take * path.amount
            else:
                kept.append(path)
        self.paths = kept
        return True

    def _short(self) -> Bools:
        n, p = self.network, self.problem
        use = np.zeros(n.rows)
        for path in self.paths:
            for rows, take in self._taken(path.commodity, np.array(path.arcs)):
                use[rows] += take * path.amount
        runs = trim_runs(p, self.solution()).y
        floor = n.row_floor & (n.row_design >= 0)
        short = np.zeros(p.designs, dtype=np.bool_)
        design = n.row_design[floor]
        missing = use[floor] < n.row_limit[floor] * runs[design] - 1e-6
        short[design[missing & (p.y_min[design] == 0)]] = True
        return short

    def solution(self) -> Solution:
        """Everything loaded, with the fewest runs that carry it."""
        return trim_runs(
            self.problem, pack(self.paths, self.problem.y_max.copy(), self.left.copy())
        )


def main() -> None:
    """Make the plan, write its report, open it; print what each took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report_size")
    parser.add_argument("instance")
    parser.add_argument("--keep", type=Path, help="Keep the plan and the report in this folder.")
    asked = parser.parse_args()
    folder = asked.keep or Path(tempfile.mkdtemp())
    instance = read(asked.instance)
    start = time.perf_counter()
    choice = planning.choose(instance)
    choice = planning.Choice("cheapest-path", "none", "to measure.", choice.compiled, Cheapest())
    plan = planning.plan(instance, choice)
    write_plan(plan, folder / "plan.json")
    print(f"plan made and audited in {time.perf_counter() - start:.1f} s")
    shares = Contention()
    start = time.perf_counter()
    path = folder / "report.html"
    path.write_text(page([Case("plan", plan, instance)]), encoding="utf-8")
    seconds = time.perf_counter() - start
    print(
        f"{plan.totals.shipments:,} shipments, {len(plan.itineraries):,} itineraries, "
        f"{len(plan.departures):,} departures: report of {path.stat().st_size / 1e6:.1f} MB "
        f"written in {seconds:.1f} s ({shares.others_seconds()} s taken by other programs)"
    )
    browse(path)
    if asked.keep is None:
        shutil.rmtree(folder)


def browse(path: Path) -> None:
    """Open the page and go through its tabs and filters; says what each step took."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415
    except ImportError:
        chromium = None
    if chromium is None:
        print("no browser: not opened")
        return
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        view = browser.new_page(viewport={"width": 1440, "height": 900})
        said: list[str] = []
        asked: list[str] = []
        view.on("console", lambda one: said.append(one.text))
        view.on("pageerror", lambda one: said.append(str(one)))
        view.on("request", lambda one: asked.append(one.url))
        start = time.perf_counter()
        view.goto(f"file://{path.resolve()}")
        view.wait_for_selector("#waterfall .main-svg")
        print(f"opened in {time.perf_counter() - start:.1f} s")
        for step, seconds in _steps(view):
            print(f"{step}: {seconds:.1f} s")
        away = [one for one in asked if not one.startswith(("file:", "data:", "blob:"))]
        print(f"{len(said)} lines on the console, {len(away)} requests to a network")
        browser.close()


def _steps(view: Any) -> Iterator[tuple[str, float]]:
    """Every tab, then a filter of every kind on the heaviest ones."""
    for tab in TABS:
        yield f"tab {tab}", _timed(view, lambda tab=tab: view.click(f"#tab-{tab}"))
    for tab in ("map", "timetable", "shipments"):
        view.click(f"#tab-{tab}")
        for name in ("mode", "owner", "city", "week"):
            choose = f"#filter-{name}"
            took = _timed(view, lambda choose=choose: view.select_option(choose, index=1))
            yield f"filter {name} on {tab}", took
            view.click("#clear")


def _timed(view: Any, act: Any) -> float:
    start = time.perf_counter()
    act()
    view.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
