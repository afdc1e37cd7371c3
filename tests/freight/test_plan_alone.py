"""A plan is read without any other file, and says when its instance has changed since."""

from __future__ import annotations

import json
import shutil
import zlib
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

import freight as freight_module
from freight import billing
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.domain.snapshot import MOST_BYTES, InstanceSnapshot
from freight.errors import InstanceError
from freight.io import read, write
from freight.io.plan_file import changed_since, held_by, instance_of, read_plan, write_plan
from freight.model.audit import audit
from freight.planning import plan as make_plan
from tests.command import freight

FORMS = ("hunan", "hunan.xlsx", "hunan.json")


@cache
def tiny() -> tuple[Instance, Plan]:
    """The hand-solved instance and its plan."""
    instance = read("tiny")
    return instance, make_plan(instance, "arc-mip")


def renamed() -> Instance:
    """An instance of a name that is not shipped."""
    instance = read("tiny")
    statement = instance.statement.model_copy(update={"name": "hunan"})
    return instance.model_copy(update={"statement": statement})


def edited(instance: Instance) -> Instance:
    """The same with one shipment more valuable."""
    first, *others = instance.shipments
    dearer = first.model_copy(update={"value": first.value + 1})
    return instance.model_copy(update={"shipments": (dearer, *others)})


def planned_from(place: Path) -> Path:
    """A plan of the instance at a place, written beside it."""
    path = place.with_name("monday.json")
    write_plan(make_plan(read(place), "arc-mip"), path)
    return path


def remove(place: Path) -> None:
    """A file or a folder."""
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink()


@pytest.mark.parametrize("form", FORMS)
def test_a_plan_carries_its_instance_wherever_it_lies(form: str, tmp_path: Path) -> None:
    """With the instance gone and the plan elsewhere it gives the instance and all its bills."""
    write(renamed(), tmp_path / form)
    path = planned_from(tmp_path / form)
    remove(tmp_path / form)
    (tmp_path / "away").mkdir()
    moved = path.rename(tmp_path / "away" / "m.json")
    plan = read_plan(moved)
    home = instance_of(plan, moved)
    assert home == renamed()
    assert home.digest == plan.instance_digest
    assert len(billing.bills(held_by(plan, moved), plan)) == len(home.shipments)
    assert changed_since(plan, moved) is None


@pytest.mark.parametrize("form", FORMS)
def test_a_changed_instance_is_told_and_the_plan_keeps_its_own(form: str, tmp_path: Path) -> None:
    """Tuesday's data in the workbook leave Monday's plan as it was; one sentence says so."""
    write(renamed(), tmp_path / form)
    path = planned_from(tmp_path / form)
    plan = read_plan(path)
    assert plan.source is not None
    assert plan.source.given == str(tmp_path / form)
    assert changed_since(plan, path) is None
    write(edited(renamed()), tmp_path / form, force=True)
    assert instance_of(plan, path) == renamed()
    said = changed_since(plan, path)
    assert said is not None
    assert f"{tmp_path / form} has changed since this plan was made" in said


def test_the_changed_instance_is_found_beside_a_plan_that_was_moved_with_it(
    tmp_path: Path,
) -> None:
    """A folder of work given another name is still one folder of work."""
    (tmp_path / "old").mkdir()
    write(renamed(), tmp_path / "old" / "hunan.xlsx")
    planned_from(tmp_path / "old" / "hunan.xlsx")
    (tmp_path / "old").rename(tmp_path / "new")
    write(edited(renamed()), tmp_path / "new" / "hunan.xlsx", force=True)
    path = tmp_path / "new" / "monday.json"
    said = changed_since(read_plan(path), path)
    assert said is not None
    assert str(tmp_path / "new" / "hunan.xlsx") in said


def test_the_same_data_written_anew_are_no_change(tmp_path: Path) -> None:
    """Another order of keys in the file is no other instance."""
    place = tmp_path / "hunan.json"
    write(renamed(), place)
    path = planned_from(place)
    place.write_text(json.dumps(json.loads(place.read_text()), sort_keys=True, indent=3))
    assert changed_since(read_plan(path), path) is None


def test_a_file_spoiled_since_is_a_change(tmp_path: Path) -> None:
    """Half a workbook does not stop the plan."""
    place = tmp_path / "hunan.xlsx"
    write(renamed(), place)
    path = planned_from(place)
    place.write_bytes(place.read_bytes()[:2000])
    plan = read_plan(path)
    assert instance_of(plan, path) == renamed()
    assert changed_since(plan, path) is not None


@pytest.mark.parametrize("form", FORMS)
def test_a_plan_of_an_earlier_version_finds_its_instance_beside_it(
    form: str, tmp_path: Path
) -> None:
    """As a folder, a workbook or a JSON document by the name that the plan gives."""
    write(renamed(), tmp_path / form)
    path = without_snapshot(planned_from(tmp_path / form))
    assert instance_of(read_plan(path), path) == renamed()
    write(edited(renamed()), tmp_path / form, force=True)
    with pytest.raises(InstanceError, match="was made for another state of instance 'hunan'"):
        instance_of(read_plan(path), path)
    remove(tmp_path / form)
    with pytest.raises(InstanceError, match="carries no instance, and 'hunan' lies neither beside"):
        instance_of(read_plan(path), path)


def test_a_stale_folder_does_not_hide_the_right_workbook(tmp_path: Path) -> None:
    """Of several places the one with the right digest is taken."""
    write(renamed(), tmp_path / "hunan.xlsx")
    path = without_snapshot(planned_from(tmp_path / "hunan.xlsx"))
    write(edited(renamed()), tmp_path / "hunan", force=True)
    assert instance_of(read_plan(path), path) == renamed()


def without_snapshot(path: Path) -> Path:
    """The plan as an earlier version wrote it."""
    data = json.loads(path.read_text(encoding="utf-8"))
    for name in ("source", "snapshot"):
        del data[name]
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_another_instance_named_is_refused_with_the_way_out(tmp_path: Path) -> None:
    """The plan carries the right one."""
    path = tmp_path / "p.json"
    write_plan(tiny()[1], path)
    write(edited(tiny()[0]), tmp_path / "other.json")
    with pytest.raises(InstanceError, match="Leave --instance out: the plan carries"):
        instance_of(tiny()[1], path, str(tmp_path / "other.json"))


def packed(document: bytes, size: int | None = None) -> InstanceSnapshot:
    """Any bytes as a snapshot."""
    data = b64encode(zlib.compress(document)).decode("ascii")
    return InstanceSnapshot(size=len(document) if size is None else size, data=data)


def spoiled() -> dict[str, tuple[InstanceSnapshot, str]]:
    """Snapshots that are none, with words of the fault."""
    kept = tiny()[1].snapshot
    assert kept is not None
    stretched = InstanceSnapshot(size=MOST_BYTES, data=kept.data)
    cut = InstanceSnapshot(size=kept.size, data=kept.data[: len(kept.data) // 8 * 4])
    trailing = packed(b"{}")
    return {
        "another": (packed(edited(tiny()[0]).canonical()), "is not the one that the plan"),
        "base64": (InstanceSnapshot(size=kept.size, data="§§§§"), "is not written in base64"),
        "no zlib": (InstanceSnapshot(size=2, data="AAAA"), "cannot be unpacked"),
        "bomb": (packed(b" " * 10_000_000), "claims to unpack to 10,000,000 bytes"),
        "understated": (packed(b" " * 1000, 10), "does not unpack to the 10 bytes"),
        "overstated": (packed(b"{}" * 9, 19), "does not unpack to the 19 bytes"),
        "stretched": (stretched, "claims to unpack to"),
        "cut": (cut, "does not unpack to the"),
        "trailing": (
            trailing.model_copy(update={"data": b64encode(zlib.compress(b"{}") + b"x").decode()}),
            "does not unpack to the 2 bytes",
        ),
    }


@pytest.mark.parametrize("kind", spoiled())
def test_a_snapshot_that_was_tampered_with_is_found(kind: str, tmp_path: Path) -> None:
    """By whoever reads the instance from it, and by the audit against the true instance."""
    snapshot, words = spoiled()[kind]
    plan = tiny()[1].model_copy(update={"snapshot": snapshot})
    with pytest.raises(InstanceError, match=words):
        instance_of(plan, tmp_path / "p.json")
    assert [one for one in audit(tiny()[0], plan) if one.code == "snapshot"]


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b"[]", "has 1 faults"),
        (b'{"statement": "\\ud800"}', "faults"),
        (json.dumps(json.loads(tiny()[0].canonical()) | {"stops": []}).encode(), "is not sound"),
    ],
)
def test_a_snapshot_with_its_digest_made_anew_must_still_be_an_instance(
    document: bytes, words: str, tmp_path: Path
) -> None:
    """What names unknown things or lacks tables is one fault."""
    digest = sha256(document).hexdigest()
    plan = tiny()[1].model_copy(update={"snapshot": packed(document), "instance_digest": digest})
    with pytest.raises(InstanceError, match=words):
        instance_of(plan, tmp_path / "p.json")


def test_bills_do_not_depend_on_where_the_instance_lay(tmp_path: Path) -> None:
    """The digest of the plan on a bill leaves out source and snapshot: old bills still verify."""
    instance, plan = tiny()
    bare = plan.model_copy(update={"source": None, "snapshot": None})
    assert billing.bills(instance, plan) == billing.bills(instance, bare)
    assert instance_of(plan, tmp_path / "p.json").source == instance.source


def test_commands_work_on_a_plan_alone(tmp_path: Path) -> None:
    """Show, bill, export, compare and report need no other file."""
    write(renamed(), tmp_path / "hunan.xlsx")
    path = planned_from(tmp_path / "hunan.xlsx")
    (tmp_path / "hunan.xlsx").unlink()
    for words in (
        ("show", path, "--shipment", "S1"),
        ("bill", path, "--all", "-o", tmp_path / "bills.json"),
        ("bill", path, "--verify", tmp_path / "bills.json"),
        ("export", path, tmp_path / "tables", "--format", "csv"),
        ("compare", path, path),
        ("report", path, "-o", tmp_path / "report.html"),
    ):
        assert "Not checked" not in freight(*words, cwd=tmp_path).stderr


def test_a_command_tells_of_the_change_and_audits_by_the_plans_own_instance(
    tmp_path: Path,
) -> None:
    """One line on stderr; against the workbook of today the audit names a few findings."""
    write(renamed(), tmp_path / "hunan.xlsx")
    path = planned_from(tmp_path / "hunan.xlsx")
    assert "Note:" not in freight("show", path).stderr
    write(edited(renamed()), tmp_path / "hunan.xlsx", force=True)
    for words in (
        ("show", path),
        ("audit", path),
        ("bill", path, "--all"),
        ("compare", path, path),
    ):
        told = freight(*words).stderr
        assert "hunan.xlsx has changed since this plan was made" in told, words
    alone = freight("audit", path)
    assert (
        "The plan holds: 4 itineraries, 5 departures and 71,729.20 USD recomputed." in alone.stdout
    )
    assert "That no plan costs less than 71,729.20 USD was proved by arc-mip" in alone.stdout
    against = freight("audit", tmp_path / "hunan.xlsx", path, code=1).stdout
    assert "instance_digest is" in against
    assert f"As it was made, it is audited by: freight audit {path}" in against


def test_an_audit_by_an_instance_of_another_name_is_one_fault(tmp_path: Path) -> None:
    """Not a finding for each of a thousand departures."""
    path = tmp_path / "plan.json"
    write_plan(tiny()[1], path)
    told = freight("audit", "yangtze-europe", path, code=2).stderr
    assert "is a plan of instance 'tiny', not of 'yangtze-europe'." in told
    assert len(told.splitlines()) == 2


def test_an_audit_shows_the_first_findings_and_counts_the_rest(tmp_path: Path) -> None:
    """All of them on request."""
    plan = tiny()[1]
    spoiled = tuple(
        one.model_copy(update={"legs": tuple(
            leg.model_copy(update={"teu": leg.teu + 1, "tonnes": leg.tonnes + 1,
                                   "capacity_teu": 1.0, "capacity_tonnes": 1.0})
            for leg in one.legs
        )})
        for one in plan.departures
    )  # fmt: skip
    path = tmp_path / "plan.json"
    write_plan(plan.model_copy(update={"departures": spoiled}), path)
    short = freight("audit", "tiny", path, code=1).stdout
    count = int(short.splitlines()[-1].split()[0])
    assert short.count("Broken:") == 20
    assert f"{count} findings: this plan does not hold. {count - 20} more with --all." in short
    assert freight("audit", "tiny", path, "--all", code=1).stdout.count("Broken:") == count


def test_the_python_verbs_read_a_plan_with_its_instance(tmp_path: Path) -> None:
    """``freight.instance_of`` needs nothing but the plan, and ``dir`` names what there is."""
    freight_module.write_plan(tiny()[1], tmp_path / "plan.json")
    plan = freight_module.read_plan(tmp_path / "plan.json")
    assert freight_module.instance_of(plan) == tiny()[0]
    assert {"read", "plan", "instance_of", "bills", "Terms"} <= set(dir(freight_module))


def test_instances_keep_the_digest_that_plans_of_earlier_versions_name() -> None:
    """A column that is added and empty is no part of it, so that those plans still belong."""
    assert read("tiny").digest == "60db37eaf0cc179efa142424af019334c520d3b6b56c56094bc28e4c6f3528f6"
