"""The commands as a planner or a script would call them; some as a process of its own."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from tests.command import ROOT, freight, freight_process


def test_help_teaches_by_example_for_every_command() -> None:
    """-h works everywhere and shows how the command is typed."""
    listed = freight_process("-h").stdout
    for command in ("new", "validate", "solve", "bill", "dray", "groupage", "rotate", "route"):
        assert command in listed
        told = freight(command, "-h").stdout
        assert f"freight {command}" in told
        assert "\\b" not in told


def test_solve_finds_the_hand_made_optimum_and_says_so(tmp_path: Path) -> None:
    """The optimum of tiny is 71,729.20 USD by the arithmetic of its README."""
    done = freight_process("solve", "tiny", "-o", tmp_path / "p.json", "--json")
    plan = json.loads(done.stdout)
    assert plan["cost"] == "71729.20"
    assert plan["proof"]["outcome"] == "optimal"
    assert json.loads((tmp_path / "p.json").read_text(encoding="utf-8")) == plan
    assert "Method" in done.stderr


@pytest.mark.parametrize("method", ["arc-mip", "columns"])
def test_a_method_can_be_named(tmp_path: Path, method: str) -> None:
    """Each method finds the same optimum when asked for by name."""
    done = freight("solve", "tiny", "-m", method, "-o", tmp_path / "p.json", "--json")
    plan = json.loads(done.stdout)
    assert (plan["cost"], plan["proof"]["method"]) == ("71729.20", method)


def test_show_says_what_a_plan_does_costs_and_proves(tiny_plan: Path) -> None:
    """The head of the screen is three sentences; JSON holds the totals."""
    shown = freight("show", tiny_plan).stdout
    assert "4 shipments of 18 TEU" in shown
    assert "71,729 USD" in shown
    assert "No plan of this instance is cheaper" in shown
    head = json.loads(freight("show", tiny_plan, "--json").stdout)
    assert head["totals"]["teu"] == 18


def test_show_lists_what_a_departure_loads(tiny_plan: Path) -> None:
    """Three shipments in 8 boxes ride Wuhan's train; a misspelt departure is refused."""
    departure = "WUH-DUI@2027-03-06T08:00"
    shown = freight("show", tiny_plan, "--departure", departure).stdout
    assert "8 boxes of 3 shipments" in shown
    rows = json.loads(freight("show", tiny_plan, "-d", departure, "--json").stdout)["loading"]
    assert [row["shipment"] for row in rows] == ["S1", "S2", "S4"]
    assert [row["boxes"] for row in rows] == [3, 3, 2]
    refused = freight("show", tiny_plan, "-d", "WUH-DUI@2027-03-06T09:00", code=2)
    assert f"Did you mean {departure}" in refused.stderr


def test_show_follows_one_shipment_in_local_time(tiny_plan: Path) -> None:
    """S4 takes the shuttle to Wuhan and the Saturday train."""
    shown = freight("show", tiny_plan, "--shipment", "S4").stdout
    assert "S4: 4 TEU" in shown
    assert "03-06 08:00" in shown


def test_an_unknown_shipment_gets_the_nearest_name(tiny_plan: Path) -> None:
    """A typo is answered with what was probably meant."""
    error = freight("show", tiny_plan, "--shipment", "S11", code=2).stderr
    assert "'S11' is unknown. Did you mean S1?" in error


def test_audit_holds_for_a_solved_plan_and_names_tampering(tiny_plan: Path, tmp_path: Path) -> None:
    """A plan whose cost was lowered by one cent is found out with exit code 1."""
    assert "The plan holds" in freight("audit", "tiny", tiny_plan).stdout
    plan = json.loads(tiny_plan.read_text(encoding="utf-8"))
    plan["cost"] = "71729.19"
    forged = tmp_path / "forged.json"
    forged.write_text(json.dumps(plan), encoding="utf-8")
    told = freight_process("audit", "tiny", forged, code=1).stdout
    assert "71729.19" in told.replace(",", "")
    assert json.loads(freight("audit", "tiny", forged, "--json", code=1).stdout)["holds"] is False


def test_bills_add_up_to_the_cost_of_the_plan(tiny_plan: Path, tmp_path: Path) -> None:
    """Four bills in JSON sum to 71,729.20 exactly."""
    path = tmp_path / "bills.json"
    freight("bill", tiny_plan, "--all", "-o", path)
    book = json.loads(path.read_text(encoding="utf-8"))
    assert sum(Decimal(one["total"]) for one in book["bills"]) == Decimal("71729.20")


@pytest.mark.parametrize("form", ["text", "html", "json"])
def test_a_bill_is_written_in_every_format(tiny_plan: Path, form: str) -> None:
    """A single bill reaches stdout in text, HTML and JSON and names its consignor."""
    told = freight("bill", tiny_plan, "--shipment", "S1", "--format", form).stdout
    assert "S1" in told


def test_an_altered_bill_is_found_out(tiny_plan: Path, tmp_path: Path) -> None:
    """One letter changed in a bill that comes back is named with what the plan gives."""
    path = tmp_path / "s1.json"
    freight("bill", tiny_plan, "--shipment", "S1", "-o", path)
    assert "as the plan gives" in freight("bill", tiny_plan, "--verify", path).stdout
    path.write_text(path.read_text("utf-8").replace("laptops", "laptopz"), "utf-8")
    told = freight("bill", tiny_plan, "--verify", path, code=1).stdout
    assert 'says "laptopz", the plan gives "laptops"' in told


def test_routes_are_offered_and_explained() -> None:
    """From Wuhan to Duisburg there is a train and a ship, and every mode gets its reason."""
    ready = "2027-03-01T08:00+08:00"
    words = ("route", "tiny", "Wuhan", "Duisburg", "--ready", ready)
    options = json.loads(freight(*words, "--json").stdout)
    assert {"rail"} in [set(one["modes"]) for one in options]
    assert "chosen" in freight(*words, "--explain").stdout
    told = freight("route", "tiny", "Wuhan", "Duisbrg", "--ready", ready, code=2).stderr
    assert "Duisburg" in told


def test_consolidation_orders_the_policies(tmp_path: Path) -> None:
    """On tiny the joint train costs 71,729.20 and no policy with more freedom costs more."""
    words = ("consolidate", "tiny", "-p", "standalone", "-p", "joint", "--workers", 1, "--json")
    found = json.loads(freight(*words, "-o", tmp_path / "study").stdout)
    alone, joint = (one["figures"]["objective"] for one in found["policies"])
    assert joint == pytest.approx(71729.20)
    assert alone > joint
    plans = [tmp_path / "study" / f"{name}.plan.json" for name in ("standalone", "joint")]
    assert "joint" in freight("compare", *plans).stdout


def test_a_plan_is_handed_on_as_report_workbook_and_tables(tiny_plan: Path, tmp_path: Path) -> None:
    """Each form is written whole; the report is one page that names the plan's cost."""
    freight("report", tiny_plan, "-o", tmp_path / "r.html")
    assert "71,729" in (tmp_path / "r.html").read_text("utf-8")
    for name in ("plan.xlsx", "plan.geojson", "tables"):
        freight("export", tiny_plan, tmp_path / name)
        assert (tmp_path / name).exists()


def test_bill_asks_which_bills(tiny_plan: Path) -> None:
    """Neither a shipment nor --all is a usage error, not a guess."""
    assert "either --shipment ID or --all" in freight("bill", tiny_plan, code=2).stderr


def test_convert_round_trip_keeps_the_digest(tmp_path: Path) -> None:
    """Folder to xlsx to json to folder: the optimum and the digest of tiny are unchanged."""
    freight("convert", "tiny", tmp_path / "t.xlsx")
    freight("convert", tmp_path / "t.xlsx", tmp_path / "t.json")
    freight("convert", tmp_path / "t.json", tmp_path / "t")
    digests = set()
    for source in ("tiny", tmp_path / "t.xlsx", tmp_path / "t.json", tmp_path / "t"):
        plan = freight("solve", source, "-o", tmp_path / "p.json", "--json", "--force").stdout
        digests.add(json.loads(plan)["instance_digest"])
    assert len(digests) == 1


def test_new_writes_an_instance_that_solves(tmp_path: Path) -> None:
    """A newcomer's first three commands work without editing anything."""
    freight("new", tmp_path / "mine")
    assert "no faults" in freight("validate", tmp_path / "mine").stdout
    freight("solve", tmp_path / "mine", "-o", tmp_path / "p.json")
    told = freight("new", tmp_path / "mine", code=2).stderr
    assert "mine" in told


def test_all_faults_come_at_once_with_exit_code_2(tmp_path: Path) -> None:
    """Two files with a fault each give two faults, in words and as JSON; nothing is written."""
    broken = tmp_path / "broken"
    shutil.copytree(ROOT / "instances" / "tiny", broken)
    services, shipments = broken / "services.csv", broken / "shipments.csv"
    services.write_text(services.read_text("utf-8").replace("rail,", "tram,", 1), "utf-8")
    shipments.write_text(shipments.read_text("utf-8").replace("\nS3,", "\nS2,", 1), "utf-8")
    rows = json.loads(freight("validate", broken, "--json", code=2).stdout)["faults"]
    assert [(Path(row["file"]).name, row["row"], row["column"]) for row in rows] == [
        ("services.csv", 2, "mode"),
        ("shipments.csv", 4, "id"),
    ]
    told = freight_process("solve", broken, "-o", tmp_path / "p.json", code=2).stderr
    assert "'tram' is not a mode. Write rail, barge, sea, air or road." in told
    assert "'S2' stands twice" in told
    assert not (tmp_path / "p.json").exists()


def test_an_unknown_instance_gets_the_nearest_name() -> None:
    """A misspelt shipped instance is answered with the right one."""
    assert "yangtze-europe" in freight("validate", "yangtse-europe", code=2).stderr


def test_an_unknown_method_names_the_known_ones() -> None:
    """A misspelt method or backend is the fault of what was typed."""
    assert "Did you mean arc-mip?" in freight("solve", "tiny", "-m", "arcmip", code=2).stderr
    assert "Choose one of highs" in freight("solve", "tiny", "-b", "gurobi", code=2).stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is not JSON"),
        ("[1", "is not JSON"),
        ("{}", "Field required"),
        ('{"format": "freight-plan/2"}', "freight-plan/1"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, text: str, told: str) -> None:
    """Empty, cut and foreign files are answered in words with exit code 2."""
    path = tmp_path / "plan.json"
    path.write_text(text, encoding="utf-8")
    assert told in freight("show", path, code=2).stderr


def test_a_plan_of_another_instance_is_refused(tiny_plan: Path, tmp_path: Path) -> None:
    """Bills need the instance that the plan was made for, digest and all."""
    freight("new", tmp_path / "tiny")
    done = freight("bill", tiny_plan, "--all", "--instance", tmp_path / "tiny", code=2)
    assert "another state of instance" in done.stderr


def test_solvers_lists_methods_and_backends() -> None:
    """Every registered name is listed with its traits, for people and machines."""
    rows = json.loads(freight("solvers", "--json").stdout)
    assert {"arc-mip", "columns"} <= {row["name"] for row in rows["methods"]}
    assert all(row["installed"] for row in rows["backends"] if row["name"] == "highs")
    assert "highs" in freight("solvers").stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: str) -> None:
    """The script names freight's completion variable."""
    assert "_FREIGHT_COMPLETE" in freight("completion", shell).stdout


def test_the_command_runs_from_anywhere(tmp_path: Path) -> None:
    """A shipped instance is found by name from another folder."""
    assert "no faults" in freight_process("validate", "tiny", cwd=tmp_path).stdout
