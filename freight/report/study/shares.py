"""Who pays what: every rule's shares in money, and who would be better off alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from freight.consolidation.allocate import Allocation, GameReport, Objection
from freight.consolidation.report import ConsolidationReport
from freight.consolidation.sampling import SampledShares
from freight.domain.gazetteer import city
from freight.report.study.table import Both, Column, Kind, Row, StudyTable, amount

RULES: Mapping[str, Both] = {
    "shapley": Both("Shapley value", "沙普利值"),
    "nucleolus": Both("Nucleolus", "核仁"),
    "least-core": Both("Least core", "最小核"),
    "equal-profit": Both("Most equal relative saving", "相对节省最均等"),
    "teu": Both("By TEU", "按TEU"),
    "teu-km": Both("By TEU-km", "按TEU·公里"),
    "standalone": Both("By cost alone", "按单独成本"),
}
STABLE: Mapping[str, Both] = {
    "certainly": Both("yes, proved", "是（已证明）"),
    "certainly not": Both("no, proved", "否（已证明）"),
    "undecided": Both("open", "未定"),
}


def owner_name(owner: str) -> Both:
    """An owner by the names of its city, else by its id."""
    known = city(owner)
    return Both(known.en, known.zh) if known else Both(owner, owner)


def together(owners: Sequence[str]) -> Both:
    """Owners of a coalition."""
    names = [owner_name(owner) for owner in owners]
    return Both(" + ".join(each.en for each in names), "、".join(each.zh for each in names))


def share_tables(report: ConsolidationReport) -> list[StudyTable]:
    """Shares by every rule; none where no game was played."""
    if report.game is not None:
        return [_rules(report.game)]
    return [] if report.sampled is None else [_sampled(report.sampled)]


def _rules(game: GameReport) -> StudyTable:
    money = game.currency
    columns = (
        Column(Both("Rule", "规则")),
        Column(Both("All stay willingly", "无人愿意退出")),
        *(amount(f"{who.en}", f"{who.zh}", money) for who in map(owner_name, game.owners)),
    )
    rows: list[Row] = [
        (RULES.get(rule.rule, Both(rule.rule, rule.rule)), STABLE[rule.in_core],
         *_paid(rule.amounts, game.owners, game.penalties))
        for rule in game.allocations
    ]  # fmt: skip
    if game.penalties:
        label = Both("Penalty besides (no money)", "另有惩罚成本（虚拟）")
        own = [float(game.penalties.get(owner, Decimal(0))) for owner in game.owners]
        rows.append((label, "", *own))
    label = Both("Alone, penalty included", "单独经营（含惩罚成本）")
    rows.append((label, "", *(game.coalitions[owner][1] for owner in game.owners)))
    notes = [note for rule in game.allocations for note in _objections(rule, money)]
    title = Both("Who pays what", "费用分摊")
    return StudyTable("shares", title, columns, tuple(rows), tuple(notes))


def _paid(
    amounts: Mapping[str, Decimal], owners: Sequence[str], penalties: Mapping[str, Decimal]
) -> list[float]:
    """Shares in money: less the penalty for what an owner leaves out itself."""
    return [float(amounts[owner] - penalties.get(owner, Decimal(0))) for owner in owners]


def _objections(rule: Allocation, money: str) -> list[Both]:
    name = RULES.get(rule.rule, Both(rule.rule, rule.rule))
    if rule.would_leave:
        return [_sure(name, rule.would_leave[0], money)]
    if rule.might_leave:
        return [_open(name, max(rule.might_leave, key=lambda each: each.at_most), money)]
    return []


def _sure(name: Both, worst: Objection, money: str) -> Both:
    who = together(worst.coalition)
    return Both(
        f"{name.en}: {who.en} would be better off alone by at least {worst.at_least:,.0f} {money}.",
        f"{name.zh}：{who.zh}单独经营至少节省 {worst.at_least:,.0f} {money}。",
    )


def _open(name: Both, worst: Objection, money: str) -> Both:
    who = together(worst.coalition)
    return Both(
        f"{name.en}: whether {who.en} would be better off alone is not decided, by at most "
        f"{worst.at_most:,.0f} {money}.",
        f"{name.zh}：{who.zh}单独经营是否更省尚无定论，至多 {worst.at_most:,.0f} {money}。",
    )


def _sampled(sampled: SampledShares) -> StudyTable:
    money, sure = sampled.currency, f"{sampled.confidence:.0%}"
    columns = (
        Column(Both("Owner", "平台")),
        amount("Pays", "应付", money, bar=True),
        amount(f"{sure} from", f"{sure}区间下限", money),
        amount("to", "上限", money),
        Column(
            Both(f"Penalty besides, {money} (no money)", f"另有惩罚成本（虚拟，{money}）"),
            Kind.MONEY,
        ),
        Column(
            Both(f"Alone, penalty included, {money}", f"单独经营（含惩罚成本，{money}）"),
            Kind.MONEY,
        ),
    )
    rows: list[Row] = []
    for share in sampled.shares:
        penalty = float(sampled.penalties.get(share.owner, Decimal(0)))
        figures = (float(share.share), share.low, share.high)
        paid = (figure - penalty for figure in figures)
        rows.append((owner_name(share.owner), *paid, penalty, share.alone))
    title = Both("Who pays what (Shapley value, sampled)", "费用分摊（沙普利值，抽样）")
    return StudyTable("shares", title, columns, tuple(rows))
