"""A bill as lines of text ready to print, Chinese and English apart, for any layout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from freight.domain.bill import Bill, Part
from freight.domain.carriage import Leg, Moment, TruckCall, Wait
from freight.domain.money import shown
from freight.report import bill_figures as figures
from freight.report.words import WORDS, package_word, word

Pair = tuple[str, str]


def seal_text(bill: Bill) -> str:
    """What the QR code of a bill says: its number and its digest."""
    return f"FREIGHT-BILL:{bill.number}:{bill.digest}"


def sheet(bill: Bill) -> dict[str, Any]:
    """Everything printed on a bill but labels; pairs are (Chinese, English)."""
    goods, kind = bill.goods, package_word(bill.goods.package_kind)
    return _who_and_where(bill) | {
        "number": figures.bill_number(bill.number),
        "id": bill.number,
        "seal": seal_text(bill),
        "type": (bill.type.name_zh, bill.type.name_en),
        "code": bill.type.code,
        "flag": word("negotiable.yes" if bill.negotiable else "negotiable.no"),
        "status": word(f"status.{bill.status}"),
        "shipment": bill.shipment,
        "goods": (goods.description_zh, goods.description_en),
        "hs": goods.hs_code,
        "special": " · ".join(
            [goods.dangerous or "", " ".join(word("reefer")) if goods.reefer else ""]
        ).strip(" ·"),
        "packages": f"{goods.packages:,} {kind.zh} {kind.en} ({goods.package_kind})",
        "mass": f"{goods.gross_kg:,} kg",
        "value": f"{shown(goods.value, goods.value_currency)} {goods.value_currency}",
        "boxes": f"{bill.boxes} × {bill.container_type} · {bill.teu} TEU",
        "parts": [_part(bill, part) for part in bill.parts],
        "customs": _customs(bill),
        "currency": bill.currency,
        "marks": figures.marks(bill),
        "money": [
            (word(key), shown(amount, bill.currency), weight)
            for key, amount, weight in figures.money_lines(bill)
        ],
        "liability": _liability(bill),
        "co2e": f"{bill.co2e_kg:,.0f} kg CO₂e · {bill.distance_km:,.0f} km",
        "shared": [
            f"{one.departure}{f' × {one.runs}' if one.runs > 1 else ''}: "
            f"{100 * one.load_factor:.0f} % · {one.owners}/{one.shipments}"
            for one in bill.consolidation
        ],
        "issue": f"{bill.place[bill.issue_place].name_zh} "
        f"{bill.place[bill.issue_place].name_en} {bill.issue_date}",
        "notices": [(one.zh, one.en) for one in bill.notices],
        "digests": [
            ("bill_digest", bill.digest),
            ("plan_digest", bill.plan_digest),
            ("instance_digest", bill.instance_digest),
        ],
    }


def _who_and_where(bill: Bill) -> dict[str, Any]:
    return {
        "operator": (bill.operator.name_zh or "", bill.operator.name_en),
        "consignor": (bill.consignor.name_zh or "", bill.consignor.name_en),
        "consignee": (bill.consignee.name_zh or "", bill.consignee.name_en),
        "receipt": _place(bill, bill.place_of_receipt),
        "delivery": _place(bill, bill.place_of_delivery),
        "hand_over": _time(bill.hand_over_by),
        "delivered": _time(bill.delivered),
        "due": _time(bill.due),
        "late": f"{bill.late_hours / 24:.1f}" if bill.late_hours else "",
    }


def labels() -> dict[str, Pair]:
    """Every label as (Chinese, English)."""
    return {key: (one.zh, one.en) for key, one in WORDS.items()}


def _place(bill: Bill, terminal: str) -> tuple[str, str, str]:
    place = bill.place[terminal]
    return (place.name_zh, place.name_en, figures.place_line(place))


def _time(moment: Moment) -> Pair:
    return (figures.clock(moment), f"{figures.offset(moment)} {moment.zone}")


def _part(bill: Bill, part: Part) -> dict[str, Any]:
    return {
        "number": part.number if len(bill.parts) > 1 else 0,
        "steps": [
            *_trucks(part.collection, "truck.collection"),
            *(
                _wait(bill, step) if isinstance(step, Wait) else _leg(bill, part, step)
                for step in part.steps
            ),
            *_trucks(part.delivery, "truck.delivery"),
        ],
        "boxes": [
            (
                figures.box_number(box.number) + ("*" if box.planned else ""),
                box.size_type,
                f"{box.goods_kg:,}",
                f"{box.tare_kg:,}",
                f"{box.gross_kg:,}",
                f"{box.packages:,}",
            )
            for box in part.containers
        ],
    }


def _trucks(calls: Sequence[TruckCall], key: str) -> list[dict[str, Any]]:
    return [{"leg": False, "text": line} for line in figures.truck_lines(calls, key)]


def _wait(bill: Bill, wait: Wait) -> dict[str, Any]:
    paid = f" · {' '.join(word('storage'))} {wait.storage_hours:,.0f} h"
    return {
        "leg": False,
        "text": f"{' '.join(word('wait'))} {bill.place[wait.terminal].name_zh} "
        f"{bill.place[wait.terminal].name_en} · {figures.wait_hours(wait):,.0f} h"
        + (paid if wait.storage_hours > 0 else ""),
    }


def _leg(bill: Bill, part: Part, leg: Leg) -> dict[str, Any]:
    kind = leg.departure or " ".join(word(f"transfer.{leg.transfer_kind}"))
    crossings = [
        f"{' '.join(word('border'))} {bill.place[one.from_terminal].name_zh} → "
        f"{bill.place[one.to_terminal].name_zh} {bill.place[one.from_terminal].name_en} → "
        f"{bill.place[one.to_terminal].name_en} · {figures.clock(one.leaves)} → "
        f"{figures.clock(one.enters)}"
        for one in leg.crossings
    ]
    sections = [
        f"{one.regime.upper().replace('_', '/')} "
        + (
            " ".join(word("no_fixed_limit"))
            if one.limit_sdr is None
            else f"{one.limit_sdr:,.0f} SDR"
        )
        for one in leg.sections
    ]
    return {
        "leg": True,
        "label": figures.leg_label(bill, part, leg),
        "mode": word(f"mode.{leg.mode}"),
        "mode_key": str(leg.mode),
        "from": _place(bill, leg.from_terminal),
        "departs": " ".join((figures.clock(leg.departs), figures.offset(leg.departs))),
        "to": _place(bill, leg.to_terminal),
        "arrives": " ".join((figures.clock(leg.arrives), figures.offset(leg.arrives))),
        "carrier": leg.carrier,
        "run": kind,
        "km": f"{leg.distance_km:,.0f} km",
        "regime": bill.regime[leg.regime].name_zh,
        "sections": sections,
        "crossings": crossings,
    }


def _customs(bill: Bill) -> list[Pair]:
    found = []
    for step in bill.customs:
        name = word(f"procedure.{step.procedure}")
        ends = dict.fromkeys((step.from_terminal, step.to_terminal))
        zh, en = ([getattr(bill.place[end], key) for end in ends] for key in ("name_zh", "name_en"))
        found.append((f"{name.zh} {' → '.join(zh)}", f"{name.en} {' → '.join(en)}"))
    return found


def _liability(bill: Bill) -> dict[str, Any]:
    own = bill.liability
    rules = [own.regime, *figures.regimes_on_legs(bill)]
    return {
        "rules": [
            (
                bill.regime[key].name_zh,
                bill.regime[key].name_en,
                bill.regime[key].limit_zh,
                bill.regime[key].limit_en,
                bill.regime[key].provision,
            )
            for key in rules
        ],
        "unknown": f"{own.limit_sdr:,.0f} SDR",
        "lowest": f"{own.lowest_limit_sdr:,.0f} SDR",
        "covered": "" if own.covered_share is None else f"{100 * own.covered_share:.0f} %",
    }
