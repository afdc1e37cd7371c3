"""What a consolidation study says, as tables in both languages."""

from __future__ import annotations

from freight.consolidation.report import ConsolidationReport, PolicyReport
from freight.report.study.shares import share_tables
from freight.report.study.table import Both, Column, Kind, Row, StudyTable, amount

POLICY = Column(Both("Policy", "方案"))
NO_MONEY = Both(
    "The penalty for TEU not planned is a price for leaving boxes out; nobody pays it.",
    "未承运惩罚成本是对未安排箱量的计价，不发生任何支付。",
)


def study_tables(report: ConsolidationReport) -> tuple[StudyTable, ...]:
    """Every table that a study has something for, in the order of a meeting."""
    tables = [
        policies(report), savings(report), *share_tables(report), changes(report),
        borders(report), boxes(report), subsidies(report), published(report),
    ]  # fmt: skip
    return tuple(table for table in tables if table.rows)


def name(policy: PolicyReport) -> Both:
    """A policy by its titles."""
    return Both(policy.policy.title_en, policy.policy.title_zh)


def policies(report: ConsolidationReport) -> StudyTable:
    """Policies side by side."""
    money = report.currency
    columns = (
        POLICY,
        amount("Cost", "成本", money, bar=True),
        amount("Cost per FEU", "每FEU成本", money),
        Column(Both("TEU not planned", "未承运TEU"), Kind.NUMBER),
        amount("Penalty (no money)", "未承运惩罚成本（虚拟）", money),
        Column(Both("Trains", "班列数"), Kind.NUMBER),
        Column(Both("Load of trains", "班列满载率"), Kind.SHARE),
        Column(Both("TEU on time", "准时TEU占比"), Kind.SHARE),
        Column(Both("Mean days", "平均天数"), Kind.DAYS),
        Column(Both("90 % within, days", "九成不超过（天）"), Kind.DAYS),
        Column(Both("CO₂e, t", "碳排放（吨）"), Kind.NUMBER),
        Column(Both("Above the best possible by at most", "与最优差距上限"), Kind.SHARE),
    )
    rows: list[Row] = []
    for policy in report.policies:
        figures = policy.figures
        rows.append((
            name(policy), figures.cost, figures.cost_per_feu, figures.teu_unserved,
            figures.objective - figures.cost, figures.trains, figures.load_factor,
            figures.on_time_share, figures.mean_transit_days, figures.p90_transit_days,
            figures.co2e_tonnes, figures.gap,
        ))  # fmt: skip
    notes = [Both(*_summary(policy)) for policy in report.policies]
    notes += [NO_MONEY] if any(policy.figures.teu_unserved for policy in report.policies) else []
    title = Both("Policies side by side", "各方案对比")
    return StudyTable("policies", title, columns, tuple(rows), tuple(notes))


def _summary(policy: PolicyReport) -> tuple[str, str]:
    record = policy.policy
    return (
        f"{record.title_en}: {record.summary}",
        f"{record.title_zh}：{record.summary_zh or record.summary}",
    )


def savings(report: ConsolidationReport) -> StudyTable:
    """What every policy saves against the first one, money apart from penalties."""
    money = report.currency
    first = report.policies[0] if report.policies else None
    columns = (
        POLICY,
        amount("Money saved", "节省金额", money, bar=True),
        Column(Both("Money saved", "节省比例"), Kind.SHARE),
        amount("Less penalty (no money)", "惩罚成本减少（虚拟）", money),
        Column(Both("Both together: at least", "合计至少"), Kind.SHARE),
        Column(Both("at most", "至多"), Kind.SHARE),
    )
    rows: list[Row] = []
    for policy in report.policies:
        if first is None or policy.saving is None:
            continue
        before, after = first.figures, policy.figures
        saved = before.cost - after.cost
        rows.append((
            name(policy), saved, saved / before.cost if before.cost else None,
            (before.objective - before.cost) - (after.objective - after.cost),
            policy.saving.percent_at_least / 100, policy.saving.percent_at_most / 100,
        ))  # fmt: skip
    against = name(first) if first else Both("", "")
    title = Both(f"Saving compared with: {against.en}", f"与“{against.zh}”相比的节省")
    note = Both(
        "At least and at most hold the true saving of cost and penalty together, whatever a longer "
        "search may still find.",
        "“至少”与“至多”为成本与惩罚成本合计的真实节省所在区间，与求解时间长短无关。",
    )
    return StudyTable("savings", title, columns, tuple(rows), (note,))


def changes(report: ConsolidationReport) -> StudyTable:
    """How many departures and shipments differ from the first policy."""
    titles = {policy.policy.id: name(policy) for policy in report.policies}
    columns = (
        POLICY,
        Column(Both("Departures added", "新增班次"), Kind.NUMBER),
        Column(Both("Departures cancelled", "取消班次"), Kind.NUMBER),
        Column(Both("Shipments re-routed", "改道订单"), Kind.NUMBER),
    )
    differences = () if report.comparison is None else report.comparison.differences
    rows = tuple(
        (
            titles.get(difference.name, Both(difference.name, difference.name)),
            len(difference.appear),
            len(difference.vanish),
            len(difference.shipments),
        )
        for difference in differences
    )
    base = titles.get(report.comparison.base) if report.comparison else None
    against = base or Both("the first policy", "第一个方案")
    title = Both(f"What changes against: {against.en}", f"相对“{against.zh}”的变化")
    return StudyTable("changes", title, columns, rows)


def borders(report: ConsolidationReport) -> StudyTable:
    """Trains and TEU over every crossing with its busiest day."""
    columns = (
        POLICY,
        Column(Both("Crossing", "口岸")),
        Column(Both("Trains", "班列数"), Kind.NUMBER),
        Column(Both("TEU", "TEU"), Kind.NUMBER, bar=True),
        Column(Both("Busiest day", "最忙日")),
        Column(Both("TEU that day", "当日TEU"), Kind.NUMBER),
    )
    rows: list[Row] = []
    for policy in report.policies:
        days = policy.figures.border_days
        for crossing in dict.fromkeys(day.crossing for day in days):
            own = [day for day in days if day.crossing == crossing]
            top = max(own, key=lambda day: day.teu)
            trains, teu = sum(day.trains for day in own), sum(day.teu for day in own)
            rows.append((name(policy), crossing, trains, teu, top.day.isoformat(), top.teu))
    return StudyTable("borders", Both("Borders", "口岸"), columns, tuple(rows))


def boxes(report: ConsolidationReport) -> StudyTable:
    """How empty boxes come home, and what that costs beside the plan."""
    money = report.currency
    columns = (
        POLICY,
        amount("Cost", "成本", money, bar=True),
        amount("If all were leased", "全部租箱", money),
        Column(Both("Boxes leased", "租箱数"), Kind.DAYS),
        Column(Both("Empty by sea", "海运空箱"), Kind.DAYS),
        Column(Both("Empty by rail", "铁路空箱"), Kind.DAYS),
    )
    rows = tuple(
        (
            name(policy), policy.boxes.cost, policy.boxes.cost_of_leasing_all,
            sum(row.leased for row in policy.boxes.cities),
            sum(row.empty_by_sea for row in policy.boxes.cities),
            sum(row.empty_by_rail for row in policy.boxes.cities),
        )
        for policy in report.policies
        if policy.boxes is not None
    )  # fmt: skip
    title = Both(
        "Empty boxes (a cost of its own, decided after the plan)",
        "空箱（另计成本，在方案之后决定）",
    )
    return StudyTable("boxes", title, columns, rows)


def subsidies(report: ConsolidationReport) -> StudyTable:
    """What a subsidized share of the China leg would leave to pay."""
    shares = sorted({case.share for one in report.policies for case in one.figures.subsidies})
    money = report.currency
    columns = (
        POLICY,
        amount("Without", "无补贴", money),
        *(amount(f"{share:.0%} subsidized", f"补贴{share:.0%}", money) for share in shares),
    )
    rows: list[Row] = []
    for policy in report.policies if shares else ():
        after = {case.share: case.cost_after for case in policy.figures.subsidies}
        cells = [after.get(share) for share in shares]
        rows.append((name(policy), policy.figures.cost, *cells))
    title = Both(
        "Cost if a share of the China leg were subsidized (assumption)",
        "国内段按比例补贴后的成本（假设）",
    )
    return StudyTable("subsidies", title, columns, tuple(rows))


def published(report: ConsolidationReport) -> StudyTable:
    """Savings that studies have published, to set ours beside."""
    columns = (
        Column(Both("Study", "研究")),
        Column(Both("Figure", "指标")),
        Column(Both("from", "低"), Kind.SHARE),
        Column(Both("to", "高"), Kind.SHARE),
    )
    rows = tuple(
        (row.study, row.figure, row.low_percent / 100, row.high_percent / 100)
        for row in report.published
    )
    return StudyTable("published", Both("Published studies", "已发表的研究"), columns, rows)
