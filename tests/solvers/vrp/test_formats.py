"""Readers of public routing formats on small files of our own."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvers.options import Options
from solvers.outcome import FormatError
from solvers.vrp.enumeration import Enumeration
from solvers.vrp.formats.exact import Points
from solvers.vrp.formats.lilim import read_lilim
from solvers.vrp.formats.vrplib import read_cvrplib, read_solomon
from solvers.vrp.problem import Routing
from tests.solvers.vrp.files import LILIM, SOLOMON

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


def headed(more: str) -> str:
    """The small CVRPLIB file with more lines behind its capacity."""
    return CVRPLIB.replace("CAPACITY : 10\n", f"CAPACITY : 10\n{more}\n")


def with_section(more: str) -> str:
    """The small CVRPLIB file with a section before its depots."""
    return CVRPLIB.replace("DEPOT_SECTION", f"{more}\nDEPOT_SECTION")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (with_section("BACKHAUL_SECTION\n1 0\n2 0\n3 8"), "line 14: BACKHAUL_SECTION is not read"),
        (with_section("CAPACITY_SECTION\n1 6\n2 8"), "CAPACITY_SECTION is not read"),
        (with_section("RELEASE_TIME_SECTION\n1 0\n2 5\n3 5"), "RELEASE_TIME_SECTION is not read"),
        (headed("MAX_TRIPS : 2"), "line 6: MAX_TRIPS is not read"),
        (headed("CAPACITY : 12"), "line 6: CAPACITY stands twice"),
        (headed("VEHICLES : 2.5"), "line 6, VEHICLES: 2.5 is not a whole number"),
        (headed("VEHICLES : 0"), "0 vehicles"),
        (headed("DISTANCE : far"), "line 6, DISTANCE: 'far' is not a number"),
        (headed("EDGE_WEIGHT_FORMAT : FULL_MATRIX"), "FORMAT is not read beside EUC_2D"),
        (headed("NODE_COORD_TYPE : THREED_COORDS"), "NODE_COORD_TYPE 'THREED_COORDS' is not read"),
        (CVRPLIB.replace("TYPE : CVRP\n", "TYPE : VRPB\n"), "line 2: TYPE 'VRPB' is not read"),
        (CVRPLIB.replace("EUC_2D", "GEO"), "EDGE_WEIGHT_TYPE 'GEO' is unknown"),
        (CVRPLIB.replace("DIMENSION : 3", "DIMENSION : 4"), "3 rows in DEMAND_SECTION, not 4"),
        (CVRPLIB.replace("3 1 1\n", "2 1 1\n"), "node 2 is unknown or stands twice"),
        (CVRPLIB.replace("3 1 1\n", "3 1\n"), "line 9: 2 fields, expected 3"),
        (CVRPLIB.replace("2 4\n", "2 nan\n"), "line 12: 'nan' is not a number"),
        (CVRPLIB.replace("1 0\n2 4", "1 5\n2 4"), "the depot has a demand"),
        (CVRPLIB.replace("1\n-1", "1\n2\n-1"), r"depots \[1, 2\]; only one, node 1"),
        (CVRPLIB.replace("-1\n", ""), "DEPOT_SECTION does not end with -1"),
        (CVRPLIB + "3 5\n", "line 18: there is more behind EOF"),
        ("1 2\n" + CVRPLIB, "line 1: '1 2' belongs to no section"),
        (with_section("SERVICE_TIME_SECTION\n1 0\n2 1\n3 1").replace(
            "CAPACITY : 10", "CAPACITY : 10\nSERVICE_TIME : 3"), "SERVICE_TIME is not read beside"),
    ],
)  # fmt: skip
def test_what_a_cvrplib_file_says_beyond_what_is_read_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    """Unknown and repeated keys, other problems, numbers that do not convert: by line and name."""
    with pytest.raises(FormatError, match=message):
        read_cvrplib(write(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SOLOMON.replace("  2         10", "  2.5       10"), "line 5: 2.5 is not a whole number"),
        (SOLOMON.replace("  2         10", "  2         10   7"), "line 5: expected the number"),
        (SOLOMON.replace("20         60           10", "20.25      60           10"),
         "20.25 is finer than 1/10"),
        (SOLOMON.replace("    2          1", "    3          1"), "customer 3, expected 2"),
        (SOLOMON.replace("60           10\n", "60           10   4\n"), "line 11: 8 fields"),
        (SOLOMON.replace("0       0         100           0", "0       0         100           9"),
         "the depot has a demand or a service time"),
        (SOLOMON.split("    0 ", maxsplit=1)[0], "no depot line"),
    ],
)  # fmt: skip
def test_what_a_solomon_file_says_beyond_what_is_read_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    """Fractions that would be cut off, columns too many, customers out of order."""
    with pytest.raises(FormatError, match=message):
        read_solomon(write(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (LILIM.replace("2 5 1", "2.5 5 1"), "line 1: 2.5 is not a whole number"),
        (LILIM.replace("2 5 1", "2 5 3"), "line 1: expected at least one vehicle, and 1 or 0"),
        (LILIM.replace("60 10 0 2", "60 10 0 1.7"), "line 3: 1.7 is not a whole number"),
        (LILIM.replace("60 10 0 2", "60 10 1 2"), "node 1: expected one sibling"),
        (LILIM.replace("3 20 60", "3 20.0005 60"), "20.0005 is finer than 1/1000"),
        (LILIM.replace("0 0 0 0 0 100 0 0 0", "0 0 0 0 0 100 5 0 0"), "the depot has a demand, a"),
        (LILIM.replace("3 20 60", "3 70 60"), "early is later than late at tasks"),
    ],
)
def test_what_a_lilim_file_says_beyond_what_is_read_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    """Fractions of vehicles and nodes, another speed, two siblings, windows the wrong way round."""
    with pytest.raises(FormatError, match=message):
        read_lilim(write(tmp_path, text))


def test_decimals_are_scaled_and_never_cut_off(tmp_path: Path) -> None:
    """Demands of 2.5 and 2.6 do not share a room of 5; loads of 2.5 TEU keep their half."""
    text = CVRPLIB.replace("CAPACITY : 10", "CAPACITY : 5").replace("2 4\n3 6", "2 2.5\n3 2.6")
    problem = read_cvrplib(write(tmp_path, text))
    assert problem.fleet.capacity.tolist() == [[50]]
    # Apart: 2·5 + 2·1; together they would drive 10.
    assert Enumeration().solve(problem, Options()).objective == 12
    pair = read_lilim(write(tmp_path, LILIM.replace(" 3 20", " 2.5 20").replace("-3 0", "-2.5 0")))
    assert (pair.pair_load.tolist(), pair.fleet.capacity.tolist()) == ([[25]], [[50]])


def test_a_limit_on_the_length_of_a_route_holds_with_its_service(tmp_path: Path) -> None:
    """10 away on four sides, 5 to serve, at most 26: one each, 4 · 20; with 50 two by two."""
    nodes = "1 0 0\n2 10 0\n3 -10 0\n4 0 10\n5 0 -10"
    text = CVRPLIB.replace("DIMENSION : 3", "DIMENSION : 5\nSERVICE_TIME : 5\nDISTANCE : 26")
    text = text.replace("1 0 0\n2 3 4\n3 1 1", nodes).replace("3 6\n", "3 1\n4 1\n5 1\n")
    short = read_cvrplib(write(tmp_path, text))
    assert Enumeration().solve(short, Options()).objective == 80
    long = read_cvrplib(write(tmp_path, text.replace("26", "50")))
    # 10 + 14 + 10 and twice 5 of service are 44; three stops would take 63.
    assert Enumeration().solve(long, Options()).objective == 68


def test_explicit_weights_keep_their_decimals(tmp_path: Path) -> None:
    """Half kilometres become whole units of a half: the scale says so."""
    text = CVRPLIB.replace("EUC_2D", "EXPLICIT\nEDGE_WEIGHT_FORMAT : LOWER_ROW")
    text = text.replace("NODE_COORD_SECTION\n1 0 0\n2 3 4\n3 1 1", "EDGE_WEIGHT_SECTION\n1.5 2 3")
    problem = read_cvrplib(write(tmp_path, text))
    assert problem.scale == 10
    assert problem.distance[0].tolist() == [[0, 15, 20], [15, 0, 30], [20, 30, 0]]


@given(points=st.lists(st.tuples(*[st.integers(-(10**6), 10**6)] * 2), min_size=2, max_size=6))
def test_distances_are_rounded_from_exact_squares(points: list[tuple[int, int]]) -> None:
    """Floor, ceiling and nearest of every distance by whole numbers alone, tenths included."""
    for scale, fine in ((1, 1), (10, 1), (10, 10)):
        axes = [[Decimal(p[axis]) / fine for p in points] for axis in (0, 1)]
        made = Points("here", axes[0], axes[1], scale)
        for i, a in enumerate(points):
            for j, b in enumerate(points):
                # Squares in units of 1/(2·fine): halves are whole numbers there.
                square = 4 * scale**2 * ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2)
                floor = int(made.floors()[i, j])
                above, near = int(made.ceilings()[i, j]), int(made.nearest()[i, j])
                assert (2 * fine * floor) ** 2 <= square < (2 * fine * (floor + 1)) ** 2
                assert (2 * fine * (above - 1)) ** 2 < square or above == 0
                assert square <= (2 * fine * above) ** 2
                assert (fine * (2 * near - 1)) ** 2 <= square or near == 0
                assert square < (fine * (2 * near + 1)) ** 2


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 400), noise=st.text(max_size=6), drop=st.integers(0, 20))
@pytest.mark.parametrize(
    ("text", "read"), [(CVRPLIB, read_cvrplib), (SOLOMON, read_solomon), (LILIM, read_lilim)]
)
def test_damaged_files_give_a_sound_problem_or_a_format_error(
    tmp_path: Path, text: str, read: Callable[[Path], Routing], cut: int, noise: str, drop: int
) -> None:
    """Any text put anywhere in a file, or cut out of it, never escapes as another error."""
    at = min(cut, len(text))
    path = write(tmp_path, text[:at] + noise + text[at + drop :])
    try:
        problem = read(path)
    except FormatError:
        return
    assert problem.check() == []
