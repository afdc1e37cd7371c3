"""The study before the monthly meeting: plan every policy, compare them, share the cost.

Each policy is a choice of trains and slots in one candidate network, solved to a proved bound; the
owners' cost game is played under one of them. Plans of policies that allow less are plans of those
that allow more, so costs are ordered as they must be.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from freight.consolidation.allocate import OwnerGame, game_report, measures
from freight.consolidation.boxes import box_balance
from freight.consolidation.candidates import Candidates, candidates
from freight.consolidation.coalitions import Effort, Players, coalition_costs, with_pool, without
from freight.consolidation.difference import compare
from freight.consolidation.engines import engines
from freight.consolidation.figures import Figures, figures
from freight.consolidation.order import Ranked, ranked
from freight.consolidation.policy import POLICIES, Policy, load_policy
from freight.consolidation.report import ConsolidationReport, PolicyReport, published, saving
from freight.consolidation.settle import settled
from freight.consolidation.shape import closed, law, shaped
from freight.consolidation.trunk import players
from freight.consolidation.weekly import plan_weekly
from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.errors import Fault, InstanceError, NoSolution
from freight.io import write
from freight.io.plan_file import write_plan, write_text
from freight.model.reasons import reasons_of
from freight.planning import choose, plan
from solvers.games import BoundedGame
from solvers.pool import Pool

MOST_OWNERS = 12
"""Beyond this, the game needs more coalitions than can be solved one by one."""


@dataclass(frozen=True)
class Study:
    """What to study and how hard.

    ``policies`` are shipped ids or TOML files, the first one is what savings refer to;
    ``game_policy`` is the one whose cost is shared (None: no game; default: the cheapest).
    ``every_day``: trunk trains are offered on every weekday, not only on those of the instance.
    ``weekly``: every policy runs the same trunk timetable each week; there is no game then.
    ``workers`` local processes (1: none), or a Dask ``scheduler`` by its address.
    """

    policies: tuple[str, ...] = tuple(POLICIES)
    game_policy: str | None = "cheapest"
    policy_effort: Effort = field(default_factory=lambda: Effort(seconds=90.0))
    coalition_effort: Effort = field(default_factory=lambda: Effort(seconds=25.0))
    every_day: bool = False
    weekly: bool = False
    workers: int = 2
    scheduler: str | None = None
    hear: Callable[[str], None] = field(default=lambda _: None)


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
        game = self.report.game
        rules = {} if game is None else {one.rule: one for one in game.allocations}
        if game is None or rule not in rules:
            what = f"There is no allocation by '{rule}'."
            remedy = f"Choose {', '.join(rules)}." if rules else "Ask for a game first."
            raise InstanceError([Fault("allocation", None, None, what, remedy)])
        return settled(self.plans[game.policy], rules[rule].amounts)


def consolidate(instance: Instance, study: Study | None = None) -> Consolidated:
    """Plan every policy of the study, compare them and share the cost of one among the owners.

    Raises InstanceError for unknown policies, owners or cities, or a game of too many owners;
    otherwise what planning raises.
    """
    asked = study or Study()
    start = time.perf_counter()
    policies = {one.id: one for one in map(load_policy, asked.policies)}
    if asked.game_policy not in {None, "cheapest", *policies}:
        raise _no_game(asked, policies)
    network = candidates(instance, asked.every_day)
    with engines(asked.workers, asked.scheduler) as engine:
        solved = _plans(network, policies, asked, engine)
        instances = {name: one.instance for name, one in solved.items()}
        found = ranked(instances, {name: one.plan for name, one in solved.items()})
        shared = _shared_policy(asked, found)
        game = None
        if shared is not None:
            table = _Table(network, policies[shared], found.plans[shared], solved[shared].pool)
            game = game_report(_game(table, asked, engine), shared, found.plans[shared].currency)
    report = ConsolidationReport(
        instance=instance.statement.name,
        instance_digest=instance.digest,
        currency=instance.statement.currency,
        policies=_reports(policies, instances, found),
        comparison=compare(found.plans) if len(found.plans) > 1 else None,
        game=game,
        published=published(),
        seconds=time.perf_counter() - start,
    )
    return Consolidated(report, found.plans, instances)


@dataclass(frozen=True)
class PolicyPlan:
    """One policy planned: the plan (None: none found in time), its instance, itineraries met."""

    plan: Plan | None
    instance: Instance
    pool: Pool
    reason: str = ""
    """Why there is no plan."""


@dataclass(frozen=True)
class PolicyTask:
    """What a worker must know to plan one policy: two forms of its instance and what is shut."""

    instance: Instance
    law: Instance
    closed: frozenset[str]
    weekly_trunk: tuple[str, ...]


def plan_policy(task: PolicyTask, pool: Pool, effort: Effort) -> PolicyPlan:
    """Plan one policy on shared itineraries, or with a weekly pattern. Runs in a worker process."""
    if task.weekly_trunk:
        weekly = plan_weekly(task.instance, task.weekly_trunk, effort)
        return PolicyPlan(weekly.plan, weekly.instance, pool)
    choice = with_pool(choose(task.law), pool)
    choice = replace(choice, compiled=without(choice.compiled, task.closed))
    try:
        found = plan(task.law, choice, options=effort.options())
    except NoSolution as error:
        return PolicyPlan(None, task.instance, pool, str(error))
    return PolicyPlan(_at_home(found, task.instance), task.instance, pool)


def _at_home(found: Plan, home: Instance) -> Plan:
    """A plan of the whole candidate network as one of the trains that may run."""
    left = [one.shipment for one in found.unserved]
    reasons = reasons_of(home, left) if left else {}
    return found.model_copy(
        update={
            "instance_digest": home.digest,
            "unserved": tuple(
                one.model_copy(update=reasons[one.shipment].fields) for one in found.unserved
            ),
        }
    )


def _plans(
    network: Candidates, policies: Mapping[str, Policy], study: Study, engine: Executor
) -> dict[str, PolicyPlan]:
    """Every policy planned, those with fewest trains first, so many at once as there are workers.

    Each wave starts from the itineraries of those before.
    """
    trunk = tuple(network.trains) if study.weekly else ()
    tasks = {
        name: PolicyTask(shaped(network, one), law(network, one), closed(network, one), trunk)
        for name, one in policies.items()
    }
    order = sorted(tasks, key=lambda name: -len(tasks[name].closed))
    found: dict[str, PolicyPlan] = {}
    pool, size = Pool(), max(1, study.workers)
    for wave in (order[i : i + size] for i in range(0, len(order), size)):
        running = {
            name: engine.submit(plan_policy, tasks[name], pool, study.policy_effort)
            for name in wave
        }
        for name in wave:
            found[name] = running[name].result()
            pool = pool.joined(found[name].pool)
            study.hear(_heard(name, found[name]))
    return {name: replace(found[name], pool=pool) for name in tasks}


def _heard(name: str, found: PolicyPlan) -> str:
    """One line on a policy as it is solved."""
    if found.plan is None:
        return f"{name}: no plan of its own. {found.reason}"
    proof = found.plan.proof
    gap = "unknown" if proof.gap is None else f"{100 * proof.gap:.2f} %"
    return f"{name}: {proof.objective:,.0f} {found.plan.currency}, gap {gap}."


def _shared_policy(study: Study, found: Ranked) -> str | None:
    """The policy whose cost is shared."""
    if study.weekly or study.game_policy is None or study.game_policy in found.plans:
        return None if study.weekly else study.game_policy
    if study.game_policy == "cheapest":
        return min(found.plans, key=lambda name: found.plans[name].proof.objective)
    raise _no_game(study, found.plans)


def _no_game(study: Study, names: Iterable[str]) -> InstanceError:
    what = f"Policy '{study.game_policy}' of the game is not among those studied."
    remedy = f"Choose {', '.join(names)} or cheapest."
    return InstanceError([Fault("study", None, "game_policy", what, remedy)])


@dataclass(frozen=True)
class _Table:
    """What the game is played over."""

    network: Candidates
    policy: Policy
    plan: Plan
    pool: Pool


def _game(table: _Table, study: Study, engine: Executor) -> OwnerGame:
    """Interval costs of all coalitions; the one of everybody is the plan in hand."""
    owners = players(table.network.instance)
    if len(owners) > MOST_OWNERS:
        what = f"{len(owners)} owners have {2 ** len(owners) - 1:,} coalitions."
        remedy = "Sample the Shapley value with freight.consolidation.sampled_shares."
        raise InstanceError([Fault("study", None, "owners", what, remedy)])
    grand = (1 << len(owners)) - 1
    costs = coalition_costs(
        law(table.network, table.policy),
        Players(owners, table.network.trains, closed(table.network, table.policy)),
        range(1, grand),
        table.pool,
        study.coalition_effort,
        (engine, study.workers),
    )
    lower, upper = np.zeros(grand + 1), np.zeros(grand + 1)
    for one in costs:
        lower[one.mask], upper[one.mask] = one.lower, one.upper
    proof = table.plan.proof
    upper[grand] = proof.objective
    lower[grand] = proof.objective if proof.bound is None else proof.bound
    seconds = sum(one.seconds for one in costs)
    study.hear(f"{len(costs)} coalitions solved in {seconds:,.0f} s of solver time.")
    return OwnerGame(owners, BoundedGame(lower, upper), *measures(table.plan, owners))


def _reports(
    policies: Mapping[str, Policy], instances: Mapping[str, Instance], found: Ranked
) -> tuple[PolicyReport, ...]:
    reports: list[PolicyReport] = []
    first: tuple[str, Figures] | None = None
    for name, policy in policies.items():
        numbers = figures(instances[name], found.plans[name])
        reports.append(
            PolicyReport(
                policy=policy,
                figures=numbers,
                boxes=box_balance(instances[name], found.plans[name]),
                saving=None if first is None else saving(first[0], first[1], numbers),
                plan_of=found.source[name],
            )
        )
        first = first or (name, numbers)
    return tuple(reports)


def write_study(found: Consolidated, directory: Path, rule: str | None = None) -> list[Path]:
    """Write the report, every plan with its instance and, by a rule, the settled plan.

    Files: ``consolidation.json``, ``POLICY.plan.json``, ``POLICY.json`` (the instance that the plan
    belongs to) and ``agreed.plan.json``. Returns the paths written.
    """
    agreed = None if rule is None else found.settled(rule)
    written = [directory / "consolidation.json"]
    write_text(written[0], found.report.model_dump_json(indent=1) + "\n")
    for name, one in found.plans.items():
        written += [directory / f"{name}.plan.json", directory / f"{name}.json"]
        write_plan(one, written[-2])
        write(found.instances[name], written[-1])
    if agreed is not None:
        written.append(directory / "agreed.plan.json")
        write_plan(agreed, written[-1])
    return written
