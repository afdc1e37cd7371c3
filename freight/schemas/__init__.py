"""Published JSON Schemas (draft 2020-12) of the files this program reads and writes.

They are generated from the records in ``freight.domain`` by ``python -m freight.schemas`` and stand
beside this module, in the wheel too. The instance's schema says what may be written into an
``instance.json``; those of plan, bill and bills say what the program writes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, NamedTuple

from jsonschema import Draft202012Validator
from pydantic import BaseModel

from freight.domain.bill import Bill, BillBook
from freight.domain.instance import Instance
from freight.domain.plan import Plan

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Source(NamedTuple):
    """The record that a schema is generated from, and whether it describes what is read."""

    record: type[BaseModel]
    mode: Literal["validation", "serialization"]


SCHEMAS: Final[Mapping[str, Source]] = {
    "instance": Source(Instance, "validation"),
    "plan": Source(Plan, "serialization"),
    "bill": Source(Bill, "serialization"),
    "bills": Source(BillBook, "serialization"),
}


def generated(name: str) -> dict[str, Any]:
    """A schema as the records now define it; raises KeyError for a name without one."""
    source = SCHEMAS[name]
    body = source.record.model_json_schema(mode=source.mode)
    return {"$schema": DIALECT, "$id": f"urn:freight:schema:{name}:1", **body}


def text(name: str) -> str:
    """The generated schema as it stands in its file."""
    return json.dumps(generated(name), indent=1, ensure_ascii=False) + "\n"


def published(name: str) -> dict[str, Any]:
    """A schema as shipped; raises KeyError for a name without one."""
    if name not in SCHEMAS:
        raise KeyError(name)
    found: dict[str, Any] = json.loads(
        (files(__name__) / f"{name}.json").read_text(encoding="utf-8")
    )
    return found


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(published(name))


def faults(document: object, name: str) -> Iterator[str]:
    """Where a JSON document departs from a published schema, one sentence each, in its order."""
    for error in sorted(_validator(name).iter_errors(document), key=lambda one: one.json_path):
        yield f"{error.json_path}: {error.message}."
