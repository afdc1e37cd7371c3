"""Plans that are empty, cut off, altered or of another instance, and places that take no file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli import main
from freight import planning
from freight.io import read, write
from freight.io.plan_file import write_plan


def run(*arguments: object) -> Any:
    """One call of the command line."""
    return CliRunner().invoke(main, [str(one) for one in arguments])


def said(result: Any) -> str:
    """Everything a call said, on one line, without the frame of a usage error."""
    return " ".join(result.output.replace("│", " ").split())


@pytest.fixture(scope="module")
def plan_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The optimal plan of the hand-solved instance."""
    path = tmp_path_factory.mktemp("plan") / "plan.json"
    write_plan(planning.plan(read("tiny")), path)
    return path


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan of an instance where every penalty is less than any train."""
    folder = tmp_path_factory.mktemp("empty")
    cheap = tuple(
        one.model_copy(update={"unserved_cost_per_teu": 0.01}) for one in read("tiny").shipments
    )
    write(read("tiny").model_copy(update={"shipments": cheap}), folder / "tiny")
    write_plan(planning.plan(read(folder / "tiny")), folder / "plan.json")
    return folder / "plan.json"


def altered(plan_file: Path, folder: Path, **fields: object) -> Path:
    """The plan with other fields, as a file."""
    data = json.loads(plan_file.read_text(encoding="utf-8")) | fields
    path = folder / "altered.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


COMMANDS = {
    "report": ("report", "PLAN", "-o", "OUT/report.html"),
    "bill": ("bill", "PLAN", "--all", "-o", "OUT/bills.html"),
    "workbook": ("export", "PLAN", "OUT/plan.xlsx"),
    "tables": ("export", "PLAN", "OUT/tables", "--format", "csv"),
    "map": ("export", "PLAN", "OUT/plan.geojson"),
}


def call(command: str, plan: Path, out: Path) -> Any:
    """A command of the table above on a plan, writing into a folder."""
    words = [one.replace("PLAN", str(plan)).replace("OUT", str(out)) for one in COMMANDS[command]]
    return run(*words)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not JSON"),
        ('{"format": "freight-plan/1", "instance": "ti', "is not JSON (Unterminated string"),
        ("[]", "Input should be a valid dictionary"),
        ("{}", "Field required"),
    ],
)
def test_what_is_no_plan_is_refused(command: str, text: str, message: str, tmp_path: Path) -> None:
    """One message with the place, exit code 2, and nothing written."""
    path = tmp_path / "plan.json"
    path.write_text(text, encoding="utf-8")
    result = call(command, path, tmp_path / "out")
    assert result.exit_code == 2
    assert message in said(result)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_plan_of_another_instance_is_refused(
    command: str, plan_file: Path, tmp_path: Path
) -> None:
    """The digest tells; the remedy is named."""
    for fields, words in (
        ({}, "The instance in the plan is not the one that the plan was made for."),
        ({"snapshot": None}, "was made for another state of instance 'tiny'"),
    ):
        path = altered(plan_file, tmp_path, instance_digest="0" * 64, **fields)
        result = call(command, path, tmp_path / "out")
        assert result.exit_code == 2
        assert words in said(result)
        assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_cost_altered_by_a_cent_is_refused(command: str, plan_file: Path, tmp_path: Path) -> None:
    """Nobody is shown or billed a plan that does not hold."""
    result = call(command, altered(plan_file, tmp_path, cost="71729.21"), tmp_path / "out")
    assert result.exit_code == 2
    assert "does not hold" in said(result)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["", "..", "../..", "/etc", "a/../b", "tiny/../../x", "\x00"])
def test_the_name_in_a_plan_is_no_path(name: str, plan_file: Path, tmp_path: Path) -> None:
    """A name that would lead out of the folder is never followed."""
    path = altered(plan_file, tmp_path, instance=name, snapshot=None)
    result = run("report", path, "-o", tmp_path / "r.html")
    assert result.exit_code == 2
    assert "is not the name of an instance. Name the instance with --instance" in said(result)
    assert not (tmp_path / "r.html").exists()


@pytest.mark.parametrize("command", ["report", "bill", "workbook", "map"])
def test_a_folder_is_no_place_for_a_file(command: str, plan_file: Path, tmp_path: Path) -> None:
    """The folder stays as it was."""
    target = tmp_path / COMMANDS[command][-1].removeprefix("OUT/")
    target.mkdir()
    result = call(command, plan_file, tmp_path)
    assert result.exit_code == 2
    assert "cannot be written (Is a directory). Choose another place." in said(result)
    assert list(target.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_is_no_folder_to_write_into(command: str, plan_file: Path, tmp_path: Path) -> None:
    """What stands in the way is left alone."""
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    result = call(command, plan_file, tmp_path / "out")
    assert result.exit_code == 2
    assert "cannot be written" in said(result)
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"


def test_a_plan_that_moves_nothing_can_be_seen_but_not_billed(empty: Path, tmp_path: Path) -> None:
    """Report and tables are made; the bill command says why there is none."""
    for command in ("report", "workbook", "tables", "map"):
        assert call(command, empty, tmp_path / command).exit_code == 0
    result = run("bill", empty, "--all")
    assert result.exit_code == 2
    assert "has no itinerary, so there is no bill to issue. freight show says why" in said(result)


@pytest.mark.parametrize("command", ["show", "compare"])
def test_a_look_at_a_plan_that_does_not_hold_warns(
    command: str, plan_file: Path, tmp_path: Path
) -> None:
    """What is asked for is shown, with the warning beside it."""
    path = altered(plan_file, tmp_path, cost="71729.21")
    result = run(command, path, *([plan_file] if command == "compare" else []))
    assert result.exit_code == 0
    assert "Not checked:" in result.stderr
    assert "does not hold" in said(result)
    sound = run(command, plan_file, *([plan_file] if command == "compare" else []))
    assert "Not checked:" not in sound.stderr


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "//evil", "/etc/passwd",
     "file:///etc/passwd", "http://"],
)  # fmt: skip
def test_an_address_that_could_run_is_refused(
    address: str, plan_file: Path, tmp_path: Path
) -> None:
    """Bills are linked by a relative path or an address of the web alone."""
    result = run("report", plan_file, "-o", tmp_path / "r.html", "--bills", address)
    assert result.exit_code == 2
    assert "neither a relative path nor an http(s) address." in said(result)
    assert not (tmp_path / "r.html").exists()


@pytest.mark.parametrize("address", ["bills.html", "../bills/all.html", "https://x.example/b.html"])
def test_a_fair_address_is_taken(address: str, plan_file: Path, tmp_path: Path) -> None:
    """It stands in the page."""
    result = run("report", plan_file, "-o", tmp_path / "r.html", "--bills", address)
    assert result.exit_code == 0
    assert f'"bills":"{address}"' in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_one_bill_is_one_bill(plan_file: Path, tmp_path: Path) -> None:
    """No plural for one."""
    one = run("bill", plan_file, "--shipment", "S1", "-o", tmp_path / "one.json")
    assert "1 bill written to" in said(one)
    checked = run("bill", plan_file, "--verify", tmp_path / "one.json")
    assert "1 bill is as the plan gives." in said(checked)


def test_a_bill_altered_by_any_one_character_is_found_out(plan_file: Path, tmp_path: Path) -> None:
    """Every value of a bill, changed by a character, is named by the check."""
    path = tmp_path / "bill.json"
    run("bill", plan_file, "--shipment", "S3", "-o", path)
    text = path.read_text(encoding="utf-8")
    for place in range(20, len(text) - 20, 97):
        if text[place].isalnum():
            other = "7" if text[place] != "7" else "8"
            path.write_text(text[:place] + other + text[place + 1 :], encoding="utf-8")
            result = run("bill", plan_file, "--verify", path)
            assert result.exit_code != 0, text[place - 30 : place + 30]


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("shipments", "teu", 10**12), ("departures", "most_runs", 10**9)],
)
def test_figures_beyond_any_railway_are_refused(
    table: str, column: str, value: int, tmp_path: Path
) -> None:
    """A thousand million trains or containers is a slip of the keyboard."""
    path = tmp_path / "mine.json"
    write(read("tiny"), path)
    data = json.loads(path.read_text(encoding="utf-8"))
    data[table][0][column] = value
    path.write_text(json.dumps(data), encoding="utf-8")
    result = run("validate", path)
    assert result.exit_code == 2
    assert column in said(result)
    assert f"{value}" in said(result).replace(",", "")
