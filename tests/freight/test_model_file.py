"""Model files: what another solver reads is the model that freight solves."""

from __future__ import annotations

import re
from pathlib import Path

import highspy
import pytest

from freight import planning
from freight.errors import EngineError, InstanceError
from freight.io import model_file as export
from freight.io import read
from freight.io.model_file import write_instance_model
from solvers.linear.backends.highs import QuietHighs
from tests.freight.circling import one_box


def reread(path: Path) -> QuietHighs:
    """HiGHS with the model of a file, solved to the end."""
    solver = QuietHighs()  # type: ignore[no-untyped-call]
    assert solver.readModel(str(path)) == highspy.HighsStatus.kOk
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.run()
    return solver


@pytest.mark.parametrize("suffix", [".mps", ".lp"])
@pytest.mark.parametrize("strong", [True, False])
def test_a_model_file_has_the_optimum_of_the_plan(
    tmp_path: Path, suffix: str, strong: bool
) -> None:
    """Solved from the file alone, the objective is the cost and penalty of the optimal plan."""
    instance = read("tiny")
    plan = planning.plan(instance)
    written = write_instance_model(instance, tmp_path / f"tiny{suffix}", strong)
    solver = reread(tmp_path / f"tiny{suffix}")
    assert solver.getObjectiveValue() == pytest.approx(float(plan.cost + plan.unserved_penalty))
    assert (solver.getNumCol(), solver.getNumRow()) == (written.columns, written.rows)


def test_a_model_file_knows_that_boxes_come_to_no_place_twice(tmp_path: Path) -> None:
    """The one box that could dodge storage in circles costs 603 in the file too, not 9."""
    write_instance_model(one_box(), tmp_path / "box.mps")
    assert reread(tmp_path / "box.mps").getObjectiveValue() == pytest.approx(603.0)


def test_labels_say_what_they_stand_for(tmp_path: Path) -> None:
    """Every label is told apart and can be read; no blank or sign that a reader would trip over."""
    model = write_instance_model(read("tiny"), tmp_path / "tiny.lp")
    columns = [model.column_name(j) for j in range(model.columns)]
    rows = [model.row_name(i) for i in range(model.rows)]
    assert len(set(columns)) == len(columns)
    assert len(set(rows)) == len(rows)
    assert "z_0(S1)" in columns
    departure = r"y_\d+\(WUH_DUI@2027_03_03T08_00\)"
    assert len([one for one in columns if re.fullmatch(departure, one)]) == 1
    assert columns[0].startswith("x_0_0(S1,leg_YLO_YSA@2027_03_02T20_00_wuhan_port")
    assert {one.split("_")[0] for one in rows} == {"balance", "row", "link", "visit"}
    assert not any(set(one) & set(" <>=:+-*[]^") for one in columns + rows)


def test_without_strong_rows_the_relaxation_is_weaker() -> None:
    """Linking rows only tighten: fewer rows, the same columns."""
    instance = read("tiny")
    problem = export.compile_instance(instance).problem
    strong, weak = (export.build(problem, one).model for one in (True, False))
    assert weak.rows < strong.rows
    assert weak.columns == strong.columns


def test_an_unknown_suffix_is_refused(tmp_path: Path) -> None:
    """The message names the suffixes that work, and nothing is written."""
    with pytest.raises(InstanceError, match=r"suffix '.txt' is not that of a model file. Use .mps"):
        write_instance_model(read("tiny"), tmp_path / "tiny.txt")
    assert not list(tmp_path.iterdir())


def test_a_model_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message gives the size and a way out."""
    monkeypatch.setattr(export, "LARGEST", 10)
    with pytest.raises(EngineError, match=r"arcs × 4 commodities is too large for a file. Export"):
        write_instance_model(read("tiny"), tmp_path / "tiny.lp")


def test_a_large_model_has_short_labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a size labels are symbol and index, so that the file stays small."""
    monkeypatch.setattr(export, "NAMED", 10)
    model = write_instance_model(read("tiny"), tmp_path / "tiny.mps")
    assert model.column_name(0) == "x_0_0"
    assert model.row_name(0).startswith("balance_0_")
