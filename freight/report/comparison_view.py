"""Plans side by side as tables for a terminal: before → after, and what a proof leaves open."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from freight.consolidation.difference import Comparison, Difference, MoveKind, RunChange
from freight.domain.plan import ChargeKind
from freight.domain.wording import counted
from freight.report.terminal import CHARGE_WORDS, money, percent, table

TOP_CHANGES = 8


def comparison_view(comparison: Comparison, most: int | None = TOP_CHANGES) -> RenderableType:
    """Every plan after the first one: cost by charge, departures and shipments that change.

    ``most`` of each kind of change are listed; None: all.
    """
    parts: list[RenderableType] = []
    for difference in comparison.differences:
        parts.append(_cost(difference, comparison))
        if warning := slack_warning(difference, comparison.currency):
            parts.append(Text(warning, style="yellow"))
        parts += [_runs(difference, most)] if difference.appear or difference.vanish else []
        parts += [_shipments(difference, most)] if difference.shipments else []
        if not difference.shipments:
            parts.append(Text("No shipment is re-routed."))
    return Group(*parts)


def slack_warning(difference: Difference, currency: str) -> str:
    """That a difference is smaller than what the proofs leave open; empty where it is not."""
    if not difference.within_slack:
        return ""
    change = difference.after.objective - difference.before.objective
    dearer = difference.after if change > 0 else difference.before
    open_amount = (
        "nothing is proved about the dearer plan"
        if dearer.slack is None
        else f"the dearer plan may be up to {money(dearer.slack, currency)} above the best one"
    )
    return (
        f"Note: the difference of {money(abs(change), currency)} lies within the proof: "
        f"{open_amount}. Solve with a smaller --gap before acting on it."
    )


def _cost(difference: Difference, comparison: Comparison) -> Table:
    before, after = difference.before, difference.after
    title = f"{difference.name} compared with {comparison.base}, {comparison.currency}"
    view = table(title, "", "before", "after", "change")
    for charge in difference.by_charge:
        old, new = (side.by_charge.get(charge, Decimal(0)) for side in (before, after))
        if old or new:
            view.add_row(_charge_word(charge), *_amounts(old, new))
    view.add_section()
    view.add_row("cost", *_amounts(before.cost, after.cost))
    if before.unserved_penalty or after.unserved_penalty:
        penalties = (before.unserved_penalty, after.unserved_penalty)
        view.add_row("penalty for what is not planned (no money)", *_amounts(*penalties))
        view.add_row("TEU not planned", *_amounts(before.teu_unserved, after.teu_unserved))
    shares = (100 * before.on_time_share, 100 * after.on_time_share)
    points = f"{shares[1] - shares[0]:+.1f} points"
    view.add_row("TEU on time", *(f"{share:.1f} %" for share in shares), points)
    view.add_row("t CO2e", *_amounts(before.co2e_kg / 1000, after.co2e_kg / 1000))
    return view


def _charge_word(charge: str) -> str:
    return CHARGE_WORDS[ChargeKind(charge)] if charge in set(ChargeKind) else charge


def _amounts(old: Decimal | float, new: Decimal | float) -> tuple[str, str, str]:
    change = float(new) - float(old)
    return f"{old:,.0f}", f"{new:,.0f}", f"{change:+,.0f}" if round(change) else "0"


def _runs(difference: Difference, most: int | None) -> Table:
    added, cancelled = difference.appear, difference.vanish
    title = f"Departures: {len(added):,} added, {len(cancelled):,} cancelled"
    view = table(title, "departure", "owner", "runs", "load", text_columns=2)
    for change in _first(added, most) + _first(cancelled, most):
        runs = f"{change.runs_before} → {change.runs_after}"
        load = f"{percent(change.load_before, 0)} → {percent(change.load_after, 0)}"
        view.add_row(change.departure, change.owner, runs, load)
    return view


def _first(changes: Iterable[RunChange], most: int | None) -> list[RunChange]:
    return list(changes)[:most]


_NOWHERE: Final = "not planned"
_MOVES: Final = MappingProxyType({MoveKind.TAKEN: "more planned", MoveKind.DROPPED: "less planned"})
"""What changes for a shipment, where it is not only the way."""


def _shipments(difference: Difference, most: int | None) -> Table:
    title = f"{counted(len(difference.shipments), 'shipment')} re-routed"
    view = table(title, "shipment", "changes", "before → after", "TEU", "cost", text_columns=3)
    for change in difference.shipments[:most]:
        ways = f"{change.route_before or _NOWHERE} → {change.route_after or _NOWHERE}"
        more = f"{change.cost_after - change.cost_before:+,.0f}"
        kind = _MOVES.get(change.kind, change.kind)
        view.add_row(change.shipment, kind, ways, str(change.teu), more)
    return view
