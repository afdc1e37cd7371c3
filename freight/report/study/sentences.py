"""What a study comes to, in a few sentences of both languages."""

from __future__ import annotations

from freight.consolidation.report import ConsolidationReport, PolicyReport
from freight.report.study.table import Both


def headlines(report: ConsolidationReport) -> tuple[Both, ...]:
    """The cheapest policy, what it saves, what it leaves out; and what the study itself remarks."""
    sentences: list[Both] = []
    if report.policies:
        best = min(report.policies, key=lambda policy: policy.figures.objective)
        sentences += [_cheapest(best, report.currency), *_saving(report.policies[0], best, report)]
    if report.remark:
        sentences.append(Both(report.remark, report.remark))
    return tuple(sentences)


def _cheapest(best: PolicyReport, money: str) -> Both:
    figures, policy = best.figures, best.policy
    left = figures.teu_unserved
    not_planned = (
        Both(f"{left:,} TEU are not planned", f"{left:,} TEU未承运")
        if left
        else Both("everything is planned", "全部承运")
    )
    return Both(
        f"Lowest cost: {policy.title_en}, {figures.cost:,.0f} {money}, that is "
        f"{figures.cost_per_feu:,.0f} {money} per FEU; {not_planned.en}.",
        f"成本最低：{policy.title_zh}，{figures.cost:,.0f} {money}，"
        f"每FEU {figures.cost_per_feu:,.0f} {money}；{not_planned.zh}。",
    )


def _saving(first: PolicyReport, best: PolicyReport, report: ConsolidationReport) -> list[Both]:
    if best is first or best.saving is None:
        return []
    saved, money = first.figures.cost - best.figures.cost, report.currency
    low, high = best.saving.percent_at_least, best.saving.percent_at_most
    more = first.figures.teu_unserved - best.figures.teu_unserved
    carried = (
        Both(f", and {more:,} TEU more travel", f"，并多承运{more:,} TEU")
        if more > 0
        else Both("", "")
    )
    amount = f"{abs(saved):,.0f} {money}"
    effect = (
        Both(f"costs {amount} more", f"多花费金额 {amount}")
        if saved < 0
        else Both(f"saves {amount}", f"节省金额 {amount}")
    )
    return [
        Both(
            f"Compared with {first.policy.title_en} it {effect.en} in money"
            f"{carried.en}; cost and penalty together fall by {_span(low, high)} % (proved).",
            f"与{first.policy.title_zh}相比{effect.zh}{carried.zh}；"
            f"成本与惩罚成本合计下降{_span(low, high)}%（已证明）。",
        )
    ]


def _span(low: float, high: float) -> str:
    return f"{low:.1f}" if f"{low:.1f}" == f"{high:.1f}" else f"{low:.1f}–{high:.1f}"
