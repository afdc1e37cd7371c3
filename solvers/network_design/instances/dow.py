"""The ``.dow`` format of the public multicommodity fixed-charge network design sets.

Layout (whitespace-separated numbers, one record per line; nodes are counted from 1)::

    MULTIGEN.DAT:
    n_nodes n_arcs n_commodities
    tail head variable_cost capacity fixed_cost _ _      (n_arcs lines, last two fields unused)
    origin destination demand                            (n_commodities lines)

Every arc becomes one design with one capacity row; every commodity must be served and may split.

Source: instances "mmcf" of Crainic, Frangioni and Gendron, published by the Computational
Logistics and Mathematical Models group (CommaLAB) of the University of Pisa.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeAlias

import numpy as np

from solvers.arrays import Floats, Ints, Ragged
from solvers.network_design.statement.problem import ALL_GROUPS, NetworkDesign
from solvers.outcome import FormatError

HEADER = "MULTIGEN.DAT:"
Line: TypeAlias = tuple[int, list[str]]
_ARC = ("tail", "head", "variable_cost", "capacity", "fixed_cost", "_", "_")
_COMMODITY = ("origin", "destination", "demand")
_NODE_FIELDS = frozenset({"tail", "head", "origin", "destination"})


@dataclass(frozen=True, slots=True)
class FixedCharge:
    """Arrays of a multicommodity fixed-charge instance; nodes from 0.

    ``variable_cost``, ``capacity``, ``fixed_cost`` have the shape of ``tail`` and ``head`` (A),
    ``destination`` and ``demand`` that of ``origin`` (K).
    """

    nodes: int
    tail: Ints
    head: Ints
    variable_cost: Floats
    capacity: Floats
    fixed_cost: Floats
    origin: Ints
    destination: Ints
    demand: Floats

    def problem(self) -> NetworkDesign:
        """The NetworkDesign with one binary design and one capacity row per arc."""
        a, k = len(self.tail), len(self.origin)
        each = np.arange(a, dtype=np.int64)
        return NetworkDesign(
            nodes=self.nodes, tail=self.tail, head=self.head, cost=self.variable_cost,
            attribute=np.zeros((0, a)), rate=np.zeros((0, k)),
            group=np.zeros(a, dtype=np.int64), design=each, demand=self.demand,
            origin=self.origin, exits=Ragged(np.arange(k + 1, dtype=np.int64), np.arange(k)),
            exit_node=self.destination, exit_cost=np.zeros(k), unserved_cost=np.full(k, np.inf),
            lot=np.zeros(k), allowed=np.full(k, ALL_GROUPS, dtype=np.uint64),
            load=np.ones((1, k)), fixed_cost=self.fixed_cost,
            y_min=np.zeros(a, dtype=np.int64), y_max=np.ones(a, dtype=np.int64),
            row_arcs=Ragged(np.arange(a + 1, dtype=np.int64), each),
            row_dim=np.zeros(a, dtype=np.int64), row_limit=self.capacity, row_design=each,
            row_floor=np.zeros(a, dtype=np.bool_),
        )  # fmt: skip


def read_dow(path: str | Path) -> NetworkDesign:
    """Read a file; raises FormatError with every fault found, each with its line number.

    Raises FileNotFoundError or another OSError when the file cannot be read.
    """
    source = Path(path)
    try:
        text = source.read_text(encoding="ascii")
    except UnicodeDecodeError as error:
        raise FormatError(
            f"{source.name}: byte {error.start} is not plain ASCII text. Is this a .dow file?"
        ) from error
    return parse_dow(text, source.name).problem()


def write_dow(problem: NetworkDesign, path: str | Path) -> None:
    """Write a file, whole or not at all; raises FormatError where the format cannot hold it."""
    text = format_dow(problem)
    target = Path(path)
    with NamedTemporaryFile(
        "w", encoding="ascii", dir=target.parent, suffix=".part", delete=False
    ) as part:
        part.write(text)
    Path(part.name).replace(target)


def parse_dow(text: str, where: str = "text") -> FixedCharge:
    """Arrays of the text of a file; raises FormatError with all faults."""
    lines = [(i, line.split()) for i, line in enumerate(text.splitlines(), 1) if line.strip()]
    nodes, arcs, commodities = _counts(lines, where)
    body = lines[2:]
    faults: list[str] = []
    if len(body) < arcs + commodities:
        faults.append(
            f"{where}:{lines[-1][0]}: the file ends after {len(body)} records, expected {arcs} "
            f"arcs and {commodities} commodities. Complete the file or correct the counts."
        )
    if len(body) > arcs + commodities:
        faults.append(
            f"{where}:{body[arcs + commodities][0]}: more records than the {arcs} arcs and "
            f"{commodities} commodities announced. Remove them or correct the counts."
        )
    arc = _table(body[:arcs], _ARC, nodes, (where, faults))
    commodity = _table(body[arcs : arcs + commodities], _COMMODITY, nodes, (where, faults))
    if faults:
        raise FormatError("\n".join(faults))
    return FixedCharge(
        nodes=nodes,
        tail=arc[:, 0].astype(np.int64) - 1, head=arc[:, 1].astype(np.int64) - 1,
        variable_cost=arc[:, 2].copy(), capacity=arc[:, 3].copy(), fixed_cost=arc[:, 4].copy(),
        origin=commodity[:, 0].astype(np.int64) - 1,
        destination=commodity[:, 1].astype(np.int64) - 1, demand=commodity[:, 2].copy(),
    )  # fmt: skip


def _counts(lines: list[Line], where: str) -> tuple[int, int, int]:
    """Counts of nodes, arcs and commodities; raises FormatError when the head is broken."""
    number, first = lines[0] if lines else (1, [])
    if first != [HEADER]:
        raise FormatError(
            f"{where}:{number}: '{' '.join(first)[:40]}' is not the header. Write '{HEADER}'."
        )
    number, fields = lines[1] if len(lines) > 1 else (number + 1, [])
    if len(fields) != 3 or not all(one.isdecimal() for one in fields):
        raise FormatError(
            f"{where}:{number}: '{' '.join(fields)[:40]}' are not three counts. Write the numbers "
            "of nodes, arcs and commodities."
        )
    return int(fields[0]), int(fields[1]), int(fields[2])


def _table(
    lines: list[Line], columns: tuple[str, ...], nodes: int, report: tuple[str, list[str]]
) -> Floats:
    """Records as an array of one row each; faults are appended to the report, row zeroed."""
    where, faults = report
    table = np.zeros((len(lines), len(columns)))
    for row, (number, fields) in enumerate(lines):
        if len(fields) != len(columns):
            faults.append(
                f"{where}:{number}: {len(fields)} fields found, expected {len(columns)}: "
                f"{' '.join(columns)}."
            )
            continue
        for position, (name, text) in enumerate(zip(columns, fields, strict=True)):
            wrong = _wrong(name, text, nodes)
            if wrong:
                faults.append(f"{where}:{number}: {name} '{text[:40]}' {wrong}")
            else:
                table[row, position] = float(text)
    return table


def _wrong(name: str, text: str, nodes: int) -> str | None:
    """What is wrong with one field, or None."""
    if name == "_":
        return None if _number(text) is not None else "is not a number. Write 0."
    if name in _NODE_FIELDS:
        inside = text.isdecimal() and 1 <= int(text) <= nodes
        return None if inside else f"is not a node. Write a whole number in 1..{nodes}."
    value = _number(text)
    if value is None:
        return "is not a number. Write a finite decimal number."
    return None if value >= 0 else "is negative. Write 0 or more."


def _number(text: str) -> float | None:
    """The finite number that the text states, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def format_dow(problem: NetworkDesign) -> str:
    """Text of a file; raises FormatError naming every feature that the format cannot hold."""
    lost = _unwritable(problem)
    if lost:
        raise FormatError(
            f"The .dow format cannot hold {', '.join(lost)}. Write the model as MPS instead."
        )
    limit = np.zeros(problem.arcs)
    limit[problem.row_arcs.values] = problem.row_limit
    fixed = problem.fixed_cost[problem.design] if problem.arcs else np.zeros(0)
    arcs = zip(problem.tail + 1, problem.head + 1, problem.cost, limit, fixed, strict=True)
    ends = problem.exit_node[problem.exits.values] + 1
    demands = zip(problem.origin + 1, ends, problem.demand, strict=True)
    return "\n".join([
        HEADER,
        f"{problem.nodes} {problem.arcs} {problem.commodities}",
        *(f"{i} {j} {_text(c)} {_text(u)} {_text(f)} 0 0" for i, j, c, u, f in arcs),
        *(f"{i} {j} {_text(q)}" for i, j, q in demands),
        "",
    ])  # fmt: skip


def _unwritable(problem: NetworkDesign) -> list[str]:
    """Features of the problem that the format has no field for."""
    each = np.arange(problem.arcs)
    own = problem.designs == problem.arcs and bool((np.sort(problem.design) == each).all())
    rows = problem.rows == problem.arcs and len(problem.row_arcs.values) == problem.arcs
    rows = rows and bool((np.sort(problem.row_arcs.values) == each).all())
    if own and rows:
        rows = bool((problem.row_design == problem.design[problem.row_arcs.values]).all())
    one_exit = bool((np.diff(problem.exits.start) == 1).all())
    checks = {
        "arcs that share a design or have none": not own,
        "rows other than one capacity row per arc": not rows or bool(problem.row_floor.any()),
        "several dimensions or loads other than 1": problem.load.shape[0] != 1
        or bool((problem.load != 1).any()),
        "several exits or exit costs": not one_exit or bool(problem.exit_cost.any()),
        "commodities that may stay unserved": bool(np.isfinite(problem.unserved_cost).any()),
        "lots": bool(problem.lot.any()),
        "designs other than one optional run": bool((problem.y_min != 0).any())
        or bool((problem.y_max != 1).any()),
        "prices per attribute": bool(problem.rate.any()) and bool(problem.attribute.any()),
        "forbidden arc classes": not all(problem.may_use(k).all() for k in range(len(problem.lot))),
        "negative costs": bool((problem.cost < 0).any() or (problem.fixed_cost < 0).any()),
    }
    return [what for what, broken in checks.items() if broken]


def _text(value: float) -> str:
    """Shortest text that reads back as the same number."""
    return str(int(value)) if value == int(value) else repr(float(value))
