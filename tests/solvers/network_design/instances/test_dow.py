"""The dow reader and writer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.network_design.exact.arc_mip import ArcFlow
from solvers.network_design.instances.dow import (
    FixedCharge,
    format_dow,
    parse_dow,
    read_dow,
    write_dow,
)
from solvers.network_design.instances.fixed_charge import FixedChargeShape, random_fixed_charge
from solvers.network_design.instances.random import Shape, random_design
from solvers.options import Options
from solvers.outcome import FormatError
from tests.solvers.network_design.checks import two_routes

TRIANGLE = """MULTIGEN.DAT:
3 3 1
1 3 5 8 20 1 1
1 2 1 6 15 1 2
2 3 1 6 15 1 3
1 3 10
"""


def test_reads_fields_in_their_place() -> None:
    """The triangle: nodes from 0, one design and one capacity row per arc, all to be served."""
    problem = parse_dow(TRIANGLE).problem()
    assert problem.check() == []
    assert problem.tail.tolist() == [0, 0, 1]
    assert problem.cost.tolist() == [5.0, 1.0, 1.0]
    assert problem.row_limit.tolist() == [8.0, 6.0, 6.0]
    assert problem.fixed_cost.tolist() == [20.0, 15.0, 15.0]
    assert np.isinf(problem.unserved_cost).all()
    assert problem.exit_node[problem.exits[0]].tolist() == [2]


def test_the_triangle_costs_82() -> None:
    """Six over node 2 and four direct: 50 + 12 + 20, as in the checks."""
    result = ArcFlow().solve(parse_dow(TRIANGLE).problem(), Options())
    assert result.objective == 82.0


numbers = st.one_of(
    st.integers(0, 10**9).map(float),
    st.floats(0, 1e12, allow_nan=False, allow_infinity=False),
)


@st.composite
def fixed_charges(draw: st.DrawFn) -> FixedCharge:
    """Any instance that the format can hold."""
    nodes = draw(st.integers(1, 9))
    arcs, commodities = draw(st.integers(0, 12)), draw(st.integers(0, 6))
    node = st.integers(0, nodes - 1)

    def many(strategy: st.SearchStrategy[float], size: int, kind: type) -> np.ndarray:
        drawn = draw(st.lists(strategy, min_size=size, max_size=size))
        return np.array(drawn, dtype=kind)

    return FixedCharge(
        nodes, many(node, arcs, np.int64), many(node, arcs, np.int64),
        many(numbers, arcs, np.float64), many(numbers, arcs, np.float64),
        many(numbers, arcs, np.float64), many(node, commodities, np.int64),
        many(node, commodities, np.int64), many(numbers, commodities, np.float64),
    )  # fmt: skip


@settings(deadline=None)
@given(fixed_charges())
def test_round_trip(instance: FixedCharge) -> None:
    """Whatever is written reads back the same, number by number."""
    again = parse_dow(format_dow(instance.problem()))
    assert again.nodes == instance.nodes
    for name in ("tail", "head", "variable_cost", "capacity", "fixed_cost", "origin",
                 "destination", "demand"):  # fmt: skip
        assert np.array_equal(getattr(again, name), getattr(instance, name)), name


@settings(deadline=None)
@given(st.text(alphabet="MULTIGEN.DAT:\n 0123456789-x", max_size=80), st.integers(0, 5))
def test_any_text_is_read_or_refused_with_a_line(text: str, cut: int) -> None:
    """No text breaks the reader in another way than FormatError."""
    lines = TRIANGLE.splitlines()
    broken = "\n".join([*lines[:cut], text, *lines[cut + 1 :]])
    message = ""
    try:
        parse_dow(broken, "x.dow")
    except FormatError as error:
        message = str(error)
    assert all(part.startswith("x.dow:") for part in message.splitlines())


FAULTS = {
    "header": ("MULTIGEN.DAT:", "MULTI", "t.dow:1: 'MULTI' is not the header."),
    "counts": ("3 3 1", "3 3", "t.dow:2: '3 3' are not three counts."),
    "negative count": ("3 3 1", "3 -3 1", "t.dow:2: '3 -3 1' are not three counts."),
    "too few": ("3 3 1", "3 4 1", "t.dow:6: the file ends after 4 records, expected 4 arcs and 1"),
    "too many": ("3 3 1", "3 2 1", "t.dow:6: more records than the 2 arcs and 1 commodities"),
    "fields": ("1 2 1 6 15 1 2", "1 2 1 6", "t.dow:4: 4 fields found, expected 7: tail head"),
    "node": ("2 3 1 6 15 1 3", "2 4 1 6 15 1 3", "t.dow:5: head '4' is not a node. Write a whole "
             "number in 1..3."),
    "number": ("1 3 5 8 20 1 1", "1 3 5 8 x 1 1", "t.dow:3: fixed_cost 'x' is not a number."),
    "nan": ("1 3 5 8 20 1 1", "1 3 nan 8 20 1 1", "t.dow:3: variable_cost 'nan' is not a number."),
    "negative": ("1 3 10", "1 3 -10", "t.dow:6: demand '-10' is negative. Write 0 or more."),
    "unused": ("2 3 1 6 15 1 3", "2 3 1 6 15 1 ?", "t.dow:5: _ '?' is not a number. Write 0."),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_carry_their_line(fault: str) -> None:
    """Every kind of fault names file, line, value and remedy."""
    old, new, message = FAULTS[fault]
    with pytest.raises(FormatError) as caught:
        parse_dow(TRIANGLE.replace(old, new), "t.dow")
    assert message in str(caught.value)


def test_all_faults_come_at_once() -> None:
    """Three faults, three lines."""
    text = (
        TRIANGLE.replace("1 3 5", "1 9 5").replace("15 1 2", "-15 1 2").replace("1 3 10", "1 3 ?")
    )
    with pytest.raises(FormatError) as caught:
        parse_dow(text, "t.dow")
    assert [line.split(":")[1] for line in str(caught.value).splitlines()] == ["3", "4", "6"]


def test_an_empty_or_binary_file_is_refused(tmp_path: Path) -> None:
    """Neither is a dow file."""
    (tmp_path / "empty.dow").write_text("")
    with pytest.raises(FormatError, match=r"empty.dow:1: '' is not the header"):
        read_dow(tmp_path / "empty.dow")
    (tmp_path / "binary.dow").write_bytes(b"MULTIGEN.DAT:\n\xff\xfe")
    with pytest.raises(FormatError, match=r"binary.dow: byte 14 is not plain ASCII text"):
        read_dow(tmp_path / "binary.dow")


def test_writes_whole_files_only(tmp_path: Path) -> None:
    """A problem that the format cannot hold leaves no file behind; one that it can reads back."""
    problem = random_fixed_charge(2, FixedChargeShape(8, 20, 5)).problem()
    write_dow(problem, tmp_path / "a.dow")
    assert np.array_equal(read_dow(tmp_path / "a.dow").row_limit, problem.row_limit)
    with pytest.raises(FormatError, match=r"cannot hold .*may stay unserved"):
        write_dow(two_routes(), tmp_path / "b.dow")
    assert [path.name for path in tmp_path.iterdir()] == ["a.dow"]


def test_names_every_feature_that_would_be_lost() -> None:
    """A rich problem is refused with all reasons at once."""
    rich = random_design(1, Shape(nodes=9, designs=8, acyclic=True, dimensions=2, exits=2,
                                  attributes=2, groups=3, lots="whole", floors=True, legs=2,
                                  runs=3))  # fmt: skip
    with pytest.raises(FormatError) as caught:
        format_dow(rich)
    for feature in ("share a design", "several dimensions", "several exits", "unserved", "lots",
                    "arc classes", "prices per attribute", "one optional run"):  # fmt: skip
        assert feature in str(caught.value)
    priced = replace(parse_dow(TRIANGLE).problem(), cost=np.array([-1.0, 1.0, 1.0]))
    with pytest.raises(FormatError, match="cannot hold negative costs"):
        format_dow(priced)
