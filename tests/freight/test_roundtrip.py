"""No form of an instance loses anything, and no text makes a reader crash."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import string
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from freight.domain.instance import Instance
from freight.domain.service import Weekday
from freight.errors import InstanceError
from freight.io import read, write
from freight.io.columns import HEAD, TABLES, Kind, columns
from freight.io.csv_table import parse_csv
from freight.io.statement import read_statement
from freight.io.text import EncodingFault, decode

STARTER = Path(str(files("freight.io") / "example"))
BASE = read(STARTER)
ROUNDS = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# Everything that can be printed, line breaks and ideographic spaces included.
PRINTABLE = st.characters(blacklist_categories=("Cc", "Cs", "Cn"), whitelist_characters="\n")
TEXT = st.text(PRINTABLE, min_size=1, max_size=30).map(str.strip).filter(bool)
AMOUNT = st.floats(0, 1e12, allow_nan=False).map(abs)
HOURS = st.floats(0.001, 400, allow_nan=False)
OFFSET = st.integers(-12 * 60, 14 * 60).map(lambda some: dt.timezone(dt.timedelta(minutes=some)))


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    """The starter instance with every free figure, text and option drawn anew."""
    content = json.loads(BASE.model_dump_json())
    statement = content["statement"]
    statement |= {name: draw(TEXT) for name in ("title_en", "title_zh", "capital_source")}
    statement["capital_rate_per_year"] = draw(st.floats(0, 1))
    for rate in statement["exchange"]:
        rate["per_base"] *= draw(st.floats(0.8, 1.25))
    for record in content["terminals"]:
        _terminal(draw, record)
    for record in content["services"]:
        record |= {"name_en": draw(TEXT), "operator": draw(TEXT), "cutoff_hours": draw(HOURS) / 50}
        record["fixed_cost_per_departure"] = draw(AMOUNT)
        record["open_to"] = draw(st.lists(st.sampled_from(["wuhan", "changsha"]), unique=True))
    _links(draw, content)
    for record in content["stops"]:
        record["capacity_teu"] = draw(st.none() | st.floats(1, 500))
    for record in content["departures"]:
        _departure(draw, record)
    # What is left to chance may cut a shipment off: none is kept that a check would refuse.
    most = draw(st.integers(0, 2))
    content["shipments"] = [_shipment(draw, one) for one in content["shipments"][:most]]
    if not most and draw(st.booleans()):
        content["transfers"] = []
    return Instance.model_validate(content)


def _links(draw: st.DrawFn, content: dict[str, Any]) -> None:
    for record in content["transfers"]:
        # A transfer faster than trains run is refused.
        hours = st.floats(0.001 + record["distance_km"] / 40, 400)
        record |= {"operator": draw(TEXT), "source": draw(TEXT), "hours": draw(hours)}
        record |= {"cost_per_teu": draw(AMOUNT), "capacity_teu_per_day": draw(st.none() | AMOUNT)}
    for record in content["emissions"]:
        record |= {"value": draw(st.floats(0, 1e6)), "source": draw(TEXT)}


def _terminal(draw: st.DrawFn, record: dict[str, Any]) -> None:
    record |= {name: draw(TEXT) for name in ("name_en", "name_zh", "city", "source")}
    # Near where it is: exchanged coordinates are refused.
    near = st.floats(-0.2, 0.2)
    record |= {"lat": record["lat"] + draw(near), "lon": record["lon"] + draw(near)}
    record["unlocode"] = draw(st.sampled_from([None, record["unlocode"]]))
    record["handling_cost_per_tonne"] = draw(AMOUNT)
    record["capacity_teu_per_day"] = draw(st.none() | AMOUNT)


def _departure(draw: st.DrawFn, record: dict[str, Any]) -> None:
    record["most_runs"] = draw(st.integers(1, 9))
    if record["departs_at"] is None:
        record["weekdays"] = draw(st.permutations([one.value for one in Weekday]))
        record["departs_local"] = draw(st.times()).isoformat()
    else:
        moment = dt.datetime.fromisoformat(record["departs_at"])
        record["departs_at"] = moment.astimezone(draw(OFFSET)).isoformat()


def _shipment(draw: st.DrawFn, record: dict[str, Any]) -> dict[str, Any]:
    texts = ("consignor", "consignee", "goods_en", "goods_zh", "source")
    record |= {name: draw(TEXT) for name in texts}
    record |= {"value": draw(AMOUNT), "gross_tonnes": draw(st.floats(0.001, 100))}
    record["teu"] = draw(st.integers(4, 20)) * 2
    record["due"] = draw(st.datetimes(dt.datetime(2027, 3, 20), dt.datetime(2028, 3, 1))).replace(
        tzinfo=draw(OFFSET)
    ).isoformat()  # fmt: skip
    record["lateness_cost_per_teu_day"] = draw(st.none() | AMOUNT)
    record["splittable"] = draw(st.booleans())
    record["hs_code"] = draw(st.text(string.digits, min_size=6, max_size=6))
    return record


@ROUNDS
@given(instances())
def test_a_round_trip_loses_nothing(instance: Instance) -> None:
    """From xlsx to json to csv to xlsx gives back the same instance, to the last digit."""
    with tempfile.TemporaryDirectory() as folder:
        current = instance
        for name in ("a.xlsx", "b.json", "c", "d.xlsx"):
            path = Path(folder) / name
            write(current, path)
            current = read(path)
            assert current == instance
            assert current.digest == instance.digest


@pytest.mark.parametrize("empty", [("shipments",), ("transfers",), ("shipments", "transfers")])
def test_tables_without_rows_stay_tables(empty: tuple[str, ...], tmp_path: Path) -> None:
    """A head without rows is written and read in every form."""
    instance = read("tiny").model_copy(update=dict.fromkeys(empty, ()))
    current = instance
    for name in ("a.xlsx", "b.json", "c", "d.xlsx"):
        write(current, tmp_path / name)
        current = read(tmp_path / name)
        assert current == instance


def test_what_spreadsheets_like_to_change_survives(tmp_path: Path) -> None:
    """Formulas, escapes, leading zeros, long numbers and booleans as text stay as they are."""
    odd = ["=1+1", "_x0041_", "007", "1e5", "TRUE", "2027-03-01", "+8", '"', "'a", "#N/A", "a\nb"]
    shipments = tuple(
        BASE.shipments[0].model_copy(update={"id": f"S{n}", "consignor": text, "hs_code": "080810"})
        for n, text in enumerate(odd)
    )
    instance = BASE.model_copy(update={"shipments": shipments})
    instance = instance.model_copy(
        update={
            "terminals": tuple(
                one.model_copy(update={"lat": 0.1 + 0.2, "handling_cost_per_teu": 1 / 3})
                for one in BASE.terminals
            )
        }
    )
    for name in ("a.xlsx", "b.json", "c"):
        write(instance, tmp_path / name)
        assert read(tmp_path / name).digest == instance.digest


# --- anything may come ------------------------------------------------------------------------


def assert_read_or_refused(path: Path) -> None:
    """Reading ends with an instance or with faults that say what to do, never otherwise."""
    try:
        read(path)
    except InstanceError as error:
        faults = error.faults
    else:
        return
    assert faults
    assert all(fault.what and fault.remedy for fault in faults)


FRAGMENT = st.one_of(
    st.sampled_from(["", ",", "\n", "\r\n", '"', "#", ";", "\t", "nan", "-1", "inf", "\ufeff"]),
    st.sampled_from(["2027-03-01T08:00", "2027-02-30", "0001-01-01T00:00", "9999-12-31T23:59"]),
    st.sampled_from(["wuhan-rail", "WUH-DUI", "1e308", "5e-324", "9" * 400, "mon sun", "８"]),
    st.text(max_size=8),
)


@st.composite
def spoilt_texts(draw: st.DrawFn) -> tuple[str, str]:
    """(file, text) of a file of the starter with some stretches overwritten."""
    names = sorted(one.name for one in STARTER.iterdir())
    name = draw(st.sampled_from(names))
    text = (STARTER / name).read_text("utf-8")
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        length = draw(st.integers(0, 12))
        text = text[:start] + draw(FRAGMENT) + text[start + length :]
    return name, text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(spoilt_texts())
def test_spoilt_files_give_faults_or_instances(spoilt: tuple[str, str]) -> None:
    """Whatever happens to a file, reading ends with an instance or with faults."""
    name, text = spoilt
    with tempfile.TemporaryDirectory() as folder:
        for one in STARTER.iterdir():
            (Path(folder) / one.name).write_bytes(one.read_bytes())
        (Path(folder) / name).write_bytes(text.encode("utf-8", "surrogatepass"))
        assert_read_or_refused(Path(folder))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(TABLES)), st.text(max_size=200))
@example("stops", "sep=")
@example("stops", "#\n\n#")
@example("stops", '"')
@example("stops", "a\x00b")
def test_any_text_is_a_sheet(table: str, text: str) -> None:
    """The CSV reader never fails: what is wrong stands in the faults of the sheet."""
    sheet = parse_csv(table, "x.csv", text)
    for index in range(len(sheet.records)):
        assert sheet.fault(index, None, "", "").row


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_a_fault(data: bytes) -> None:
    """Decoding gives a text or says why not; it never fails otherwise."""
    with contextlib.suppress(EncodingFault):
        assert len(decode(data)) <= len(data)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=120) | st.text(max_size=120).map(lambda text: text.encode("utf-8")))
def test_any_statement_is_four_sheets(data: bytes) -> None:
    """The TOML reader never fails either."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "instance.toml").write_bytes(data)
        assert set(read_statement(Path(folder))) == set(HEAD)


JSON_VALUE = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_value_in_a_document_is_a_value_or_a_fault(data: st.DataObject) -> None:
    """A field of a JSON record may hold anything: the reader says so."""
    content = json.loads(BASE.model_dump_json())
    table = data.draw(st.sampled_from(sorted(TABLES)))
    name = data.draw(st.sampled_from(sorted(columns(table))))
    record = data.draw(st.sampled_from(content[table]))
    record[name] = data.draw(JSON_VALUE)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.json"
        path.write_text(json.dumps(content), "utf-8")
        assert_read_or_refused(path)


def test_every_kind_of_column_is_exercised() -> None:
    """The starter instance has a value for every kind of cell, so that trips mean something."""
    kinds = {one.kind for table in (*TABLES, *HEAD) for one in columns(table).values()}
    assert kinds == set(Kind)
