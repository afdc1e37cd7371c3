"""Plans: solve, show, compare."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from freight.commands import options as flags
from freight.commands.opening import looked_at, opened
from freight.commands.screen import as_json as print_json
from freight.commands.screen import raw_json, say, tell, view
from freight.commands.watching import read_watched, watched
from freight.requests.planning import PlanRequest
from freight.requests.showing import ShowRequest

if TYPE_CHECKING:
    from freight.domain.plan import Plan


@flags.command
@flags.INSTANCE
@flags.output("File for the plan.", flags.DEFAULT_PLAN)
@click.option(
    "-m",
    "--method",
    default="auto",
    help="How to plan: see `freight solvers`; auto chooses and says why.",
)
@click.option(
    "-b",
    "--backend",
    default="highs",
    help="Solver for linear and integer programs: see `freight solvers`.",
)
@flags.time_limit(120.0, "Seconds; the best plan found so far is kept.")
@flags.gap(0.001, "Stop when proved this close to the best.")
@flags.seed()
@flags.threads()
@flags.FORCE
@flags.json_flag("The whole plan as JSON on stdout.")
@flags.fills(PlanRequest)
def solve(request: PlanRequest, instance: str, output: Path, force: bool, as_json: bool) -> None:
    r"""Plan an instance: departures, itineraries, cost, and a proof of how good they are.

    Ctrl-C, SIGTERM or SIGHUP end early with the best plan so far; a second one gives up.

    \b
    freight solve yangtze-europe
    freight solve my-region -o monday.json --gap 0.002 --time-limit 600
    freight solve book.xlsx --method arc-mip --backend cbc
    """
    from freight.domain.checks import doubts
    from freight.io import find
    from freight.io.files import unused
    from freight.io.places import check_file
    from freight.io.plan_file import write_plan
    from freight.report.console import plan_view, shortened

    check_file(output, force=force, reads=[find(instance)])
    with watched(f"reading {instance}", "the best plan so far") as watcher:
        sound = read_watched(instance, watcher)
        from freight.planning import plan_as_asked

        plan = plan_as_asked(sound, request, watcher)
        watcher.began("writing the plan")
        # What came there while it was solving is kept, and so is the plan.
        place = output if force else unused(output)
        write_plan(plan, place, force=force)
    for line in shortened(doubts(sound)):
        tell(line, "Note:", "yellow")
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
    from freight.report.showing import show_part, show_rows, show_whole

    if request.part:
        read, home = opened(plan, instance)
        if as_json:
            print_json(show_rows(read, home, request))
        else:
            view(show_part(read, home, request))
        return
    read, home_or_none = looked_at(plan, instance)
    if as_json:
        print_json(_plan_head(read))
    else:
        view(show_whole(read, home_or_none, request))


def _plan_head(plan: Plan) -> object:
    long_parts = {"departures", "itineraries", "unserved"}
    return json.loads(plan.model_dump_json(exclude=long_parts))


@flags.command
@flags.PLANS
@flags.HOME
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
    from freight.report.comparison_view import comparison_view

    read = [looked_at(path, instance)[0] for path in plans]
    comparison = compare(dict(zip(labels(plans), read, strict=True)))
    if as_json:
        raw_json(comparison.model_dump_json())
    else:
        view(comparison_view(comparison, None) if everything else comparison_view(comparison))
