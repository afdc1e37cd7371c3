"""Bad input is refused with every fault located, explained and remedied, all at once."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter

from freight.domain.checks import warnings
from freight.errors import InstanceError
from freight.io import read, write

STARTER = Path(str(files("freight.io") / "example"))
CATALOGUE = Path(__file__).with_name("bad_input.txt")


@dataclass(frozen=True)
class Case:
    """Edits to the starter instance and the faults, or notes, that must be reported."""

    name: str
    edits: tuple[tuple[str, str, str], ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]


def _cases() -> list[Case]:
    found = []
    for block in CATALOGUE.read_text("utf-8").split("\n[")[1:]:
        name, *lines = block.strip().splitlines()
        edits = [line for line in lines if line[0] not in "!?"]
        told = [tuple(_plain(line[2:]) for line in lines if line.startswith(sign)) for sign in "!?"]
        found.append(Case(name[:-1], tuple(map(_edit, edits)), *told))
    return found


def _edit(line: str) -> tuple[str, str, str]:
    file, _, change = line.partition(": ")
    old, _, new = change.partition(" => ")
    return file, _plain(old), "" if new == "(nothing)" else _plain(new)


def _plain(text: str) -> str:
    return text.replace("\\n", "\n")


def faults_of(path: Path) -> list[str]:
    """What the reader says about a path."""
    with pytest.raises(InstanceError) as caught:
        read(path)
    assert caught.value.exit_code == 2
    return [str(fault) for fault in caught.value.faults]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the starter instance to spoil."""
    return Path(shutil.copytree(STARTER, tmp_path / "spoilt"))


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case.name)
def test_a_spoilt_folder_is_explained(folder: Path, case: Case) -> None:
    """Exactly the faults or notes of the catalogue are reported, word for word."""
    for file, old, new in case.edits:
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    if case.notes:
        told = [str(note) for note in warnings(read(folder)) if "is not planned" in note.remedy]
        assert told == list(case.notes)
    else:
        assert faults_of(folder) == list(case.faults)


def test_every_message_says_where_what_and_what_to_do() -> None:
    """Each fault of the catalogue has a place, a sentence and a remedy that end with a stop."""
    for case in _cases():
        for fault in case.faults:
            where, _, rest = fault.partition(": ")
            assert where.split(",")[0].rpartition(".")[2] in ("csv", "toml"), fault
            assert rest[0].isupper() or rest[0] in "'0123456789", fault
            assert fault[-1] in ".?", fault
            assert "pydantic" not in fault


def test_a_missing_file_is_named_with_its_columns(folder: Path) -> None:
    """A table that must be there is asked for, and nothing is said about what depends on it."""
    (folder / "emissions.csv").unlink()
    assert faults_of(folder) == [
        "emissions.csv: The file is missing. Add it with the columns id, unit, value and source."
    ]


def test_a_misspelt_file_is_recognized(folder: Path) -> None:
    """A file that looks like the missing table is offered for renaming."""
    (folder / "transfers.csv").rename(folder / "transfer.csv")
    assert faults_of(folder)[0] == (
        "transfers.csv: The file is missing. Rename 'transfer.csv' if that is it, or add it."
    )


def test_the_statement_may_not_be_missing(folder: Path) -> None:
    """Without instance.toml only that is said: nothing else can be judged."""
    (folder / "instance.toml").unlink()
    assert faults_of(folder) == [
        "instance.toml: The file is missing. Add it, or copy one made by 'freight new'."
    ]


def test_an_empty_file_is_told_its_header(folder: Path) -> None:
    """A file with notes only has no header."""
    (folder / "emissions.csv").write_text("# nothing yet\n\n", "utf-8")
    assert faults_of(folder) == [
        "emissions.csv: The file is empty. Write the header id,unit,value,source."
    ]


def test_western_code_pages_are_refused_rather_than_guessed(folder: Path) -> None:
    """Latin-1 bytes could be read as rare Chinese signs; the line is named instead."""
    text = (STARTER / "emissions.csv").read_text("utf-8")
    spoilt = text.replace("a round figure", "für Müller", 1).encode("latin-1")
    (folder / "emissions.csv").write_bytes(spoilt)
    assert faults_of(folder) == [
        "emissions.csv: The file is not UTF-8 text: byte 0xFC in line 4. It can read 'assumption: "
        "f黵 M黮ler' as gb18030, 'assumption: für Müller' as cp1252 and cp1250 or 'assumption: fьr "
        "Mьller' as cp1251. Save it as CSV UTF-8, or name the right one with --encoding."
    ]


def test_control_characters_are_found(folder: Path) -> None:
    """A sign that no bill can print is named by its code point."""
    text = (folder / "shipments.csv").read_text("utf-8")
    spoilt = text.replace("Example Laptops", "Example\x07 Laptops")
    (folder / "shipments.csv").write_text(spoilt, "utf-8")
    assert faults_of(folder) == [
        r"shipments.csv, row 6, consignor: 'Example\x07 Laptops Wuhan' holds the control"
        " character U+0007. Type the text anew."
    ]


def test_an_unknown_name_offers_the_nearest_and_the_list(tmp_path: Path) -> None:
    """A misspelt shipped instance is answered with the right name."""
    (fault,) = faults_of(tmp_path / "nowhere")
    assert "There is no such file, folder or shipped instance. Give a path, or a shipped" in fault
    with pytest.raises(InstanceError, match=r"^1 fault.*\n  tinny: .* Did you mean 'tiny'\?"):
        read("tinny")


def test_an_unknown_suffix_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    """A format that no reader knows is refused by its suffix."""
    path = tmp_path / "book.xls"
    path.write_text("x")
    assert faults_of(path) == [
        f"{path}: The suffix '.xls' is not one of an instance. Give a folder, .json or .xlsx."
    ]


# --- JSON ---------------------------------------------------------------------------------------


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """The starter instance as JSON."""
    path = tmp_path / "book.json"
    write(read(STARTER), path)
    return path


JSON_CASES = {
    "wrong type in a record": (
        '"lat": 30.66',
        '"lat": true',
        "book.json, terminals[0].lat: 'True' is not a number. Write a number from -90 to 90 (°).",
    ),
    "endless number": (
        '"lat": 30.66',
        '"lat": NaN',
        "book.json, terminals[0].lat: 'nan' is not a finite number."
        " Write a number from -90 to 90 (°).",
    ),
    "unknown key": (
        '"lat": 30.66',
        '"latt": 30.66',
        "book.json, terminals[0].lat: The value is missing. Write a number from -90 to 90 (°).",
    ),
    "unknown table": (
        '"transfers": [',
        '"transfer": [',
        "book.json, transfer: 'transfer' is not a table. Did you mean 'transfers'?",
    ),
    "missing table": (
        '"stops": [',
        '"stopps": [',
        "book.json, stops: The part is missing. Add it with the columns service, sequence,"
        " terminal, arrive_hours, depart_hours, distance_km, cost_per_teu, currency and source.",
    ),
    "nested statement": (
        '"most_late_days": 20.0',
        '"most_late_days": "soon"',
        "book.json, statement.defaults.most_late_days: 'soon' is not a number."
        " Write a number above 0.",
    ),
    "comma missing": (
        '"most_late_days": 20.0,',
        '"most_late_days": 20.0',
        "book.json, row 18: The file is not JSON: Expecting ',' delimiter in column 4."
        " Correct it there.",
    ),
    "name twice": (
        '"most_late_days": 20.0',
        '"most_late_days": 20.0, "most_late_days": 21',
        "book.json: 'most_late_days' stands twice in one record. Keep one of them.",
    ),
    "record that is a word": (
        '"weekdays": [\n    "wed",\n    "sat"\n   ]',
        '"weekdays": {"wed": 1}',
        "book.json, departures[0].weekdays: '{'wed': 1}' is not a weekday."
        " Write words out of mon, tue, wed, thu, fri, sat and sun, parted by spaces.",
    ),
}


@pytest.mark.parametrize("name", JSON_CASES)
def test_a_spoilt_document_is_explained(document: Path, name: str) -> None:
    """Faults of a JSON document are named by their path in it."""
    old, new, message = JSON_CASES[name]
    text = document.read_text("utf-8")
    assert old in text
    document.write_text(text.replace(old, new, 1), "utf-8")
    assert message in faults_of(document)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "The document is '[]', not a record. Write"),
        (
            '{"format": "freight-plan/1"}',
            "This is a plan, not an instance",
        ),
        ("{", "The file is not JSON: Expecting property name"),
        ("[" * 100_000, "nests too deep"),
        ("{}", "statement: The statement is missing. Add it."),
        ('{"statement": 5}', "statement: '5' is not a record. Write its keys and values."),
        ('{"statement": {"owners": "x"}}', "statement.owners: 'x' is not a list of records."),
        ('{"statement": {"owners": [1]}}', "statement.owners[0]: '1' is not a record."),
    ],
)
def test_documents_that_are_no_instance(tmp_path: Path, text: str, message: str) -> None:
    """Whatever JSON holds, the answer is a fault and not a crash."""
    path = tmp_path / "odd.json"
    path.write_text(text)
    assert any(message in fault for fault in faults_of(path))


# --- workbooks ----------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The starter instance as a workbook."""
    path = tmp_path / "book.xlsx"
    write(read(STARTER), path)
    return path


def _replace(book: Path, member: str, old: bytes, new: bytes) -> None:
    with ZipFile(book) as archive:
        content = {one: archive.read(one) for one in archive.namelist()}
    assert old in content[member]
    content[member] = content[member].replace(old, new, 1)
    with ZipFile(book, "w", ZIP_DEFLATED) as archive:
        for one, data in content.items():
            archive.writestr(one, data)


def test_faults_of_a_workbook_name_sheet_and_cell(book: Path) -> None:
    """A negative price is found in sheet terminals, cell Q2."""
    # terminals is the fourth sheet; Q is column 17, storage_cost_per_teu_day, 40 in row 2.
    _replace(book, "xl/worksheets/sheet4.xml", b'<c r="Q2"><v>40</v>', b'<c r="Q2"><v>-40</v>')
    assert faults_of(book) == [
        "book.xlsx[terminals], cell Q2 (storage_cost_per_teu_day): '-40' is below 0."
        " Write a number of at least 0."
    ]


def test_formulas_that_give_errors_are_not_taken_for_blanks(book: Path) -> None:
    """#N/A in a cell with a default would change the plan silently: it is a fault."""
    _replace(
        book,
        "xl/worksheets/sheet4.xml",
        b'<c r="Q2"><v>40</v>',
        b'<c r="Q2" t="e"><f>VLOOKUP(1,A1,1)</f><v>#N/A</v>',
    )
    assert faults_of(book) == [
        "book.xlsx[terminals], cell Q2 (storage_cost_per_teu_day): The formula gives #N/A."
        " Correct the formula, or write a number of at least 0."
    ]


def test_formulas_that_were_never_computed_are_faults(book: Path) -> None:
    """A formula written by a program has no value until a spreadsheet has opened it."""
    _replace(book, "xl/worksheets/sheet4.xml", b'<c r="Q2"><v>40</v>', b'<c r="Q2"><f>20+20</f>')
    assert faults_of(book) == [
        "book.xlsx[terminals], cell Q2 (storage_cost_per_teu_day): The formula has not been"
        " computed: the file holds no value for it."
        " Correct the formula, or write a number of at least 0."
    ]


def test_a_workbook_of_other_sheets_is_refused(tmp_path: Path) -> None:
    """Missing sheets are named, a misspelt one is offered for renaming."""
    path = tmp_path / "other.xlsx"
    with xlsxwriter.Workbook(path) as made:
        made.add_worksheet("Shippments")
        made.add_worksheet("owners")
    faults = faults_of(path)
    assert (
        "other.xlsx[shipments]: The sheet is missing. Rename 'Shippments' if that is it, or add it."
    ) in faults
    assert (
        "other.xlsx[owners]: The sheet is empty. Write the header id, name_en, name_zh, city."
    ) in faults
    assert any(fault.startswith("other.xlsx[instance]: The sheet is missing.") for fault in faults)


def test_keys_of_the_instance_sheet_are_checked(tmp_path: Path) -> None:
    """Unknown and repeated keys stand in column A, values in column B."""
    path = tmp_path / "keys.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("instance")
        for row, pair in enumerate(
            [("key", "value"), ("name", "a b"), ("titel_en", "x"), ("name", "b")]
        ):
            sheet.write_row(row, 0, pair)
    faults = faults_of(path)
    place = "keys.xlsx[instance], cell"
    assert f"{place} A3: 'titel_en' is not a key of this sheet. Did you mean 'title_en'?" in faults
    assert f"{place} A4: The key 'name' stands twice. Keep one of them." in faults
    assert (
        f"{place} B2 (name): 'a b' is not a short name. Write letters, digits, '.', '_' and '-'."
    ) in faults
    assert (
        "keys.xlsx[instance], time_zone: The value is missing."
        " Write an IANA time zone such as Asia/Shanghai."
    ) in faults


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 broken"])
def test_files_that_are_no_workbook(tmp_path: Path, content: bytes) -> None:
    """Anything else under the name of a workbook is refused in one sentence."""
    path = tmp_path / "broken.xlsx"
    path.write_bytes(content)
    (fault,) = faults_of(path)
    assert fault.startswith("broken.xlsx: The file cannot be opened as a workbook: ")
    assert fault.endswith("Save it as an Excel workbook (.xlsx) without a password.")
