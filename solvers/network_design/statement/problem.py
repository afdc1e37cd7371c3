"""Statement of the capacitated fixed-charge network design problem that every method here solves.

Sets
    ``N`` nodes, ``A`` arcs, ``K`` commodities, ``S`` designs, ``R`` rows, ``D`` dimensions of load,
    ``M`` arc attributes that a commodity may price.

Parameters
    ============================  ===========  =====================================================
    name (field)                  shape        meaning
    ============================  ===========  =====================================================
    ``tail, head``                A            end nodes of an arc
    ``c[a]`` (``cost``)           A            cost of one unit of flow on arc ``a``
    ``g[m,a]`` (``attribute``)    M×A          hours, tonne prices, … of arc ``a``
    ``w[m,k]`` (``rate``)         M×K          what a unit of ``k`` pays per unit of attribute ``m``
    ``group[a]``                  A            class of the arc, 0..63
    ``allowed[k]``                K            bit mask of the classes that ``k`` may use
    ``design[a]``                 A            the design that opens the arc, -1 when always open
    ``q[k]`` (``demand``)         K            units to move
    ``o[k]`` (``origin``)         K            node where ``k`` enters
    exits                         per k        nodes where ``k`` may leave, each at a unit cost
    ``p[k]`` (``unserved_cost``)  K            cost of a unit left behind; ``inf``: must be served
    ``lot[k]``                    K            0: any split; else flow on an arc is a multiple of it
    ``f[s]`` (``fixed_cost``)     S            cost of one run of design ``s``
    ``y_min, y_max``              S            fewest and most runs (committed: ``y_min`` ≥ 1)
    rows                          per r        arcs, dimension, limit, design, sense
    ``v[d,k]`` (``load``)         D×K          what a unit of ``k`` takes of dimension ``d``
    ``arrives[a]``                A or 0       place at which arc ``a`` ends a move, -1 for none
    ``home[k]``                   K or 0       place where ``k`` begins, -1 for none
    ============================  ===========  =====================================================

Variables
    ``x[k,a] ≥ 0`` flow, ``e[k,i] ≥ 0`` flow leaving at exit ``i``, ``z[k] ∈ [0, q[k]]`` unserved,
    ``y[s] ∈ {y_min[s], …, y_max[s]}`` runs. With ``lot[k] > 0`` each of ``x[k,a]``, ``e[k,i]``,
    ``z[k]`` is an integer multiple of ``lot[k]`` (``lot[k] = q[k]``: the commodity travels whole).

Objective
    ``min Σ_s f[s] y[s] + Σ_k Σ_a (c[a] + Σ_m w[m,k] g[m,a]) x[k,a] + Σ_k Σ_i exit_cost[i] e[k,i]
    + Σ_k p[k] z[k]``

Constraints
    balance    ``Σ_out x[k,a] - Σ_in x[k,a] + Σ_{i at n} e[k,i] = (q[k] - z[k]) [n = o[k]]``  ∀ k, n
    capacity   ``Σ_{a∈r} Σ_k v[d_r,k] x[k,a] ≤ limit[r] · (y[s_r], or 1 when s_r = -1)``  (sense ≤)
    minimum    ``Σ_{a∈r} Σ_k v[d_r,k] x[k,a] ≥ limit[r] · (y[s_r], or 1 when s_r = -1)``  (sense ≥)
    linking    ``x[k,a] ≤ q[k] · y[design[a]]``, implied for integer ``y`` and stated as the strong
               inequality by methods that want a tight relaxation

Flow travels on paths that pass no node twice. Flow around a cycle serves nobody, so it may not meet
a minimum, and cycles must not cost less than nothing. Where places are stated, a path comes to no
place twice either: ``home[k]`` and the ``arrives[a] ≥ 0`` of its arcs are all different. Without
them (arrays of length 0) there is no such rule. See :mod:`solvers.network_design.statement.places`.

The form covers the public multicommodity fixed-charge sets (one row and one design per arc) and
scheduled service networks (one design opens several legs, several dimensions, minimum loads,
throughput rows that no design owns).

References
    Gendron, Crainic, Frangioni (1999), "Multicommodity capacitated network design".
    Crainic (2000), "Service network design in freight transportation", EJOR 122(2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from solvers.arrays import Bools, Floats, Ints, Masks, Ragged
from solvers.outcome import SolverFailed

Number = TypeVar("Number", np.float64, np.int64)
ALL_GROUPS = np.uint64(0xFFFFFFFFFFFFFFFF)


def runs_behind(row_design: Ints, runs: NDArray[Number]) -> NDArray[Number]:
    """Runs (shape S) of the design of every row, 1 where none owns it; shape R."""
    return np.append(runs, np.ones(1, dtype=runs.dtype))[row_design]


@dataclass(frozen=True)
class NetworkDesign:
    """One instance of the problem above, as frozen arrays (symbols: see the module docstring).

    ``exits`` lists for every commodity positions into ``exit_node`` and ``exit_cost``;
    ``row_arcs`` lists the arcs of every row; ``row_floor[r]`` is True where the sense is ≥.
    Names are for messages and model files only.
    """

    nodes: int
    tail: Ints
    head: Ints
    cost: Floats
    attribute: Floats
    rate: Floats
    group: Ints
    design: Ints
    demand: Floats
    origin: Ints
    exits: Ragged
    exit_node: Ints
    exit_cost: Floats
    unserved_cost: Floats
    lot: Floats
    allowed: Masks
    load: Floats
    fixed_cost: Floats
    y_min: Ints
    y_max: Ints
    row_arcs: Ragged
    row_dim: Ints
    row_limit: Floats
    row_design: Ints
    row_floor: Bools
    arrives: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    home: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    names: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def arcs(self) -> int:
        """Number of arcs."""
        return len(self.tail)

    @property
    def commodities(self) -> int:
        """Number of commodities."""
        return len(self.demand)

    @property
    def designs(self) -> int:
        """Number of designs."""
        return len(self.fixed_cost)

    @property
    def rows(self) -> int:
        """Number of capacity, minimum and throughput rows."""
        return len(self.row_limit)

    @property
    def once(self) -> bool:
        """Whether a path may come to no place twice."""
        return len(self.home) > 0

    @cached_property
    def divisible(self) -> NetworkDesign:
        """The same statement without lots."""
        return replace(self, lot=np.zeros(self.commodities))

    def may_use(self, k: int) -> Bools:
        """Whether commodity ``k`` may travel on each arc; shape A."""
        bits = (self.allowed[k] >> self.group.astype(np.uint64)) & np.uint64(1)
        return np.asarray(bits == 1, dtype=np.bool_)

    def shut(self, high: Floats) -> Bools:
        """Arcs whose design may not run once under the most runs ``high``; shape A."""
        shut = np.zeros(self.arcs, dtype=np.bool_)
        owned = self.design >= 0
        shut[owned] = high[self.design[owned]] < 0.5
        return shut

    @cached_property
    def gains(self) -> bool:
        """Whether some arc may cost a commodity less than nothing."""
        return bool((self._cost_range[0] < 0.0).any())

    @cached_property
    def dearest(self) -> float:
        """No less than what the dearest arc and the dearest exit cost a unit together."""
        arc = self._cost_range[1].max(initial=0.0)
        return float(arc + self.exit_cost.max(initial=0.0))

    @cached_property
    def _cost_range(self) -> tuple[Floats, Floats]:
        """Ends of what a unit may cost on each arc, whichever commodity it is of; shapes A."""
        least, most = self.rate.min(axis=1, initial=0.0), self.rate.max(axis=1, initial=0.0)
        gain, loss = np.minimum(self.attribute, 0.0), np.maximum(self.attribute, 0.0)
        return self.cost + least @ loss + most @ gain, self.cost + most @ loss + least @ gain

    def check(self) -> list[str]:
        """Every contradiction in the arrays, in words; empty when the statement is sound."""
        return [*self._shape_faults(), *self._range_faults()]

    def ensure_sound(self) -> None:
        """Raise SolverFailed with every contradiction in the arrays."""
        faults = self.check()
        if faults:
            raise SolverFailed(f"The problem is unsound: {' '.join(faults)} Correct the arrays.")

    def _shape_faults(self) -> list[str]:
        a, k, s, r = self.arcs, self.commodities, self.designs, self.rows
        m, d = self.attribute.shape[0], self.load.shape[0]
        want: dict[str, tuple[int, ...]] = {
            "head": (a,), "cost": (a,), "attribute": (m, a), "group": (a,), "design": (a,),
            "rate": (m, k), "origin": (k,), "unserved_cost": (k,), "lot": (k,), "allowed": (k,),
            "load": (d, k), "y_min": (s,), "y_max": (s,), "row_dim": (r,), "row_design": (r,),
            "row_floor": (r,), "exit_cost": self.exit_node.shape,
            "arrives": (a,) if self.once else (0,), "home": (k,) if self.once else (0,),
        }  # fmt: skip
        faults = [
            f"{name} has shape {getattr(self, name).shape}, expected {shape}."
            for name, shape in want.items()
            if getattr(self, name).shape != shape
        ]
        if len(self.exits) != k:
            faults.append(f"exits lists {len(self.exits)} commodities, expected {k}.")
        if len(self.row_arcs) != r:
            faults.append(f"row_arcs lists {len(self.row_arcs)} rows, expected {r}.")
        return faults

    def _range_faults(self) -> list[str]:
        spans = {
            "tail": (self.tail, 0, self.nodes), "head": (self.head, 0, self.nodes),
            "origin": (self.origin, 0, self.nodes), "exit_node": (self.exit_node, 0, self.nodes),
            "design": (self.design, -1, self.designs), "group": (self.group, 0, 64),
            "row_design": (self.row_design, -1, self.designs),
            "row_dim": (self.row_dim, 0, self.load.shape[0]),
            "row_arcs": (self.row_arcs.values, 0, self.arcs),
            "exits": (self.exits.values, 0, len(self.exit_node)),
        }  # fmt: skip
        faults = [
            f"{name} holds values outside {low}..{high - 1}."
            for name, (values, low, high) in spans.items()
            if len(values) and (values.min() < low or values.max() >= high)
        ]
        for name in ("cost", "attribute", "rate", "demand", "lot", "load", "row_limit",
                     "fixed_cost", "exit_cost"):  # fmt: skip
            values = getattr(self, name)
            if not np.isfinite(values).all():
                faults.append(f"{name} holds values that are not finite.")
        if not (self.unserved_cost > -np.inf).all():
            faults.append("unserved_cost holds values that are no cost (inf: must be served).")
        if (self.demand < 0).any() or (self.row_limit < 0).any() or (self.load < 0).any():
            faults.append("demand, row_limit and load must not be negative.")
        if (self.y_min > self.y_max).any() or (self.y_min < 0).any():
            faults.append("y_min must lie in 0..y_max.")
        return faults
