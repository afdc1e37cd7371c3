"""Plans as tables, workbooks and GeoJSON: nothing lost, everything adds up."""

from __future__ import annotations

import json
import re
import sys
from base64 import b64decode
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from freight import planning
from freight.domain.earth import great_circle_km
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.errors import EngineError, InstanceError
from freight.io import read
from freight.report import geojson
from freight.report.flow_map import flow_map, land
from freight.report.notebook import View
from freight.report.page.lanes import sea_path
from freight.report.table_files import write_tables
from freight.report.tables import TABLES, frame, frames, inputs
from freight.report.workbook import workbook
from freight.report.writing import export, form_of

SHANGHAI, ROTTERDAM = (30.63, 122.07), (51.95, 4.05)


@pytest.fixture(scope="module")
def case() -> tuple[Plan, Instance]:
    """The hand-solved instance and its optimal plan."""
    instance = read("tiny")
    return planning.plan(instance), instance


def test_costs_add_up_to_the_plan(case: tuple[Plan, Instance]) -> None:
    """Lines of the costs table sum to the plan's cost without what nobody bears."""
    plan, instance = case
    costs = frame("costs", plan, instance)
    assert round(costs["amount"].sum(), 2) == float(plan.cost - plan.unallocated)
    by_shipment = costs.groupby("shipment")["amount"].sum().round(2).to_dict()
    itineraries = frame("itineraries", plan, instance)
    assert itineraries.groupby("shipment")["cost"].sum().round(2).to_dict() == by_shipment


def test_owners_bear_the_whole_cost(case: tuple[Plan, Instance]) -> None:
    """Owners' costs are those of the plan's totals."""
    plan, instance = case
    owners = frame("owners", plan, instance).set_index("owner")["cost"].to_dict()
    assert owners == {key: float(amount) for key, amount in plan.totals.by_owner.items()}


def test_legs_carry_what_rides_load(case: tuple[Plan, Instance]) -> None:
    """The hand-solved plan fills 16 of 20 TEU on the train to Duisburg."""
    plan, instance = case
    departures = frame("departures", plan, instance).set_index("service")
    assert departures.loc["WUH-DUI", "most_teu"] == 16
    assert departures.loc["WUH-DUI", "load_factor"] == pytest.approx(0.8)


def test_empty_tables_keep_their_columns(case: tuple[Plan, Instance]) -> None:
    """A plan that leaves nothing behind has a table of it nevertheless."""
    table = frames(*case)["unserved"]
    assert len(table) == 0
    names = "shipment owner consignor consignee origin destination due teu penalty currency reason"
    assert list(table.columns) == [*names.split(), "reason_zh"]


def test_csv_reads_back(case: tuple[Plan, Instance], tmp_path: Path) -> None:
    """Every table is a file of its own and reads back with the same rows."""
    written = write_tables(*case, tmp_path / "tables")
    assert [one.stem for one in written] == list(TABLES)
    again = pd.read_csv(tmp_path / "tables" / "itineraries.csv", parse_dates=["delivered"])
    expected = frame("itineraries", *case)
    assert list(again["cost"]) == list(expected["cost"])
    assert list(again["delivered"]) == list(expected["delivered"])


def test_unknown_form_is_refused(case: tuple[Plan, Instance], tmp_path: Path) -> None:
    """A form that is not offered is named with the ones that are."""
    with pytest.raises(InstanceError, match=r"form 'orc' is unknown\. Choose csv or parquet\."):
        write_tables(*case, tmp_path, "orc")


def test_parquet_holds_every_table(case: tuple[Plan, Instance], tmp_path: Path) -> None:
    """Read back, a table has its columns, rows and moments; mixed values became text."""
    pytest.importorskip("pyarrow")
    written = write_tables(*case, tmp_path, "parquet")
    assert [one.stem for one in written] == list(TABLES)
    for path in written:
        table, again = frame(path.stem, *case), pd.read_parquet(path)
        assert list(again.columns) == list(table.columns)
        assert len(again) == len(table)
    legs = pd.read_parquet(tmp_path / "legs.parquet")
    assert str(legs["departs"].dt.tz) == "UTC"
    values = pd.read_parquet(tmp_path / "plan.parquet").set_index("key")["value"]
    assert float(values["cost"]) == float(case[0].cost)


def test_parquet_without_pyarrow_says_what_to_install(
    case: tuple[Plan, Instance], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal names the package and this Python, and nothing is written."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(
        EngineError, match=r"Parquet needs pyarrow.* -m pip install pyarrow, or write"
    ):
        write_tables(*case, tmp_path / "out", "parquet")
    assert not (tmp_path / "out").exists()


def test_workbook_can_be_filtered(case: tuple[Plan, Instance]) -> None:
    """A sheet per table, heads frozen and filtered, times as times, sums as in the plan."""
    plan, instance = case
    book = openpyxl.load_workbook(BytesIO(workbook(plan, instance)))
    assert book.sheetnames == list(TABLES)
    costs = book["costs"]
    assert costs.auto_filter.ref == f"A1:J{costs.max_row}"
    assert costs.freeze_panes == "B2"
    column = [cell.value for cell in costs[1]].index("amount")
    total = sum(row[column] for row in costs.iter_rows(min_row=2, values_only=True))
    assert round(total, 2) == float(plan.cost - plan.unallocated)
    heads = [cell.value for cell in book["departures"][1]]
    departs = heads.index("departs (Asia/Shanghai)")
    assert book["departures"].cell(2, departs + 1).is_date


def test_geojson_is_longitude_first(case: tuple[Plan, Instance]) -> None:
    """Features have three layers; coordinates lie where the terminals are."""
    plan, instance = case
    data = json.loads(geojson.text(plan, instance))
    layers = {one["properties"]["layer"] for one in data["features"]}
    assert layers == {"terminal", "flow", "itinerary"}
    for one in data["features"]:
        if one["properties"]["layer"] == "terminal":
            terminal = instance.terminal[one["properties"]["id"]]
            assert one["geometry"]["coordinates"] == [
                pytest.approx(terminal.lon, abs=1e-3),
                pytest.approx(terminal.lat, abs=1e-3),
            ]
    routes = [one for one in data["features"] if one["properties"]["layer"] == "itinerary"]
    assert len(routes) == len(plan.itineraries)
    assert sum(one["properties"]["teu"] for one in routes) == 18


def test_sea_path_follows_the_distance() -> None:
    """The way by Suez is drawn for a leg of its length, the way round the Cape for a longer one."""
    suez = sea_path(SHANGHAI, ROTTERDAM, 19_500)
    cape = sea_path(SHANGHAI, ROTTERDAM, 26_000)
    assert any(29 < lat < 32 and 32 < lon < 33 for lat, lon in suez)
    assert any(lat < -30 for lat, _ in cape)
    assert suez[0] == cape[0] == SHANGHAI
    assert suez[-1] == cape[-1] == ROTTERDAM


def test_short_sea_legs_are_straight() -> None:
    """A coastal leg is drawn as it is."""
    near = (31.3, 122.3)
    assert sea_path(SHANGHAI, near, 80) == [SHANGHAI, near]


def test_great_circle_distance() -> None:
    """Chongqing to Duisburg is about 8,120 km on the sphere (8,127 km on the ellipsoid)."""
    assert great_circle_km((29.6, 106.5), (51.4, 6.75)) == pytest.approx(8_120, rel=0.01)


def test_notebook_view_escapes(case: tuple[Plan, Instance]) -> None:
    """The fragment carries the sentences and no mark-up of the data's own."""
    plan, _ = case
    run = plan.departures[0].model_copy(update={"departure": "<b>x</b>", "load_factor": 1.0})
    shown = plan.model_copy(update={"departures": (run,)})._repr_html_()
    assert "4 shipments of 18 TEU" in shown
    assert "<b>x" not in shown
    assert "&lt;b&gt;x" in shown


def test_the_notebook_view_has_a_map(case: tuple[Plan, Instance]) -> None:
    """With its instance, or by its name alone, a plan is shown with a picture of its flows."""
    for shown in (View(*case)._repr_html_(), case[0]._repr_html_()):
        data = re.search(r'<img alt="[^"]+" src="data:image/png;base64,([^"]+)"', shown)
        assert data is not None
        assert b64decode(data[1]).startswith(b"\x89PNG")


def test_without_its_instance_the_view_says_why_there_is_no_map(
    case: tuple[Plan, Instance],
) -> None:
    """The sentences and tables are there nevertheless."""
    shown = case[0].model_copy(update={"instance_digest": "0" * 64})._repr_html_()
    assert "No map: " in shown
    assert "is not the one that the plan was made for" in shown
    assert shown.count("<table>") == 2


def test_inputs_are_frames_with_a_row_a_record(case: tuple[Plan, Instance]) -> None:
    """Every table of an instance by name."""
    found = inputs(case[1])
    assert {name: len(table) for name, table in found.items()} == {
        "terminals": 8, "transfers": 4, "services": 4, "stops": 12, "departures": 4,
        "shipments": 4, "emissions": 5,
    }  # fmt: skip


def test_land_lies_where_it_should() -> None:
    """Wuhan and Duisburg stand on land, the middle of the Indian Ocean does not."""
    path = pytest.importorskip("matplotlib.path")
    shapes = [[path.Path(ring) for ring in rings] for rings in land()]

    def dry(lon: float, lat: float) -> bool:
        """Inside an odd number of rings of a polygon: in the outer one and in no hole."""
        return any(
            sum(ring.contains_point((lon, lat)) for ring in rings) % 2 == 1 for rings in shapes
        )

    assert (dry(114.3, 30.6), dry(6.8, 51.4), dry(75.0, -25.0)) == (True, True, False)


@pytest.mark.parametrize(
    ("form", "mark"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")]
)
def test_the_flow_map_is_drawn_in_every_format(
    case: tuple[Plan, Instance], form: str, mark: bytes
) -> None:
    """For a notebook, a page or a paper."""
    assert flow_map(*case, form).startswith(mark)


@pytest.mark.parametrize(
    ("name", "form"),
    [("plan.XLSX", "xlsx"), ("map.geojson", "geojson"), ("tables", "csv"), (None, "csv")],
)
def test_the_form_of_a_file_is_its_suffix(name: str | None, form: str) -> None:
    """In any case of letters; without one it is what the command usually writes."""
    assert form_of(Path(name) if name else None, "csv") == form


@pytest.mark.parametrize("form", ["xlsx", "geojson", "csv"])
def test_a_plan_is_exported_in_every_form(
    case: tuple[Plan, Instance], tmp_path: Path, form: str
) -> None:
    """One file, or a folder with a table each."""
    export(*case, tmp_path / "plan", form)
    written = [one.name for one in (tmp_path / "plan").glob("*")]
    assert len(written) == (len(TABLES) if form == "csv" else 0)
    assert (tmp_path / "plan").is_file() == (form != "csv")
