"""Why a mode was not chosen: the best way that goes mainly by it, beside the option chosen."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from freight.domain.access import access_of
from freight.domain.base import Frozen
from freight.domain.money import shown
from freight.domain.service import Mode
from freight.domain.wording import number
from freight.routing.by_mode import ways_by
from freight.routing.options import RouteOption, main_mode
from freight.routing.search import Search
from solvers.paths.multicriteria import best_through, comes_back


class Finding(StrEnum):
    """What there is to say about a mode."""

    CHOSEN = "chosen"
    ABSENT = "absent"  # the instance has no service or transfer of the mode
    CLOSED = "closed"  # it has, but none that these boxes may use
    UNREACHABLE = "unreachable"  # none that leads from door to door in time
    ROUNDABOUT = "roundabout"  # only by coming back to a terminal
    BEATEN = "beaten"  # another option is better


class Verdict(Frozen):
    """One mode: what was found, in words, and the best option with it where there is one."""

    mode: Mode
    finding: Finding
    reason: str
    option: RouteOption | None = None


def explain(search: Search, chosen: RouteOption) -> tuple[Verdict, ...]:
    """A verdict on every mode, in the order of the modes, each as the main mode of a way."""
    offered = search.undominated(4)
    return tuple(_verdict(search, mode, chosen, offered) for mode in Mode)


def _verdict(
    search: Search, mode: Mode, chosen: RouteOption, offered: tuple[RouteOption, ...]
) -> Verdict:
    main = main_mode(chosen)
    if mode is main:
        reason = f"The chosen option goes mainly by {mode.value}."
        return Verdict(mode=mode, finding=Finding.CHOSEN, reason=reason)
    if mode not in search.index.mode:
        reason = f"No service or transfer goes by {mode.value}."
        return Verdict(mode=mode, finding=Finding.ABSENT, reason=reason)
    by_it = [one for one in (*ways_by(search, mode), *offered) if main_mode(one) is mode]
    best = min(by_it, key=lambda one: (one.cost, one.hours), default=None)
    if best is not None:
        reason = compare(best, chosen)
        return Verdict(mode=mode, finding=Finding.BEATEN, reason=reason, option=best)
    if mode in chosen.modes:
        reason = f"The chosen option uses it on the way, but goes mainly by {main.value}."
        return Verdict(mode=mode, finding=Finding.CHOSEN, reason=reason)
    return _on_the_way(search, mode, chosen, offered)


def _on_the_way(
    search: Search, mode: Mode, chosen: RouteOption, offered: tuple[RouteOption, ...]
) -> Verdict:
    """A verdict on a mode that no way uses for the most part."""
    arcs = np.array([a for a, one in enumerate(search.index.mode) if one is mode], dtype=np.int64)
    query = search.priced.query(4)
    if not np.isfinite(query.value[0, arcs]).any():
        return Verdict(mode=mode, finding=Finding.CLOSED, reason=_closed(search, mode))
    path = best_through(search.index.paths, query, arcs)
    if path is None:
        start, end = chosen.shipment.origin, chosen.shipment.destination
        reason = f"No {mode.value} service or transfer leads on from {start} to {end} in time."
        return Verdict(mode=mode, finding=Finding.UNREACHABLE, reason=reason)
    option: RouteOption | None = search.option(path)
    if comes_back(search.index.paths, path) or not search.takes(path):
        option = next((one for one in offered if mode in one.modes), None)
    if option is None:
        reason = f"The cheapest way by {mode.value} would come back to a terminal it has left."
        return Verdict(mode=mode, finding=Finding.ROUNDABOUT, reason=reason)
    part = f"On the way only, mainly by {main_mode(option).value}. {compare(option, chosen)}"
    return Verdict(mode=mode, finding=Finding.BEATEN, reason=part, option=option)


def _closed(search: Search, mode: Mode) -> str:
    """Why no service of a mode takes the boxes."""
    asked, shipment = search.priced.request, search.priced.shipment
    access = access_of(shipment)
    services = [one for one in search.index.instance.services if one.mode is mode]
    if asked.modes and mode not in asked.modes:
        return f"{mode.value} is not among the modes asked for."
    if any(access.rides(one) for one in services):
        tonnes = number(round(shipment.loaded_tonnes, 1))
        return f"No {mode.value} service has room for {asked.teu} TEU of {tonnes} t."
    needs = [word for word, asks in (("reefers", asked.reefer), ("dangerous goods", bool(
        asked.dangerous))) if asks]  # fmt: skip
    what = " and ".join(needs) or f"boxes of {shipment.owner}"
    return f"No {mode.value} service takes {what}."


def compare(option: RouteOption, chosen: RouteOption) -> str:
    """How an option differs from the chosen one: money, time, emissions."""
    cost = float(option.cost - chosen.cost)
    parts = [
        _difference(
            cost,
            f"{shown(abs(cost), option.currency)} {option.currency}",
            "more",
            "less",
            "It costs",
        ),
        _difference(
            option.hours - chosen.hours,
            f"{abs(option.hours - chosen.hours):,.0f} h",
            "later",
            "earlier",
            "arrives",
        ),
        _difference(
            option.co2e_kg - chosen.co2e_kg,
            f"{abs(option.co2e_kg - chosen.co2e_kg):,.0f} kg CO2e",
            "more",
            "less",
            "emits",
        ),
    ]
    return f"{parts[0]}, {parts[1]} and {parts[2]}."


def _difference(value: float, amount: str, above: str, below: str, verb: str) -> str:
    if abs(value) < 5e-3:
        return f"{verb} the same"
    return f"{verb} {amount} {above if value > 0 else below}"
