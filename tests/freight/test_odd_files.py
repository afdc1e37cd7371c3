"""Files that are none, are too much, or may not be read: one fault in seconds, no waiting."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from freight.consolidation.policy import load_policy
from freight.domain.checks import registry
from freight.errors import MOST_SHOWN, Fault, InstanceError
from freight.io import csv_table, document, regular, sheet
from freight.io.json_file import json_text
from freight.io.plan_file import read_plan
from freight.io.reading import read
from freight.io.regular import Unreadable, regular_bytes
from freight.io.writing import write
from tests.command import ROOT

SMALL = json_text(read("tiny"))


def told(path: Path | str) -> InstanceError:
    """What is said of an instance that is refused."""
    with pytest.raises(InstanceError) as caught:
        read(path)
    return caught.value


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("kind", ["pipe", "device"])
@pytest.mark.parametrize("name", ["a.json", "a.xlsx", "tiny/instance.toml", "tiny/stops.csv"])
def test_pipes_and_devices_are_not_read(kind: str, name: str, tmp_path: Path) -> None:
    """A pipe would be waited for, a device would fill the memory; links lead to either."""
    write(read("tiny"), tmp_path / "tiny")
    path = tmp_path / name
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    said = str(told(tmp_path / name.split("/", maxsplit=1)[0]))
    assert f"{path.name}: It is no regular file but a pipe or device. Give a file." in said


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_plans_and_policies_are_regular_files(tmp_path: Path) -> None:
    """The same for what other commands read."""
    os.mkfifo(tmp_path / "plan.json")
    with pytest.raises(InstanceError, match="no regular file but a pipe"):
        read_plan(tmp_path / "plan.json")
    (tmp_path / "policy.toml").symlink_to("/dev/zero")
    with pytest.raises(InstanceError, match="no regular file but a pipe"):
        load_policy(str(tmp_path / "policy.toml"))


def test_a_file_beyond_the_limit_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit is said."""
    (tmp_path / "a").write_bytes(bytes(2**20 + 1))
    assert len(regular_bytes(tmp_path / "a")) == 2**20 + 1
    with pytest.raises(Unreadable, match="The file is larger than 1 MiB, which is more than"):
        regular_bytes(tmp_path / "a", 2**20)
    assert regular.MOST_BYTES == 512 * 2**20


@pytest.fixture
def denied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that the system does not let be read: root may read everything, so it is played."""
    home = tmp_path / "locked"
    write(read("tiny"), home)
    original = os.open

    def refusing(path: object, *rest: int, **more: int) -> int:
        if str(home) in str(path):
            raise PermissionError(13, "Permission denied")
        return original(path, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refusing)
    return home


def test_tables_that_may_not_be_read_are_named(denied: Path) -> None:
    """One fault for each file, with the reason of the system."""
    said = str(told(denied))
    assert (
        "stops.csv: It cannot be read: Permission denied. Check its name and permissions." in said
    )
    assert "instance.toml: It cannot be read: Permission denied." in said


def test_a_folder_that_may_not_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither its list nor what is in it: one fault."""
    write(read("tiny"), tmp_path / "tiny")

    def refusing(_: Path) -> Iterator[Path]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refusing)
    assert "tiny: It cannot be read: Permission denied." in str(told(tmp_path / "tiny"))


def test_a_name_longer_than_names_are_is_refused() -> None:
    """The reason of the system is said."""
    assert "It cannot be read: File name too long." in str(told("x" * 6000))


# --- documents that are too much ----------------------------------------------------------------


@pytest.mark.parametrize(
    "number", ["9" * 400, "-" + "1" * 5000, "1e400", "-1e999", "1" + "0" * 400 + ".5"]
)
@pytest.mark.parametrize(
    "place",
    ['"format": "freight-instance/1"', '"city": "Wuhan"', '"teu": 4', '"departs_at": null'],
)
def test_a_number_without_end_is_a_fault_wherever_it_stands(
    number: str, place: str, tmp_path: Path
) -> None:
    """In texts, dates and numbers alike; line and column are named."""
    key = place.partition(":")[0]
    text = json_text(read("tiny")).replace(place, f"{key}: {number}", 1)
    assert number in text
    line = text[: text.index(number)].count("\n") + 1
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    said = str(told(tmp_path / "a.json"))
    assert f"a.json, row {line}: The file is not JSON: a number of {len(number):,} char" in said


@pytest.mark.parametrize(
    ("document", "counted"),
    [
        ({"statement": {}, "terminals": list(range(300_000))}, "299,000 more records were not"),
        ({"statement": {}, "terminals": [{}] * 300_000}, "more records were not looked at"),
        ({f"k{i}": 1 for i in range(100_000)}, "99,000 more unknown keys were not looked at"),
        ({"statement": {f"k{i}": 1 for i in range(100_000)}}, "99,000 more unknown keys"),
    ],
)
def test_a_document_of_nonsense_is_told_in_seconds(
    document: dict[str, object], counted: str, tmp_path: Path
) -> None:
    """The first hundred faults and the count of the rest."""
    (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")
    start = time.process_time()
    error = told(tmp_path / "a.json")
    assert time.process_time() - start < 5
    lines = str(error).splitlines()
    assert len(lines) == MOST_SHOWN + 2
    assert lines[-1] == f"  … and {len(error.faults) - MOST_SHOWN:,} more."
    assert any(counted in str(fault) for fault in error.faults)


def test_a_plan_of_nonsense_is_told_in_seconds(tmp_path: Path) -> None:
    """Three hundred thousand numbers where records belong: the first is named."""
    document = {"departures": list(range(300_000))}
    (tmp_path / "plan.json").write_text(json.dumps(document), encoding="utf-8")
    start = time.process_time()
    with pytest.raises(InstanceError, match=r"departures\.0") as caught:
        read_plan(tmp_path / "plan.json")
    assert time.process_time() - start < 5
    assert len(caught.value.faults) < 50


def test_many_unknown_names_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks across tables stop after so many findings and say so."""
    monkeypatch.setattr(registry, "ENOUGH", 2)
    monkeypatch.setattr(sheet, "ENOUGH", 2)
    document = json.loads(json_text(read("tiny")))
    for number, record in enumerate(document["shipments"]):
        record["origin"] = f"nowhere-{number}"
    (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")
    error = told(tmp_path / "a.json")
    assert sum("'nowhere-" in fault.what for fault in error.faults) == 2
    assert any(fault.what == "There may be more of this kind." for fault in error.faults)


def test_a_table_beyond_the_size_that_is_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a million records, told before they fill the memory."""
    assert sheet.MOST_RECORDS == 500_000
    for module in (sheet, csv_table, document):
        monkeypatch.setattr(module, "MOST_RECORDS", 3)
    shutil.copytree(ROOT / "instances" / "tiny", tmp_path / "a")
    said = str(told(tmp_path / "a"))
    assert "shipments.csv: There are 5 lines: tables are read up to 3 records. Plan fewer" in said
    (tmp_path / "a.json").write_text(SMALL, encoding="utf-8")
    said = str(told(tmp_path / "a.json"))
    assert "a.json, shipments: There are 4 records: tables are read up to 3 records." in said


def test_few_faults_are_all_shown() -> None:
    """A hundred are listed, one more is counted."""
    faults = [Fault("a", row, None, "is wrong.") for row in range(MOST_SHOWN + 1)]
    assert str(InstanceError(faults[:-1])).count("is wrong.") == MOST_SHOWN
    text = str(InstanceError(faults))
    assert text.startswith("101 faults in the input:")
    assert text.count("is wrong.") == MOST_SHOWN
    assert text.endswith("… and 1 more.")
