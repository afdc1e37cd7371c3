"""What a plan does, costs and proves, in three sentences of Chinese."""

from __future__ import annotations

from collections import Counter

from freight.domain.plan import Plan
from freight.domain.service import Mode
from freight.report.tables.modes import carrying
from freight.report.terminal import money, percent

VEHICLES = {
    Mode.RAIL: "列班列",
    Mode.BARGE: "个驳船航次",
    Mode.SEA: "个海船航次",
    Mode.AIR: "个航班",
    Mode.ROAD: "个卡车班次",
}


def sentences_zh(plan: Plan) -> str:
    """The counterpart of :func:`freight.report.console.sentences`."""
    totals = plan.totals
    moved = totals.teu - totals.teu_unserved
    does = (
        f"共{totals.shipments:,}票订单、{totals.teu:,} TEU：{moved:,} TEU"
        f"由{vehicles_zh(plan)}承运，"
        f"{totals.teu_unserved:,} TEU未承运，全部TEU中{percent(totals.on_time_share)}准时交付。"
    )
    per_teu = f"（每承运TEU {plan.cost / moved:,.0f}）" if moved else ""
    costs = f"总成本{money(plan.cost, plan.currency)}{per_teu}"
    if plan.unserved_penalty:
        costs += f"，另计未承运惩罚成本(虚拟){money(plan.unserved_penalty, plan.currency)}"
    if plan.drayage is not None:
        trucks = money(plan.drayage_cost, plan.currency)
        costs += f"，其中门到站集卡{trucks}，在求解之后安排"
    return f"{does}{costs}。{proof_zh(plan)}"


def vehicles_zh(plan: Plan) -> str:
    """Departures with something on board, by kind."""
    departures: Counter[Mode] = Counter()
    for run in carrying(plan):
        departures[run.mode] += run.runs
    named = [f"{departures[mode]:,}{word}" for mode, word in VEHICLES.items() if departures[mode]]
    return "、".join(named) or "零个班次"


def proof_zh(plan: Plan) -> str:
    """The counterpart of :func:`freight.report.console.proof_sentence`."""
    proof = plan.proof
    how = f"方法{proof.method}，求解器{proof.backend}，用时{proof.seconds:,.0f}秒"
    if proof.bound is None:
        return f"与最优的差距未知（{how}）。"
    paid = bool(plan.unserved_penalty)
    if proof.outcome == "optimal" and (proof.gap or 0.0) < 1e-6:
        what = "成本与惩罚成本合计更低" if paid else "更便宜"
        return f"按本数据不存在{what}的方案（{how}）。"
    floor = money(proof.bound, plan.currency)
    gap = percent(proof.gap, 2)
    if paid:
        whole = money(proof.objective, plan.currency)
        aside = "" if plan.drayage is None else "不计集卡，"
        return (
            f"{aside}成本与惩罚成本合计{whole}；按本数据的任何方案的合计不低于{floor}，"
            f"至多比本方案低{gap}（{how}）。"
        )
    return f"按本数据的任何方案的成本不低于{floor}，至多比本方案低{gap}（{how}）。"
