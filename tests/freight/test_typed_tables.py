"""Whole tables as people type them: names for ids, habits of a table, and what is told."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from freight.domain.instance import Instance
from freight.errors import InstanceError
from freight.groupage.files import read_boxes, read_consignments
from freight.io import read, warnings
from freight.matrix import city_tables
from freight.telling import telling

STARTER = Path(str(files("freight.io") / "example"))
Edit = tuple[str, str, str]


def starter(folder: Path, *edits: Edit) -> Instance:
    """The starter instance with every occurrence of some texts changed."""
    target = Path(shutil.copytree(STARTER, folder / "typed"))
    for file, old, new in edits:
        text = (target / file).read_text("utf-8")
        assert old in text
        (target / file).write_text(text.replace(old, new), "utf-8")
    return read(target)


def notes(instance: Instance) -> list[str]:
    """What the reader told."""
    return [str(one) for one in instance.notes]


def test_nothing_is_told_of_what_is_written_as_documented(tmp_path: Path) -> None:
    """The starter instance needs no guess."""
    assert starter(tmp_path).notes == ()


def test_a_guess_is_told_once_for_its_column(tmp_path: Path) -> None:
    """The same word in several rows gives one note with their number."""
    instance = starter(
        tmp_path,
        ("shipments.csv", ",45G1,", ",40HQ,"),
        ("shipments.csv", ",22G1,", ",20GP,"),
        ("shipments.csv", ",14000000,", ',"14,000,000",'),
    )
    assert notes(instance) == [
        "shipments.csv, container_type: '40HQ' is read as 45G1 in 3 rows; '20GP' is read as 22G1 "
        "in 3 rows.",
        "shipments.csv, value: '14,000,000' is read as 14000000 (thousands separators).",
    ]
    assert instance == starter(tmp_path / "other")
    assert warnings(instance)[:2] == list(instance.notes)


@pytest.mark.parametrize(
    ("table", "id_", "name"),
    [
        ("stops.csv", ",wuhan-port,", ",阳逻港,"),
        ("stops.csv", ",alashankou,", ",阿拉山口,"),
        ("transfers.csv", ",wuhan-air,", ",武汉天河机场,"),
        ("shipments.csv", ",changsha-rail,", ",长沙,"),
        ("shipments.csv", ",wuhan,", ",武汉平台,"),
        ("services.csv", ",changsha,", ",长沙,"),
        ("departures.csv", "WUH-FRA,", "武汉—法兰克福货机,"),
    ],
)
def test_names_stand_for_ids(tmp_path: Path, table: str, id_: str, name: str) -> None:
    """A terminal, owner or service may be named as it is printed, or by its city."""
    named = starter(tmp_path, (table, id_, name))
    assert named == starter(tmp_path / "other")
    assert f"is read as {id_.strip(',')}" in notes(named)[0]


@pytest.mark.parametrize(
    ("old", "new", "what", "remedy"),
    [
        (",changsha-rail,", ",常沙北站,", "'常沙北站' is no id or name of terminals.", "terminals"),
        (
            ",changsha-rail,",
            ",Chang zhou?,",
            "'Chang zhou?' is no id or name of terminals.",
            "terminals",
        ),
        ("S01,wuhan,", "S01,西安,", "'西安' is no id or name of owners.", "武汉平台"),
    ],
)
def test_a_misspelt_chinese_name_is_unknown(
    tmp_path: Path, old: str, new: str, what: str, remedy: str
) -> None:
    """It is said to be no terminal or owner, with the names there are, not to be no short name."""
    with pytest.raises(InstanceError) as caught:
        starter(tmp_path, ("shipments.csv", old, new))
    assert {fault.what for fault in caught.value.faults} == {what}
    assert all(remedy in fault.remedy for fault in caught.value.faults)


def test_a_cell_with_its_own_unit_needs_none_from_the_title(tmp_path: Path) -> None:
    """Below 毛重(kg), 120吨 are 120 t and 84000 are 84 t."""
    instance = starter(
        tmp_path,
        ("shipments.csv", ",gross_tonnes,", ",毛重(kg),"),
        ("shipments.csv", ",20,120,", ",20,120吨,"),
    )
    assert instance.shipments[0].gross_tonnes == 120
    assert instance.shipments[1].gross_tonnes < 1


def test_kilograms_in_a_column_of_tonnes_are_named(tmp_path: Path) -> None:
    """120000 t in ten boxes are too heavy; in kg they are 120 t."""
    with pytest.raises(InstanceError, match="If 120000 are kg, write 120"):
        starter(tmp_path, ("shipments.csv", ",20,120,", ",20,120000,"))


def test_a_city_with_several_terminals_is_refused(tmp_path: Path) -> None:
    """武汉 has three terminals here: each is offered."""
    with pytest.raises(InstanceError) as caught:
        starter(tmp_path, ("shipments.csv", ",wuhan-rail,duisburg-rail,", ",武汉,duisburg-rail,"))
    assert {fault.what for fault in caught.value.faults} == {
        "'武汉' can be 'wuhan-rail', 'wuhan-port' or 'wuhan-air'."
    }


def test_times_are_local_where_a_name_stands_for_the_place(tmp_path: Path) -> None:
    """The origin by its name gives the same offset as by its id."""
    instance = starter(
        tmp_path,
        ("shipments.csv", ",changsha-rail,", ",长沙,"),
        ("shipments.csv", "2027-03-02T08:00", "2027年3月2日 8点"),
    )
    assert instance.shipment["S03"].ready.isoformat() == "2027-03-02T08:00:00+08:00"


def test_dates_without_times_are_told_with_their_meaning(tmp_path: Path) -> None:
    """Due until the end of the local day, the horizon with its last day."""
    instance = starter(
        tmp_path,
        ("shipments.csv", "2027-03-24T18:00", "2027-03-24"),
        ("instance.toml", "2027-03-22T00:00:00", "2027-03-21"),
    )
    assert instance.shipment["S01"].due.isoformat() == "2027-03-24T23:59:00+01:00"
    assert instance.statement.horizon_end.isoformat() == "2027-03-22T00:00:00+08:00"
    assert notes(instance) == [
        "instance.toml, horizon_end: '2027-03-21' is read as 2027-03-22 00:00 "
        "(a date without a time: that day included).",
        "shipments.csv, due: '2027-03-24' is read as 2027-03-24 23:59 "
        "(a date without a time: the end of the day).",
    ]


def test_a_chinese_city_is_the_same_city(tmp_path: Path) -> None:
    """武汉 and Wuhan in two tables are one city: what belongs together stays together."""
    instance = starter(tmp_path, ("terminals.csv", ",Wuhan,CN,", ",武汉,CN,"))
    assert instance == starter(tmp_path / "other")
    assert instance.home_countries == {"CN"}


def test_an_owner_in_a_city_without_terminal_is_told(tmp_path: Path) -> None:
    """A city spelt in another way is the same; another city is a note, and no matrix fails."""
    same = starter(tmp_path / "same", ("instance.toml", 'city = "Wuhan"', 'city = "武汉"'))
    assert not [one for one in warnings(same) if one.column == "city" and one not in same.notes]
    other = starter(tmp_path / "other", ("instance.toml", 'city = "Changsha"', 'city = "Zhuzhou"'))
    (told,) = (one for one in warnings(other) if one.column == "city")
    assert "No terminal serves 'Zhuzhou', the city of owner 'changsha'." in told.what
    assert city_tables(other, (), None) == ((), ())


def test_other_columns_show_the_decimal_sign(tmp_path: Path) -> None:
    """12,5 somewhere makes 180,000 doubtful everywhere in that table."""
    with pytest.raises(InstanceError, match="180,000' can be read as 180000 or 180"):
        starter(
            tmp_path,
            ("services.csv", ",180000,", ',"180,000",'),
            ("services.csv", ",30,12,yes", ',30,"12,5",yes'),
        )


def test_names_of_what_cannot_be_read_are_not_blamed(tmp_path: Path) -> None:
    """A faulty row of terminals is one fault, not one for every row that names the place."""
    with pytest.raises(InstanceError) as caught:
        starter(
            tmp_path,
            ("terminals.csv", ",28.27,113.01,", ",north,113.01,"),
            ("shipments.csv", ",changsha-rail,", ",长沙北铁路货场,"),
        )
    assert [fault.column for fault in caught.value.faults] == ["lat"]


def test_side_tables_are_typed_the_same_way(tmp_path: Path) -> None:
    """Consignments and boxes with Chinese titles, names, units and dates, told to who listens."""
    boxes, goods = tmp_path / "boxes.csv", tmp_path / "goods.csv"
    boxes.write_bytes(
        "箱型,限重(kg),容积,费用,币种,来源\n40HQ,26000,68,1900,人民币,假设\n".encode("gb18030")
    )
    goods.write_text(
        "编号,起运地,目的地,毛重(公斤),体积,备货时间,交期,危险品\n"
        "C1,武汉吴家山,杜伊斯堡,1200,4.5,2027年3月2日,2027/4/20,否\n",
        "utf-8",
    )
    heard: list[str] = []
    with telling(lambda note: heard.append(str(note))):
        offers = read_boxes(boxes)
        (one,) = read_consignments(goods, read(STARTER), offers)
    assert (offers[0].container_type.value, offers[0].payload_tonnes) == ("45G1", 26.0)
    assert (one.origin, one.destination, one.gross_tonnes) == ("wuhan-rail", "duisburg-rail", 1.2)
    assert one.due.isoformat() == "2027-04-20T23:59:00+02:00"
    assert any("'武汉吴家山' is read as wuhan-rail" in note for note in heard)
    assert any("Read as GB 18030" in note for note in heard)


@pytest.mark.parametrize("zone", ["UTC+8", "GMT+8", "北京时间"])
def test_an_offset_is_not_answered_with_another_zone(tmp_path: Path, zone: str) -> None:
    """For UTC+8 the answer is a zone of a place, not UTC, eight hours off."""
    with pytest.raises(InstanceError) as caught:
        starter(tmp_path, ("terminals.csv", ",Asia/Shanghai,", f",{zone},"))
    remedies = [f.remedy for f in caught.value.faults if f.column == "time_zone"]
    assert remedies
    assert set(remedies) == {"Write an IANA time zone such as Asia/Shanghai."}
