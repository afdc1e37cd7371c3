"""Independent check of a solution against every constraint of its problem.

Nothing here is shared with the methods: the objective and all left-hand sides are recomputed from
the paths alone, following the statement in :mod:`solvers.network_design.statement.problem`, so that
a defect in a model or in a decoder cannot hide itself. All checks are array operations; the cost is
linear in the number of path arcs plus the size of the problem.

``problem.names`` may hold the lists ``nodes``, ``arcs``, ``commodities``, ``designs``, ``rows``,
``exits``; messages use them and fall back to positions.
"""

from __future__ import annotations

from collections.abc import Callable, Sized

import numpy as np

from solvers.arrays import Bools, Floats, Ints
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Solution
from solvers.network_design.statement.verification import Facts, Verification, Violation, sums


def verify(problem: NetworkDesign, solution: Solution, tolerance: float = 1e-6) -> Verification:
    """Recompute the objective of ``solution`` and list every constraint that it breaks.

    A constraint counts as broken when its amount exceeds ``tolerance · max(1, |right-hand side|)``.
    Arrays of the wrong shape or with positions outside the problem are reported alone (the
    objective is then NaN), since nothing else can be computed from them.
    """
    shape = _shape_violations(problem, solution)
    if shape:
        return Verification(float("nan"), tuple(shape))
    audit = _Audit(problem, solution, tolerance)
    found = [
        *audit.amounts(), *audit.routes(), *audit.permissions(), *audit.demands(), *audit.lots(),
        *audit.ranges(), *audit.linking(), *audit.row_limits(),
    ]  # fmt: skip
    return Verification(audit.objective(), tuple(found))


def _shape_violations(problem: NetworkDesign, solution: Solution) -> list[Violation]:
    """Arrays that do not fit the problem."""
    paths = len(solution.commodity)
    want: dict[str, tuple[Sized, int]] = {
        "y": (solution.y, problem.designs), "unserved": (solution.unserved, problem.commodities),
        "path_exit": (solution.path_exit, paths), "amount": (solution.amount, paths),
        "path_arcs": (solution.path_arcs, paths),
    }  # fmt: skip
    found = [
        Violation("shape", name, 1.0, f"{name} has length {len(values)}, expected {length}.")
        for name, (values, length) in want.items()
        if len(values) != length
    ]
    spans = {
        "commodity": (solution.commodity, problem.commodities),
        "path_arcs": (solution.path_arcs.values, problem.arcs),
        "path_exit": (solution.path_exit, len(problem.exit_node)),
    }
    found += [
        Violation("shape", name, 1.0, f"{name} holds positions outside 0..{count - 1}.")
        for name, (values, count) in spans.items()
        if len(values) and (values.min() < 0 or values.max() >= count)
    ]
    found += [
        Violation("shape", name, 1.0, f"{name} holds values that are not finite.")
        for name in ("y", "amount", "unserved")
        if not np.isfinite(getattr(solution, name)).all()
    ]
    return found


class _Audit(Facts):
    """The checks over one problem and one solution whose arrays fit each other."""

    def amounts(self) -> list[Violation]:
        """Every path carries something."""
        return [
            Violation("amount", f"path {i}", float(-self.solution.amount[i]),
                      f"path {i} carries {self.solution.amount[i]:g}, expected more than 0.")
            for i in np.flatnonzero(self.solution.amount <= 0)
        ]  # fmt: skip

    def routes(self) -> list[Violation]:
        """Paths lead from the origin, arc by arc, to an exit of their commodity."""
        p, s = self.problem, self.solution
        inner = np.flatnonzero(np.diff(self.step_path) == 0)
        broken = inner[p.head[self.step_arc[inner]] != p.tail[self.step_arc[inner + 1]]]
        start, end = s.path_arcs.start[:-1], s.path_arcs.start[1:] - 1
        some = end >= start
        first, last = p.origin[s.commodity].copy(), p.origin[s.commodity].copy()
        first[some] = p.tail[self.step_arc[start[some]]]
        last[some] = p.head[self.step_arc[end[some]]]
        exits = len(p.exit_node)
        own = np.sort(p.exits.owners() * exits + p.exits.values)
        left = s.commodity * exits + s.path_exit
        foreign = np.searchsorted(own, left, "right") == np.searchsorted(own, left, "left")
        place = p.head[self.step_arc]
        again = np.sort(self.step_path * p.nodes + place)
        loops = [self.step_path[place == p.origin[self.step_commodity]],
                 again[1:][again[1:] == again[:-1]] // max(p.nodes, 1)]  # fmt: skip
        return [
            *self._path_faults(np.unique(self.step_path[broken]), "has arcs that do not join"),
            *self._path_faults(np.unique(np.concatenate(loops)), "passes a node twice"),
            *self._path_faults(self._comings_back(), "comes to a place twice"),
            *self._path_faults(np.flatnonzero(first != p.origin[s.commodity]),
                               "does not start at the origin"),
            *self._path_faults(np.flatnonzero(last != p.exit_node[s.path_exit]),
                               "does not end at its exit"),
            *self._path_faults(np.flatnonzero(foreign), "leaves at an exit of another commodity"),
        ]  # fmt: skip

    def _comings_back(self) -> Ints:
        """Paths of which two arrivals, or the origin and an arrival, are at one place."""
        p = self.problem
        if not p.once:
            return np.zeros(0, dtype=np.int64)
        paths = np.arange(len(self.solution.commodity))
        path = np.concatenate([self.step_path, paths])
        place = np.concatenate([p.arrives[self.step_arc], p.home[self.solution.commodity]])
        many = int(place.max(initial=0)) + 1
        key = np.sort((path * many + place)[place >= 0])
        return np.unique(key[1:][key[1:] == key[:-1]] // many)

    def _path_faults(self, paths: Ints, what: str) -> list[Violation]:
        s = self.solution
        return [
            Violation("route", f"path {i}", float(s.amount[i]),
                      f"path {i} of {self.name('commodities', s.commodity[i])} {what}.")
            for i in paths
        ]  # fmt: skip

    def permissions(self) -> list[Violation]:
        """Commodities stay on the arc classes allowed to them."""
        p = self.problem
        k, a, amount = self.flow
        bit = (p.allowed[k] >> p.group[a].astype(np.uint64)) & np.uint64(1)
        return [
            Violation("permission", self.name("arcs", a[i]), float(amount[i]),
                      f"{self.name('commodities', k[i])} may not use {self.name('arcs', a[i])} "
                      f"(class {p.group[a[i]]}).")
            for i in np.flatnonzero(bit == 0)
        ]  # fmt: skip

    def demands(self) -> list[Violation]:
        """Everything is moved or left behind, and nothing is left that must be served."""
        p, s = self.problem, self.solution
        moved = sums(s.commodity, s.amount, p.commodities)
        off = np.abs(moved + s.unserved - p.demand)
        found = [
            Violation("demand", self.name("commodities", k), float(off[k]),
                      f"{self.name('commodities', k)} moves {moved[k]:g} and leaves "
                      f"{s.unserved[k]:g} of {p.demand[k]:g}.")
            for k in self.beyond(off, p.demand)
        ]  # fmt: skip
        must = np.where(np.isinf(p.unserved_cost), s.unserved, 0.0)
        return found + [
            Violation("must serve", self.name("commodities", k), float(must[k]),
                      f"{self.name('commodities', k)} must be served and leaves {must[k]:g}.")
            for k in self.beyond(must)
        ]  # fmt: skip

    def lots(self) -> list[Violation]:
        """Flow on arcs, at exits and left behind comes in whole lots."""
        p, s = self.problem, self.solution
        if not p.lot.any():
            return []
        exits = max(len(p.exit_node), 1)
        key, inverse = np.unique(s.commodity * exits + s.path_exit, return_inverse=True)
        left = sums(inverse, s.amount, len(key))
        k, a, amount = self.flow
        return [
            *self._split_lots(k, amount, lambda i: f"on {self.name('arcs', a[i])}"),
            *self._split_lots(
                key // exits, left, lambda i: f"at {self.name('exits', key[i] % exits)}"
            ),
            *self._split_lots(np.arange(p.commodities), s.unserved, lambda _: "left behind"),
        ]

    def _split_lots(self, k: Ints, amount: Floats, where: Callable[[int], str]) -> list[Violation]:
        lot = self.problem.lot[k]
        size = np.where(lot > 0, lot, 1.0)
        off = np.where(lot > 0, np.abs(amount - size * np.round(amount / size)), 0.0)
        return [
            Violation("lot", self.name("commodities", k[i]), float(off[i]),
                      f"{self.name('commodities', k[i])} has {amount[i]:g} {where(i)}, not a "
                      f"multiple of its lot {lot[i]:g}.")
            for i in self.beyond(off, amount)
        ]  # fmt: skip

    def ranges(self) -> list[Violation]:
        """Runs are whole and within limits; nothing negative or beyond demand is left behind."""
        p, s = self.problem, self.solution
        runs = s.y.astype(np.float64)
        off = np.maximum.reduce([p.y_min - runs, runs - p.y_max, np.abs(runs - np.round(runs))])
        found = [
            Violation("runs", self.name("designs", i), float(off[i]),
                      f"{self.name('designs', i)} runs {runs[i]:g} times, expected a whole number "
                      f"in {p.y_min[i]}..{p.y_max[i]}.")
            for i in self.beyond(off)
        ]  # fmt: skip
        left = np.maximum(-s.unserved, s.unserved - p.demand)
        return found + [
            Violation("unserved", self.name("commodities", k), float(left[k]),
                      f"{self.name('commodities', k)} leaves {s.unserved[k]:g}, expected 0 to "
                      f"{p.demand[k]:g}.")
            for k in self.beyond(left, p.demand)
        ]  # fmt: skip

    def linking(self) -> list[Violation]:
        """Arcs of a design carry flow only when it runs: x[k,a] ≤ q[k] y[s]."""
        p, s = self.problem, self.solution
        k, a, amount = self.flow
        owned = p.design[a] >= 0
        opened = np.where(owned, s.y[p.design[a]] if p.designs else 0, 1).astype(np.float64)
        over = np.where(owned, amount - p.demand[k] * opened, 0.0)
        return [
            Violation("linking", self.name("arcs", a[i]), float(over[i]),
                      f"{self.name('commodities', k[i])} has {amount[i]:g} on "
                      f"{self.name('arcs', a[i])}, whose {self.name('designs', p.design[a[i]])} "
                      f"runs {opened[i]:g} times.")
            for i in self.beyond(over, p.demand[k])
        ]  # fmt: skip

    def row_limits(self) -> list[Violation]:
        """Capacity rows are kept and minimum rows are reached."""
        p, s = self.problem, self.solution
        if not p.rows:
            return []
        owner, arc = p.row_arcs.owners(), p.row_arcs.values
        activity = np.zeros(p.rows)
        for d in range(p.load.shape[0]):
            taken = p.load[d][self.step_commodity] * self.step_amount
            on_arc = sums(self.step_arc, taken, p.arcs)
            here = p.row_dim[owner] == d
            activity += sums(owner[here], on_arc[arc[here]], p.rows)
        runs = np.ones(p.rows)
        owned = p.row_design >= 0
        runs[owned] = s.y[p.row_design[owned]]
        return self._row_faults(activity, p.row_limit * runs)

    def _row_faults(self, activity: Floats, limit: Floats) -> list[Violation]:
        floor: Bools = self.problem.row_floor
        off = np.where(floor, limit - activity, activity - limit)
        return [
            Violation("minimum" if floor[r] else "capacity", self.name("rows", r), float(off[r]),
                      f"{self.name('rows', r)} takes {activity[r]:g}, expected at "
                      f"{'least' if floor[r] else 'most'} {limit[r]:g}.")
            for r in self.beyond(off, limit)
        ]  # fmt: skip
