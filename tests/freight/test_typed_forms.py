"""Files as people save them: encodings, delimiters, titles, rows and columns that are no data."""

from __future__ import annotations

import csv
import re
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from freight.errors import InstanceError
from freight.io import read
from freight.io.csv_table import parse_csv
from freight.io.header import column_of, match_header
from freight.io.schema import read_table
from freight.io.text import EncodingFault, decode, decoded, reading_as

STARTER = Path(str(files("freight.io") / "example"))
EMISSIONS = "id,unit,value,source\nhub,kg/teu,9,假设数据\nroad,g/tkm,85,假设数据\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the starter instance to rewrite."""
    return Path(shutil.copytree(STARTER, tmp_path / "typed"))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]
)
def test_unicode_and_chinese_encodings_are_taken(folder: Path, encoding: str) -> None:
    """The same instance comes out of every file in every one of them."""
    for path in folder.iterdir():
        if path.suffix in (".csv", ".toml"):
            text = path.read_text("utf-8")
            path.write_bytes(text.encode(encoding))
    assert read(folder) == read(STARTER)


@pytest.mark.parametrize("sign", ["—", "–", "·", "“", "…"])
def test_gb18030_holds_signs_that_gb2312_lacks(sign: str) -> None:
    """A dash or a dot in Chinese text changes nothing."""
    data = f"name\n武汉{sign}杜伊斯堡班列\n".encode("gb18030")
    assert sign in decode(data)


@pytest.mark.parametrize("name", ["长沙", "武汉平台", "鄂州", "滁州", "杜伊斯堡", "株洲硬质合金"])
def test_a_few_characters_tell_gb18030(name: str) -> None:
    """A table with one Chinese name is read, though its bytes may look like broken UTF-8."""
    assert decode(f"id,name\nx,{name}\n".encode("gb18030")) == f"id,name\nx,{name}\n"


def test_a_guess_is_told_with_an_example() -> None:
    """GB 18030 is guessed from its Chinese, and the first of it is shown."""
    assert decoded(EMISSIONS.encode("gb18030")).note == "Read as GB 18030: '假设数据'."
    assert decoded(EMISSIONS.encode()).note == ""


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("big5", "臺北港 高雄貨櫃碼頭 電子產品 有限公司"),
        ("shift_jis", "横浜港 電子部品 株式会社 ヨコハマ"),
        ("euc_jp", "横浜港 電子部品 株式会社 自動車部品 さくら運輸"),
        ("euc_kr", "서울 부산항 전자제품 주식회사 현대글로비스"),
        ("cp1252", "Müller, Köln, Größe, Zürich"),
        ("cp1250", "Łódź, Małaszewicze, Kraków"),
        ("cp1251", "Москва, Ворсино, ООО РЖД Логистика"),
        ("cp866", "Москва, Ворсино, Минск"),
    ],
)
def test_other_code_pages_are_never_read_as_something_else(encoding: str, text: str) -> None:
    """They are refused with what they could read, and read right when their name is given."""
    data = f"id,source\nhub,{text}\n".encode(encoding)
    with pytest.raises(EncodingFault) as caught:
        decode(data)
    assert "--encoding" in caught.value.remedy
    with reading_as(encoding):
        assert text in decode(data)
        assert decode("武汉".encode()) == "武汉"


def test_an_accident_in_utf8_is_no_other_encoding() -> None:
    """One broken byte in a file of UTF-8 is named with its line."""
    data = EMISSIONS.encode().replace("假".encode(), "假".encode()[:2], 1)
    with pytest.raises(EncodingFault, match="not UTF-8 text: byte 0xE5 in line 2"):
        decode(data)


def test_an_unknown_encoding_is_refused() -> None:
    """Only encodings of texts can be named."""
    with pytest.raises(InstanceError, match="'zip' is no encoding"), reading_as("zip"):
        pass


@pytest.mark.parametrize("sign", [",", ";", "\t", "|", "，", "；", "^", "~"])
def test_any_sign_may_part_the_cells(sign: str) -> None:
    """The header tells it."""
    table = read_table(parse_csv("emissions", "emissions.csv", EMISSIONS.replace(",", sign)))
    assert table.faults == ()
    assert [one.model_dump()["value"] for one in table.records] == [9.0, 85.0]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("箱型", "container_type"),
        ("Container type", "container_type"),
        ("CONTAINER-TYPE*", "container_type"),
        ("毛重（吨）", "gross_tonnes"),
        ("发货人：", "consignor"),
        ("HS编码", "hs_code"),
        ("品名(中文)", "goods_zh"),
        ("就绪时间(当地时间)", "ready"),
        ("Shipper", "consignor"),
        ("备注", None),
        ("pakages", None),
    ],
)
def test_titles_in_both_languages_name_columns(title: str, name: str | None) -> None:
    """Capitals, brackets, stars and colons do not matter."""
    assert column_of(title, "shipments") == name


def test_every_chinese_title_names_one_column_of_its_table() -> None:
    """No title of the list is taken by two columns of a table."""
    header = match_header("shipments", ["毛重(kg)", "毛重"])
    assert header.units == {"gross_tonnes": "kg"}
    assert header.faults[0][2] == "The column stands twice."


def test_a_unit_in_a_title_counts() -> None:
    """毛重(kg) holds kilograms, 费用(元) amounts in CNY; an unknown unit is refused."""
    text = "箱型,限重(kg),可用容积,费用(元),币种,来源\n40HQ,26000,68,1900,CNY,assumption\n"
    table = read_table(parse_csv("boxes", "boxes.csv", text))
    assert table.faults == ()
    (box,) = (one.model_dump() for one in table.records)
    assert (box["payload_tonnes"], box["cost"], box["container_type"]) == (26.0, 1900.0, "45G1")
    assert any("限重(kg)' as payload_tonnes" in note.what for note in table.notes)
    assert any("26000" in note.what and "read as 26 (kg" in note.what for note in table.notes)
    other = read_table(parse_csv("boxes", "boxes.csv", text.replace("CNY", "EUR")))
    assert "is in CNY, its row in EUR" in other.faults[0].what
    odd = read_table(parse_csv("boxes", "boxes.csv", text.replace("(kg)", "(lbs)")))
    assert "'lbs' in '限重(lbs)' is no unit" in odd.faults[0].what


def test_what_is_no_record_is_left_out_and_told() -> None:
    """A heading above, a second header, totals, notes and a column without a title."""
    text = (
        "2027年排放因子,,,,\nid,unit,value,source,备注,\n编号,单位,数值,来源,备注,\n"
        "hub,kg/teu,9,assumption,核对,x\n,,,,,\nroad,g/tkm,85,assumption,,\n合计,,94,,,\n"
    )
    table = read_table(parse_csv("emissions", "emissions.csv", text))
    assert table.faults == ()
    assert len(table.records) == 2
    assert [note.what for note in table.notes] == [
        "Above the header, row 1 ('2027年排放因子') is not read.",
        "Row 3 is not read: it is a header again.",
        "Row 7 is not read: it is a total ('合计').",
        "The column '备注' is for notes: 1 text left out.",
        "Column 6 has no title: 1 text below it left out.",
    ]


def test_a_row_with_one_cell_is_one_fault(folder: Path) -> None:
    """第一周 above a block of shipments, or an id alone: one fault with the remedy."""
    path = folder / "shipments.csv"
    lines = path.read_text("utf-8").splitlines()
    row = next(number for number, line in enumerate(lines) if line.startswith("S03"))
    lines.insert(row, "第一周" + "," * lines[row].count(","))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(InstanceError) as caught:
        read(folder)
    assert [str(fault) for fault in caught.value.faults] == [
        f"shipments.csv, row {row + 1}: The row holds nothing but '第一周'. Begin it with # if it "
        "is a heading or a note, or fill it in."
    ]


def test_a_total_is_told_from_a_record() -> None:
    """A word alone is a total in the shortest table; a service called total is none."""
    text = "service,weekdays,departs_local\nA,mon,8:00\nTotal:,,\ntotal,tue,9:00\n"
    table = read_table(parse_csv("departures", "departures.csv", text))
    assert [one.model_dump()["service"] for one in table.records] == ["A", "total"]
    assert [note.what for note in table.notes] == ["Row 3 is not read: it is a total ('Total:')."]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_european_export_is_the_same_instance(folder: Path, encoding: str) -> None:
    """Semicolons between cells and decimal commas in numbers, as Excel saves them there."""
    for path in folder.glob("*.csv"):
        rows = [row for row in csv.reader(path.read_text("utf-8").splitlines()) if row]
        kept = [row for row in rows if not row[0].startswith("#")]
        lines = [
            ";".join(re.sub(r"^(\d+)\.(\d+)$", r"\1,\2", cell) for cell in row) for row in kept
        ]
        path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    assert read(folder) == read(STARTER)
