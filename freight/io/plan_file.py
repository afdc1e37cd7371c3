"""Plans as files: ``plan.json``, written whole or not at all."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from freight.domain.digest import sha256_of
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.domain.snapshot import InstanceSnapshot
from freight.errors import Fault, InstanceError
from freight.io.files import write_text
from freight.io.finding import there
from freight.io.origin import change_sentence, changed_place
from freight.io.reading import read
from freight.io.strict_json import TwiceError, read_strict
from freight.telling import telling

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
        data = read_strict(path)
    except TwiceError as error:
        raise InstanceError([Fault(str(path), None, None, str(error), "Keep one.")]) from error
    try:
        return Plan.model_validate(data)
    except ValidationError as error:
        raise InstanceError(_faults(path, error)) from error


def _faults(path: Path, error: ValidationError) -> list[Fault]:
    faults = []
    for detail in error.errors(include_url=False)[:MOST_FAULTS]:
        place = ".".join(str(part) for part in detail["loc"]) or None
        shown = reprlib.repr(detail["input"])[:60]
        what = f"{detail['msg'].rstrip('.')} (found {shown})."
        remedy = "Is it a plan written by freight solve?"
        faults.append(Fault(str(path), None, place, what, remedy))
    return faults


def instance_of(plan: Plan, path: Path = Path("plan.json"), name: str | None = None) -> Instance:
    """The instance that a plan was made for, checked by digest.

    ``path`` is where the plan lies: a plan in memory lies in the current folder.

    It is the one that the plan carries. A plan of an earlier version carries none: its instance is
    looked for beside the plan and in the current folder, by the name that the plan gives, as a
    folder, a workbook or a JSON document (``X.json`` for ``X.plan.json``), then among the shipped
    ones. With ``name``, that instance is taken. Raises InstanceError.
    """
    if name is not None:
        return _checked(plan, path, name)
    if plan.snapshot is not None:
        return _carried(plan, plan.snapshot, path)
    return _looked_for(plan, path)


def _read(name: Path | str) -> Instance:
    """An instance whose guesses were told when it was planned."""
    with telling(None):
        return read(name)


def _checked(plan: Plan, path: Path, name: str) -> Instance:
    """A named instance, if it is the plan's own."""
    instance = _read(name)
    if instance.digest == plan.instance_digest:
        return instance
    what = f"was made for another state of instance '{plan.instance}' than '{name}' now has."
    remedy = "Name the right one with --instance, or solve again."
    if plan.snapshot is not None:
        remedy = "Leave --instance out: the plan carries the instance that it was made for."
    raise InstanceError([Fault(str(path), None, "instance_digest", what, remedy)])


def _carried(plan: Plan, snapshot: InstanceSnapshot, path: Path) -> Instance:
    """The instance in the plan itself; raises InstanceError where it is not what it should be."""
    from freight.domain.checks import check

    def fault(what: str) -> InstanceError:
        remedy = "Name the instance with --instance, or solve again."
        return InstanceError([Fault(str(path), None, "snapshot", what, remedy)])

    try:
        document = snapshot.document()
    except ValueError as error:
        raise fault(f"The instance in the plan {error}.") from error
    if sha256_of(document) != plan.instance_digest:
        raise fault("The instance in the plan is not the one that the plan was made for.")
    try:
        instance = Instance.model_validate_json(document)
    except ValidationError as error:
        what = f"The instance in the plan has {error.error_count()} faults."
        raise fault(what) from error
    wrong = check(instance, magnitudes=False)
    if wrong:
        raise fault(f"The instance in the plan is not sound: {wrong[0]}")
    if plan.source is not None:
        instance.mark_source(plan.source)
    return instance


def _looked_for(plan: Plan, path: Path) -> Instance:
    """The instance of a plan that carries none, from where it may lie."""
    if not PLAIN_NAME.fullmatch(plan.instance):
        what = f"'{plan.instance}' is not the name of an instance."
        remedy = "Name the instance with --instance, or solve again."
        raise InstanceError([Fault(str(path), None, "instance", what, remedy)])
    refused: InstanceError | None = None
    for place in (one for one in _places(plan, path) if there(one)):
        try:
            return _checked(plan, path, str(place))
        except InstanceError as error:
            refused = refused or error
    if refused is not None:
        raise refused
    try:
        _read(plan.instance)
    except InstanceError as error:
        what = f"carries no instance, and '{plan.instance}' lies neither beside it nor here."
        remedy = "Name the instance with --instance."
        raise InstanceError([Fault(str(path), None, "instance", what, remedy)]) from error
    return _checked(plan, path, plan.instance)


def _places(plan: Plan, path: Path) -> Iterator[Path]:
    """Where the instance of a plan that carries none may lie."""
    if path.name.endswith(PLAN_SUFFIX):
        yield path.with_name(f"{path.name.removesuffix(PLAN_SUFFIX)}.json")
    for folder in dict.fromkeys((path.parent, Path())):
        for suffix in ("", ".xlsx", ".json"):
            place = folder / f"{plan.instance}{suffix}"
            if place.resolve() != path.resolve():
                yield place


def changed_since(plan: Plan, path: Path) -> str | None:
    """A sentence where the files that a plan's instance was read from are no longer as they were.

    None where they are unchanged or gone, or hold the same data in another form.
    """
    if plan.source is None or plan.snapshot is None:
        return None
    place = changed_place(plan.source, path.parent)
    if place is None:
        return None
    try:
        if _read(place).digest == plan.instance_digest:
            return None
    except InstanceError:
        pass
    return change_sentence(plan.source, place)


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
