"""Drayage, groupage, rotations and routes by their commands, with good and bad input."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from freight.io import read
from tests.command import freight

READY = "2027-03-01T08:00+08:00"
ROUTE = ("route", "tiny", "Wuhan", "Duisburg", "--ready", READY)


def test_trucks_are_planned_audited_and_billed(tiny_plan: Path, tmp_path: Path) -> None:
    """The plan grows by the trucks' cost; audit, bill and routes agree with it."""
    after, routes = tmp_path / "door.json", tmp_path / "trucks.csv"
    words = ("dray", tiny_plan, "--synthetic-doors", "--seed", 1, "-t", 2, "-o", after)
    shown = freight(*words, "--routes", routes).stdout
    assert "8 synthetic doors" in shown
    assert "0 left" in shown
    freight("audit", "tiny", after)
    cost = Decimal(json.loads(after.read_text("utf-8"))["cost"])
    assert cost > Decimal("71729.20")
    books = json.loads(freight("bill", after, "--all", "-f", "json").stdout)["bills"]
    unallocated = Decimal(json.loads(after.read_text("utf-8"))["unallocated"])
    assert sum(Decimal(one["total"]) for one in books) + unallocated == cost
    text = freight("bill", after, "-s", "S1").stdout
    for words_of_bill in ("上门提箱", "送箱上门", "两端集卡短驳费", "door of S1"):
        assert words_of_bill in text
    with routes.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert sum(row["does"] == "takes" for row in rows) == 36
    assert "trucks to and from doors" in freight("show", after).stdout


def test_a_template_of_doors_is_ready_to_be_used(tiny_plan: Path, tmp_path: Path) -> None:
    """Written for every end of every shipment, and read back as it stands."""
    doors = tmp_path / "doors.csv"
    freight("dray", tiny_plan, "--template", doors)
    assert len(doors.read_text("utf-8").splitlines()) == 9
    done = freight(
        "dray", tiny_plan, "--doors", doors, "-t", 1, "-o", tmp_path / "p.json", "--json"
    )
    found = json.loads(done.stdout)
    assert found["trips"] == 36
    assert all("position assumption" in one["source"] for one in found["doors"])


def test_dray_asks_for_doors_and_known_methods(tiny_plan: Path, tmp_path: Path) -> None:
    """Neither, both, an unknown method, a missing file: each a message, never a traceback."""
    assert "--doors FILE or --synthetic-doors" in freight("dray", tiny_plan, code=2).stderr
    told = freight("dray", tiny_plan, "--synthetic-doors", "-m", "pyvpr", code=2).stderr
    assert "Did you mean pyvrp?" in told
    told = freight("dray", tiny_plan, "--doors", tmp_path / "none.csv", code=2).stderr
    assert "none.csv: The file is missing." in told
    assert not (Path.cwd() / "door-plan.json").exists()


GARBAGE = (
    ("", "The file is empty."),
    ("nothing,of,this\n1,2,3\n", "is not a column of this table."),
    ("{header}\n", "The table has a header and no rows."),
    ("\x00\xff", ""),
)


@pytest.mark.parametrize(("content", "message"), GARBAGE)
def test_garbage_doors_trucks_and_consignments_are_refused(
    tiny_plan: Path, tmp_path: Path, content: str, message: str
) -> None:
    """Every table refuses an empty file, wrong headers, no rows and bytes that are no text."""
    heads = {
        "doors": "shipment,end,lat,lon,source",
        "trucks": "cost_per_km,cost_per_truck_day,currency,speed_km_per_hour,detour,source",
        "consignments": "id,origin,destination,gross_tonnes,volume_m3,ready,due",
    }
    path = tmp_path / "table.csv"
    for name, header in heads.items():
        path.write_bytes(content.replace("{header}", header).encode("latin-1"))
        words = {
            "doors": ("dray", tiny_plan, "--doors", path, "-o", tmp_path / "p.json"),
            "trucks": (
                "dray",
                tiny_plan,
                "--synthetic-doors",
                "--trucks",
                path,
                "-o",
                tmp_path / "p",
            ),
            "consignments": ("groupage", path, "-i", "tiny"),
        }[name]
        told = freight(*words, code=2).stderr
        assert "table.csv" in told
        assert message in told


CONSIGNMENTS = """id,origin,destination,gross_tonnes,volume_m3,ready,due,dangerous,food
a,wuhan-rail,duisburg-rail,13,5,2027-03-01T08:00,2027-03-25T12:00,,
b,wuhan-rail,duisburg-rail,13,5,2027-03-02T08:00,2027-03-26T12:00,UN3480,
c,wuhan-rail,duisburg-rail,2,5,2027-03-02T08:00,2027-03-26T12:00,,yes
"""


def test_groupage_is_packed_proved_and_becomes_shipments(tmp_path: Path) -> None:
    """13 + 13 + 2 t, dangerous goods and food apart: two boxes at least.

    Two small boxes cost 2,000: a goes with one of the others, less than any large one. Proved.
    """
    goods, rows, grown = tmp_path / "goods.csv", tmp_path / "rows.csv", tmp_path / "grown"
    goods.write_text(CONSIGNMENTS, encoding="utf-8")
    done = freight("groupage", goods, "-i", "tiny", "-o", rows, "--json")
    found = json.loads(done.stdout)
    assert (found["cost"], found["bound"], found["gap"]) == ("2000.00", "2000.00", 0.0)
    inside = {tuple(b["consignments"]) for one in found["relations"] for b in one["boxes"]}
    assert inside in ({("a", "c"), ("b",)}, {("a", "b"), ("c",)})
    with rows.open(encoding="utf-8-sig", newline="") as lines:
        made = list(csv.DictReader(lines))
    assert [one["id"] for one in made] == ["GRP-001", "GRP-002"]
    assert {one["dangerous"] for one in made} == {"", "UN3480"}
    goods.write_text(CONSIGNMENTS.replace("UN3480", ""), encoding="utf-8")
    assert "2 boxes" in freight("groupage", goods, "-i", "tiny", "--into", grown).stdout
    assert read(grown).statement.name == grown.stem
    assert "6 shipments" in freight("validate", grown).stdout
    freight("solve", grown, "-o", tmp_path / "grown.json")


def test_every_fault_of_consignments_is_named(tmp_path: Path) -> None:
    """Unknown terminal with the nearest, negative mass, due before ready, no box, a name twice."""
    path = tmp_path / "goods.csv"
    path.write_text(
        "id,origin,destination,gross_tonnes,volume_m3,ready,due\n"
        "a,wuhan-rial,duisburg-rail,1,1,2027-03-01T08:00+08:00,2027-03-25T12:00+01:00\n"
        "b,wuhan-rail,duisburg-rail,-1,1,2027-03-01T08:00,2027-03-25T12:00\n"
        "c,wuhan-rail,duisburg-rail,1,1,2027-03-25T08:00,2027-03-01T12:00\n"
        "d,wuhan-rail,duisburg-rail,99,1,2027-03-01T08:00,2027-03-25T12:00\n"
        "d,wuhan-rail,wuhan-rail,1,1,2027-03-01T08:00,2027-03-25T12:00\n",
        encoding="utf-8",
    )
    told = freight("groupage", path, "-i", "tiny", code=2).stderr
    for words in (
        "goods.csv, row 2, origin: 'wuhan-rial' is no terminal here. Did you mean 'wuhan-rail'?",
        "row 3, gross_tonnes: '-1' is not above 0.",
        "row 4, due: It is due 2027-03-01T12:00:00+01:00, not after it is ready.",
        "row 5, gross_tonnes: 99 t and 1 m³ go into no box on offer.",
        "row 6, id: 'd' stands twice.",
        "row 6, destination: 'wuhan-rail' is where it comes from.",
    ):
        assert words in told, told


@pytest.mark.parametrize("amount", ["1e-300", "1e-20", "4e-10"])
def test_goods_lighter_than_anything_weighed_are_refused(amount: str, tmp_path: Path) -> None:
    """What is 0 to the finest decimal that counts is a fault of its row, in both amounts."""
    path = tmp_path / "goods.csv"
    path.write_text(
        "id,origin,destination,gross_tonnes,volume_m3,ready,due\n"
        f"a,wuhan-rail,duisburg-rail,{amount},{amount},2027-03-01T08:00,2027-03-25T12:00\n",
        encoding="utf-8",
    )
    told = freight("groupage", path, "-i", "tiny", code=2).stderr
    assert f"row 2, gross_tonnes: {amount} is less than anything weighs or takes." in told
    assert f"row 2, volume_m3: {amount} is less than anything weighs or takes." in told


RIVER = {
    "sections": "section,from_port,to_port,km,hours_down,hours_up,jan,feb,mar,apr,may,jun,jul,aug,"
    "sep,oct,nov,dec,source\nupper,wuhan-port,shanghai-port,300,30,60,3,3,3,5,5,5,5,5,5,3,3,3,t\n",
    "fleet": "vessel_class,nominal_teu,deadweight_tonnes,design_draught_m,light_draught_m,count,"
    "cost_per_week,cost_per_km,cost_per_call,currency,source\n"
    "barge,100,1000,4.3,1.3,3,1000,1,10,CNY,test\n",
    "flows": "from_port,to_port,teu_per_week,tonnes_per_teu,penalty_per_teu\n"
    "wuhan-port,shanghai-port,60,10,\n",
}


def river(folder: Path, **tables: str) -> Path:
    """A folder with the tables of a river of one section."""
    folder.mkdir(exist_ok=True)
    for name, text in {**RIVER, **tables}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_a_rotation_is_proved_and_its_departures_enter_an_instance(tmp_path: Path) -> None:
    """60 TEU down once a week in July: 1000 + 600 km + 2 calls of 10 = 1,620, proved.

    In January 600 t do not fit the 467 t of a depth of 3 m: with lots of 30 it takes two rounds.
    """
    folder, grown = river(tmp_path / "river"), tmp_path / "grown"
    words = ("rotate", folder, "--call-hours", 2, "--teu-per-hour", 20, "--emission-class", "barge")
    summer = json.loads(freight(*words, "--month", 7, "--json").stdout)
    assert (summer["cost"], summer["gap"], summer["outcome"]) == ("1620.00", 0.0, "optimal")
    winter = json.loads(freight(*words, "--month", 1, "--lot-teu", 30, "--json").stdout)
    assert sum(one["weeks"] for one in winter["rotations"]) == 2
    aboard = [c["tonnes_on_leaving"] for one in winter["rotations"] for c in one["calls"]]
    assert max(aboard) <= 1400 / 3
    shown = freight(*words, "--month", 7, "--instance", "tiny", "--into", grown).stdout
    assert "No rotations of these lots cost less: proved." in shown
    assert "no faults" in freight("validate", grown).stdout
    assert "ROT07-1-1" in (grown / "services.csv").read_text("utf-8")
    freight(*words, "--month", 7, "-i", grown, "--into", tmp_path / "again")
    assert (tmp_path / "again" / "services.csv").read_text("utf-8").count("ROT07-1-1") == 1
    freight("solve", grown, "-o", tmp_path / "grown.json")


def test_every_fault_of_the_tables_of_a_river_is_named(tmp_path: Path) -> None:
    """Ports off the river, hulls that cannot float, mixed currencies, closed berths."""
    fleet = RIVER["fleet"] + "deep,100,1000,1.0,1.3,1,1,1,1,USD,test\n"
    flows = RIVER["flows"] + "wuhan-prt,shanghai-port,0,10,\nwuhan-prt,shanghai-port,5,10,\n"
    flows += "wuhan-port,wuhan-port,5,10,-1\nwuhan-port,wuhan-port,5,10,\n"
    berths = "port,opens_hours,closes_hours\nshanghai-port,20,10\n"
    folder = river(tmp_path / "river", fleet=fleet, flows=flows, berths=berths)
    told = freight("rotate", folder, code=2).stderr
    for words in (
        "berths.csv, row 2, closes_hours: It closes at 10 and opens at 20.",
        "fleet.csv, row 3, currency: 'USD' is not the currency of the first row.",
        "fleet.csv, row 3, light_draught_m: 1.3 m empty is no less than when full.",
        "flows.csv, row 3, teu_per_week: '0' is below 1.",
        "flows.csv, row 4, from_port: 'wuhan-prt' is no port of the river here. Did you mean",
        "flows.csv, row 5, penalty_per_teu: '-1' is below 0.",
        "flows.csv, row 6, to_port: 'wuhan-port' is where the boxes come from.",
    ):
        assert words in told, told


@pytest.mark.parametrize(("content", "message"), GARBAGE)
@pytest.mark.parametrize("table", ["sections", "fleet", "flows"])
def test_garbage_tables_of_a_river_are_refused(
    tmp_path: Path, table: str, content: str, message: str
) -> None:
    """Every table refuses an empty file, wrong headers, no rows and bytes that are no text."""
    folder = river(tmp_path / "river")
    text = content.replace("{header}", RIVER[table].splitlines()[0])
    (folder / f"{table}.csv").write_bytes(text.encode("latin-1"))
    told = freight("rotate", folder, code=2).stderr
    assert f"{table}.csv" in told
    assert message in told


def test_rotate_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    """No such folder, home off the river, ports that the instance lacks, nothing that can go."""
    assert "Did you mean 'yangtze'?" in freight("rotate", "yangtz", code=2).stderr
    folder = river(tmp_path / "river")
    told = freight("rotate", folder, "--home", "wuhan-prt", code=2).stderr
    assert "Did you mean wuhan-port?" in told
    flows = RIVER["flows"].replace("60,10", "60,99")
    heavy = river(tmp_path / "heavy", flows=flows)
    assert "carry what must go" in freight("rotate", heavy, "--month", 1, code=3).stderr
    sections = RIVER["sections"].replace("wuhan-port", "moon-port")
    flows = RIVER["flows"].replace("wuhan-port", "moon-port")
    moon = river(tmp_path / "moon", sections=sections, flows=flows)
    words = ("rotate", moon, "--month", 7, "-i", "tiny", "--into", tmp_path / "x")
    assert "'moon-port' is no terminal of it." in freight(*words, code=2).stderr
    assert not (tmp_path / "x").exists()


def test_the_example_river_can_be_copied(tmp_path: Path) -> None:
    """Three tables to edit; a second copy over them is refused."""
    freight("rotate", "yangtze", "--template", tmp_path / "mine")
    assert sorted(one.name for one in (tmp_path / "mine").iterdir()) == [
        "fleet.csv", "flows.csv", "sections.csv",
    ]  # fmt: skip
    told = freight("rotate", "yangtze", "--template", tmp_path / "mine", code=2).stderr
    assert told.count("already exists") == 3


@pytest.mark.parametrize("ready", ["2026-01-01T00:00+08:00", "2099-01-01T00:00+08:00"])
def test_times_off_the_timetable_are_refused(ready: str) -> None:
    """Neither route nor matrix answers for the years 2026 or 2099."""
    for words in ((*ROUTE[:4], "--ready", ready), ("matrix", "tiny", "--ready", ready)):
        told = freight(*words, code=2).stderr
        assert "lies outside the timetable of tiny" in told
        assert "2027-03-15" in told


def test_an_offer_is_a_through_bill_that_promises_its_own_delivery(tmp_path: Path) -> None:
    """As text, JSON and HTML; without a due time the due date is the delivery planned."""
    found = json.loads(freight(*ROUTE, "--bill", 1, "-f", "json").stdout)
    assert found["due"]["local"] == found["delivered"]["local"]
    option = json.loads(freight(*ROUTE, "--json").stdout)[0]
    assert found["total"] == option["cost"]
    freight(*ROUTE, "--bill", 2, "-o", tmp_path / "offer.html")
    assert "全程运单" in (tmp_path / "offer.html").read_text("utf-8")
    assert "There are 2" in freight(*ROUTE, "--bill", 9, code=2).stderr


def test_latest_hand_over_and_reliability_are_told() -> None:
    """The last train's cutoff; the odds of the connections as a column and as a limit."""
    words = (*ROUTE, "--due", "2027-03-23T00:00+01:00", "--modes", "rail")
    assert "Hand over by 2027-03-05 20:00+08:00." in freight(*words, "--latest").stdout
    assert "--due" in freight(*ROUTE, "--latest", code=2).stderr
    assert "kept" in freight(*ROUTE, "--reliability").stdout
    sure = json.loads(freight(*ROUTE, "--least-reliability", 0.99, "--json").stdout)
    assert sure
    assert all(one["reliability"] >= 0.99 for one in sure)
    assert "7 is more than 1" in freight(*ROUTE, "--least-reliability", 7, code=2).stderr
