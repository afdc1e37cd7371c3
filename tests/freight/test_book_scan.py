"""Workbooks made to harm, or by other programs: one fault that names the place, nothing lost."""

from __future__ import annotations

import io
import re
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from freight.errors import InstanceError
from freight.io import book_scan, book_sheet, read
from freight.io.book_writer import book

SHEET = "xl/worksheets/sheet4.xml"
Edit = Callable[[str], str]
SHEETS = {"terminals": 4, "emissions": 10}
"""Number of the members of sheets."""


@pytest.fixture(scope="module")
def tiny() -> bytes:
    """The workbook of the hand-solved instance."""
    return book(read("tiny"))


def edited(data: bytes, sheet: str, edit: Edit) -> bytes:
    """A workbook with the XML of one sheet changed."""
    member = f"xl/worksheets/sheet{SHEETS[sheet]}.xml"
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for info in old.infolist():
            content = old.read(info.filename)
            if info.filename == member:
                text = content.decode()
                assert edit(text) != text
                content = edit(text).encode()
            new.writestr(info, content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def put(cell: str) -> Edit:
    """Put XML in the place of terminals.O2, the daily capacity of the first terminal."""
    return lambda text: re.sub(r'<c r="O2"[^>]*>.*?</c>', lambda _: cell, text, count=1)


def told(data: bytes, folder: Path) -> str:
    """What is said of a workbook that is refused."""
    path = folder / "book.xlsx"
    path.write_bytes(data)
    with pytest.raises(InstanceError) as caught:
        read(path)
    return str(caught.value)


def test_the_sheets_are_where_the_tests_look(tiny: bytes) -> None:
    """O2 of the fourth sheet is a capacity."""
    with zipfile.ZipFile(io.BytesIO(tiny)) as archive:
        assert '<c r="O2"' in archive.read("xl/worksheets/sheet4.xml").decode()


X = 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="O2" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        "<c r='O2' t='e'><f>1/0</f><v>#DIV/0!</v></c>",
        '<c t="e" s="1" r="O2"><v>#DIV/0!</v></c>',
        f'<x:c {X} r="O2" t="e"><x:f>1/0</x:f><x:v>#DIV/0!</x:v></x:c>',
        '<c\n r = "O2"\n t\t=\t"e"\n><f>IF(1&gt;2,"&lt;/c&gt;",0)</f><v>#DIV/0!</v></c>',
        '<c r="O2" t="e"><!-- <v>40</v> --><v><![CDATA[#DIV/0!]]></v></c>',
        '<c t="e"><v>#DIV/0!</v></c>',
    ],
)
def test_an_error_is_a_fault_however_it_is_written(cell: str, tiny: bytes, tmp_path: Path) -> None:
    """Quotes, prefixes, order of attributes, comments and CDATA are the program's own business."""
    said = told(edited(tiny, "terminals", put(cell)), tmp_path)
    assert "cell O2 (capacity_teu_per_day): The formula gives #DIV/0!." in said


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="O2"><f>A1</f></c>',
        '<c r="O2"><f>A1</f><v/></c>',
        '<c r="O2"><f>A1</f><v></v></c>',
        "<c s='1' r='O2'><f/></c>",
        '<c r="O2"><f t="shared" si="0"/></c>',
        '<c t="n" r="O2"><f t="array" ref="O2:O9">SUM(B1:B2)</f><v   /></c>',
        f'<x:c {X} r="O2"><x:f>A1</x:f></x:c>',
        '<c r="O2" t="str"><f>A1</f></c>',
    ],
)
def test_a_formula_that_was_never_computed_is_a_fault(
    cell: str, tiny: bytes, tmp_path: Path
) -> None:
    """Read as a blank it would mean that there is no limit."""
    said = told(edited(tiny, "terminals", put(cell)), tmp_path)
    assert "cell O2 (capacity_teu_per_day): The formula has not been computed" in said


@pytest.mark.parametrize(
    ("cell", "capacity"),
    [
        ('<c r="O2"><f>20+20</f><v>40</v></c>', 40),
        ('<c r="O2" t="str"><f>"4"&amp;"0"</f><v>40</v></c>', 40),
        ('<c r="O2" t="inlineStr"><is><t>40</t></is></c>', 40),
        ('<c r="O2" t="str"><f>""</f><v></v></c>', None),
        ("<c r='O2' s='1'/>", None),
    ],
)
def test_what_has_a_value_is_read(
    cell: str, capacity: float | None, tiny: bytes, tmp_path: Path
) -> None:
    """A formula that gives an empty text is a blank, one that gives a number is the number."""
    path = tmp_path / "book.xlsx"
    path.write_bytes(edited(tiny, "terminals", put(cell)))
    assert read(path).terminals[0].capacity_teu_per_day == capacity


def add(row: str) -> Edit:
    """More rows at the end of a sheet."""
    return lambda text: text.replace("</sheetData>", f"{row}</sheetData>")


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        (add('<row r="1048577"><c r="XFD1048577"><v>1</v></c></row>'), "row 1048577"),
        (add('<row r="90"><c r="A99999999999"><v>1</v></c></row>'), "cell A99999999999"),
        (add('<row r="90"><c r="XFE90"><v>1</v></c></row>'), "cell XFE90"),
        (add('<row r="90"><c r="A0"><v>1</v></c></row>'), "cell A0"),
        (add('<row r="90"><c r="90"><v>1</v></c></row>'), "cell 90"),
        (add('<row r="90"><c r=""><v>1</v></c></row>'), "cell "),
        (add('<row r="90"><c r="A91"><v>1</v></c></row>'), "cell A91"),
        (add('<row r="2"><c r="A2"><v>1</v></c></row>'), "row 2"),
        (add('<row r="90"><c r="B90"><v>1</v></c><c r="A90"><v>1</v></c></row>'), "cell A90"),
        (add('<row r="90"><c r="A90"><v>1</v></c><c r="A90"><v>2</v></c></row>'), "cell A90"),
        (add('<row r="-1"><c r="A9"><v>1</v></c></row>'), "row -1"),
        (add(f'<row r="9{"9" * 400}"><c><v>1</v></c></row>'), "row 9"),
        (add('<row r="90"><c r="A90" t="s"><v>99999</v></c></row>'), "cell A90"),
        (add('<row r="90"><c r="A90" t="s"><v>-1</v></c></row>'), "cell A90"),
        (lambda text: re.sub('ref="A1:[^"]*"', 'ref="B2:A1"', text, count=1), "its dimension"),
        (lambda text: re.sub('ref="A1:[^"]*"', 'ref="A1:XFE9"', text, count=1), "its dimension"),
    ],
)
def test_a_place_that_no_sheet_has_is_named(
    edit: Edit, place: str, tiny: bytes, tmp_path: Path
) -> None:
    """Such references ended the process, or cells out of order were left out without a word."""
    said = told(edited(tiny, "terminals", edit), tmp_path)
    assert f"Sheet 'terminals', {place}" in said
    assert "it is beyond the sheet or out of order. Save it as an Excel workbook" in said


def test_cells_without_references_are_counted(tiny: bytes, tmp_path: Path) -> None:
    """Rows and cells need not name their place."""
    path = tmp_path / "book.xlsx"
    plain = edited(tiny, "emissions", lambda text: re.sub(r'(<(?:c|row)) r="\w+"', r"\1", text))
    path.write_bytes(plain)
    assert read(path).digest == read("tiny").digest


@pytest.mark.parametrize(
    "cell", ['<c r="XFD100000" t="inlineStr"><is><t> </t></is></c>', '<c r="XFD2000"><v>1</v></c>']
)
def test_a_stray_value_far_away_is_named(cell: str, tiny: bytes, tmp_path: Path) -> None:
    """The sheet up to there would fill the memory."""
    row = re.sub(r"\D", "", cell.partition('"')[2].partition('"')[0])
    said = told(edited(tiny, "emissions", add(f'<row r="{row}">{cell}</row>')), tmp_path)
    assert f"cell XFD{row}: with a value there the sheet has more than 10,000,000 cells" in said


def test_formats_far_away_are_no_values(tiny: bytes, tmp_path: Path) -> None:
    """Whole columns and rows are formatted by people all the time."""
    path = tmp_path / "book.xlsx"
    row = '<row r="1048576" s="1" customFormat="1"><c r="XFD1048576" s="1"/></row>'
    path.write_bytes(edited(tiny, "emissions", add(row)))
    assert read(path).digest == read("tiny").digest


def test_many_cells_with_errors_are_told_in_seconds(tiny: bytes, tmp_path: Path) -> None:
    """32,000 error cells without a value took minutes."""
    rows = "".join(
        f'<row r="{number}"><c r="A{number}" t="e"><f>1</f></c><c r="B{number}" t="e"/></row>'
        for number in range(20, 32_020)
    )
    start = time.process_time()
    said = told(edited(tiny, "emissions", add(rows)), tmp_path)
    assert time.process_time() - start < 5
    assert said.count("\n") <= 101
    assert "cell A20 (id): The formula gives an error." in said


# --- archives ----------------------------------------------------------------------------------


def patched(data: bytes, local: tuple[int, bytes], central: tuple[int, bytes]) -> bytes:
    """A workbook with bytes changed in both headers of a sheet, at the given offsets."""
    made = bytearray(data)
    name = SHEET.encode()
    for signature, (offset, value), length in (
        (b"PK\x03\x04", local, 30),
        (b"PK\x01\x02", central, 46),
    ):
        start = made.find(signature)
        while made[start + length : start + length + len(name)] != name:
            start = made.find(signature, start + 1)
        made[start + offset : start + offset + len(value)] = value
    return bytes(made)


@pytest.mark.parametrize(
    ("local", "central", "message"),
    [
        ((6, b"\x01\x00"), (8, b"\x01\x00"), "The part 'xl/worksheets/sheet4.xml' is encrypted."),
        ((8, b"\x63\x00"), (10, b"\x63\x00"), "is packed in a way that is not read (method 99)"),
        ((8, b"\x0c\x00"), (10, b"\x0c\x00"), "is packed in a way that is not read (method 12)"),
        ((14, b"\0\0\0\0"), (16, b"\0\0\0\0"), "cannot be opened as a workbook: Bad CRC-32"),
        ((22, b"\1\0\0\0"), (24, b"\1\0\0\0"), "cannot be opened as a workbook"),
        ((22, b"\0\0\0\x7f"), (24, b"\0\0\0\x7f"), "Unpacked, the workbook is larger than 512 MiB"),
        ((18, b"\1\0\0\0"), (20, b"\1\0\0\0"), "cannot be opened as a workbook"),
        ((26, b"\xff\xff"), (46, b"x"), "cannot be opened as a workbook"),
    ],
)
def test_a_part_that_cannot_be_unpacked_is_said(
    local: tuple[int, bytes], central: tuple[int, bytes], message: str, tiny: bytes, tmp_path: Path
) -> None:
    """Encrypted, packed otherwise, damaged or with a false size: one sentence and the remedy."""
    assert message in told(patched(tiny, local, central), tmp_path)


def test_a_part_that_is_there_twice_is_refused(tiny: bytes, tmp_path: Path) -> None:
    """Of two, readers take either."""
    made = io.BytesIO(tiny)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(made, "a") as archive:
        archive.writestr(SHEET, "<worksheet/>")
    assert "The part 'xl/worksheets/sheet4.xml' is there twice." in told(made.getvalue(), tmp_path)


def test_a_workbook_that_grows_is_refused(
    tiny: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few kilobytes that unpack to more than the limit are not unpacked."""
    monkeypatch.setattr(book_scan, "MOST_UNPACKED", 2**20)
    made = io.BytesIO(tiny)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(2**20))
    said = told(made.getvalue(), tmp_path)
    assert "Unpacked, the workbook is larger than 1 MiB." in said


def test_entities_are_refused(tiny: bytes, tmp_path: Path) -> None:
    """A document type could let a few bytes stand for gigabytes."""
    bomb = '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><worksheet'
    said = told(
        edited(tiny, "terminals", lambda text: text.replace("<worksheet", bomb, 1)), tmp_path
    )
    assert "holds a document type, which no workbook needs" in said


def test_shared_texts_count_for_each_cell(
    tiny: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One long text in a thousand cells is a thousand long texts in memory."""
    monkeypatch.setattr(book_sheet, "MOST_TEXT", 100)
    assert "are longer than 100 characters" in told(tiny, tmp_path)


def test_a_workbook_cut_anywhere_is_refused(tiny: bytes, tmp_path: Path) -> None:
    """However short the copy broke off."""
    for end in range(0, len(tiny), len(tiny) // 40):
        assert "book.xlsx" in told(tiny[:end], tmp_path)
        assert "cannot be opened as a workbook" in told(tiny[:end], tmp_path)


def test_sizes_in_headers_are_what_the_tests_think(tiny: bytes) -> None:
    """The offsets used above are those of the format: sizes of the local header."""
    with zipfile.ZipFile(io.BytesIO(tiny)) as archive:
        info = archive.getinfo(SHEET)
        size = struct.unpack_from("<I", tiny, info.header_offset + 22)[0]
    assert size == info.file_size
