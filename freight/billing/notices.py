"""Remarks printed on a bill, in both languages, from one literal table."""

from __future__ import annotations

from collections.abc import Iterator

from freight.billing.revision import changes
from freight.domain.bill import Bill, Copy, Notice
from freight.domain.carriage import Leg, LiabilitySection
from freight.domain.liability import Regime

TEXTS = {
    "planned": (
        "Planned document: made from an optimized plan, neither signed nor issued. It becomes a"
        " contract of carriage only when the multimodal transport operator issues it.",
        "计划单证：依据优化方案编制，尚未签署、尚未签发；经多式联运经营人签发后方构成运输合同。",
    ),
    "containers": (
        "Container numbers with the prefix {prefixes} are planned numbers with valid ISO 6346 check"
        " digits. They are replaced at stuffing by the numbers of the real boxes. Even stowage and"
        " typical tare are assumed; the verified gross mass (VGM) prevails.",
        "前缀为{prefixes}的箱号为计划箱号，校验码符合ISO 6346，装箱时以实际箱号替换。"
        "货物按各箱均匀装载、箱体按典型自重计，均以核实总质量(VGM)为准。",
    ),
    "negotiable": (
        "Non-negotiable: delivery to the named consignee. Rail and air notes on the way are no"
        " documents of title.",
        "不可转让：向记名收货人交付。途中铁路、航空运单不是物权凭证。",
    ),
    "partial": (
        "Partial shipment: {teu} TEU of this shipment are not planned; mass, packages and"
        " value are those of the boxes carried.",
        "部分承运：本方案中该票货物有{teu} TEU未安排运输；重量、件数及价值按承运部分计。",
    ),
    "split": (
        "The boxes travel in {parts} parts; the bill is accomplished when the last part is"
        " delivered.",
        "货箱分{parts}批运输，以最后一批交付为全程完成。",
    ),
    "late": (
        "Delivery is planned {days} days after the agreed date; the concession is shown among the"
        " shipper's time costs.",
        "计划交付晚于约定日期{days}天，相应减免列入货主时间成本。",
    ),
    "late.customer": (
        "Delivery is planned {days} days after the agreed date.",
        "计划交付晚于约定日期{days}天。",
    ),
    "revised": (
        "Revision {revision}: replaces the document of the same number with the SHA-256 {digest}…"
        " Changed: {what}.",
        "第{revision}次修订：取代同号、摘要(SHA-256)为{digest}…的单证。变更：{what_zh}。",
    ),
    "dangerous": (
        "Dangerous goods {un}: dangerous goods declaration and the rules of every mode on the way"
        " (RID, SMGS Annex 2, ADR, IMDG, IATA DGR) apply.",
        "危险货物{un}：须提交危险货物申报，并遵守各区段规则"
        "(RID、国际货协附件2、ADR、IMDG、IATA DGR)。",
    ),
    "reefer": (
        "Temperature-controlled boxes: set point and power supply to be agreed for every leg.",
        "温控货箱：各区段须约定设定温度及供电。",
    ),
    "gap": (
        "Liability gap, leg {leg}, {start} to {end}: {regime} sets no fixed limit in SDR. Declare"
        " the value or insure this section.",
        "责任限额缺口，第{leg}段({start}至{end})：{regime}无以特别提款权计的固定限额，"
        "建议对该区段声明价值或投保。",
    ),
    "cover": (
        "The lowest fixed limit on the way covers {share} % of the goods' value; insure the"
        " difference.",
        "全程最低固定责任限额约覆盖货值的{share}%，差额建议投保。",
    ),
    "co2e": (
        "CO2e well to wheel by transport chain element (ISO 14083) with the plan's factors: a"
        " planning figure, not a measurement.",
        "碳排放按ISO 14083运输链要素、全生命周期(油井到车轮)及方案所用因子计算，"
        "为计划值而非实测值。",
    ),
}


CHANGES = {
    "route": ("route and times", "运输区段及时间"),
    "containers": ("boxes", "箱"),
    "price": ("price", "运价"),
    "other": ("particulars", "其他事项"),
}


def notices(bill: Bill, earlier: Bill | None = None) -> Iterator[Notice]:
    """The remarks that apply to a bill, the general ones first.

    ``earlier`` is what was issued for the shipment before.
    """
    yield _notice("planned")
    if earlier is not None and bill.revision > 0:
        yield _revised(bill, earlier)
    prefixes = {box.number[:4] for part in bill.parts for box in part.containers if box.planned}
    if prefixes:
        yield _notice("containers", prefixes=", ".join(sorted(prefixes)))
    if not bill.negotiable:
        yield _notice("negotiable")
    yield from _shipment(bill)
    yield from _gaps(bill)
    share = bill.liability.covered_share
    if share is not None and share < 1:
        yield _notice("cover", share=f"{100 * share:.0f}")
    yield _notice("co2e")


def _revised(bill: Bill, earlier: Bill) -> Notice:
    """What a revision changed; one that changed nothing further keeps the words of the last."""
    if bill.revision == earlier.revision:
        return next(one for one in earlier.notices if one.code == "revised")
    words = [CHANGES[key] for key in changes(earlier, bill)]
    return _notice(
        "revised", revision=bill.revision, digest=earlier.digest[:16],
        what=", ".join(one for one, _ in words), what_zh="、".join(one for _, one in words),
    )  # fmt: skip


def _shipment(bill: Bill) -> Iterator[Notice]:
    if bill.teu_left_behind > 0:
        yield _notice("partial", teu=bill.teu_left_behind)
    if len(bill.parts) > 1:
        yield _notice("split", parts=len(bill.parts))
    if bill.late_hours > 0:
        code = "late.customer" if bill.copy_kind is Copy.CUSTOMER else "late"
        yield _notice(code, days=f"{bill.late_hours / 24:.1f}")
    if bill.goods.dangerous:
        yield _notice("dangerous", un=bill.goods.dangerous)
    if bill.goods.reefer:
        yield _notice("reefer")


def _notice(code: str, **values: object) -> Notice:
    english, chinese = TEXTS[code]
    return Notice(code=code, en=english.format(**values), zh=chinese.format(**values))


def _gaps(bill: Bill) -> Iterator[Notice]:
    """One remark for every stretch without a fixed limit, the same stretch once."""
    seen: set[tuple[Regime, str, str]] = set()
    for part in bill.parts:
        for leg in part.legs:
            for section in leg.sections:
                key = (section.regime, section.from_terminal, section.to_terminal)
                if section.limit_sdr is None and key not in seen:
                    seen.add(key)
                    yield _gap(bill, f"{part.number}.{leg.number}", leg, section)


def _gap(bill: Bill, label: str, leg: Leg, section: LiabilitySection) -> Notice:
    rule = bill.regime[section.regime]
    start, end = bill.place[section.from_terminal], bill.place[section.to_terminal]
    number = label if len(bill.parts) > 1 else str(leg.number)
    english, chinese = TEXTS["gap"]
    return Notice(
        code="gap",
        en=english.format(leg=number, start=start.name_en, end=end.name_en, regime=rule.name_en),
        zh=chinese.format(leg=number, start=start.name_zh, end=end.name_zh, regime=rule.name_zh),
    )
