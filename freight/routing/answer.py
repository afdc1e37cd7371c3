"""One question about routes and its whole answer, for a screen, a program or a bill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.domain.wording import either, listed, quoted, refused
from freight.errors import NoSolution
from freight.io.plan_file import read_plan
from freight.model.audit import audit
from freight.requests.routing import Request, RouteQuestion
from freight.routing import ProfilePoint, RouteOption, Router, Verdict
from freight.routing.request import at_places

MOST_OPTIONS = 1000


@dataclass(frozen=True)
class Answer:
    """What there is to say; what was not asked for is empty.

    ``chosen`` is the option asked for by number, else the first. ``offer`` is the instance and plan
    of the option to be billed.
    """

    options: tuple[RouteOption, ...] = ()
    chosen: RouteOption | None = None
    verdicts: tuple[Verdict, ...] = ()
    profile: tuple[ProfilePoint, ...] = ()
    hand_over_by: datetime | None = None
    offer: tuple[Instance, Plan] | None = None

    def record(self, question: RouteQuestion) -> object:
        """The answer for programs."""
        if question.latest:
            return {"hand_over_by": self.hand_over_by}
        if question.profile:
            return [point.model_dump(mode="json") for point in self.profile]
        options = [option.model_dump(mode="json") for option in self.options]
        if not question.explain:
            return options
        verdicts = [verdict.model_dump(mode="json") for verdict in self.verdicts]
        return {"options": options, "verdicts": verdicts}


def plan_for(instance: Instance, path: Path) -> Plan:
    """A plan of an instance that holds; raises InstanceError."""
    plan = read_plan(path)
    if plan.instance_digest != instance.digest:
        what = f"{path} was made for another state of the instance {instance.statement.name}."
        raise refused("plan", what, "Give its own instance, or solve again.")
    broken = audit(instance, plan)
    if broken:
        remedy = "See all that is broken with freight audit, or solve again."
        raise refused("plan", f"{path} does not hold: {broken[0]}", remedy)
    return plan


def answer(
    instance: Instance, request: Request, question: RouteQuestion, plan: Plan | None = None
) -> Answer:
    """Answer a question; with a plan of the instance, out of what the plan leaves.

    Raises InstanceError for a request or question that makes no sense, NoSolution where no way
    leads there.
    """
    if (question.cheapest or 0) > MOST_OPTIONS:
        what = f"{question.cheapest:,} options are more than anybody compares."
        raise refused("cheapest", what, f"Ask for at most {MOST_OPTIONS:,}.")
    router, request = Router(instance, plan), at_places(instance, request)
    if question.latest:
        return _latest(router, request)
    if question.profile:
        return Answer(profile=router.profile(request))
    options = _options(router, request, question)
    if not options:
        raise NoSolution(_no_way(request, plan))
    number = question.offer or question.number or 1
    if number > len(options):
        what = f"There is no option {number}."
        raise refused("option", what, f"There are {len(options)}: choose one of them.")
    chosen = options[number - 1]
    return Answer(
        options, chosen,
        verdicts=router.explain(request, chosen) if question.explain else (),
        offer=router.quotation(chosen) if question.offer else None,
    )  # fmt: skip


def _no_way(request: Request, plan: Plan | None) -> str:
    """That there is no way from here to there, within which limits, and what may help."""
    terms = (
        ("the due time", request.due), ("the modes", request.modes or None),
        ("dangerous goods", request.dangerous), ("cooling", request.reefer or None),
        ("cost", request.most_cost), ("hours", request.most_hours),
        ("CO2e", request.most_co2e_kg), ("changes", request.most_changes),
        ("reliability", request.least_reliability),
    )  # fmt: skip
    limits = [words for words, asked in terms if asked is not None]
    within = f" within the limits asked for ({listed(limits)})" if limits else ""
    remedies = [f"relax {'it' if len(limits) == 1 else 'one of them'}"] if limits else []
    remedies += ["leave the plan out"] if plan is not None else []
    remedies += ["ask for fewer TEU", "add the service or transfer that is missing"]
    room = " with room in the plan" if plan is not None else ""
    remedy = either(remedies)
    return (
        f"No way{room} leads from {quoted(request.origin)} to {quoted(request.destination)}"
        f" after {request.ready:%Y-%m-%d %H:%M}{within}. {remedy[0].upper()}{remedy[1:]}."
    )


def _options(router: Router, request: Request, question: RouteQuestion) -> tuple[RouteOption, ...]:
    if question.cheapest:
        return router.cheapest(request, question.cheapest)
    return router.options(request, question.changes, question.reliable)


def _latest(router: Router, request: Request) -> Answer:
    if request.due is None:
        what = "By when to hand over in time cannot be said without a due time."
        raise refused("latest", what, "Say --due.")
    last = router.latest_departure(request)
    if last is None:
        raise NoSolution("No way leads there by the due time within these limits.")
    return Answer(hand_over_by=last)
