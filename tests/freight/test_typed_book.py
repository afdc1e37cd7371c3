"""A workbook typed by hand comes out with the values that were meant, and says what it guessed."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from freight.domain.instance import Instance
from freight.io import read
from tests.command import freight
from tests.freight.typed_book import STARTER, typed_book


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """The typed workbook as it is read."""
    path = tmp_path_factory.mktemp("typed") / "hunan.xlsx"
    typed_book(path)
    return read(path)


def test_every_shipment_is_read_without_a_fault(book: Instance) -> None:
    """25 shipments: the heading, the total and the notes are none of them."""
    assert len(book.shipments) == 25
    assert Counter(one.container_type.value for one in book.shipments) == {"22G1": 5, "45G1": 20}
    assert {one.teu for one in book.shipments} == {2}
    assert {one.value for one in book.shipments} == {1_000_000}
    assert {one.currency for one in book.shipments} == {"CNY"}
    assert {one.packages for one in book.shipments} == {1_200}
    assert {one.gross_tonnes for one in book.shipments} == {12.0, 12.5}
    assert {one.splittable for one in book.shipments} == {True}


def test_places_and_owners_by_name_are_the_right_ones(book: Instance) -> None:
    """长沙 is its one terminal, 武汉吴家山 and 杜伊斯堡 theirs; platforms go by name or city."""
    odd, even = book.shipment["CS001"], book.shipment["CS002"]
    assert (odd.owner, odd.origin, odd.destination) == (
        "changsha",
        "changsha-rail",
        "duisburg-rail",
    )
    assert (even.owner, even.origin) == ("wuhan", "wuhan-rail")


def test_codes_are_those_of_the_goods(book: Instance) -> None:
    """Tea regains its zero, batteries their UN, packages their code."""
    assert [
        (one.hs_code, one.package_kind, one.dangerous)
        for one in (book.shipment[f"CS{number:03}"] for number in (5, 1, 2, 3, 4))
    ] == [
        ("0902", "CT", None),
        ("847130", "CT", None),
        ("850760", "PX", "UN3480"),
        ("842952", "CS", None),
        ("940360", "PK", None),
    ]


def test_days_and_times_are_local_and_whole(book: Instance) -> None:
    """A date is the start of the day where goods are ready, and its end where they are due."""
    ready = {one.ready.replace(tzinfo=None) for one in book.shipments}
    due = {one.due.replace(tzinfo=None) for one in book.shipments}
    assert ready == {datetime(2027, 3, 2), datetime(2027, 3, 2, 8)}
    assert due == {datetime(2027, 4, 20, 23, 59), datetime(2027, 4, 20, 18)}
    assert {one.ready.isoformat()[-6:] for one in book.shipments} == {"+08:00"}
    assert {one.due.isoformat()[-6:] for one in book.shipments} == {"+02:00"}
    assert book.statement.horizon_end.date() == date(2027, 3, 22)


def test_the_timetable_is_the_one_of_the_starter(book: Instance) -> None:
    """周三、周六, Friday, 2、5, 10：00 and 晚上8点 are what stood there."""
    starter = read(STARTER)
    assert book.departures == starter.departures
    assert book.departures[1].departs_local == time(20)
    assert book.statement.defaults == starter.statement.defaults
    assert book.statement.capital_rate_per_year == 0.06


def test_guesses_are_told_once_for_each_column(book: Instance) -> None:
    """25 rows, one note for each column."""
    told = Counter((note.file, note.column) for note in book.notes if note.column)
    assert set(told.values()) == {1}
    notes = [str(note) for note in book.notes]
    boxes = "'40HQ' is read as 45G1 in 20 rows; '20GP' is read as 22G1 in 5 rows."
    assert f"hunan.xlsx[订单], container_type: {boxes}" in notes
    assert "hunan.xlsx: Sheets that are no tables are not read: '说明'." in notes
    assert "hunan.xlsx[订单]: Row 29 is not read: it is a total ('合计')." in notes
    assert len(notes) <= 24


def test_the_command_tells_what_it_guessed(tmp_path: Path) -> None:
    """``validate`` prints every guess and counts 25 shipments; ``--json`` holds them as notes."""
    path = tmp_path / "hunan.xlsx"
    typed_book(path)
    told = freight("validate", path).stdout
    assert "container_type: '40HQ' is read as 45G1 in 20 rows" in told
    assert "no faults." in told
    assert "25 shipments" in told
    notes = json.loads(freight("validate", path, "--json").stdout)["notes"]
    assert [note["column"] for note in notes].count("container_type") == 1


def test_every_command_tells_what_it_guessed(tmp_path: Path) -> None:
    """What ``convert`` reads is told beside the answer."""
    path = tmp_path / "hunan.xlsx"
    typed_book(path)
    told = freight("convert", path, tmp_path / "hunan")
    assert "Note: hunan.xlsx[订单], container_type: '40HQ' is read as 45G1" in told.stderr
    assert read(tmp_path / "hunan").notes == ()


def test_the_command_reads_code_pages_by_name(tmp_path: Path) -> None:
    """A table in cp1252 is refused with what it could read, and read with ``--encoding``."""
    folder = Path(shutil.copytree(STARTER, tmp_path / "western"))
    path = folder / "emissions.csv"
    text = path.read_text("utf-8").replace("a round figure", "für Köln")
    path.write_bytes(text.encode("cp1252"))
    assert "'assumption: für Köln' as cp1252" in freight("validate", folder, code=2).stderr
    freight("validate", folder, "--encoding", "cp1252")
    freight("validate", folder, code=2)
    assert "is no encoding" in freight("validate", folder, "--encoding", "x", code=2).stderr


@pytest.mark.parametrize(("encoding", "sign"), [("gb18030", ","), ("utf-16", "\t")])
def test_its_sheets_may_be_saved_as_csv(
    book: Instance, tmp_path: Path, encoding: str, sign: str
) -> None:
    """What Chinese Excel makes of every sheet is the same instance, without a TOML file."""
    path = tmp_path / "hunan.xlsx"
    typed_book(path)
    folder = tmp_path / "saved"
    folder.mkdir()
    for sheet in openpyxl.load_workbook(path):
        name = "shipments" if sheet.title == "订单" else sheet.title
        lines = [sign.join(map(_as_csv, row)) for row in sheet.iter_rows(values_only=True)]
        text = "\r\n".join(lines) + "\r\n"
        (folder / f"{name}.csv").write_bytes(text.encode(encoding))
    assert read(folder) == book


def _as_csv(cell: object) -> str:
    """A cell as Excel saves it: dates with slashes, quotes around what holds a comma."""
    if isinstance(cell, datetime):
        clock = f" {cell.hour}:{cell:%M}" if cell.time() != time(0) else ""
        return f"{cell.year}/{cell.month}/{cell.day}{clock}"
    text = "" if cell is None else str(cell)
    return f'"{text}"' if "," in text else text
