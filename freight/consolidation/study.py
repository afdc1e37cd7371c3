"""The study before the monthly meeting: plan every policy, compare them, share the cost.

Each policy is a choice of trains and slots in one candidate network, solved to a proved bound; the
owners' cost game is played under one of them. Plans of policies that allow less are plans of those
that allow more, so costs are ordered as they must be. The time is one limit for everything.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from freight.consolidation.agenda import GRACE_SECONDS
from freight.consolidation.allocate import GameReport, game_report
from freight.consolidation.boxes import box_balance
from freight.consolidation.candidates import Candidates, candidates, committed_trunk
from freight.consolidation.cases import Case, Effort
from freight.consolidation.desk import Batch, Desk
from freight.consolidation.difference import compare
from freight.consolidation.engines import engines
from freight.consolidation.figures import Figures, figures
from freight.consolidation.game import Table, batches_of, beaten_by, bounded_game, orders_of
from freight.consolidation.order import Ranked, check_ordered, ranked
from freight.consolidation.outcome import Consolidated, check_agreement, rough_shares
from freight.consolidation.physics import shortened_services
from freight.consolidation.policy import POLICIES, Policy, load_policy, policy_faults
from freight.consolidation.programme import policy_orders
from freight.consolidation.report import ConsolidationReport, PolicyReport, published, saving
from freight.consolidation.sampling import SampledShares, rounds_for, sampled_shares
from freight.consolidation.shape import shaped
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.errors import Fault, InstanceError, NoSolution
from freight.requests.consolidation import AUTO, CHEAPEST, NO_GAME, Study
from solvers.games import Sampling
from solvers.network_design.warm_start import IDLE

MOST_OWNERS = 10
"""Beyond this many players the game has more coalitions than are solved one by one."""
LEAST_SECONDS = 0.5
"""Time per coalition from which all of them are solved."""
LEAST_LEFT = 15.0
"""Seconds left from which policies with wide gaps are taken up once more."""
NARROWING = 0.35
"""Part of the time kept for policies with wide gaps, with all workers on one at a time."""
WIDEST = 0.6
"""Part of what is left that the widest gap may take."""
RESERVED = ("agreed", "consolidation")
"""Names of files of a study that are no policies."""
PLAN_ENDING = ".plan"
"""How names of plans end, which stand beside the instances of their policies."""


def consolidate(instance: Instance, study: Study | None = None) -> Consolidated:
    """Plan every policy of the study, compare them and share the cost of one among the owners.

    Raises InstanceError for unknown policies, owners or cities, NoSolution where a policy has no
    plan and boxes must not stay behind; otherwise what planning raises.
    """
    asked = study or Study()
    check_agreement(asked)
    start = time.perf_counter()
    policies, absent = _policies(asked, instance)
    network = candidates(instance, asked.every_day, asked.section_limits)
    hall = _Hall(
        network, policies,
        {name: shaped(network, one) for name, one in policies.items()},
        {name: Table.of(network, one) for name, one in policies.items()},
    )  # fmt: skip
    with engines(asked.workers, asked.scheduler, asked.cancel) as engine:
        found, shared = _studied(_desk(engine, asked, start), hall, asked)
    check_ordered({name: hall.homes[name] for name in found.plans}, found.plans)
    remarks = [
        *absent,
        _released(instance),
        _cut(instance, asked),
        _stopped(asked, policies, found),
        shared.remark,
    ]
    report = ConsolidationReport(
        instance=instance.statement.name,
        instance_digest=instance.digest,
        currency=instance.statement.currency,
        policies=_reports({name: policies[name] for name in found.plans}, found),
        comparison=compare(found.plans) if len(found.plans) > 1 else None,
        game=shared.game,
        sampled=shared.sampled,
        remark=" ".join(filter(None, remarks)),
        published=published(),
        seconds=time.perf_counter() - start,
    )
    return Consolidated(report, found.plans, found.instances)


def _studied(desk: Desk, hall: _Hall, study: Study) -> tuple[Ranked, _Shared]:
    """Every policy planned, and the cost of one of them shared."""
    first = next(iter(hall.tables.values()))
    name = _played(study, hall.policies) if first.owners else None
    desk.warm(Case("warm", "warm", first.law, first.players))
    _solve(desk, hall, study, name)
    found = _ranked(desk, hall.homes, study.weekly)
    if name is None:
        return found if study.weekly else _narrowed(desk, hall, found), _Shared()
    if desk.cancel.raised:
        return found, _Shared(remark="There is no game: the study was stopped before it.")
    if name == CHEAPEST:
        name = min(found.plans, key=lambda one: found.plans[one].proof.objective)
        table = hall.tables[name]
        if _exact(study, len(table.owners)):
            desk.carry_out(batches_of(orders_of(table, _masks(table), desk.found)))
    found = _narrowed(desk, hall, _polish(desk, hall, name, found))
    return found, _share(desk, hall.tables[name], study, found.plans[name], name)


def _policies(study: Study, instance: Instance) -> tuple[dict[str, Policy], list[str]]:
    """The policies by id, and remarks on shipped ones that make no sense in the instance.

    Raises InstanceError for what a policy asked for names and the instance lacks, for an id that
    comes twice, or for a game of none.
    """
    found: dict[str, Policy] = {}
    faults: list[Fault] = []
    absent = []
    for name in study.policies or POLICIES:
        one = load_policy(name)
        wrong = policy_faults(one, instance, Path(name).name)
        if wrong and not study.policies:
            absent.append(f"Policy {one.id} is left out: {wrong[0].what}")
            continue
        if one.id in found:
            what = f"Policy '{one.id}' is given twice."
            wrong.append(Fault(Path(name).name, None, "id", what, "Give each its own id."))
        if one.id in RESERVED or one.id.endswith(PLAN_ENDING):
            what = f"'{one.id}' is the name of a file that a study writes."
            wrong.append(Fault(Path(name).name, None, "id", what, "Choose another id."))
        found[one.id] = one
        faults += wrong
    if faults:
        raise InstanceError(faults)
    if study.game_policy not in {AUTO, CHEAPEST, NO_GAME, *found}:
        raise _no_game(study, found)
    return found, absent


def _no_game(study: Study, names: Iterable[str]) -> InstanceError:
    what = f"Policy '{study.game_policy}' of the game is not among those studied."
    remedy = f"Choose {', '.join(names)}, cheapest or none."
    return InstanceError([Fault("study", None, "game_policy", what, remedy)])


def _desk(engine: Executor, study: Study, start: float) -> Desk:
    effort = Effort(gap=study.gap, seed=study.seed)
    return Desk(
        engine, max(1, study.workers), start + study.seconds, effort, study.hear,
        cancel=study.cancel,
        overtime=math.inf if study.scheduler is None else GRACE_SECONDS,
    )  # fmt: skip


def _released(instance: Instance) -> str:
    """That committed trunk trains need not run here; empty where there are none."""
    names = committed_trunk(instance)
    if not names:
        return ""
    return (
        f"Whether committed trains to and from Europe run is decided anew: {', '.join(names)}. "
        "Their commitment in the instance is not counted."
    )


def _cut(instance: Instance, study: Study) -> str:
    """Which trains are held to what the sections of the network allow; empty where none is."""
    cut = shortened_services(instance) if study.section_limits else {}
    if not cut:
        return ""
    worst, (stated, allowed) = max(cut.items(), key=lambda entry: entry[1][0] - entry[1][1])
    return (
        f"Train lengths of the sections hold {len(cut)} services to fewer TEU than stated, most of "
        f"all {worst} ({stated:g} → {allowed:g} TEU). Leave this out with --no-section-limits."
    )


def _stopped(study: Study, policies: Iterable[str], found: Ranked) -> str:
    """What an early stop left out; empty where there was none."""
    if not study.cancel.raised:
        return ""
    without = [name for name in policies if name not in found.plans]
    return " ".join(["The study was stopped early.", *(f"No plan of {one}." for one in without)])


def _played(study: Study, policies: Mapping[str, Policy]) -> str | None:
    """The policy whose cost is shared, CHEAPEST while that is open, None without a game."""
    if study.weekly or study.game_policy == NO_GAME:
        return None
    if study.game_policy == AUTO:
        return "joint" if "joint" in policies else CHEAPEST
    return study.game_policy


def _exact(study: Study, owners: int) -> bool:
    """Whether every coalition can be solved in half of the time of the study."""
    if study.sampled is not None or owners > MOST_OWNERS:
        return False
    return bool(study.seconds * study.workers / 2 >= LEAST_SECONDS * 2**owners)


def _masks(table: Table) -> range:
    return range(1, table.grand)


@dataclass(frozen=True)
class _Hall:
    """Everything about the policies that does not change while they are solved."""

    network: Candidates
    policies: Mapping[str, Policy]
    homes: Mapping[str, Instance]
    tables: Mapping[str, Table]


def _solve(desk: Desk, hall: _Hall, study: Study, shared: str | None) -> None:
    """Solve every policy and, where it is settled whose, all coalitions of the game."""
    orders = policy_orders(hall.network, hall.policies, hall.homes, study.weekly)
    batches = [Batch((one,)) for one in orders]
    end = desk.deadline
    if not study.weekly:
        desk.deadline -= NARROWING * study.seconds
    table = hall.tables.get(shared or "")
    if table is not None and _exact(study, len(table.owners)):
        keys = [one.case.key for one in orders]
        batches += batches_of(orders_of(table, _masks(table), keys))
    elif shared is not None:
        desk.deadline = end - study.seconds / 2
    desk.carry_out(batches)
    desk.deadline = end


def _ranked(desk: Desk, homes: Mapping[str, Instance], weekly: bool = False) -> Ranked:
    """Plans exchanged between policies, each named after where it comes from.

    A plan of a ``weekly`` pattern belongs to the instance of that pattern.

    Raises NoSolution where there is none; policies without a plan count only at an early stop.
    """
    solved = {name: desk.found[name] for name in homes if name in desk.found}
    if desk.cancel.raised:
        solved = {name: one for name, one in solved.items() if one.plan and one.start != IDLE}
    if not solved:
        raise NoSolution("The study was stopped before any policy had a plan.")
    instances = {name: one.home for name, one in solved.items() if one.home is not None}
    laws = homes if weekly else None
    found = ranked(instances, {name: one.plan for name, one in solved.items()}, laws)
    source = {
        name: solved[origin].start or origin if origin == name else origin
        for name, origin in found.source.items()
    }
    return replace(found, source=source)


@dataclass(frozen=True)
class _Shared:
    """What came of the game; ``remark`` says why there is none."""

    game: GameReport | None = None
    sampled: SampledShares | None = None
    remark: str = ""


def _share(desk: Desk, table: Table, study: Study, plan: Plan, name: str) -> _Shared:
    """Who pays what of a plan, by all coalitions or by a sample of them."""
    bystanders = [one.id for one in table.law.statement.owners if one.id not in table.owners]
    remark = ""
    if bystanders:
        remark = (
            f"Not in the game, for they bring no shipments: {', '.join(bystanders)}. "
            "Every coalition is reckoned with their slots to itself."
        )
    try:
        if _exact(study, len(table.owners)):
            game = bounded_game(table, desk.found, plan)
            report = game_report(game, name, plan)
            return _Shared(report, None, f"{remark} {rough_shares(report)}".strip())
        rounds = study.sampled or rounds_for(len(table.owners), desk)
        sampling = Sampling(rounds=rounds, seed=study.seed)
        return _Shared(None, sampled_shares(desk, table, sampling, (name, plan)), remark)
    except NoSolution as error:
        return _Shared(remark=f"{remark} {error}".strip())


def _polish(desk: Desk, hall: _Hall, name: str, found: Ranked) -> Ranked:
    """The ranking once more where two coalitions side by side beat the plan of everybody."""
    table, total = hall.tables[name], found.plans[name].proof.objective
    better = beaten_by(table, desk.found, total - desk.found[name].market)
    if better is None:
        return found
    case = Case(name, name, table.law, table.players, None, hall.homes[name])
    desk.carry_out([Batch((replace(better, case=case),))])
    return _ranked(desk, hall.homes)


def _narrowed(desk: Desk, hall: _Hall, found: Ranked) -> Ranked:
    """The ranking after the time left went to the policy with the widest gap, again and again.

    A policy is given up when a pass narrows nothing.
    """
    orders = {one.case.key: one for one in policy_orders(hall.network, hall.policies, hall.homes)}
    end, effort = desk.deadline, desk.effort
    stuck: set[str] = set()
    for turn in count(1):
        wide = {name: gap for name, gap in _gaps(found).items() if name not in stuck}
        name = max(wide, key=wide.__getitem__, default="")
        enough = not name or wide[name] <= effort.gap
        if enough or desk.left <= LEAST_LEFT or desk.cancel.raised:
            break
        again = replace(
            orders[name], after=frozenset(), enough=False,
            starts=(*orders[name].starts, (name, (name,))),
        )  # fmt: skip
        desk.effort = replace(effort, seed=effort.seed + turn)
        desk.deadline -= (1.0 - WIDEST) * desk.left
        desk.carry_out([Batch((again,))])
        desk.deadline = end
        found = _ranked(desk, hall.homes)
        if _gaps(found)[name] >= wide[name]:
            stuck.add(name)
    desk.effort = effort
    return found


def _gaps(found: Ranked) -> dict[str, float]:
    """Relative gap of every policy, 1 where it is unknown."""
    gaps = {name: one.proof.gap for name, one in found.plans.items()}
    return {name: 1.0 if gap is None else gap for name, gap in gaps.items()}


def _reports(policies: Mapping[str, Policy], found: Ranked) -> tuple[PolicyReport, ...]:
    reports: list[PolicyReport] = []
    first: tuple[str, Figures] | None = None
    for name, policy in policies.items():
        numbers = figures(found.instances[name], found.plans[name])
        reports.append(
            PolicyReport(
                policy=policy,
                figures=numbers,
                boxes=box_balance(found.instances[name], found.plans[name]),
                saving=None
                if first is None or IDLE in (found.source[first[0]], found.source[name])
                else saving(first[0], first[1], numbers),
                plan_of=found.source[name],
            )
        )
        first = first or (name, numbers)
    return tuple(reports)
