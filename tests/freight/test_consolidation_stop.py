"""Stopping a study: what has a plan is kept, what has none is named, and nothing is made up."""

from __future__ import annotations

import time
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from freight.consolidation import Study, consolidate, write_agreed, write_study
from freight.consolidation import agenda as module
from freight.consolidation.agenda import Agenda, Job, Slot
from freight.domain.instance import Instance
from freight.errors import NoSolution
from freight.io import read
from freight.io.plan_file import read_plan
from freight.model.audit import audit
from solvers.options import Cancel

FIRST = "hub: "


@pytest.fixture(scope="module")
def tiny() -> Instance:
    """Two cities, four shipments."""
    return read("tiny")


def stopped_at(line: str, workers: int = 1) -> Study:
    """A study that is cancelled when it says something that begins with ``line``."""
    cancel = Cancel()

    def hear(told: str) -> None:
        if told.startswith(line):
            cancel.set()

    return Study(seconds=120.0, gap=0.0, workers=workers, cancel=cancel, hear=hear)


@pytest.mark.parametrize("workers", [1, 2])
def test_plans_found_before_the_stop_are_kept(tiny: Instance, workers: int, tmp_path: Path) -> None:
    """The plan in hand is reported, written and holds; there is no game and so no agreement."""
    found = consolidate(tiny, stopped_at(FIRST, workers))
    assert 1 <= len(found.plans) < 5
    assert set(found.plans) == {one.policy.id for one in found.report.policies}
    hub = next(one for one in found.report.policies if one.policy.id == "hub")
    assert hub.figures.objective == pytest.approx(71_729.20, abs=0.005)
    assert found.report.remark.startswith("The study was stopped early.")
    missing = {"standalone", "joint", "hub", "pickup", "free"} - set(found.plans)
    assert all(f"No plan of {one}." in found.report.remark for one in missing)
    assert found.report.game is None
    assert found.report.sampled is None
    for name, one in found.plans.items():
        assert audit(found.instances[name], one) == []
    write_study(found, tmp_path)
    assert read_plan(tmp_path / "hub.plan.json") == found.plans["hub"]
    with pytest.raises(NoSolution, match="stopped before"):
        write_agreed(found, tmp_path, "shapley")


def test_a_stop_before_any_plan_is_an_answer(tiny: Instance) -> None:
    """Cancelled before it begins, a study says that it has nothing."""
    study = stopped_at("nothing")
    study.cancel.set()
    with pytest.raises(NoSolution, match="stopped before any policy had a plan"):
        consolidate(tiny, study)


def test_a_stop_after_all_coalitions_keeps_all(tiny: Instance) -> None:
    """With the last coalition of a study known, only the sharing is left; nothing is lost."""
    last = ["standalone", "joint", "hub", "pickup", "free", "wuhan", "changsha"]
    cancel, heard = Cancel(), set()

    def hear(told: str) -> None:
        heard.add(told.split(":", maxsplit=1)[0])
        if heard.issuperset(last):
            cancel.set()

    found = consolidate(tiny, replace(stopped_at("nothing"), cancel=cancel, hear=hear))
    assert cancel.raised
    assert set(found.plans) == {"standalone", "joint", "hub", "pickup", "free"}
    assert found.report.remark.startswith("The study was stopped early.")


def test_what_runs_elsewhere_is_given_up_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that hears no stop does not hold the agenda; what waits for it never begins."""
    monkeypatch.setattr(module, "GRACE_SECONDS", 0.2)
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.05)
    begun, stop = [], Event()
    ended: list[Job] = []

    def begin(job: Job, _: Slot) -> Future[int]:
        begun.append(job.key)
        stop.set()
        return Future()

    def take(job: Job, _: int) -> None:
        ended.append(job)

    jobs = [Job("long", 1.0), Job("next", 1.0, frozenset(["long"]))]
    Agenda(time.perf_counter() + 60.0, 1, begin, take, stop.is_set).carry_out(jobs)
    assert (begun, ended) == (["long"], [])
