"""A plan, its shipments and its progress as tables for a terminal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from freight.domain.instance import Instance
from freight.domain.money import shown
from freight.domain.plan import ChargeKind, Dwell, Itinerary, Plan, Ride, Run
from freight.domain.service import Mode
from freight.domain.wording import counted, listed
from freight.errors import Fault
from freight.report.attention import attention
from freight.report.tables.modes import carrying, mode_figures
from freight.report.terminal import CHARGE_WORDS, clock, money, percent, table

TOP_DEPARTURES = 15
NO_MODE = "terminal"
VEHICLES = {
    Mode.RAIL: "train",
    Mode.BARGE: "barge",
    Mode.SEA: "ship",
    Mode.AIR: "flight",
    Mode.ROAD: "truck run",
}
"""What a departure of each mode is called."""


def shortened(faults: Sequence[Fault], most: int = 3) -> Iterator[str]:
    """Faults of the same column of the same table: the first few, then how many more."""
    ordered = sorted(faults, key=lambda one: (one.file, one.column or ""))
    for (file, column), some in groupby(ordered, key=lambda one: (one.file, one.column)):
        alike = list(some)
        yield from map(str, alike[:most])
        if len(alike) > most:
            yield f"{file}, {column}: {len(alike) - most} more like these."


def vehicles(plan: Plan) -> str:
    """Departures with something on board, by kind: ``204 trains, 24 barges and 29 ships``."""
    departures: Counter[Mode] = Counter()
    for run in carrying(plan):
        departures[run.mode] += run.runs
    named = [counted(departures[mode], word) for mode, word in VEHICLES.items() if departures[mode]]
    return listed(named) if named else "no departure"


def sentences(plan: Plan) -> str:
    """Three sentences: what the plan does, what it costs, what is proved."""
    totals = plan.totals
    moved = totals.teu - totals.teu_unserved
    does = (
        f"{counted(totals.shipments, 'shipment')} of {totals.teu:,} TEU: {moved:,} TEU travel on "
        f"{vehicles(plan)}, {totals.teu_unserved:,} TEU are not planned, "
        f"{percent(totals.on_time_share)} of all TEU arrive on time."
    )
    per_teu = f" ({plan.cost / moved:,.0f} per TEU moved)" if moved else ""
    costs = f"It costs {money(plan.cost, plan.currency)}{per_teu}"
    if plan.unserved_penalty:
        penalty = money(plan.unserved_penalty, plan.currency)
        costs += f", plus a penalty of {penalty} for what is not planned"
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


def plan_view(
    plan: Plan, most: int = TOP_DEPARTURES, instance: Instance | None = None
) -> RenderableType:
    """The plan on one screen: sentences, what to look at first, cost, modes, owners, departures.

    At most ``most`` rows a table, 0: all. With its instance the plan is set beside what was asked
    for: due dates, customers, departures that do not run.
    """
    parts: list[RenderableType] = [Text(sentences(plan)), Text("")]
    parts.extend(attention(plan, instance, most))
    parts.extend([_cost_table(plan), _mode_table(plan, instance), _owner_table(plan)])
    parts.append(_departure_table(plan, most))
    return Group(*parts)


def _cost_table(plan: Plan) -> Table:
    found = table("Cost by charge", "charge", plan.currency, "share")
    for kind in ChargeKind:
        amount = plan.totals.by_charge.get(kind.value, Decimal(0))
        if amount:
            found.add_row(CHARGE_WORDS[kind], f"{amount:,.0f}", percent(_share(amount, plan.cost)))
    if plan.unallocated:
        share = percent(_share(plan.unallocated, plan.cost))
        found.add_row("unallocated", f"{plan.unallocated:,.0f}", share)
    found.add_section()
    found.add_row("total", f"{plan.cost:,.0f}", "100.0 %")
    return found


def _share(part: Decimal, whole: Decimal) -> float:
    return float(part / whole) if whole else 0.0


def _mode_table(plan: Plan, instance: Instance | None) -> Table:
    columns = ("mode", "departures", "load", "TEU", "TEU-km", plan.currency)
    result = table("By mode (TEU: boxes that travel by it, each once)", *columns)
    for figures in mode_figures(plan, instance):
        load = "" if figures.load_factor is None else percent(figures.load_factor, 0)
        shown = (figures.teu, figures.teu_km)
        result.add_row(
            figures.mode.value,
            f"{figures.departures:,}" if figures.departures else "",
            load,
            *(f"{value:,.0f}" if value else "" for value in shown),
            f"{figures.cost:,.0f}",
        )
    rest = plan.totals.by_mode.get(NO_MODE)
    if rest:
        result.add_row("terminals and time", "", "", "", "", f"{rest:,.0f}")
    return result


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
    title = f"Departures ({len(shown)} of {len(loaded)} with cargo; fixed ones without: {empty})"
    columns = ("departure", "mode", "owner", "", "TEU", "load", f"fixed {plan.currency}")
    found = table(title, *columns, text_columns=4)
    for run in shown:
        found.add_row(*_departure_row(run))
    return found


def _departure_row(run: Run) -> tuple[str, ...]:
    fullest = max((leg.teu for leg in run.legs), default=0.0)
    times = f" ×{run.runs}" if run.runs > 1 else ""
    kind = "fixed" if run.committed else "planned"
    name = f"{run.departure}{times}"
    load = (f"{fullest:,.0f}", percent(run.load_factor, 0), f"{run.fixed_cost:,.0f}")
    return (name, run.mode.value, run.owner, kind, *load)


def shipment_view(plan: Plan, shipment: str, zones: dict[str, str]) -> RenderableType:
    """Every step of one shipment in local time, with its charges; ``zones`` by terminal."""
    parts: list[RenderableType] = []
    for itinerary in plan.itineraries:
        if itinerary.shipment == shipment:
            parts.append(itinerary_table(itinerary, zones))
            charges: defaultdict[ChargeKind, Decimal] = defaultdict(Decimal)
            for charge in itinerary.charges:
                charges[charge.kind] += charge.amount
            found = table("", "charge", plan.currency)
            for kind, amount in sorted(charges.items()):
                found.add_row(CHARGE_WORDS[kind], shown(amount, plan.currency))
            parts.append(found)
    parts.extend(
        Text(f"{one.teu} TEU not planned: {one.reason}")
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
        leaves = clock(step.departs, zones[step.from_terminal])
        arrives = clock(step.arrives, zones[step.to_terminal])
        places = (step.from_terminal, leaves, step.to_terminal, arrives)
        yield (f"{step.mode.value} {what}", *places, f"{step.distance_km:,.0f}")
