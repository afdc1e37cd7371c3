"""Readers of CVRPLIB, Solomon and Gehring–Homberger files; what they do not use they refuse.

Solomon and Gehring–Homberger: distance and time truncated to one decimal (DIMACS 2022 rules),
distance minimised. CVRPLIB: distances between points rounded as TSPLIB says (``EUC_2D`` to the
nearest whole number, ``CEIL_2D`` up, ``FLOOR_2D`` down), other weights as given; where the file has
them also time windows, service times, and ``DISTANCE``, the most that a route may take with its
service. Decimals are scaled to whole numbers.

Uchoa et al. (2017), "New benchmark instances for the capacitated vehicle routing problem", EJOR.
Solomon (1987), "Algorithms for the vehicle routing and scheduling problems with time window
constraints", Operations Research 35(2).
Reinelt (1991), "TSPLIB: a traveling salesman problem library", ORSA Journal on Computing 3(4).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np

from solvers.arrays import Ints
from solvers.outcome import FormatError
from solvers.vrp.formats.exact import Points, integers, number, scale_of, whole
from solvers.vrp.formats.tsplib import TsplibFile, read_tsplib
from solvers.vrp.problem import FAR, REQUIRED, Fleet, Routing

SOLOMON_SCALE = 10
_COLUMNS = ("CUST NO.", "XCOORD.", "YCOORD.", "DEMAND", "READY TIME", "DUE DATE", "SERVICE TIME")
_SOLOMON_HEAD = ((1, "VEHICLE"), (2, "NUMBER CAPACITY"), (4, "CUSTOMER"), (5, " ".join(_COLUMNS)))


def read_solomon(path: Path) -> Routing:
    """Read a Solomon or Gehring–Homberger file; raises FormatError when it is not one."""
    lines = _solomon_lines(path)
    fleet_line, rows = lines[3], lines[6:]
    if len(fleet_line[1]) != 2:
        raise FormatError(f"{path}, line {fleet_line[0]}: expected the number and the capacity.")
    where = f"{path}, line {fleet_line[0]}"
    vehicles, capacity = whole(where, fleet_line[1][0]), number(where, fleet_line[1][1])
    table = [[number(f"{path}, line {at}", word) for word in words] for at, words in rows]
    for expected, ((at, words), row) in enumerate(zip(rows, table, strict=True)):
        if len(row) != len(_COLUMNS):
            what = f"{len(row)} fields, expected {len(_COLUMNS)}"
            raise FormatError(f"{path}, line {at}: {what}.")
        if row[0] != expected:
            raise FormatError(f"{path}, line {at}: customer {words[0]}, expected {expected}.")
    _, xs, ys, demand, *times = ([row[i] for row in table] for i in range(len(_COLUMNS)))
    travel = Points(str(path), xs, ys, SOLOMON_SCALE).floors()
    early, late, service = (integers(str(path), column, SOLOMON_SCALE) for column in times)
    return _routing(
        path, travel, (demand, capacity), (early, late, service), (vehicles, FAR, SOLOMON_SCALE)
    )


def _solomon_lines(path: Path) -> list[tuple[int, list[str]]]:
    """Numbered lines that are not blank: name, headings, fleet, then at least the depot."""
    text = path.read_text(encoding="utf-8", errors="replace")
    split = [(at, line.split()) for at, line in enumerate(text.split("\n"), 1)]
    lines = [(at, words) for at, words in split if words]
    for i, heading in _SOLOMON_HEAD:
        if len(lines) <= i or " ".join(lines[i][1]).upper() != heading:
            raise FormatError(f"{path}: not a solomon file (no '{heading}' as line {i + 1}).")
    if len(lines) <= len(_COLUMNS) - 1:
        raise FormatError(f"{path}: no depot line. Check that the file is whole.")
    return lines


def read_cvrplib(path: Path) -> Routing:
    """Read a CVRPLIB file; raises FormatError when it is not one or states what is not read."""
    file = read_tsplib(path)
    demand = [row[0] for row in file.section("DEMAND", 1)]
    nodes = len(demand)
    depots = file.depots()
    if depots != [1]:
        raise FormatError(f"{path}: depots {depots}; only one, node 1, is known.")
    weights, exact = _weights(file, nodes)
    window, service, longest = _times(file, nodes)
    limits = [] if longest is None else [longest]
    scale = scale_of([*exact, *limits, *service, *(one for row in window for one in row)])
    where = f"{path}, weights and times"
    travel = integers(where, exact, scale).reshape(nodes, nodes) if exact else weights * scale
    early = integers(where, [row[0] for row in window], scale) if window else np.zeros(nodes, int)
    late = integers(where, [row[1] for row in window], scale) if window else np.full(nodes, FAR)
    most = FAR if longest is None else int(integers(where, limits, scale)[0])
    vehicles = file.whole("VEHICLES", nodes - 1)
    return _routing(
        path, travel, (demand, file.number("CAPACITY")),
        (early, late, integers(where, service, scale)), (vehicles, most, scale),
    )  # fmt: skip


def _weights(file: TsplibFile, nodes: int) -> tuple[Ints, list[Decimal]]:
    """Distances between points, or else the weights as given, row by row."""
    kind = file.word("EDGE_WEIGHT_TYPE")
    if kind == "EXPLICIT":
        return np.zeros((0, 0), dtype=np.int64), file.matrix(nodes)
    rounding = {"EUC_2D": Points.nearest, "CEIL_2D": Points.ceilings, "FLOOR_2D": Points.floors}
    if kind not in rounding:
        known = ", ".join([*rounding, "EXPLICIT"])
        raise FormatError(f"{file.path}: EDGE_WEIGHT_TYPE '{kind}' is unknown; known: {known}.")
    file.refuse("EDGE_WEIGHT_FORMAT", "EDGE_WEIGHT_SECTION", reason=f"beside {kind}")
    rows = file.section("NODE_COORD", 2, nodes)
    where = f"{file.path}, NODE_COORD_SECTION"
    points = Points(where, [row[0] for row in rows], [row[1] for row in rows])
    return rounding[kind](points), []


def _times(
    file: TsplibFile, nodes: int
) -> tuple[list[list[Decimal]], list[Decimal], Decimal | None]:
    """Windows (none: always open), service of every node, and the most that a route may take."""
    window = file.section("TIME_WINDOW", 2, nodes) if file.has("TIME_WINDOW_SECTION") else []
    service = [Decimal(0)] * nodes
    if file.has("SERVICE_TIME_SECTION"):
        file.refuse("SERVICE_TIME", reason="beside SERVICE_TIME_SECTION")
        service = [row[0] for row in file.section("SERVICE_TIME", 1, nodes)]
    elif file.has("SERVICE_TIME"):
        service = [Decimal(0)] + [file.number("SERVICE_TIME")] * (nodes - 1)
    return window, service, file.number("DISTANCE") if file.has("DISTANCE") else None


def _routing(
    path: Path,
    travel: Ints,
    load: tuple[list[Decimal], Decimal],
    times: tuple[Ints, Ints, Ints],
    limits: tuple[int, int, int],
) -> Routing:
    """One depot, node 0; ``load`` is demand and capacity, ``times`` are early, late, service.

    ``limits`` are vehicles, most duration of a route and units per unit of the file.
    """
    demand, capacity = load
    early, late, service = times
    vehicles, longest, scale = limits
    grain = scale_of([*demand, capacity])
    amount = integers(f"{path}, demand", demand, grain)
    if vehicles < 1:
        raise FormatError(f"{path}: {vehicles} vehicles. Check the file.")
    if amount[0] or service[0]:
        raise FormatError(f"{path}: the depot has a demand or a service time, which is not read.")
    zero = np.zeros(len(amount) - 1, dtype=np.int64)
    room = int(integers(f"{path}, capacity", [capacity], grain)[0])
    fleet = replace(Fleet.uniform(vehicles, [room]), most_duration=np.array([longest]))
    problem = Routing(
        distance=travel[None], duration=travel[None], place=np.arange(1, len(amount)),
        service=service[1:], early=early[1:], late=late[1:], release=zero,
        delivery=amount[None, 1:], pickup=zero[None],
        skip_cost=zero + REQUIRED, pair=np.zeros((0, 2), dtype=np.int64),
        pair_load=np.zeros((1, 0), dtype=np.int64), depot_place=np.array([0]),
        depot_early=early[:1], depot_late=late[:1], fleet=fleet, scale=scale,
        name=path.stem,
    )  # fmt: skip
    faults = problem.check()
    if faults:
        raise FormatError(f"{path}: {faults[0]} Check the file.")
    return problem
