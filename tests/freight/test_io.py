"""Reading what people and spreadsheets write, and writing without damage."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import load_workbook

from freight.domain.instance import Instance
from freight.errors import InstanceError
from freight.io import find, new_instance, read, shipped, template, write
from freight.io.columns import HEAD, TABLES, columns
from freight.io.csv_table import parse_csv
from freight.io.reference import reference
from freight.io.text import decode

STARTER = Path(str(files("freight.io") / "example"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the starter instance to edit."""
    return Path(shutil.copytree(STARTER, tmp_path / "mine"))


def edit(folder: Path, file: str, change: Callable[[str], str]) -> Instance:
    """Read the folder after a change to the text of one file."""
    path = folder / file
    path.write_text(change(path.read_text("utf-8")), "utf-8", newline="")
    return read(folder)


# --- forms of a CSV file ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text + "\n,,,\n\n",
        lambda text: "\n".join(line for line in text.splitlines() if not line.startswith("#")),
        lambda text: text.replace("id,unit,value,source", "ID, Unit ,VALUE,Source"),
        lambda text: text.replace("g/tkm,12,", 'g/tkm,"12",'),
    ],
    ids=["BOM", "CRLF", "blank rows", "no notes", "header in capitals", "quoted number"],
)
def test_the_form_of_a_csv_file_does_not_matter(folder: Path, change: Callable[[str], str]) -> None:
    """Marks, line ends, blank rows, notes, capitals and quotes leave the instance the same."""
    assert edit(folder, "emissions.csv", change).digest == read(STARTER).digest


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_of_excel_are_read(folder: Path, encoding: str) -> None:
    """UTF-8, Excel's UTF-16 text and a Chinese Excel's GB 18030 give the same instance."""
    path = folder / "terminals.csv"
    # GB 18030 is told by common Chinese signs: nothing else in the file may be foreign.
    path.write_bytes(path.read_text("utf-8").encode(encoding))
    assert read(folder).terminal["wuhan-port"].name_zh == "武汉阳逻港"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_told_by_the_header(folder: Path, delimiter: str) -> None:
    """European Excel writes semicolons; a sep= line says so too."""
    expected = read(STARTER).digest
    changed = edit(folder, "emissions.csv", lambda text: text.replace(",", delimiter))
    assert changed.digest == expected
    assert edit(folder, "emissions.csv", lambda text: f"sep={delimiter}\n{text}").digest == expected


def test_columns_stand_in_any_order_and_optional_ones_may_be_left_out() -> None:
    """Defaults fill the columns that a departure does not state."""
    sheet = parse_csv("departures", "d.csv", "weekdays,service\n1 3 5,A\n")
    assert sheet.faults == ()
    assert sheet.records == [{"weekdays": "1 3 5", "service": "A"}]


def test_rows_are_counted_as_an_editor_shows_them() -> None:
    """Notes, blank lines and line breaks in quotes count: the record ends up in row 6."""
    text = '# note\nid,unit,value,source\nrail,g/tkm,12,"two\nlines"\n\nair,g/tkm,x,y\n'
    sheet = parse_csv("emissions", "e.csv", text)
    assert [sheet.fault(index, "value", "", "").row for index in (0, 1)] == [3, 6]
    assert sheet.records[0]["source"] == "two\nlines"


def test_a_number_sign_inside_a_quoted_cell_is_no_note() -> None:
    """A line of a quoted cell that begins with # belongs to the cell."""
    text = 'id,unit,value,source\nrail,g/tkm,12,"see\n#3 below"\n'
    assert parse_csv("emissions", "e.csv", text).records[0]["source"] == "see\n#3 below"


def test_text_with_a_few_western_letters_is_not_taken_for_chinese() -> None:
    """'Köln' in Latin-1 is valid GB 18030, of rare signs: refused, not misread."""
    with pytest.raises(ValueError, match="not UTF-8 text: byte 0xF6 in line 1"):
        decode("Köln und Münster".encode("latin-1"))


def test_times_without_offset_are_local_where_they_happen(folder: Path) -> None:
    """Ready at the origin, due at the destination, departures at the first stop."""
    instance = read(folder)
    one = instance.shipment["S01"]
    # 08:00 in Wuhan is midnight UTC; 18:00 in Duisburg on 24 March, before summer time, 17:00.
    assert one.ready == dt.datetime(2027, 3, 2, 0, tzinfo=dt.UTC)
    assert one.due == dt.datetime(2027, 3, 24, 17, tzinfo=dt.UTC)
    departs = next(row.departs_at for row in instance.departures if row.departs_at)
    assert departs == dt.datetime(2027, 3, 8, 2, tzinfo=dt.UTC)
    # The horizon starts at midnight in Shanghai.
    assert instance.statement.horizon_start == dt.datetime(2027, 2, 28, 16, tzinfo=dt.UTC)


# --- workbooks --------------------------------------------------------------------------------


def test_a_workbook_typed_by_hand_is_read(tmp_path: Path) -> None:
    """Date and time cells, numbers as text, booleans and notes mean what they show."""
    instance = read(STARTER)
    path = tmp_path / "typed.xlsx"
    write(instance, path)
    book = load_workbook(path)
    sheet = book["shipments"]
    titles = {str(cell.value): number for number, cell in enumerate(sheet[1], start=1)}
    sheet.cell(2, titles["ready"], dt.datetime(2027, 3, 2, 8)).number_format = "yyyy-mm-dd hh:mm"
    sheet.cell(2, titles["gross_tonnes"], "120")
    sheet.cell(2, titles["hs_code"], 847130)
    sheet.cell(2, titles["splittable"], True)
    sheet.insert_rows(2)
    sheet.cell(2, 1, "# typed by hand")
    departures = book["departures"]
    departures.cell(2, 3, dt.time(10, 0)).number_format = "hh:mm"
    book.save(path)
    assert read(path).digest == instance.digest


def test_workbooks_guide_the_hand(tmp_path: Path) -> None:
    """Headers carry notes with meaning and unit; words and names have drop-downs."""
    path = tmp_path / "empty.xlsx"
    template(path)
    book = load_workbook(path)
    assert book.sheetnames == ["instance", "owners", "exchange", *TABLES]
    note = book["terminals"]["K1"].comment
    assert note is not None
    assert "From arrival of a vehicle" in note.text
    rules = [one.formula1 for one in book["shipments"].data_validations.dataValidation]
    assert "=terminals!$A$2:$A$1000" in [f"={one.lstrip('=')}" for one in rules]
    assert '"22G1,22R1,42G1,45G1,45R1"' in rules


def test_an_empty_template_says_what_is_missing(tmp_path: Path) -> None:
    """The template is well-formed: what it lacks is content."""
    path = tmp_path / "empty.xlsx"
    template(path)
    with pytest.raises(InstanceError) as caught:
        read(path)
    assert all(
        fault.what
        in (
            "The value is missing.",
            "There is no owner.",
        )
        or "'hub' is missing" in fault.what
        for fault in caught.value.faults
    )


# --- writing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["out", "out.json", "out.xlsx"])
def test_an_instance_is_replaced_only_when_told(tmp_path: Path, name: str) -> None:
    """An instance gives way to a newer one with force; no temporary file is left behind."""
    instance = read(STARTER)
    path = tmp_path / name
    write(read("tiny"), path)
    with pytest.raises(InstanceError, match="already exists"):
        write(instance, path)
    assert read(path).digest == read("tiny").digest
    write(instance, path, force=True)
    assert read(path).digest == instance.digest
    assert os.listdir(tmp_path) == [name]  # noqa: PTH208 - hidden files count


def test_other_files_of_an_instance_folder_are_kept(folder: Path) -> None:
    """A README, a script and a subfolder survive a rewrite."""
    (folder / "README.md").write_text("mine")
    (folder / "sources").mkdir()
    (folder / "sources" / "a.txt").write_text("x")
    write(read(folder), folder, force=True)
    assert (folder / "README.md").read_text() == "mine"
    assert (folder / "sources" / "a.txt").read_text() == "x"
    assert not (folder / "terminals.csv").read_text("utf-8-sig").startswith("#")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("notes", "The folder is not an instance but holds a.txt. Choose a new or an empty"),
        ("plan.json", "plan.json: already exists. Choose another name"),
        ("results.xlsx", "results.xlsx: already exists. Choose another name"),
        ("out.csv", "The suffix '.csv' is not one of an instance. Give a folder, .json or"),
        ("notes/a.txt/out.json", "cannot be written (File exists). Choose another place."),
    ],
)
def test_writing_refuses_to_destroy(tmp_path: Path, name: str, message: str) -> None:
    """Whatever is no instance stays as it is."""
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("mine")
    (tmp_path / "plan.json").write_text('{"format": "freight-plan/1"}')
    with xlsxwriter.Workbook(tmp_path / "results.xlsx") as book:
        book.add_worksheet("plan")
    before = {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()}
    with pytest.raises(InstanceError, match="1 fault") as caught:
        write(read(STARTER), tmp_path / name)
    assert message in str(caught.value)
    assert {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()} == before


def test_a_failure_half_way_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writing breaks off, the old instance is whole and no draft remains."""
    instance = read(folder)
    before = sorted((one.name, one.read_bytes()) for one in folder.iterdir())

    def broken(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("freight.io.files.fill", broken)
    with pytest.raises(InstanceError, match=r"cannot be written \(No space left on device\)"):
        write(instance, folder, force=True)
    assert sorted((one.name, one.read_bytes()) for one in folder.iterdir()) == before
    assert [one.name for one in folder.parent.iterdir()] == [folder.name]


# --- finding, starting, documenting -----------------------------------------------------------


def test_shipped_instances_are_found_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name means the shipped instance unless a path of that name exists."""
    monkeypatch.chdir(tmp_path)
    assert "tiny" in shipped()
    assert (find("tiny") / "instance.toml").is_file()
    (tmp_path / "tiny").mkdir()
    assert find("tiny") == Path("tiny")


def test_every_shipped_instance_is_sound() -> None:
    """What comes with the program has no faults."""
    for name in shipped():
        assert read(name).statement.name == name


@pytest.mark.parametrize("name", ["my-region", "my-region.xlsx", "my-region.json"])
def test_a_new_instance_is_sound_and_named(tmp_path: Path, name: str) -> None:
    """The starter validates in every form; a folder gives its name to it."""
    new_instance(tmp_path / name)
    instance = read(tmp_path / name)
    assert len(instance.shipments) == 8
    assert instance.statement.name == ("my-region" if name == "my-region" else "starter")


def test_a_new_instance_is_commented(tmp_path: Path) -> None:
    """Every file of the starter begins with a note that explains it."""
    new_instance(tmp_path / "a")
    for path in (tmp_path / "a").iterdir():
        assert path.read_text("utf-8-sig").startswith("# "), path.name


def test_a_new_instance_never_overwrites(folder: Path) -> None:
    """Not even another instance: its owner may have worked on it."""
    with pytest.raises(InstanceError, match="already exists"):
        new_instance(folder)


def test_the_format_reference_is_up_to_date() -> None:
    """The tables of instances/README.md are what the records say today."""
    text = (Path(str(files("instances"))) / "README.md").read_text("utf-8")
    assert reference(text) == text, "Run: python -m freight.io.reference"
    assert text.count("<!-- columns of ") == len(TABLES) + len(HEAD)


@pytest.mark.parametrize("table", [*TABLES, *HEAD])
def test_every_column_is_documented(table: str) -> None:
    """Meaning and form of every column are known to the reference, the faults and the template."""
    for one in columns(table).values():
        assert one.meaning, one.name
        assert one.form
        assert one.noun


@pytest.mark.slow
@pytest.mark.parametrize(("name", "seconds"), [("big", 3.0), ("big.json", 3.0), ("big.xlsx", 6.0)])
def test_a_large_shipment_book_is_read_at_once(tmp_path: Path, name: str, seconds: float) -> None:
    """20,000 shipments are read and checked within 3 s of processor time, 6 s as a workbook."""
    instance = read(STARTER)
    shipments = tuple(
        instance.shipments[number % 7].model_copy(update={"id": f"S{number:05d}"})
        for number in range(20_000)
    )
    write(instance.model_copy(update={"shipments": shipments}), tmp_path / name)
    start = time.process_time()
    assert len(read(tmp_path / name).shipments) == 20_000
    assert time.process_time() - start < seconds


def test_a_changed_copy_forgets_what_was_computed() -> None:
    """An instance that was looked at and then changed answers by its new rows, not the old ones."""
    first = read("tiny")
    before = first.service["WUH-DUI"].fixed_cost_per_departure
    dearer = tuple(
        one.model_copy(update={"fixed_cost_per_departure": 2 * one.fixed_cost_per_departure})
        for one in first.services
    )
    second = first.model_copy(update={"services": dearer})
    assert second.service["WUH-DUI"].fixed_cost_per_departure == 2 * before
    assert second.digest != first.digest
    assert first.service["WUH-DUI"].fixed_cost_per_departure == before
