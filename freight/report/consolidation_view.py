"""A consolidation study as tables for a terminal."""

from __future__ import annotations

from decimal import Decimal

from rich.console import Group, RenderableType
from rich.text import Text

from freight.consolidation.allocate import Allocation, GameReport
from freight.consolidation.boxes import BoxBalance
from freight.consolidation.figures import BorderDay
from freight.consolidation.report import ConsolidationReport, PolicyReport
from freight.consolidation.sampling import SampledShares
from freight.domain.money import shown
from freight.report.terminal import percent, table
from solvers.network_design.warm_start import IDLE

_NOTES = (
    "cost is money, per FEU of what moves; penalty is for the TEU out, those not planned, and paid",
    "by nobody; gap is of both. load: filled slots of trains, by TEU-km. days, p90: mean and 90th",
    "percentile from ready to delivery, by TEU.",
)


def study_view(report: ConsolidationReport) -> RenderableType:
    """Policies side by side, what pooling saves, and who pays what."""
    parts: list[RenderableType] = [_policies(report), *(Text(line) for line in _NOTES)]
    parts += [_subsidies(report), _boxes(report), _borders(report)]
    parts += [_savings(report)] if any(one.saving for one in report.policies) else []
    parts += [Text(line) for line in _origins(report)]
    if report.game is not None:
        parts += [_stability(report.game), _shares(report.game)]
        parts += [Text(line) for line in _objections(report.game)]
        parts += [Text(f"{rule}: {why}") for rule, why in report.game.left_out.items()]
    if report.sampled is not None:
        parts.append(_sampled(report.sampled))
    parts += [Text(report.remark)] if report.remark else []
    return Group(*parts)


def _policies(report: ConsolidationReport) -> RenderableType:
    columns = ("policy", f"cost {report.currency}", "per FEU", "penalty", "TEU out", "gap")
    found = table("Policies", *columns, "trains", "load", "on time", "days", "p90", "t CO2e")
    found.collapse_padding = True
    for one in report.policies:
        found.add_row(one.policy.id, *_policy_row(one))
    return found


def _policy_row(one: PolicyReport) -> tuple[str, ...]:
    f = one.figures
    return (
        f"{f.cost:,.0f}", f"{f.cost_per_feu:,.0f}", f"{f.objective - f.cost:,.0f}",
        f"{f.teu_unserved:,}", percent(f.gap, 2), f"{f.trains:,}", percent(f.load_factor, 0),
        percent(f.on_time_share, 0), f"{f.mean_transit_days:.1f}", f"{f.p90_transit_days:.1f}",
        f"{f.co2e_tonnes:,.0f}",
    )  # fmt: skip


def _subsidies(report: ConsolidationReport) -> RenderableType:
    """Cost with and without provincial subsidies, where the instance has a rate for CNY."""
    shares = sorted({case.share for one in report.policies for case in one.figures.subsidies})
    heads = [f"at {100 * share:.0f} %" for share in shares]
    title = f"Cost {report.currency} without penalties when a share of the China leg is subsidized"
    found = table(title, "policy", "without", *heads)
    for one in report.policies:
        cells = [
            f"{case.cost_after:,.0f} ({percent(case.dependence, 1)})"
            for case in one.figures.subsidies
        ]
        found.add_row(one.policy.id, f"{one.figures.cost:,.0f}", *cells)
    return found


def _boxes(report: ConsolidationReport) -> RenderableType:
    """How boxes come home, beside the cost of the plan."""
    heads = ("policy", f"cost {report.currency}", "leasing all", "leased", "by sea", "by rail")
    found = table(
        "Boxes that do not come back loaded: how many, and a cost of its own",
        *heads,
        "wagons out",
        "back",
        "at most lost",
    )
    for one in report.policies:
        if one.boxes is not None:
            found.add_row(one.policy.id, *_box_row(one.boxes))
    return found


def _box_row(boxes: BoxBalance) -> tuple[str, ...]:
    ways = (
        sum(one.leased for one in boxes.cities),
        sum(one.empty_by_sea for one in boxes.cities),
        sum(one.empty_by_rail for one in boxes.cities),
    )
    lost = "–" if boxes.lost_at_most is None else f"{boxes.lost_at_most:,.0f}"
    return (
        f"{boxes.cost:,.0f}", f"{boxes.cost_of_leasing_all:,.0f}", *(f"{one:,.1f}" for one in ways),
        f"{boxes.wagons_out:,}", f"{boxes.wagons_back:,}", lost,
    )  # fmt: skip


def _borders(report: ConsolidationReport) -> RenderableType:
    """Trains and TEU over every crossing with its busiest day; all days are in the report file."""
    heads = ("policy", "crossing", "trains", "TEU", "busiest day", "TEU that day")
    found = table("Borders", *heads, text_columns=2)
    for one in report.policies:
        days: dict[str, list[BorderDay]] = {}
        for day in one.figures.border_days:
            days.setdefault(day.crossing, []).append(day)
        for crossing, some in days.items():
            top = max(some, key=lambda day: day.teu)
            trains, teu = sum(day.trains for day in some), sum(day.teu for day in some)
            found.add_row(
                one.policy.id,
                crossing,
                f"{trains:,}",
                f"{teu:,.0f}",
                f"{top.day}",
                f"{top.teu:,.0f}",
            )
    return found


def _savings(report: ConsolidationReport) -> RenderableType:
    columns = (
        "policy", "compared with", f"money {report.currency}", "less penalty", "at least", "at most"
    )  # fmt: skip
    title = "Saving (of cost and penalty together, the true one lies between at least and at most)"
    found = table(title, *columns, text_columns=2)
    first = report.policies[0].figures
    for one in report.policies:
        s = one.saving
        if s is not None:
            money = first.cost - one.figures.cost
            amounts = (f"{money:,.0f}", f"{s.in_hand - money:,.0f}")
            shares = (f"{share:.2f} %" for share in (s.percent_at_least, s.percent_at_most))
            found.add_row(one.policy.id, s.against, *amounts, *shares)
    for two in report.published:
        spread = (f"{two.low_percent:.2f} %", f"{two.high_percent:.2f} %")
        found.add_row(f"published studies: {two.figure}", two.study, "", "", *spread)
    return found


def _origins(report: ConsolidationReport) -> list[str]:
    """Policies whose plan was taken over from elsewhere."""
    found = []
    for one in report.policies:
        if one.plan_of == IDLE:
            found.append(f"{one.policy.id}: no plan found in time; nothing is planned.")
        elif one.plan_of != one.policy.id:
            found.append(f"{one.policy.id}: its plan is that of {one.plan_of}.")
    return found


def _sampled(sampled: SampledShares) -> RenderableType:
    sure = f"{100 * sampled.confidence:.0f} %"
    title = (
        f"Shapley shares of policy {sampled.policy}, sampled: {sampled.orders} orders, "
        f"{sampled.coalitions} coalitions, widest gap {percent(sampled.gap_share, 2)} of the total"
    )
    found = table(title, "owner", sampled.currency, f"{sure} from", "to", "alone", "proved alone")
    for one in sampled.shares:
        figures = (float(one.share), one.low, one.high, one.alone, one.alone_bound)
        found.add_row(one.owner, *(f"{figure:,.0f}" for figure in figures))
    return found


def _stability(game: GameReport) -> RenderableType:
    none = Decimal(0)
    own = [game.penalties.get(owner, none) for owner in game.owners]
    money = f"{shown(game.total - sum(own, none), game.currency)} {game.currency}"
    title = f"Rules that share {money}, the money of {game.policy}; core: {game.core_exists}"
    found = table(title, "rule", "in core", *game.owners)
    for one in game.allocations:
        paid = (share.share - penalty for share, penalty in zip(one.shares, own, strict=True))
        found.add_row(one.rule, one.in_core, *(f"{amount:,.0f}" for amount in paid))
    found.add_section()
    if game.penalties:
        found.add_row("penalty besides", "", *(f"{amount:,.0f}" for amount in own))
    alone = [game.coalitions[owner][1] for owner in game.owners]
    found.add_row("alone with penalty", "", *(f"{cost:,.0f}" for cost in alone))
    return found


def _shares(game: GameReport) -> RenderableType:
    found = table("Shapley shares that the proved gaps allow", "owner", "least", "greatest")
    for owner, (low, high) in game.shapley_range.items():
        found.add_row(owner, f"{low:,.0f}", f"{high:,.0f}")
    return found


def _objections(game: GameReport) -> list[str]:
    return [line for one in game.allocations for line in _objection(one, game.currency)]


def _objection(one: Allocation, currency: str) -> list[str]:
    if not one.would_leave:
        return _open(one, currency)
    worst = one.would_leave[0]
    who = " + ".join(worst.coalition)
    more = f" ({len(one.would_leave)} coalitions in all)" if len(one.would_leave) > 1 else ""
    return [
        f"{one.rule}: {who} would be better off alone by at least {worst.at_least:,.0f} "
        f"{currency}{more}."
    ]


def _open(one: Allocation, currency: str) -> list[str]:
    """The coalition of which the proved gaps leave open most whether it would leave."""
    if not one.might_leave:
        return []
    worst = max(one.might_leave, key=lambda other: other.at_most)
    who = " + ".join(worst.coalition)
    return [
        f"{one.rule}: the proved gaps leave open whether {who} would be better off "
        f"alone, by at most {worst.at_most:,.0f} {currency}."
    ]
