"""The sentences in which reasons are told, in English and Chinese."""

from __future__ import annotations

from collections.abc import Sequence

from freight.domain.instance import Instance
from freight.domain.service import Mode
from freight.domain.shipment import Shipment
from freight.model.moments import day_text
from freight.model.room import Room, Tight

Words = tuple[str, str]
"""English and Chinese."""
MODES_ZH = {
    Mode.RAIL: "铁路", Mode.BARGE: "内河", Mode.SEA: "海运", Mode.AIR: "航空", Mode.ROAD: "公路",
}  # fmt: skip


def amount(value: float) -> str:
    """A quantity without needless digits: ``1,000``, ``82``, ``26.5``."""
    return f"{round(value, 1):,.1f}".removesuffix(".0")


def needs_words(one: Shipment) -> Words:
    """What a shipment asks of its services and transfers."""
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


def no_way(one: Shipment) -> Words:
    """Nothing leads there, whatever the limits."""
    return (
        f"No itinerary: no departures and transfers lead from {one.origin} to {one.destination} "
        f"after it is ready on {one.ready:%Y-%m-%d}.",
        f"没有行程：货物于{one.ready:%Y-%m-%d}备妥之后，没有班次和换装可由{one.origin}"
        f"到{one.destination}。",
    )


def needs_only(one: Shipment) -> Words:
    """Without its needs there is a way."""
    english, chinese = needs_words(one)
    return (
        f"No itinerary by {english}; without that limit there is one.",
        f"限于{chinese}没有行程；取消该限制则有。",
    )


def late_only(instance: Instance, one: Shipment) -> Words:
    """Later there is a way."""
    english, chinese = late_days(instance)
    return (
        f"Every itinerary arrives more than {english} after the due time {one.due:%Y-%m-%d}.",
        f"所有行程都比约定期限{one.due:%Y-%m-%d}晚{chinese}以上。",
    )


def needs_and_late(instance: Instance, one: Shipment) -> Words:
    """Neither limit alone is to blame."""
    english, chinese = needs_words(one)
    days, days_zh = late_days(instance)
    return (
        f"No itinerary by {english}, and any other arrives more than {days} late.",
        f"限于{chinese}没有行程，其他行程都逾期{days_zh}以上。",
    )


def size_only(one: Shipment, lot: float, limit: Words) -> Words:
    """Its boxes are too many, or too heavy, to go at once."""
    tonnes = amount(one.loaded_tonnes * lot / one.teu)
    if one.splittable:
        return (
            f"One box of it has {amount(lot)} TEU and {tonnes} t loaded, and {limit[0]}.",
            f"其每箱为{amount(lot)} TEU、总重{tonnes}吨，而{limit[1]}。",
        )
    return (
        f"It travels whole, {amount(lot)} TEU of {tonnes} t loaded, and {limit[0]}.",
        f"该票不可拆分，共{amount(lot)} TEU、总重{tonnes}吨，而{limit[1]}。",
    )


def dwell_only(instance: Instance, wait: tuple[str, float]) -> Words:
    """It would have to wait longer than allowed."""
    place, days = wait
    most = amount(instance.statement.defaults.most_dwell_days)
    return (
        f"Every itinerary waits too long: {amount(days)} days at {place}, where {most} are the "
        "most (most_dwell_days).",
        f"所有行程的等待都过长：在{place}须等待{amount(days)}天，而最多允许{most}天"
        "（most_dwell_days）。",
    )


def together(instance: Instance, one: Shipment, limits: Sequence[str]) -> Words:
    """Several limits that only together leave no way."""
    needs, days = needs_words(one), late_days(instance)
    dwell = amount(instance.statement.defaults.most_dwell_days)
    named = {
        "needs": (f"by {needs[0]}", f"限于{needs[1]}"),
        "size": ("with all its boxes at once", "全部同批运输"),
        "late": (f"at most {days[0]} late", f"逾期不超过{days[1]}"),
        "dwell": (f"waiting at most {dwell} days at a terminal", f"在站等待不超过{dwell}天"),
    }
    english = ", ".join(named[limit][0] for limit in limits)
    chinese = "，".join(named[limit][1] for limit in limits)
    return (
        f"No itinerary keeps all of these limits: {english}.",
        f"没有行程能同时满足：{chinese}。",
    )


def too_empty(name: str, least: float, teu: float) -> Words:
    """A train that too few boxes could ride."""
    return (
        f"{name}, which does not run: it needs {amount(least)} TEU, and {amount(teu)} could ride "
        "it",
        f"班次{name}（未开行：至少需要{amount(least)} TEU，而可乘用的仅{amount(teu)} TEU）",
    )


def not_run(name: str, least: float, cost: str, left: tuple[float, str] | None) -> Words:
    """A train that does not run, and what a run costs.

    ``left``: TEU left behind that could ride it, and what leaving them costs more than carrying
    them, where that is less.
    """
    need = f" with at least {amount(least)} TEU" if least else ""
    need_zh = f"至少{amount(least)} TEU，" if least else ""
    if left is None:
        return (
            f"{name}, which this plan does not run: a run{need} costs {cost}",
            f"班次{name}（本方案未开行：{need_zh}每班{cost}）",
        )
    teu, saved = amount(left[0]), left[1]
    return (
        f"{name}, which does not run: a run{need} costs {cost}, and leaving the {teu} TEU that "
        f"could ride it costs at most {saved} more than carrying them",
        f"班次{name}（未开行：{need_zh}每班{cost}，而不承运可乘用的{teu} TEU最多比承运多{saved}）",
    )


def late_days(instance: Instance) -> Words:
    """The most late days."""
    days = f"{instance.statement.defaults.most_late_days:g}"
    return f"{days} day{'s' if days != '1' else ''}", f"{days}天"


def takes(room: Room, tight: Tight) -> Words:
    """What a limit takes in all."""
    name, chinese = _place(room, tight)
    size = f"{amount(tight.limit)} {'t' if tight.by_mass else 'TEU'}"
    size_zh = f"{amount(tight.limit)}{'吨' if tight.by_mass else ' TEU'}"
    if tight.daily is None:
        return f"{name[0]} takes {size} {name[1]}", f"{chinese}最多载运{size_zh}"
    verb = "takes" if tight.daily.moves else "lifts"
    return f"{name[0]} {verb} at most {size} a day", f"{chinese}每日最多{size_zh}"


def taken(room: Room, tight: Tight) -> Words:
    """What a limit has given away in a plan."""
    name, chinese = _place(room, tight)
    unit, unit_zh = ("t", "吨") if tight.by_mass else ("TEU", " TEU")
    used, limit = amount(tight.limit - tight.left), amount(tight.limit)
    what = f"{used} of {limit} {unit}"
    what_zh = f"{limit}{unit_zh}中已用{used}"
    if tight.daily is None:
        return f"{name[0]}, which carries {what} {name[1]}", f"{chinese}（{what_zh}）"
    day = day_text(tight.daily.day)
    return f"{name[0]} on {day}, where {what} are taken", f"{chinese}{day}（{what_zh}）"


def _place(room: Room, tight: Tight) -> tuple[tuple[str, str], str]:
    network, terminals = room.network, room.instance.terminals
    if tight.daily is None:
        calls = network.calls
        start, end = (calls.stop_of(call).terminal for call in (tight.call - 1, tight.call))
        name = calls.departure_of(tight.call).id
        return (name, f"from {start} to {end}"), f"班次{name}在{start}至{end}区段"
    if tight.daily.moves:
        move = network.moves[tight.daily.place]
        start = terminals[move.tail].id
        return (f"{move.transfer.id} from {start}", ""), f"由{start}起的{move.transfer.id}"
    name = terminals[tight.daily.place].id
    return (f"{name}", ""), f"{name}"
