"""Plans as files: ``plan.json``, written whole or not at all."""

from __future__ import annotations

import json
import re
from pathlib import Path

from pydantic import ValidationError

from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.errors import Fault, InstanceError
from freight.io.files import write_bytes, write_text
from freight.io.places import check_file
from freight.io.reading import read
from freight.io.writing import there

__all__ = ["check_place", "held_by", "instance_of", "plan_text", "read_plan", "write_bytes",
           "write_plan", "write_text"]  # fmt: skip

check_place = check_file

MOST_FAULTS = 50
PLAN_SUFFIX = ".plan.json"
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""A name that cannot lead out of a folder."""


def write_plan(plan: Plan, path: Path, *, force: bool = False) -> None:
    """Write a plan as JSON in UTF-8; amounts are strings so that no cent is lost."""
    write_text(path, plan_text(plan), force=force)


def plan_text(plan: Plan) -> str:
    """A plan as the text of its file."""
    return plan.model_dump_json(indent=1) + "\n"


def read_plan(path: Path) -> Plan:
    """Read a plan; raises InstanceError naming every field that is not as it should be."""
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        fault = Fault(str(path), None, None, f"cannot be read ({error.strerror}).")
        raise InstanceError([fault]) from error
    except UnicodeDecodeError as error:
        raise InstanceError([Fault(str(path), None, None, "is not UTF-8 text.")]) from error
    except json.JSONDecodeError as error:
        what = f"is not JSON ({error.msg}, column {error.colno})."
        raise InstanceError([Fault(str(path), error.lineno, None, what)]) from error
    except (RecursionError, ValueError) as error:
        what = "is not JSON that can be read: it nests too deep or has endless numbers."
        raise InstanceError([Fault(str(path), None, None, what)]) from error
    try:
        return Plan.model_validate(data)
    except ValidationError as error:
        raise InstanceError(_faults(path, error)) from error


def _faults(path: Path, error: ValidationError) -> list[Fault]:
    found = []
    for one in error.errors(include_url=False)[:MOST_FAULTS]:
        place = ".".join(str(part) for part in one["loc"]) or None
        value = repr(one["input"])
        shown = value if len(value) <= 60 else value[:57] + "..."
        what = f"{one['msg'].rstrip('.')} (found {shown})."
        found.append(Fault(str(path), None, place, what, "Is it a plan written by freight solve?"))
    return found


def instance_of(plan: Plan, path: Path, name: str | None = None) -> Instance:
    """The instance that a plan was made for, checked by digest.

    Looked for under ``name`` when given; else beside the plan, ``X.json`` for ``X.plan.json``, or
    by the name that the plan carries, in the current folder and among the shipped instances.
    Raises InstanceError.
    """
    if not name and not PLAIN_NAME.fullmatch(plan.instance):
        what = f"'{plan.instance}' is not the name of an instance."
        remedy = "Name the instance with --instance, or solve again."
        raise InstanceError([Fault(str(path), None, "instance", what, remedy)])
    if name is None and (twin := _twin(plan, path)) is not None:
        return twin
    beside = [path.parent / plan.instance, Path(plan.instance)]
    places = (
        [name] if name else [str(p) for p in beside if there(p) and p.is_dir()] + [plan.instance]
    )
    instance = read(places[0])
    if instance.digest == plan.instance_digest:
        return instance
    what = f"was made for another state of instance '{plan.instance}' than '{places[0]}' now has."
    remedy = "Name the right one with --instance, or solve again."
    raise InstanceError([Fault(str(path), None, "instance_digest", what, remedy)])


def _twin(plan: Plan, path: Path) -> Instance | None:
    """The instance in ``X.json`` beside ``X.plan.json``; None where there is no such one."""
    if not path.name.endswith(PLAN_SUFFIX):
        return None
    place = path.with_name(f"{path.name.removesuffix(PLAN_SUFFIX)}.json")
    if not there(place):
        return None
    try:
        found = read(str(place))
    except InstanceError:
        return None
    return found if found.digest == plan.instance_digest else None


def held_by(plan: Plan, path: Path, name: str | None = None) -> Instance:
    """The instance that a plan was made for and holds in; found as by :func:`instance_of`.

    Raises InstanceError with the first finding of the audit where it does not hold.
    """
    from freight.model.audit import audit

    home = instance_of(plan, path, name)
    broken = audit(home, plan)
    if broken:
        remedy = "See all that is broken with freight audit, or solve again."
        raise InstanceError([Fault(str(path), None, None, f"does not hold: {broken[0]}", remedy)])
    return home
