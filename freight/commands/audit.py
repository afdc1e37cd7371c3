"""The audit: a plan recomputed from its instance."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from freight.commands import options as flags
from freight.commands.opening import tell_change
from freight.commands.screen import as_json as print_json
from freight.commands.screen import lines, say
from freight.domain.wording import counted
from freight.errors import InstanceError

if TYPE_CHECKING:
    from freight.domain.instance import Instance
    from freight.domain.plan import Plan

MOST_FINDINGS = 20
OTHER_STATE = (
    "It was made for another state of the instance. As it was made, it is audited by: "
    "freight audit {path}"
)


@flags.command
@flags.argument(
    "paths",
    "The plan; before it, if not the one that it carries, the instance to check it against.",
    nargs=-1,
    required=True,
    metavar="[INSTANCE] PLAN",
)
@flags.HOME
@flags.everything("Every finding, not just the first ones.")
@flags.json_flag("Findings as JSON on stdout.")
def audit(paths: tuple[str, ...], instance: str | None, everything: bool, as_json: bool) -> None:
    r"""Recompute feasibility and cost of a plan from its instance and name what is broken.

    The plan carries its instance; name another one to see whether the plan holds there.
    Exit code 0: the plan holds; 1: it does not.

    \b
    freight audit plan.json
    freight audit yangtze-europe plan.json
    """
    from freight.io.plan_file import read_plan
    from freight.model.audit import audit as run_audit
    from freight.model.audit import not_recomputed

    name, path = _audited(paths, instance)
    plan = read_plan(path)
    home = _home(plan, path, name)
    findings = [str(finding) for finding in run_audit(home, plan)]
    if as_json:
        taken = not_recomputed(plan)
        print_json({"holds": not findings, "findings": findings, "not_recomputed": taken})
    elif findings:
        shown = len(findings) if everything else MOST_FINDINGS
        lines(findings[:shown], "Broken:", "red")
        hidden = f" {len(findings) - shown:,} more with --all." if len(findings) > shown else ""
        say(f"{counted(len(findings), 'finding')}: this plan does not hold.{hidden}")
        if plan.instance_digest != home.digest:
            say(OTHER_STATE.format(path=path))
    else:
        _say_held(plan)
    sys.exit(1 if findings else 0)


def _say_held(plan: Plan) -> None:
    from freight.domain.money import shown
    from freight.model.audit import not_recomputed

    sizes = f"{len(plan.itineraries):,} itineraries, {len(plan.departures):,} departures"
    cost = f"{shown(plan.cost, plan.currency)} {plan.currency}"
    say(f"The plan holds: {sizes} and {cost} recomputed.")
    lines(not_recomputed(plan), "Not recomputed:", "dim")


def _audited(paths: tuple[str, ...], instance: str | None) -> tuple[str | None, Path]:
    """Name of the instance, None for the plan's own, and path of the plan."""
    if len(paths) > 2 or (len(paths) == 2 and instance is not None):
        raise click.UsageError("Give one plan, and at most one instance before it.")
    return (paths[0] if len(paths) == 2 else instance), Path(paths[-1])


def _home(plan: Plan, path: Path, name: str | None) -> Instance:
    """The instance to audit a plan by; raises InstanceError for one of another name."""
    from freight.errors import Fault
    from freight.io import read
    from freight.io.plan_file import instance_of

    if name is None:
        home = instance_of(plan, path)
        tell_change(plan, path, None)
        return home
    home = read(name)
    if home.statement.name != plan.instance:
        what = f"is a plan of instance '{plan.instance}', not of '{home.statement.name}'."
        remedy = f"Leave the instance out: freight audit {path}"
        raise InstanceError([Fault(str(path), None, "instance", what, remedy)])
    return home
