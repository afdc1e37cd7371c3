"""How a plan shows itself in a notebook: what it says, a map of it, and tables to read."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from freight.domain.instance import Instance
from freight.domain.plan import Plan
from freight.errors import EngineError, InstanceError
from freight.io.plan_file import instance_of
from freight.report.console import sentences
from freight.report.flow_map import flow_map
from freight.report.terminal import CHARGE_WORDS, percent

MOST = 12


@dataclass(frozen=True)
class View:
    """A plan with its instance, to be shown by a notebook."""

    plan: Plan
    instance: Instance

    def _repr_html_(self) -> str:
        return html(self.plan, self.instance)


def html(plan: Plan, instance: Instance | None = None) -> str:
    """A small HTML fragment: three sentences, a map, cost by charge and the fullest departures.

    Without ``instance`` it is looked for by the name and digest that the plan carries; where it
    is not found, or matplotlib is not installed, a line says why there is no map.
    """
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
        f"<div><p>{escape(sentences(plan))}</p>{_map(plan, instance)}"
        + _table(("charge", plan.currency, "share"), costs)
        + _table(("departure", "mode", "owner", "load"), runs)
        + "</div>"
    )


def _map(plan: Plan, instance: Instance | None) -> str:
    try:
        home = instance or instance_of(plan, Path(plan.instance))
        picture = flow_map(plan, home)
    except (InstanceError, EngineError) as error:
        why = str(error).splitlines()[-1].strip()
        return f"<p><small>No map: {escape(why)}</small></p>"
    data = b64encode(picture).decode("ascii")
    alt = f"Map of the flows of {escape(plan.instance)} by mode, width by TEU"
    return f'<p><img alt="{alt}" src="data:image/png;base64,{data}" style="max-width:100%"></p>'


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    def line(tag: str, cells: tuple[str, ...]) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(one)}</{tag}>" for one in cells) + "</tr>"

    body = "".join(line("td", row) for row in rows)
    return f"<table><thead>{line('th', head)}</thead><tbody>{body}</tbody></table>"
