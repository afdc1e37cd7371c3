"""Plans: solve, show, audit, compare."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from freight.commands import options as flags
from freight.commands.screen import as_json as print_json
from freight.commands.screen import counted, lines, raw_json, say, tell, view
from freight.commands.watching import read_watched, watched
from freight.errors import InstanceError
from freight.requests.planning import PlanRequest
from freight.requests.showing import ShowRequest

if TYPE_CHECKING:
    from freight.domain.instance import Instance
    from freight.domain.plan import Plan


@flags.command
@flags.INSTANCE
@flags.output("Where the plan is written.", flags.DEFAULT_PLAN)
@click.option(
    "-m", "--method", default="auto", help="See `freight solvers`; auto chooses and says why."
)
@click.option("-b", "--backend", default="highs", help="Engine for linear and integer programs.")
@flags.time_limit(120.0, "Seconds; the best plan found so far is kept.")
@flags.gap(0.001, "Stop when proved this close to the best.")
@flags.seed()
@flags.threads()
@flags.FORCE
@flags.json_flag("The whole plan as JSON on stdout.")
@flags.fills(PlanRequest)
def solve(request: PlanRequest, instance: str, output: Path, force: bool, as_json: bool) -> None:
    r"""Plan an instance: departures, itineraries, cost, and a proof of how good they are.

    Ctrl-C ends early with the best plan so far; a second one gives up.

    \b
    freight solve yangtze-europe
    freight solve my-region -o monday.json --gap 0.002 --time-limit 600
    freight solve book.xlsx --method arc-mip --backend cbc
    """
    from freight.io import find
    from freight.io.files import unused
    from freight.io.places import check_file
    from freight.io.plan_file import write_plan
    from freight.report.console import plan_view

    check_file(output, force=force, reads=[find(instance)])
    with watched(f"reading {instance}", "the best plan so far") as watcher:
        sound = read_watched(instance, watcher)
        from freight.planning import plan_as_asked

        plan = plan_as_asked(sound, request, watcher)
        watcher.began("writing the plan")
        # What came there while it was solving is kept, and so is the plan.
        place = output if force else unused(output)
        write_plan(plan, place, force=force)
    if as_json:
        raw_json(plan.model_dump_json())
        return
    view(plan_view(plan, instance=sound))
    say(f"Plan written to {place}.")


@flags.command
@flags.PLAN
@click.option("-s", "--shipment", help="Show one shipment step by step.")
@click.option("-d", "--departure", help="Show the loading list of one departure.")
@flags.HOME
@flags.everything("Every row of every table, not just the first ones.")
@flags.json_flag("Totals and proof, or the loading list, as JSON on stdout.")
@flags.fills(ShowRequest)
def show(request: ShowRequest, plan: Path, instance: str | None, as_json: bool) -> None:
    r"""Show a plan, one shipment of it, or what one departure loads.

    \b
    freight show plan.json
    freight show plan.json --shipment WUH-0042
    freight show plan.json --departure WUH-DUI@2027-03-06T08:00
    """
    from freight.io.plan_file import held_by, read_plan
    from freight.report.showing import show_part, show_rows, show_whole

    read = read_plan(plan)
    if request.part:
        home = held_by(read, plan, instance)
        if as_json:
            print_json(show_rows(read, home, request))
        else:
            view(show_part(read, home, request))
        return
    home_or_none = _warn_unless_held(read, plan, instance)
    if as_json:
        print_json(_plan_head(read))
    else:
        view(show_whole(read, home_or_none, request))


def _plan_head(plan: Plan) -> object:
    long_parts = {"departures", "itineraries", "unserved"}
    return json.loads(plan.model_dump_json(exclude=long_parts))


def _warn_unless_held(plan: Plan, path: Path, name: str | None) -> Instance | None:
    """The plan's instance; None, said on stderr, when it cannot be checked or does not hold."""
    from freight.io.plan_file import held_by

    try:
        return held_by(plan, path, name)
    except InstanceError as error:
        for fault in error.faults:
            tell(str(fault), "Not checked:", "yellow")
        return None


@flags.command
@flags.INSTANCE
@flags.PLAN
@flags.json_flag("Findings as JSON on stdout.")
def audit(instance: str, plan: Path, as_json: bool) -> None:
    r"""Recompute feasibility and cost of a plan from its instance and name what is broken.

    Exit code 0: the plan holds; 1: it does not.

    \b
    freight audit yangtze-europe plan.json
    """
    from freight.io import read
    from freight.io.plan_file import read_plan
    from freight.model.audit import audit as run_audit

    home, checked = read(instance), read_plan(plan)
    findings = [str(finding) for finding in run_audit(home, checked)]
    if as_json:
        print_json({"holds": not findings, "findings": findings})
    elif findings:
        lines(findings, "Broken:", "red")
        say(f"{counted(len(findings), 'finding')}: this plan does not hold.")
        if checked.instance_digest != home.digest:
            say("It was made for another state of the instance: name that one, for a plan of "
                "a study the file beside it.")  # fmt: skip
    else:
        sizes = f"{len(checked.itineraries):,} itineraries, {len(checked.departures):,} departures"
        say(f"The plan holds: {sizes} and {checked.cost:,.2f} {checked.currency} recomputed.")
    sys.exit(1 if findings else 0)


@flags.command
@flags.PLANS
@click.option("-i", "--instance", help="The plans' instance, where it is not found by its name.")
@flags.everything("Every change, not just the first ones.")
@flags.json_flag()
def compare(plans: tuple[Path, ...], instance: str | None, everything: bool, as_json: bool) -> None:
    r"""Compare plans with the first one: what changes in cost, departures and shipments.

    \b
    freight compare monday.json tuesday.json
    freight compare study/standalone.plan.json study/joint.plan.json --all
    """
    from freight.consolidation import compare
    from freight.consolidation.difference import labels
    from freight.io.plan_file import read_plan
    from freight.report.comparison_view import comparison_view

    read = [read_plan(path) for path in plans]
    for plan, path in zip(read, plans, strict=True):
        _warn_unless_held(plan, path, instance)
    comparison = compare(dict(zip(labels(plans), read, strict=True)))
    if as_json:
        raw_json(comparison.model_dump_json())
    else:
        view(comparison_view(comparison, None) if everything else comparison_view(comparison))
