"""What a clumsy or hostile user types: one message, the right exit code, nothing half-written."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from freight.errors import InstanceError
from freight.io import read
from freight.io import write as write_instance
from freight.io.files import write_bytes, write_text
from freight.io.places import check_file
from tests.command import ROOT, freight, freight_process

Tamper = Callable[[dict[str, Any]], None]


def _without_departures(plan: dict[str, Any]) -> None:
    plan["departures"] = []


def _without_steps(plan: dict[str, Any]) -> None:
    for one in plan["itineraries"]:
        one["steps"] = []


def _twice(plan: dict[str, Any]) -> None:
    plan["itineraries"].append(plan["itineraries"][0])


def _of_nobody(plan: dict[str, Any]) -> None:
    plan["itineraries"][0]["shipment"] = "S99"


def _cheaper(plan: dict[str, Any]) -> None:
    plan["cost"] = "1.00"


@pytest.mark.parametrize("tamper", [_without_departures, _without_steps, _twice, _cheaper])
def test_no_bill_is_made_of_a_plan_that_does_not_hold(
    tiny_plan: Path, tmp_path: Path, tamper: Tamper
) -> None:
    """A plan changed after it was written is refused with the first finding of its audit."""
    plan = json.loads(tiny_plan.read_text(encoding="utf-8"))
    tamper(plan)
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(plan), encoding="utf-8")
    done = freight("bill", changed, "--all", "-o", tmp_path / "bills.html", code=2)
    assert "does not hold: " in done.stderr
    assert "freight audit" in done.stderr
    assert not (tmp_path / "bills.html").exists()


@pytest.mark.parametrize("command", ["report", "export"])
def test_a_broken_plan_is_not_shown_as_if_it_held(
    tiny_plan: Path, tmp_path: Path, command: str
) -> None:
    """Reports and tables refuse it like bills do."""
    plan = json.loads(tiny_plan.read_text(encoding="utf-8"))
    _of_nobody(plan)
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(plan), encoding="utf-8")
    rest = {"report": ["-o", "r.html"], "export": ["x.xlsx"]}[command]
    done = freight(command, changed, *rest, cwd=tmp_path, code=2)
    assert "does not hold: " in done.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["changed.json"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not JSON"),
        (b"\xff\xfe\x00\xd8", "is not UTF-8 text"),
        (b"[" * 100_000, "nests too deep or has endless numbers"),
        (b'{"cost": ' + b"9" * 6000 + b"}", "a number of 6,000 characters, column 10"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    """Whatever the bytes are, the answer is one sentence that names the file."""
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    done = freight("show", path, code=2)
    assert "plan.json" in done.stderr
    assert message in done.stderr


def test_an_amount_without_end_is_refused(tiny_plan: Path, tmp_path: Path) -> None:
    """An amount of ten million digits would never be printed."""
    text = tiny_plan.read_text(encoding="utf-8").replace('"71729.20"', '"1e9999999"')
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    assert (
        "less than or equal to 1000000000000000"
        in freight("show", tmp_path / "plan.json", code=2).stderr
    )


def test_a_plan_saved_with_a_byte_order_mark_is_read(tiny_plan: Path, tmp_path: Path) -> None:
    """Windows editors put the mark before JSON."""
    (tmp_path / "plan.json").write_bytes(b"\xef\xbb\xbf" + tiny_plan.read_bytes())
    assert "4 shipments of 18 TEU" in freight("show", tmp_path / "plan.json").stdout


def test_solve_refuses_a_place_it_cannot_write_before_it_solves(tmp_path: Path) -> None:
    """Two minutes of work are not lost to a folder of the plan's name."""
    (tmp_path / "plan.json").mkdir()
    done = freight("solve", "tiny", "-o", tmp_path / "plan.json", code=2)
    assert "cannot be written (Is a directory). Choose another place." in done.stderr
    assert "Method" not in done.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["plan.json"]


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    """Neither the check nor the write leaves a temporary file, also where they succeed."""
    (tmp_path / "there").mkdir()
    for job in (check_file, lambda path: write_bytes(path, b"x")):
        with pytest.raises(Exception, match="cannot be written"):
            job(tmp_path / "there")
    check_file(tmp_path / "file")
    assert [one.name for one in tmp_path.iterdir()] == ["there"]
    write_bytes(tmp_path / "file", b"x")
    assert {one.name for one in tmp_path.iterdir()} == {"file", "there"}


def test_export_does_not_overwrite_the_tables_of_an_instance(
    tiny_plan: Path, tmp_path: Path
) -> None:
    """Both an instance and the tables of a plan have a departures.csv."""
    home = tmp_path / "tiny"
    shutil.copytree(ROOT / "instances" / "tiny", home)
    before = (home / "departures.csv").read_bytes()
    done = freight("export", tiny_plan, home, code=2)
    assert "is the folder of an instance" in done.stderr
    assert (home / "departures.csv").read_bytes() == before
    assert not (home / "steps.csv").exists()


@pytest.mark.parametrize(
    "name", ["LICENSE", "x" * 5000, "nothing-here"], ids=["no suffix", "endless", "missing"]
)
def test_what_is_no_instance_is_said_to_be_none(name: str) -> None:
    """A file without suffix and a name that no file can have are input errors."""
    assert freight("validate", name, code=2).stderr.startswith("Error: 1 fault in the input:")


def test_numbers_beyond_exact_cents_are_refused(tmp_path: Path) -> None:
    """1e300 is a slip of the pen, and no sum with it would be exact."""
    home = tmp_path / "tiny"
    shutil.copytree(ROOT / "instances" / "tiny", home)
    with (home / "services.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    column = "fixed_cost_per_departure"
    rows[0][column] = "1e300"
    with (home / "services.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    done = freight("validate", home, code=2)
    assert f"services.csv, row 2, {column}: '1e300' is larger than" in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--value", "nan"), "is not a finite number"),
        (("--value", "1e300"), "1e300 is more than 1e+12"),
        (("--dangerous", "nonsense"), "'nonsense' is not a UN number. Write UN and four digits"),
        (("--option", "99"), "There is no option 99"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(words: tuple[str, ...], message: str) -> None:
    """Each wrong figure of a route is named, none is answered with nonsense."""
    ready = ("--ready", "2027-03-01T08:00+08:00")
    done = freight("route", "tiny", "Wuhan", "Duisburg", *ready, *words, code=2)
    assert message in " ".join(done.stderr.split())


def test_a_matrix_of_a_city_that_is_not_there_is_refused() -> None:
    """An empty table would look like an answer."""
    assert "'Atlantis'" in freight("matrix", "tiny", "--city", "Atlantis", code=2).stderr


@pytest.mark.parametrize("option", ["--time-limit", "--gap"])
def test_limits_must_be_numbers(tmp_path: Path, option: str) -> None:
    """NaN slips through every comparison."""
    done = freight("solve", "tiny", option, "nan", "-o", tmp_path / "p.json", code=2)
    assert "'nan' is not a finite number" in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--agree", "nonsense", "-o", "study"), "'nonsense' is unknown. Choose one of shapley"),
        (("--agree", "nucleolus", "-o", "s", "--game", "none"), "needs a game"),
        (("--game", "nonsense"), "'nonsense' of the game is not among those studied"),
        (("-o", "taken"), "cannot be written"),
    ],
)
def test_a_study_that_could_not_end_well_does_not_start(
    tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    """What is wrong with the end of a study is said before the hours that it takes."""
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    asked = ("consolidate", "tiny", "-p", "standalone", "--workers", "1")
    done = freight(*asked, *words, cwd=tmp_path, code=2)
    assert message in " ".join(done.stderr.split())
    assert "standalone:" not in done.stderr
    assert not list(tmp_path.glob("study/*"))


POLICY = 'id = "mine"\ntitle_en = "x"\ntitle_zh = "x"\nsummary = "x"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("minimum_load_teu = 1e300", "minimum_load_teu: It is 1e+300. Expected 0 to 142"),
        ("minimum_load_teu = -3", "minimum_load_teu: It is -3. Expected 0 to 142"),
        ("minimum_load_teu = nan", "minimum_load_teu: It is nan. Expected"),
        ('minimum_load_teu = "heavy"', "minimum_load_teu: It is 'heavy'. Expected"),
        ("most_stops = 0", "most_stops: It is 0. Expected a whole number from 1 to 20"),
        ("most_stops = 99999999999999999999", "most_stops: It is 99999999999999999999."),
        ('hubs = ["Atlantis"]', "hubs: No terminal lies in city 'Atlantis'. Choose from Changsha"),
        ('hubs = "Wuhan"', "hubs: It is 'Wuhan'. Expected a list of cities"),
        ('colour = "red"', "colour: It is no field of a policy. Choose from id, title_en"),
        ('slots = "some"', "slots: It is 'some'. Expected own or all"),
        ("trains = []", "trains: It is []. Expected a list of at least one of direct"),
        ('[share]\nwuhan = ["beijing"]', "share: Owner 'beijing' is unknown. Choose from changsha"),
        ("id = 3", "It is no TOML"),
        ("\x00", "It is no TOML"),
    ],
)
def test_a_faulty_policy_names_file_field_value_and_what_is_expected(
    tmp_path: Path, text: str, message: str
) -> None:
    """Nothing is solved for a policy that makes no sense."""
    (tmp_path / "mine.toml").write_text(POLICY + text, encoding="utf-8")
    asked = ("consolidate", "tiny", "-p", "joint", "-p", "mine.toml", "--workers", "1")
    done = freight(*asked, cwd=tmp_path, code=2)
    assert f"mine.toml, {message}" in done.stderr or f"mine.toml: {message}" in done.stderr
    assert "joint:" not in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--time-limit", "0"), "--time-limit"),
        (("--time-limit", "1e300"), "--time-limit"),
        (("--gap", "nan"), "'nan' is not a finite number"),
        (("--workers", "0"), "--workers"),
        (("--sampled", "1"), "--sampled"),
        (("-p", "anarchy"), "Policy 'anarchy' is unknown. Choose standalone, joint"),
        (("-p", "joint", "-p", "joint"), "'joint' is given twice"),
        (("--scheduler", "nonsense"), "nonsense"),
    ],
)
def test_a_study_of_nonsense_is_refused(words: tuple[str, ...], message: str) -> None:
    """Every option is checked before anything is solved."""
    code = 4 if "--scheduler" in words else 2
    assert message in " ".join(freight("consolidate", "tiny", *words, code=code).stderr.split())


def test_only_plans_are_compared(tiny_plan: Path, tmp_path: Path) -> None:
    """One alone, a folder, bytes, another document: each is named."""
    (tmp_path / "noise.json").write_bytes(bytes(range(256)))
    (tmp_path / "other.json").write_text('{"a": 1}', encoding="utf-8")
    assert "Name two or more plans" in freight("compare", tiny_plan, code=2).stderr
    for name in ("noise.json", "other.json", ".", "missing.json"):
        done = freight("compare", tiny_plan, tmp_path / name, code=2)
        assert (name if name != "." else str(tmp_path)) in done.stderr
        assert "Traceback" not in done.stderr


def test_a_bill_that_nests_without_end_is_no_bill(tiny_plan: Path, tmp_path: Path) -> None:
    """Verifying never ends in a traceback."""
    (tmp_path / "bill.json").write_bytes(b"[" * 100_000)
    done = freight("bill", tiny_plan, "--verify", tmp_path / "bill.json", code=2)
    assert "is not JSON" in done.stderr


def test_suffixes_may_be_in_capitals(tiny_plan: Path, tmp_path: Path) -> None:
    """Windows writes them so."""
    freight("export", tiny_plan, tmp_path / "PLAN.XLSX")
    freight("bill", tiny_plan, "--all", "-o", tmp_path / "BILLS.HTML")
    assert {one.name for one in tmp_path.iterdir()} == {"PLAN.XLSX", "BILLS.HTML"}


def test_json_is_all_that_stands_on_stdout(tmp_path: Path) -> None:
    """An instance without shipments is planned, and its JSON parses."""
    home = tmp_path / "empty"
    shutil.copytree(ROOT / "instances" / "tiny", home)
    header = (home / "shipments.csv").read_text(encoding="utf-8").splitlines()[0]
    (home / "shipments.csv").write_text(header + "\n", encoding="utf-8")
    done = freight_process("solve", home, "-o", tmp_path / "plan.json", "--json")
    plan = json.loads(done.stdout)
    # the barge (2 × 500 USD) and the vessel (free) are committed: they sail for nobody
    assert (plan["cost"], plan["unallocated"]) == ("1000.00", "1000.00")
    assert {row["name"] for row in json.loads(freight("solvers", "--json").stdout)["methods"]} >= {
        "arc-mip",
        "columns",
    }


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    """Only regular files are written to; a link leads to the file that is."""
    pipe, link, file = tmp_path / "pipe.json", tmp_path / "link.json", tmp_path / "file.json"
    os.mkfifo(pipe)
    for write in (lambda: write_text(pipe, "{}"), lambda: write_instance(read("tiny"), pipe)):
        with pytest.raises(InstanceError, match="No regular file"):
            write()
    assert pipe.is_fifo()
    file.write_text("old", encoding="utf-8")
    link.symlink_to(file)
    write_text(link, "new", force=True)
    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == "new"
