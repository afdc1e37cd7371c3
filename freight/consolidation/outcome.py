"""What a study leaves: its report, every plan with its instance, and the agreed plan, as files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from freight.consolidation.allocate import RULES, GameReport
from freight.consolidation.report import ConsolidationReport
from freight.consolidation.settle import settled
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.domain.wording import refused, unknown
from freight.errors import Fault, InstanceError, NoSolution
from freight.io.files import write_set
from freight.io.json_file import json_text
from freight.io.places import STUDY, check_set
from freight.io.plan_file import PLAN_SUFFIX, plan_text
from freight.requests.consolidation import NO_GAME, Study

SAMPLED_RULE = "shapley"
WIDE = 0.05
"""Relative gap of a coalition from which shares that rest on it are called rough."""


@dataclass(frozen=True)
class Consolidated:
    """The report with every policy's plan and the instance that the plan belongs to."""

    report: ConsolidationReport
    plans: dict[str, Plan]
    instances: dict[str, Instance]

    def settled(self, rule: str) -> Plan:
        """The shared plan with settlements by one rule, so that its bills follow it.

        Raises InstanceError when there is no game or no such rule.
        """
        return self.agreed(rule)[0]

    def agreed(self, rule: str) -> tuple[Plan, Instance]:
        """The settled plan with the instance that it belongs to; raises as ``settled`` does.

        Raises NoSolution where there was no game after all, or where shares rest on coalitions
        whose cost is known too poorly.
        """
        game, sampled = self.report.game, self.report.sampled
        rules = {} if game is None else {one.rule: one.amounts for one in game.allocations}
        if sampled is not None:
            rules = {SAMPLED_RULE: sampled.amounts}
        played = game or sampled
        if played is None and self.report.remark:
            raise NoSolution(f"There are no shares to agree on. {self.report.remark}")
        if played is None or rule not in rules:
            what = f"There is no allocation by '{rule}'."
            remedy = f"Choose {', '.join(rules)}." if rules else "Ask for a game first."
            raise InstanceError([Fault("allocation", None, None, what, remedy)])
        rough = "" if game is None else rough_shares(game)
        if rough:
            raise NoSolution(f"The shares by '{rule}' are not agreed: {rough}")
        name = played.policy
        return settled(self.plans[name], rules[rule], rule), self.instances[name]


def rough_shares(game: GameReport) -> str:
    """A warning where the cost of some coalitions is known poorly; empty otherwise."""
    wide = [
        coalition
        for coalition, (lower, upper) in game.coalitions.items()
        if upper - lower > WIDE * abs(upper)
    ]
    if not wide:
        return ""
    return (
        f"Shares by coalitions are rough: the gap of {', '.join(wide)} is wider than "
        f"{100 * WIDE:.0f} %. Give the study more time."
    )


def check_agreement(study: Study, reads: Sequence[Path] = ()) -> None:
    """Refuse before hours of study what could not be written or settled after them."""
    rule, output = study.rule, study.output
    if rule is not None and rule not in RULES:
        raise unknown("--agree", rule, list(RULES))
    if rule is not None and output is None:
        raise refused("agree", "An agreed plan needs a folder.", "Say --output.")
    if rule is not None and (study.weekly or study.game_policy == NO_GAME):
        raise refused(
            "agree", "An agreed plan needs a game.", "Leave out --weekly and --game none."
        )
    if output is not None:
        check_set(output, _names(output, study), force=study.force, reads=reads)


def _names(folder: Path, study: Study) -> list[str]:
    """Names of files that a study will write, as far as they are known, and of an earlier one."""
    plans = [Path(name).stem for name in study.policies]
    plans += ["agreed"] if study.rule else []
    names = [f"{name}{suffix}" for name in plans for suffix in (PLAN_SUFFIX, ".json")]
    return sorted({STUDY, *names, *(path.name for path in folder.glob(f"*{PLAN_SUFFIX}"))})


def write_asked(found: Consolidated, study: Study) -> tuple[Path, ...]:
    """Write the study where it asks for it, without the agreed plan; the paths written."""
    return (
        () if study.output is None else tuple(write_study(found, study.output, force=study.force))
    )


def write_agreement(found: Consolidated, study: Study) -> tuple[Path, ...]:
    """Write the agreed plan where the study asks for one; raises as :func:`write_agreed` does."""
    if study.output is None or study.rule is None:
        return ()
    return tuple(write_agreed(found, study.output, study.rule, force=study.force))


def earlier_plans(directory: Path, written: Collection[Path]) -> tuple[str, ...]:
    """Names of plans in a folder that the study did not write: of an earlier one."""
    names = {path.name for path in written}
    plans = (path.name for path in directory.glob("*.plan.json"))
    return tuple(sorted(name for name in plans if name not in names))


def write_study(found: Consolidated, directory: Path, *, force: bool = False) -> list[Path]:
    """Write the report and every plan with its instance, all or none; returns their paths.

    Files: ``consolidation.json``, ``POLICY.plan.json``, ``POLICY.json`` (the instance that the plan
    belongs to).
    """
    files = {STUDY: f"{found.report.model_dump_json(indent=1)}\n".encode()}
    for name, plan in found.plans.items():
        files |= _pair(name, plan, found.instances[name])
    return write_set(directory, files, force=force)


def write_agreed(
    found: Consolidated, directory: Path, rule: str, *, force: bool = False
) -> list[Path]:
    """Write the plan settled by a rule as ``agreed.plan.json`` with ``agreed.json``.

    Raises InstanceError or NoSolution where it cannot be settled by the rule.
    """
    return write_set(directory, _pair("agreed", *found.agreed(rule)), force=force)


def _pair(name: str, plan: Plan, instance: Instance) -> dict[str, bytes]:
    texts = {f"{name}{PLAN_SUFFIX}": plan_text(plan), f"{name}.json": json_text(instance)}
    return {file: text.encode() for file, text in texts.items()}
