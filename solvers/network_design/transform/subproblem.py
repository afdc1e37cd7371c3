"""Some commodities of a solution as a problem of their own, while all others stay as they are.

Sets
    ``K'`` the commodities that may change, ``A'`` the arcs that they may use, ``S'`` the designs on
    ``A'`` that no other commodity uses, ``R'`` the rows on ``A'``
Parameters
    ``limit'[r] = limit[r] · (y[s_r], or 1) - load of the others``  for rows whose design is not in
    ``S'``; these designs are open and paid for, and limit nothing but room. Other rows are as
    before. Minimum rows that the others fill are left out.

Several parts can be planned at the same time: what an earlier one may touch is *held* by a later
one, whose load on held rows stays at most (on minimum rows at least) what it is, and to which held
designs are closed or open as they are.

Put back in place of what it had, a solution of the part is a solution of the whole, and costs
differ by a constant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from solvers.arrays import Bools, Floats, Ints, Ragged
from solvers.network_design.statement.network import Network
from solvers.network_design.statement.paths import Itineraries
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Solution


@dataclass(frozen=True, slots=True)
class Subproblem:
    """The part with what it does now, and where its pieces are in the whole.

    ``commodity``, ``arc``, ``leaving`` (positions in ``exit_node``) and ``design`` list the pieces
    in their order in ``problem``; ``rows`` marks the rows of the whole that the part may touch,
    ``designs`` the designs.
    """

    problem: NetworkDesign
    start: Solution
    commodity: Ints
    arc: Ints
    leaving: Ints
    design: Ints
    rows: Bools
    designs: Bools

    def put_back(self, whole: Solution, part: Solution) -> Solution:
        """The whole with another solution of the part."""
        others = ~np.isin(whole.commodity, self.commodity)
        kept = Itineraries.of(whole).take(np.flatnonzero(others))
        new = Itineraries(
            self.commodity[part.commodity],
            self.leaving[part.path_exit],
            Ragged(part.path_arcs.start, self.arc[part.path_arcs.values]),
        )
        paths = kept.joined(new)
        y, unserved = whole.y.copy(), whole.unserved.copy()
        y[self.design] = part.y
        unserved[self.commodity] = part.unserved
        amount = np.concatenate([whole.amount[others], part.amount])
        return Solution(y, paths.commodity, paths.arcs, paths.path_exit, amount, unserved)


def subproblem(
    network: Network, whole: Solution, commodity: Ints, held: Sequence[Subproblem] = ()
) -> Subproblem:
    """The part of ``commodity`` (ascending) on the arcs that ``network`` lets them use.

    ``held`` are parts that are being planned; none of their commodities may be asked for.
    """
    problem = network.problem
    inside = np.zeros(problem.commodities, dtype=np.bool_)
    inside[commodity] = True
    mine = inside[whole.commodity]
    paths = Itineraries.of(whole)
    own, others = paths.take(np.flatnonzero(mine)), paths.take(np.flatnonzero(~mine))
    usable = [network.usable(int(k)).astype(np.int64) for k in commodity]
    arc = np.unique(np.concatenate([own.arcs.values, *usable]))
    touched = _marked(problem.design[arc], problem.designs)
    load = (
        own.row_load(network, whole.amount[mine]),
        others.row_load(network, whole.amount[~mine]),
    )
    sunk = _marked(problem.design[others.arcs.values], problem.designs)
    sunk |= _marked(network.row_design[load[1] > 0.0], problem.designs)
    for one in held:
        sunk |= one.designs
    design = np.flatnonzero(touched & ~sunk)
    leaving = np.unique(problem.exits.take(commodity).values)
    limit = _limits(network, whole.y, load, design)
    for one in held:
        limit = np.where(one.rows, load[0], limit)
    part, rows = _part(network, _Pieces(commodity, arc, leaving, design), limit)
    start = Solution(
        whole.y[design], np.searchsorted(commodity, own.commodity),
        Ragged(own.arcs.start, np.searchsorted(arc, own.arcs.values)),
        np.searchsorted(leaving, own.path_exit), whole.amount[mine], whole.unserved[commodity],
    )  # fmt: skip
    return Subproblem(part, start, commodity, arc, leaving, design, rows, touched)


def _marked(which: Ints, many: int) -> Bools:
    """Which of ``many`` are among ``which``; values below 0 are none."""
    found = np.zeros(many, dtype=np.bool_)
    found[which[which >= 0]] = True
    return found


@dataclass(frozen=True, slots=True)
class _Pieces:
    commodity: Ints
    arc: Ints
    leaving: Ints
    design: Ints


def _limits(network: Network, y: Ints, load: tuple[Floats, Floats], design: Ints) -> Floats:
    """Limits of all rows, less what others load where the design is not among ``design``.

    Never below what the part itself loads, so that noise of sums does not shut it out.
    """
    own, others = load
    owner = network.row_design
    free = np.append(_marked(design, network.problem.designs), False)
    left = network.row_limit * np.append(y, 1)[owner] - others
    caps = np.maximum(left, own)
    floors = np.minimum(np.maximum(left, 0.0), own)
    return np.where(free[owner], network.row_limit, np.where(network.row_floor, floors, caps))


def _part(network: Network, pieces: _Pieces, limit: Floats) -> tuple[NetworkDesign, Bools]:
    """The statement of the part, and the rows of the whole that its arcs touch."""
    problem = network.problem
    who, arc = pieces.commodity, pieces.arc
    design = _places(pieces.design, problem.designs + 1)
    exits = problem.exits.take(who)
    leaving = problem.exit_node[pieces.leaving]
    node = np.unique(
        np.concatenate([problem.tail[arc], problem.head[arc], problem.origin[who], leaving])
    )
    row, row_arcs = _rows(network, arc, limit)
    touched = _marked(network.rows_at.take(arc).values, network.rows)
    most = np.where(_unfilled(network, touched), problem.y_min, problem.y_max)
    part = replace(
        problem, nodes=len(node), tail=np.searchsorted(node, problem.tail[arc]),
        head=np.searchsorted(node, problem.head[arc]), cost=problem.cost[arc],
        attribute=problem.attribute[:, arc], rate=problem.rate[:, who], group=problem.group[arc],
        design=design[problem.design[arc]], demand=problem.demand[who],
        origin=np.searchsorted(node, problem.origin[who]),
        exits=Ragged(exits.start, np.searchsorted(pieces.leaving, exits.values)),
        exit_node=np.searchsorted(node, leaving), exit_cost=problem.exit_cost[pieces.leaving],
        unserved_cost=problem.unserved_cost[who], lot=problem.lot[who],
        allowed=problem.allowed[who], load=network.load[:, who],
        fixed_cost=problem.fixed_cost[pieces.design], y_min=problem.y_min[pieces.design],
        y_max=most[pieces.design], row_arcs=row_arcs, row_dim=network.row_dim[row],
        row_limit=limit[row], row_design=design[network.row_design[row]],
        row_floor=network.row_floor[row], names={},
        arrives=problem.arrives[arc] if problem.once else problem.arrives,
        home=problem.home[who] if problem.once else problem.home,
    )  # fmt: skip
    return part, touched


def _unfilled(network: Network, touched: Bools) -> Bools:
    """Designs with a minimum that no arc of the part, whose rows are ``touched``, counts for."""
    bare = network.row_floor & (network.row_limit > 0.0) & ~touched
    return _marked(network.row_design[bare], network.problem.designs)


def _places(members: Ints, many: int) -> Ints:
    """Position of every member among ``members``, -1 for all others; -1 looks up the last."""
    place = np.full(many, -1, dtype=np.int64)
    place[members] = np.arange(len(members))
    return place


def _rows(network: Network, arc: Ints, limit: Floats) -> tuple[Ints, Ragged]:
    """The rows that matter to the arcs, and their arcs by position in ``arc``."""
    at = network.rows_at.take(arc)
    mine, row = at.owners(), at.values
    needed = ~(network.row_floor[row] & (limit[row] <= 0.0))
    mine, row = mine[needed], row[needed]
    order = np.lexsort((mine, row))
    rows, count = np.unique(row, return_counts=True)
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    return rows.astype(np.int64), Ragged(start, mine[order])
