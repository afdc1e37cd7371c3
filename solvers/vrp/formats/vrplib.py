"""Readers of the public routing formats through the ``vrplib`` package.

Solomon and Gehring–Homberger: distance and time truncated to one decimal (DIMACS 2022 rules),
distance minimised. CVRPLIB: EUC_2D rounded to the nearest integer as in TSPLIB, other weights as
given; time windows, service times and backhauls where the file has them.

Uchoa et al. (2017), "New benchmark instances for the capacitated vehicle routing problem", EJOR.
Solomon (1987), "Algorithms for the vehicle routing and scheduling problems with time window
constraints", Operations Research 35(2).
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import vrplib

from solvers.arrays import Ints
from solvers.outcome import FormatError
from solvers.vrp.problem import FAR, REQUIRED, Fleet, Routing

SOLOMON_SCALE = 10


def read_solomon(path: Path) -> Routing:
    """Read a Solomon or Gehring–Homberger file; raises FormatError when it is not one."""
    data = _read(path, "solomon")
    travel = np.floor(SOLOMON_SCALE * data["edge_weight"] + 1e-9).astype(np.int64)
    fleet = Fleet.uniform(int(data["vehicles"]), [int(data["capacity"])])
    return _routing(path, data, travel, fleet, SOLOMON_SCALE)


def read_cvrplib(path: Path) -> Routing:
    """Read a CVRPLIB file; raises FormatError when it is not one or is of an unknown kind."""
    data = _read(path, "vrplib")
    for name in ("capacity", "demand", "edge_weight", "depot"):
        if name not in data:
            raise FormatError(f"{path}: no {name}. Only capacitated instances can be read.")
    if np.any(data["depot"] != 0) or len(data["depot"]) != 1:
        raise FormatError(f"{path}: depots {data['depot'].tolist()}; only one, node 1, is known.")
    travel = np.rint(data["edge_weight"]).astype(np.int64)
    vehicles = int(data.get("vehicles", len(data["demand"]) - 1))
    fleet = Fleet.uniform(vehicles, [int(data["capacity"])])
    return _routing(path, data, travel, fleet, 1)


def _read(path: Path, kind: str) -> dict[str, Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found: dict[str, Any] = vrplib.read_instance(path, kind)
    except (RuntimeError, ValueError, KeyError, IndexError, TypeError, UserWarning) as error:
        raise FormatError(f"{path}: not a {kind} file ({error}). Check the format.") from error
    return found


def _routing(path: Path, data: dict[str, Any], travel: Ints, fleet: Fleet, scale: int) -> Routing:
    nodes = len(data["demand"])
    if travel.shape != (nodes, nodes):
        raise FormatError(f"{path}: {nodes} demands for {travel.shape[0]} nodes.")
    np.fill_diagonal(travel, 0)
    window = np.array(data.get("time_window", [[0, FAR // scale]] * nodes), np.int64) * scale
    service = np.array(data.get("service_time", [0] * nodes), dtype=np.int64) * scale
    zero = np.zeros(nodes - 1, dtype=np.int64)
    problem = Routing(
        distance=travel[None], duration=travel[None], place=np.arange(1, nodes),
        service=service[1:], early=window[1:, 0], late=window[1:, 1], release=zero,
        delivery=np.array(data["demand"], dtype=np.int64)[None, 1:], pickup=zero[None],
        skip_cost=zero + REQUIRED, pair=np.zeros((0, 2), dtype=np.int64),
        pair_load=np.zeros((1, 0), dtype=np.int64), depot_place=np.array([0]),
        depot_early=window[:1, 0], depot_late=window[:1, 1], fleet=fleet, scale=scale,
        name=path.stem,
    )  # fmt: skip
    faults = problem.check()
    if faults:
        raise FormatError(f"{path}: {faults[0]} Check the file.")
    return problem
