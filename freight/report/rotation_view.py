"""Barge rotations as tables for a terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from freight.domain.money import shown
from freight.report.terminal import percent, table
from freight.rotation import Call, Rotation, RotationPlan
from solvers.outcome import Outcome

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip


def rotation_view(found: RotationPlan) -> RenderableType:
    """Every rotation call by call, what is left, cost and proof."""
    parts: list[RenderableType] = [
        _calls(number, one, found.currency) for number, one in enumerate(found.rotations, 1)
    ]
    for lot in found.left:
        teu = f"{lot.teu_per_week} TEU a week from {lot.from_port} to {lot.to_port}"
        parts.append(Text(f"Left: {teu}.", style="yellow"))
    parts += [Text(remark, style="yellow") for remark in found.remarks]
    return Group(*parts, Text(sentence(found)))


def sentence(found: RotationPlan) -> str:
    """What it costs and what is proved."""
    month = _MONTHS[found.month - 1]
    vessels = sum(one.weeks for one in found.rotations)
    cost = f"{shown(found.cost, found.currency)} {found.currency} a week"
    if found.outcome is Outcome.INFEASIBLE:
        return f"{month}: no rotations carry what must go."
    if found.bound is None or found.gap is None:
        proof = "Not every rotation was looked at, so nothing is proved: give it more time."
    elif found.gap < 1e-9:
        proof = "No rotations of these lots cost less: proved. Smaller lots (--lot-teu) may."
    else:
        proof = (
            f"No rotations cost less than {shown(found.bound, found.currency)}: "
            f"at most {percent(found.gap, 2)} below."
        )
    kept = f"{_count(len(found.rotations), 'rotation')} with {_count(vessels, 'vessel')}"
    return f"{month}: {kept}, {cost}. {proof}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _calls(number: int, one: Rotation, currency: str) -> RenderableType:
    title = (
        f"Rotation {number}: {one.vessel_class}, {_count(one.weeks, 'week')}, "
        f"{_count(one.weeks, 'vessel')}, "
        f"{one.distance_km:,.0f} km, {shown(one.cost_per_week, currency)} {currency} a week"
    )
    columns = ("port", "arrives", "leaves", "on", "off", "TEU", "t", "most t", "shallowest")
    found = table(title, *columns)
    found.add_row("leaves home", "", _clock(one.leaves_home_hours), *[""] * 6)
    for call in one.calls:
        found.add_row(call.port, *_figures(call), call.shallowest or "")
    if one.returns_home_hours > one.calls[-1].leaves_hours + 1e-6:
        found.add_row("home again", _clock(one.returns_home_hours), *[""] * 7)
    return found


def _figures(call: Call) -> list[str]:
    return [
        _clock(call.arrives_hours), _clock(call.leaves_hours), str(call.loaded_teu),
        str(call.unloaded_teu), str(call.teu_on_leaving), f"{call.tonnes_on_leaving:,.0f}",
        f"{call.most_tonnes_ahead:,.0f}",
    ]  # fmt: skip


def _clock(hours: float) -> str:
    """``Tue 14:30`` of the rotation's first week, ``Tue 14:30 +1`` of the next."""
    minutes = round(60 * hours)
    week, rest = divmod(minutes, 7 * 24 * 60)
    day, clock = divmod(rest, 24 * 60)
    later = f" +{week}" if week else ""
    return f"{_DAYS[day]} {clock // 60:02}:{clock % 60:02}{later}"
