"""Readers of public routing formats on small files of our own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvers.options import Options
from solvers.outcome import FormatError
from solvers.vrp.enumeration import Enumeration
from solvers.vrp.formats.lilim import read_lilim
from solvers.vrp.formats.vrplib import read_cvrplib, read_solomon

SOLOMON = """small

VEHICLE
NUMBER     CAPACITY
  2         10

CUSTOMER
CUST NO.   XCOORD.   YCOORD.    DEMAND   READY TIME   DUE DATE   SERVICE TIME

    0          0      0           0       0         100           0
    1          3      4          7      20         60           10
    2          1      1          6      0         60           10
"""
CVRPLIB = """NAME : small
TYPE : CVRP
DIMENSION : 3
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 3 4
3 1 1
DEMAND_SECTION
1 0
2 4
3 6
DEPOT_SECTION
1
-1
EOF
"""
LILIM = """2 5 1
0 0 0 0 0 100 0 0 0
1 3 4 3 20 60 10 0 2
2 1 1 -3 0 60 10 1 0
"""


def write(tmp_path: Path, text: str) -> Path:
    """A file with the text."""
    path = tmp_path / "small.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_solomon_distances_are_truncated_to_one_decimal(tmp_path: Path) -> None:
    """√2 = 1.41… becomes 14 tenths, the 3-4-5 triangle 50, √13 = 3.605… becomes 36."""
    problem = read_solomon(write(tmp_path, SOLOMON))
    assert problem.check() == []
    assert problem.distance[0].tolist() == [[0, 50, 14], [50, 0, 36], [14, 36, 0]]
    assert problem.early.tolist() == [200, 0]
    assert problem.service.tolist() == [100, 100]
    assert problem.depot_late.tolist() == [1000]
    # 7 + 6 exceed 10, so two trips: 100 + 28 tenths.
    assert Enumeration().solve(problem, Options()).objective == 128


def test_cvrplib_distances_are_rounded(tmp_path: Path) -> None:
    """√2 rounds to 1, √13 to 4; one trip of 1 + 4 + 5 carries 10."""
    problem = read_cvrplib(write(tmp_path, CVRPLIB))
    assert problem.distance[0].tolist() == [[0, 5, 1], [5, 0, 4], [1, 4, 0]]
    assert Enumeration().solve(problem, Options()).objective == 10


def test_lilim_pairs_are_read_in_double_precision(tmp_path: Path) -> None:
    """Pick up at node 1, deliver at 2: 5 + √13 + √2 = 10.01976… in thousandths, and one vehicle."""
    problem = read_lilim(write(tmp_path, LILIM))
    assert problem.check() == []
    assert problem.pair.tolist() == [[0, 1]]
    assert problem.pair_load.tolist() == [[3]]
    result = Enumeration().solve(problem, Options())
    assert result.objective is not None
    distance = result.objective - int(problem.fleet.fixed_cost[0])
    assert distance == 5000 + round(1000 * np.sqrt(13)) + round(1000 * np.sqrt(2))


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ("2 5\n", "line 1: expected 'vehicles capacity speed'"),
        (LILIM + "3 1 1\n", "line 5: 3 fields, expected 9"),
        (LILIM.replace("2 1 1 -3", "7 1 1 -3"), "line 4: node 7, expected 2"),
        (LILIM.replace("60 10 0 2", "60 ten 0 2"), "line 3: 'ten' is not a number"),
        (LILIM.replace("60 10 0 2", "60 10 0 9"), "sibling 9 does not point back"),
        (LILIM.replace(" -3 ", " -2 "), "demand is not that of node 2, negated"),
    ],
)
def test_broken_lilim_files_name_the_place(tmp_path: Path, broken: str, message: str) -> None:
    """Every fault is a FormatError with the line or node."""
    with pytest.raises(FormatError, match=message):
        read_lilim(write(tmp_path, broken))


def test_foreign_files_are_refused_by_name(tmp_path: Path) -> None:
    """A file of the other format, or one without capacity, is a FormatError."""
    with pytest.raises(FormatError, match="not a solomon file"):
        read_solomon(write(tmp_path, CVRPLIB))
    with pytest.raises(FormatError, match="no capacity"):
        read_cvrplib(write(tmp_path, CVRPLIB.replace("CAPACITY : 10\n", "")))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, len(LILIM)), noise=st.text(max_size=6))
def test_damaged_lilim_files_never_escape_as_other_errors(
    tmp_path: Path, cut: int, noise: str
) -> None:
    """Any text put anywhere in a file gives a sound problem or a FormatError."""
    path = write(tmp_path, LILIM[:cut] + noise + LILIM[cut:])
    try:
        problem = read_lilim(path)
    except FormatError:
        return
    assert problem.pairs * 2 == problem.tasks
