"""How a plan shows itself in a notebook: what it says, and a table to read."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from freight.domain.plan import Plan
from freight.report.console import CHARGE_WORDS, percent, sentences

MOST = 12


def html(plan: Plan) -> str:
    """A small HTML fragment: three sentences, cost by charge and the fullest departures."""
    words = {kind.value: name for kind, name in CHARGE_WORDS.items()}
    costs = [
        (words.get(key, key), f"{amount:,.0f}", percent(float(amount / plan.cost)))
        for key, amount in plan.totals.by_charge.items()
        if amount and plan.cost
    ]
    fullest = sorted(plan.departures, key=lambda run: -run.load_factor)[:MOST]
    runs = [
        (run.departure, run.mode.value, run.owner, percent(run.load_factor, 0)) for run in fullest
    ]
    return (
        f"<div><p>{escape(sentences(plan))}</p>"
        + _table(("charge", plan.currency, "share"), costs)
        + _table(("departure", "mode", "owner", "load"), runs)
        + "</div>"
    )


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    def line(tag: str, cells: tuple[str, ...]) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(one)}</{tag}>" for one in cells) + "</tr>"

    body = "".join(line("td", row) for row in rows)
    return f"<table><thead>{line('th', head)}</thead><tbody>{body}</tbody></table>"
