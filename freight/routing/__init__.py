"""Routes from door to door over the timetable, for one shipment at a time, in milliseconds.

``Router(instance)`` draws the timetable once; each of its verbs answers one
:class:`~freight.requests.routing.Request`. ``route`` is the short form for a single question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.model.room import room_beside
from freight.requests.routing import Request
from freight.routing.explain import Finding, Verdict, explain
from freight.routing.options import RouteOption
from freight.routing.profile import ProfilePoint, profile
from freight.routing.quotation import quotation
from freight.routing.search import Search, hours_of_week
from freight.routing.timetable_index import index_of

__all__ = [
    "Finding", "ProfilePoint", "Request", "RouteOption", "Router", "Verdict", "hours_of_week",
    "route",
]  # fmt: skip


class Router:
    """Answers route queries on one instance; the first costs a second, the next milliseconds."""

    def __init__(self, instance: Instance, plan: Plan | None = None) -> None:
        """With a plan of the instance only what it leaves is offered: slots of its departures."""
        index = index_of(instance)
        room = index.room if plan is None else room_beside(index.room, plan)
        self.index = replace(index, room=room)

    def options(
        self, request: Request, changes: bool = False, reliable: bool = False
    ) -> tuple[RouteOption, ...]:
        """Every option that no other beats in cost, arrival and CO2e, cheapest first.

        ``changes``: the number of changes of vehicle counts as a further criterion; ``reliable``:
        the probability that all connections hold does too (:meth:`Search.dependable`). Raises
        InstanceError for a request that cannot be answered; no option gives an empty tuple.
        """
        search = Search(self.index, request)
        criteria = 4 if changes else 3
        return search.dependable(criteria) if reliable else search.undominated(criteria)

    def cheapest(self, request: Request, k: int = 5) -> tuple[RouteOption, ...]:
        """The ``k`` cheapest options that differ in the services or transfers they use."""
        return Search(self.index, request).cheapest(k)

    def explain(self, request: Request, chosen: RouteOption) -> tuple[Verdict, ...]:
        """Why each mode is or is not in the chosen option."""
        return explain(Search(self.index, request), chosen)

    def profile(
        self, request: Request, moments: Sequence[datetime] | None = None
    ) -> tuple[ProfilePoint, ...]:
        """The best for each ready moment; by default every hour of the week from ``ready``."""
        return profile(Search(self.index, request), moments or hours_of_week(request.ready))

    def quotation(self, option: RouteOption) -> tuple[Instance, Plan]:
        """An instance and a plan with this option alone: what bills and reports are made from."""
        return quotation(self.index, option)

    def latest_departure(self, request: Request) -> datetime | None:
        """When boxes must be handed over at the latest to be delivered by the due time."""
        return Search(self.index, request).latest_departure()


def route(
    instance: Instance,
    ends: tuple[str, str],
    load: tuple[int, float],
    ready: datetime,
    due: datetime | None = None,
    value: float = 0.0,
) -> tuple[RouteOption, ...]:
    """Undominated options between two ``ends`` for a ``load`` of TEU and tonnes of goods."""
    request = Request(ends[0], ends[1], load[0], load[1], ready, due, value)
    return Router(instance).options(request)
