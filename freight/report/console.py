"""A plan, its shipments and its progress as tables for a terminal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from freight.domain.clock import clock_text
from freight.domain.plan import ChargeKind, Dwell, Itinerary, Move, Plan, Ride, Run
from freight.errors import Fault

TOP_DEPARTURES = 15
LONG = ("why", "best in", "by", "source", "against", "policy", "step", "from", "to")
"""Columns whose text may take several lines."""
CHARGE_WORDS = {
    ChargeKind.FIXED: "departures (fixed cost shared)",
    ChargeKind.LEG: "legs (per TEU and tonne)",
    ChargeKind.HANDLING: "handling at terminals",
    ChargeKind.TRANSFER: "transfers",
    ChargeKind.DRAYAGE: "trucks to and from doors",
    ChargeKind.BORDER: "borders and gauge changes",
    ChargeKind.CUSTOMS: "customs",
    ChargeKind.STORAGE: "storage beyond free time",
    ChargeKind.CAPITAL: "capital tied up in goods",
    ChargeKind.LATENESS: "lateness",
    ChargeKind.NETWORK: "committed departures run empty",
    ChargeKind.SETTLEMENT: "settlement between owners",
}


def money(amount: Decimal | float, currency: str) -> str:
    """``1,234,567 USD``: whole units, thousands grouped."""
    return f"{amount:,.0f} {currency}"


def percent(share: float | None, digits: int = 1) -> str:
    """A share as percent, ``?`` when unknown."""
    return "?" if share is None else f"{100 * share:.{digits}f} %"


def shortened(faults: Sequence[Fault], most: int = 3) -> Iterator[str]:
    """Faults of the same column of the same table: the first few, then how many more."""
    ordered = sorted(faults, key=lambda one: (one.file, one.column or ""))
    for (file, column), some in groupby(ordered, key=lambda one: (one.file, one.column)):
        alike = list(some)
        yield from map(str, alike[:most])
        if len(alike) > most:
            yield f"{file}, {column}: {len(alike) - most} more like these."


def table(title: str, *columns: str, text_columns: int = 1) -> Table:
    """An empty table; the first ``text_columns`` are words, the others figures."""
    found = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(columns):
        words = number < text_columns
        found.add_column(column, justify="left" if words else "right", no_wrap=column not in LONG)
    return found


def carrying(plan: Plan) -> list[Run]:
    """Departures with something on board; committed ones may run empty."""
    return [run for run in plan.departures if run.load_factor > 0]


def sentences(plan: Plan) -> str:
    """Three sentences: what the plan does, what it costs, what is proved."""
    totals = plan.totals
    moved = totals.teu - totals.teu_unserved
    departures = sum(run.runs for run in carrying(plan))
    does = (
        f"{totals.shipments:,} shipments of {totals.teu:,} TEU: {moved:,} TEU travel on "
        f"{departures:,} departures, {totals.teu_unserved:,} TEU stay behind, "
        f"{percent(totals.on_time_share)} of all TEU arrive on time."
    )
    per_teu = f" ({plan.cost / moved:,.0f} per TEU moved)" if moved else ""
    costs = f"It costs {money(plan.cost, plan.currency)}{per_teu}"
    if plan.unserved_penalty:
        costs += f", plus {money(plan.unserved_penalty, plan.currency)} for what stays behind"
    if plan.drayage is not None:
        trucks = money(plan.drayage_cost, plan.currency)
        costs += f", with {trucks} for trucks to and from doors, planned after the proof"
    return f"{does} {costs}. {proof_sentence(plan)}"


def proof_sentence(plan: Plan) -> str:
    """How good the plan is, in words that claim no more than was proved.

    The bound holds for cost and penalty together; where a penalty is paid the words say so.
    """
    proof = plan.proof
    how = f"found by {proof.method} on {proof.backend} in {proof.seconds:,.0f} s"
    if proof.bound is None:
        return f"Nothing is proved about how good this is ({how})."
    gap = percent(proof.gap, 2)
    paid = bool(plan.unserved_penalty)
    if proof.outcome == "optimal" and (proof.gap or 0.0) < 1e-6:
        what = "has a lower cost and penalty together" if paid else "is cheaper"
        return f"No plan of this instance {what} ({how})."
    floor = money(proof.bound, plan.currency)
    if paid:
        whole = money(proof.objective, plan.currency)
        aside = "" if plan.drayage is None else " without trucks"
        return (
            f"Cost{aside} and penalty together are {whole}; no plan of this instance can have "
            f"less than {floor}: at most {gap} below ({how})."
        )
    return f"No plan of this instance can cost less than {floor}: at most {gap} below ({how})."


def plan_view(plan: Plan, most_departures: int = TOP_DEPARTURES) -> RenderableType:
    """The plan on one screen: sentences, cost by charge, mode and owner, fullest departures."""
    parts: list[RenderableType] = [Text(sentences(plan)), Text("")]
    parts.extend([_cost_table(plan), _mode_table(plan), _owner_table(plan)])
    parts.append(_departure_table(plan, most_departures))
    if plan.unserved:
        parts.append(_unserved_table(plan, most_departures))
    return Group(*parts)


def _cost_table(plan: Plan) -> Table:
    found = table("Cost by charge", "charge", plan.currency, "share")
    for kind in ChargeKind:
        amount = plan.totals.by_charge.get(kind.value, Decimal(0))
        if amount:
            found.add_row(CHARGE_WORDS[kind], f"{amount:,.0f}", percent(_share(amount, plan.cost)))
    if plan.unallocated:
        share = percent(_share(plan.unallocated, plan.cost))
        found.add_row("borne by nobody", f"{plan.unallocated:,.0f}", share)
    found.add_section()
    found.add_row("total", f"{plan.cost:,.0f}", "100.0 %")
    return found


def _share(part: Decimal, whole: Decimal) -> float:
    return float(part / whole) if whole else 0.0


def _mode_table(plan: Plan) -> Table:
    departures: Counter[str] = Counter()
    boardings: Counter[str] = Counter()
    distance: defaultdict[str, float] = defaultdict(float)
    for run in carrying(plan):
        departures[run.mode.value] += run.runs
    for itinerary in plan.itineraries:
        for step in itinerary.steps:
            if isinstance(step, Ride | Move):
                boardings[step.mode.value] += itinerary.teu
                distance[step.mode.value] += itinerary.teu * step.distance_km
    found = table("By mode", "mode", "departures", "TEU boarded", "TEU-km", plan.currency)
    for mode in sorted({*departures, *boardings, *plan.totals.by_mode}):
        amount = plan.totals.by_mode.get(mode, Decimal(0))
        row = (departures[mode], boardings[mode], distance[mode])
        found.add_row(mode, *(f"{value:,.0f}" if value else "" for value in row), f"{amount:,.0f}")
    return found


def _owner_table(plan: Plan) -> Table:
    teu: Counter[str] = Counter()
    late: Counter[str] = Counter()
    for itinerary in plan.itineraries:
        teu[itinerary.owner] += itinerary.teu
        late[itinerary.owner] += itinerary.teu if itinerary.late_hours > 0 else 0
    found = table("By owner of the goods", "owner", "TEU", "TEU late", plan.currency, "per TEU")
    for owner, amount in sorted(plan.totals.by_owner.items()):
        each = f"{amount / teu[owner]:,.0f}" if teu[owner] else ""
        found.add_row(owner, f"{teu[owner]:,}", f"{late[owner]:,}", f"{amount:,.0f}", each)
    return found


def _departure_table(plan: Plan, most: int) -> Table:
    loaded = carrying(plan)
    shown = loaded[:most] if most else plan.departures
    empty = len(plan.departures) - len(loaded)
    title = f"Departures ({len(shown)} of {len(loaded)} that carry, {empty} run empty)"
    columns = ("departure", "mode", "owner", "", "TEU", "load", f"fixed {plan.currency}")
    found = table(title, *columns, text_columns=4)
    for run in shown:
        found.add_row(*_departure_row(run))
    return found


def _departure_row(run: Run) -> tuple[str, ...]:
    fullest = max((leg.teu for leg in run.legs), default=0.0)
    times = f" ×{run.runs}" if run.runs > 1 else ""
    kind = "committed" if run.committed else "chosen"
    name = f"{run.departure}{times}"
    load = (f"{fullest:,.0f}", percent(run.load_factor, 0), f"{run.fixed_cost:,.0f}")
    return (name, run.mode.value, run.owner, kind, *load)


def _unserved_table(plan: Plan, most: int) -> Table:
    shown = plan.unserved[:most] if most else plan.unserved
    title = f"Left behind ({len(shown)} of {len(plan.unserved)})"
    found = table(title, "shipment", "owner", "why", "TEU", plan.currency, text_columns=3)
    for one in shown:
        found.add_row(one.shipment, one.owner, one.reason, str(one.teu), f"{one.penalty:,.0f}")
    return found


def shipment_view(plan: Plan, shipment: str, zones: dict[str, str]) -> RenderableType:
    """Every step of one shipment in local time, with its charges; ``zones`` by terminal."""
    parts: list[RenderableType] = []
    for itinerary in plan.itineraries:
        if itinerary.shipment == shipment:
            parts.append(itinerary_table(itinerary, zones))
            charges = Counter[ChargeKind]()
            for charge in itinerary.charges:
                charges[charge.kind] += charge.amount  # type: ignore[assignment]
            found = table("", "charge", plan.currency)
            for kind, amount in sorted(charges.items()):
                found.add_row(CHARGE_WORDS[kind], f"{amount:,.2f}")
            parts.append(found)
    parts.extend(
        Text(f"{one.teu} TEU left behind: {one.reason}")
        for one in plan.unserved
        if one.shipment == shipment
    )
    return Group(*parts)


def itinerary_table(itinerary: Itinerary, zones: dict[str, str]) -> Table:
    """Every step in local time; ``zones`` by terminal."""
    late = f", {itinerary.late_hours:,.0f} h late" if itinerary.late_hours else ", on time"
    title = (
        f"{itinerary.shipment}: {itinerary.teu} TEU, {itinerary.co2e_kg / 1000:,.1f} t CO2e{late}"
    )
    found = table(title, "step", "from", "leaves", "to", "arrives", "km", text_columns=5)
    for row in _step_rows(itinerary, zones):
        found.add_row(*row)
    return found


def _step_rows(itinerary: Itinerary, zones: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for step in itinerary.steps:
        if isinstance(step, Dwell):
            wait = (step.departs - step.arrives).total_seconds() / 3600
            paid = f", {step.storage_hours:,.0f} h paid" if step.storage_hours else ""
            yield (f"dwell {wait:,.0f} h{paid}", step.terminal, "", "", "", "")
            continue
        what = step.departure if isinstance(step, Ride) else step.transfer
        leaves = _local(step.departs, zones[step.from_terminal])
        arrives = _local(step.arrives, zones[step.to_terminal])
        places = (step.from_terminal, leaves, step.to_terminal, arrives)
        yield (f"{step.mode.value} {what}", *places, f"{step.distance_km:,.0f}")


def _local(moment: datetime, zone: str) -> str:
    return clock_text(moment, zone, " ").partition("-")[2]
