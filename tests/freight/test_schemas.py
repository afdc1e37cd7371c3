"""The published JSON Schemas are current, well formed, and say no where they should."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from freight.billing import bills
from freight.domain.instance import Instance
from freight.report import load
from freight.schemas import DIALECT, SCHEMAS, faults, published, text
from tests.freight import bill_cases as case


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_files_are_current(name: str) -> None:
    """Each file is what ``python -m freight.schemas`` writes now."""
    found = (files("freight.schemas") / f"{name}.json").read_text(encoding="utf-8")
    assert found == text(name), "Run python -m freight.schemas and commit the result."


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_well_formed(name: str) -> None:
    """Draft 2020-12, with an id of their own and closed objects."""
    schema = published(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT
    assert schema["$id"] == f"urn:freight:schema:{name}:1"
    assert schema["additionalProperties"] is False


def test_unknown_schema() -> None:
    """A name without a schema is a KeyError."""
    with pytest.raises(KeyError, match="waybill"):
        published("waybill")


def test_plan_and_instance_are_valid_by_their_schemas() -> None:
    """What the program writes passes, and an instance read back is the same."""
    one = case.shipment("S1", "CSX_P", "DUI_T")
    home = case.instance(one)
    plan = case.plan(home, [case.itinerary(one, case.rail_water_steps())])
    written = json.loads(home.model_dump_json())
    assert list(faults(written, "instance")) == []
    assert list(faults(json.loads(plan.model_dump_json()), "plan")) == []
    assert Instance.model_validate(written) == home


def test_books_are_valid_by_their_schema() -> None:
    """One bill is an object of bill.json, several one of bills.json."""
    some = [case.shipment(key, "CSX_P", "DUI_T") for key in ("S1", "S2")]
    home = case.instance(*some)
    found = bills(home, case.plan(home, [case.itinerary(s, case.rail_water_steps()) for s in some]))
    write = load("bill-json")
    assert list(faults(json.loads(write(found)), "bills")) == []
    assert list(faults(json.loads(write(found[:1])), "bill")) == []


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("number", "123", r"\$\.number: '123' does not match .*"),
        ("teu", "many", r"\$\.teu: 'many' is not of type 'integer'\."),
        (
            "colour",
            "red",
            r"\$: Additional properties are not allowed \('colour' was unexpected\)\.",
        ),
        ("parts", [], r"\$\.parts: \[\] should be non-empty\."),
    ],
)
def test_a_wrong_bill_is_refused_with_its_place(field: str, value: object, message: str) -> None:
    """The sentence names the path and the value."""
    one = case.shipment("S1", "CSX_P", "DUI_T")
    home = case.instance(one)
    plan = case.plan(home, [case.itinerary(one, case.rail_water_steps())])
    data = json.loads(bills(home, plan)[0].model_dump_json()) | {field: value}
    (fault,) = faults(data, "bill")
    assert re.fullmatch(message, fault), fault


def test_units_stand_in_the_schema() -> None:
    """Quantities carry their unit, so that a reader of the schema need not guess."""
    shipment = published("instance")["$defs"]["Shipment"]["properties"]
    assert shipment["teu"]["unit"] == "TEU"
    assert shipment["gross_tonnes"]["unit"] == "t"
