"""Through bills as plain text, Chinese and English on one line, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from unicodedata import east_asian_width

from freight.domain.bill import Bill, Part
from freight.domain.carriage import Leg, LiabilitySection, Moment, TruckCall, Wait
from freight.domain.money import shown
from freight.report import bill_figures as figures
from freight.report.words import package_word, word

LABEL_WIDTH = 48
AMOUNT_WIDTH = 16


def text(bills: Sequence[Bill]) -> str:
    """All bills, one after the other, a blank line between."""
    return "\n\n".join("\n".join(lines(bill)) for bill in bills) + "\n"


def lines(bill: Bill) -> list[str]:
    """One bill, line by line, without line ends."""
    found = [*_head(bill), "", *_goods(bill)]
    for part in bill.parts:
        found += ["", *_part(bill, part)]
    return [*found, "", *_customs(bill), "", *_money(bill), "", *_liability(bill), "", *_foot(bill)]


def width(value: str) -> int:
    """Columns that a text takes in a terminal: two for a wide character."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in value)


def _label(key: str) -> str:
    found = " ".join(word(key))
    return found + " " * max(1, LABEL_WIDTH - width(found))


def _row(key: str, value: str) -> str:
    return f"  {_label(key)}{value}"


def _head(bill: Bill) -> Iterator[str]:
    kind = bill.type
    flag = word("negotiable.yes" if bill.negotiable else "negotiable.no")
    status = word(f"status.{bill.status}")
    yield f"{kind.name_zh} {kind.name_en}  {figures.bill_number(bill.number)}"
    yield " · ".join([f"  {status.zh} {status.en}", f"{flag.zh} {flag.en}", *figures.marks(bill)])
    yield _row("shipment", bill.shipment)
    yield _row("operator", _both(bill.operator.name_zh, bill.operator.name_en))
    yield _row("consignor", bill.consignor.name_en)
    yield _row("consignee", bill.consignee.name_en)
    yield _row("place_of_receipt", _place(bill, bill.place_of_receipt))
    yield _row("place_of_delivery", _place(bill, bill.place_of_delivery))
    yield _row("hand_over_by", _time(bill.hand_over_by))
    late = f"  {bill.late_hours / 24:.1f} {word('days').en} late" if bill.late_hours else ""
    yield _row("delivered", _time(bill.delivered) + late)
    yield _row("due", _time(bill.due))


def _goods(bill: Bill) -> Iterator[str]:
    goods = bill.goods
    kind = package_word(goods.package_kind)
    yield _row("description", f"{goods.description_zh} {goods.description_en} (HS {goods.hs_code})")
    yield _row("packages", f"{goods.packages:,} {kind.zh} {kind.en}")
    yield _row("gross_mass", f"{goods.gross_kg:,} kg")
    yield _row("value", f"{shown(goods.value, goods.value_currency)} {goods.value_currency}")
    yield _row("containers", f"{bill.boxes} × {bill.container_type}, {bill.teu} TEU")
    if goods.dangerous:
        yield _row("dangerous", goods.dangerous)
    if goods.reefer:
        yield _row("special", " ".join(word("reefer")))


def _part(bill: Bill, part: Part) -> Iterator[str]:
    numbers = [figures.box_number(box.number) for box in part.containers]
    title = f"{' '.join(word('part'))} {part.number}: " if len(bill.parts) > 1 else ""
    shown = ", ".join(numbers[:3]) + (f" … {numbers[-1]}" if len(numbers) > 3 else "")
    yield f"{title}{' '.join(word('route'))} ({len(numbers)} {word('boxes').en}: {shown})"
    yield from _trucks(part.collection, "truck.collection")
    for step in part.steps:
        yield from _wait(bill, step) if isinstance(step, Wait) else _leg(bill, part, step)
    yield from _trucks(part.delivery, "truck.delivery")


def _trucks(calls: Sequence[TruckCall], key: str) -> Iterator[str]:
    for i, line in enumerate(figures.truck_lines(calls, key)):
        yield f"      {line}" if i else f"   ⇄  {line}"


def _leg(bill: Bill, part: Part, leg: Leg) -> Iterator[str]:
    mode = word(f"mode.{leg.mode}")
    run = leg.departure or f"{leg.transfer}"
    label = figures.leg_label(bill, part, leg)
    yield (
        f"  {label:>3} {mode.zh} {mode.en} [{leg.mode_code}] {run} · {leg.carrier}"
        f" · {leg.distance_km:,.0f} km · {leg.co2e_kg:,.0f} kg CO2e"
    )
    yield f"      {_time(leg.departs)}  {_place(bill, leg.from_terminal)}"
    for one in leg.crossings:
        start, end = bill.place[one.from_terminal], bill.place[one.to_terminal]
        border = word(f"transfer.{one.kind}")
        yield (
            f"      {_time(one.enters)}  {border.zh} {border.en}:"
            f" {start.name_en} ({start.country}) → {end.name_en} ({end.country})"
        )
    yield f"      {_time(leg.arrives)}  {_place(bill, leg.to_terminal)}"
    yield f"      {bill.regime[leg.regime].name_en}: " + "; ".join(
        _section(bill, leg, section) for section in leg.sections
    )


def _section(bill: Bill, leg: Leg, section: LiabilitySection) -> str:
    limit = (
        word("no_fixed_limit").en
        if section.limit_sdr is None
        else f"{section.limit_sdr:,.0f} {word('sdr').en}"
    )
    if not figures.sectioned(leg):
        return limit
    start, end = bill.place[section.from_terminal], bill.place[section.to_terminal]
    return f"{start.name_en}–{end.name_en} {bill.regime[section.regime].name_en} {limit}"


def _wait(bill: Bill, wait: Wait) -> Iterator[str]:
    yield (
        f"      {' '.join(word('wait'))} {figures.wait_hours(wait):,.0f} h"
        f"  {_place(bill, wait.terminal)}"
    )


def _customs(bill: Bill) -> Iterator[str]:
    yield " ".join(word("customs"))
    for step in bill.customs:
        name = word(f"procedure.{step.procedure}")
        ends = dict.fromkeys((step.from_terminal, step.to_terminal))
        where = " → ".join(bill.place[end].name_en for end in ends)
        yield f"  {name.zh} {name.en}: {where}"


def _money(bill: Bill) -> Iterator[str]:
    yield f"{' '.join(word('charges'))} ({bill.currency})"
    for key, amount, _ in figures.money_lines(bill):
        yield _sum_line(key, amount, bill)


def _sum_line(key: str, amount: Decimal, bill: Bill) -> str:
    return f"  {_label(key)}{shown(amount, bill.currency):>{AMOUNT_WIDTH}}"


def _liability(bill: Bill) -> Iterator[str]:
    own = bill.liability
    yield " ".join(word("through_carrier"))
    yield _row("limit_unknown_leg", f"{own.limit_sdr:,.0f} SDR")
    share = "" if own.covered_share is None else f" = {100 * own.covered_share:.0f} % of the value"
    yield _row("lowest_limit", f"{own.lowest_limit_sdr:,.0f} SDR{share}")


def _foot(bill: Bill) -> Iterator[str]:
    yield _row("emissions", f"{bill.co2e_kg:,.0f} kg CO2e")
    for one in bill.notices:
        yield f"  § {one.zh}"
        yield f"    {one.en}"
    yield _row("bill_digest", bill.digest)


def _both(zh: str | None, en: str) -> str:
    return f"{zh} {en}" if zh else en


def _place(bill: Bill, terminal: str) -> str:
    place = bill.place[terminal]
    return f"{place.name_zh} {place.name_en} ({place.unlocode or place.country})"


def _time(moment: Moment) -> str:
    return f"{figures.clock(moment)} {figures.offset(moment)}"
