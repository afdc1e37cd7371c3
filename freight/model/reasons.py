"""Why boxes are left behind, found by asking for the cheapest itinerary under looser rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from freight.domain.charges import unserved
from freight.domain.instance import Instance
from freight.domain.money import shown
from freight.domain.service import Mode
from freight.domain.shipment import Shipment
from freight.model.compile import compile_instance
from solvers.network_design.pricing.once import once
from solvers.network_design.pricing.pricer import Multipliers, Pricer
from solvers.network_design.statement.network import Network

FOR_EVER_DAYS = 3650.0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a shipment is left behind; ``possible`` says that it has an itinerary at all."""

    possible: bool
    words: str
    words_zh: str

    @property
    def fields(self) -> dict[str, str]:
        """The same as fields of :class:`freight.domain.plan.Unserved`."""
        return {"reason": self.words, "reason_zh": self.words_zh}


def reasons_of(instance: Instance, shipments: Sequence[str]) -> dict[str, Reason]:
    """Reasons by shipment, for those named."""
    some = [instance.shipment[one] for one in dict.fromkeys(shipments)]
    cheapest = _cheapest(instance, some, late=False)
    stuck = [one for one in some if one.id not in cheapest]
    freed = [_freed(one) for one in stuck]
    open_to_all = _open_to_all(instance)
    by_needs = _cheapest(open_to_all, freed, late=False)
    later = _cheapest(instance, stuck, late=True)
    both = _cheapest(open_to_all, freed, late=True)
    return {
        one.id: _priced(instance, one, cheapest[one.id])
        if one.id in cheapest
        else Reason(False, *_stuck(instance, one, (by_needs, later, both)))
        for one in some
    }


def _cheapest(instance: Instance, some: Sequence[Shipment], late: bool) -> dict[str, float]:
    """Cheapest cost per TEU without fixed costs and capacities, by shipment that has a way."""
    if not some:
        return {}
    problem = compile_instance(_asking(instance, some, late))
    network = Network.of(problem.problem)
    count = problem.problem.commodities
    none = Multipliers(
        np.zeros(network.rows), np.zeros(count + 1, dtype=np.int64),
        np.zeros(0, dtype=np.int64), np.zeros(0),
    )  # fmt: skip
    every = np.full(count, np.inf)
    found = once(network, Pricer(network)).price(none, np.arange(count), every).value
    return {
        problem.instance.shipments[i].id: float(found[k])
        for k, members in enumerate(problem.pools.members)
        if np.isfinite(found[k])
        for i in members
    }


def _open_to_all(instance: Instance) -> Instance:
    services = tuple(one.model_copy(update={"open_to": ()}) for one in instance.services)
    tables = {name: getattr(instance, name) for name in type(instance).model_fields}
    return Instance.model_construct(**tables | {"services": services})


def _asking(instance: Instance, some: Sequence[Shipment], late: bool) -> Instance:
    """The same instance for some shipments only, with all the time in the world if ``late``."""
    statement = instance.statement
    if late:
        defaults = statement.defaults.model_copy(update={"most_late_days": FOR_EVER_DAYS})
        statement = statement.model_copy(update={"defaults": defaults})
    tables = {name: getattr(instance, name) for name in type(instance).model_fields}
    return Instance.model_construct(**tables | {"statement": statement, "shipments": tuple(some)})


def _freed(one: Shipment) -> Shipment:
    """The shipment without limits on modes, reefer or dangerous goods."""
    return one.model_copy(update={"modes": (), "reefer": False, "dangerous": None})


def _priced(instance: Instance, one: Shipment, cost: float) -> Reason:
    money = instance.statement.currency
    penalty = unserved.price(instance, one).per_teu
    dear, left = shown(cost, money), shown(penalty, money)
    if cost >= penalty:
        words = (
            f"Dearer than the penalty: its cheapest itinerary costs {dear} {money} per TEU "
            f"before fixed costs, leaving it {left}."
        )
        chinese = (
            f"高于未承运惩罚成本：不计固定费用，最便宜的行程每TEU {dear} {money}，"
            f"不承运则每TEU {left} {money}。"
        )
    else:
        words = (
            f"Capacity or fixed cost: an itinerary at {dear} {money} per TEU exists, but its "
            f"departures are full, too empty to run, or cost more than the penalty of "
            f"{left} per TEU saves."
        )
        chinese = (
            f"能力或固定费用所限：有每TEU {dear} {money}的行程，但所需班次已满、"
            f"货量不足以开行，或开行费用高于可省的惩罚成本（每TEU {left} {money}）。"
        )
    return Reason(True, words, chinese)


def _stuck(
    instance: Instance, one: Shipment, ways: tuple[dict[str, float], ...]
) -> tuple[str, str]:
    """The reason in English and Chinese."""
    by_needs, later, both = (one.id in way for way in ways)
    days = f"{instance.statement.defaults.most_late_days:g}"
    late = f"{days} day{'s' if days != '1' else ''}"
    needs, needs_zh = _needs(one)
    if by_needs:
        return (
            f"No itinerary by {needs}; without that limit there is one.",
            f"限于{needs_zh}没有行程；取消该限制则有。",
        )
    if later:
        return (
            f"Every itinerary arrives more than {late} after the due time {one.due:%Y-%m-%d}.",
            f"所有行程都比约定期限{one.due:%Y-%m-%d}晚{days}天以上。",
        )
    if both:
        return (
            f"No itinerary by {needs}, and any other arrives more than {late} late.",
            f"限于{needs_zh}没有行程，其他行程都逾期{days}天以上。",
        )
    return (
        f"No itinerary: no departures and transfers lead from {one.origin} to {one.destination} "
        f"after it is ready on {one.ready:%Y-%m-%d}.",
        f"没有行程：货物于{one.ready:%Y-%m-%d}备妥之后，没有班次和换装可由{one.origin}"
        f"到{one.destination}。",
    )


MODES_ZH = {
    Mode.RAIL: "铁路", Mode.BARGE: "内河", Mode.SEA: "海运", Mode.AIR: "航空", Mode.ROAD: "公路",
}  # fmt: skip


def _needs(one: Shipment) -> tuple[str, str]:
    parts = []
    if one.modes:
        chinese = "、".join(MODES_ZH[mode] for mode in one.modes)
        english = ", ".join(mode.value for mode in one.modes)
        parts.append((f"the allowed modes ({english})", f"允许的运输方式（{chinese}）"))
    if one.reefer:
        parts.append(("services that take reefers", "接受冷藏箱的线路"))
    if one.dangerous:
        parts.append(
            (
                f"services that take dangerous goods ({one.dangerous})",
                f"接受危险货物（{one.dangerous}）的线路",
            )
        )
    if not parts:
        return "services open to its owner", "向其货主平台开放的线路"
    return " and ".join(en for en, _ in parts), "和".join(zh for _, zh in parts)
