"""Through bills as UN/EDIFACT IFTMCS (instruction contract status), directory D.24A.

One message per bill, all in one interchange: the parties, every leg with its mode, carrier and
times, the goods, the boxes and the charges. Syntax by ISO 9735, version 4, character repertoire
UNOY (UTF-8). Codes are those of the directory; where a bill knows nothing, the segment stays away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from freight.domain.bill import Bill, Part, Place
from freight.domain.carriage import Leg, Moment
from freight.domain.money import rounded
from freight.domain.wording import quoted, refused

SENDER = "FREIGHT"
RECEIVER = "RECEIVER"
SYNTAX = ("UNOY", "4")
MESSAGE = ("IFTMCS", "D", "24A", "UN")
LONGEST = 35
"""Characters in the identification of a partner."""
ORIGINAL, REPLACEMENT = "9", "5"
"""DE 1225: what a message does to the document of its number."""
LINE = 70
"""Characters in one component of a free text; DE 4440 allows 512, partners often fewer."""
CHARGES = {"price": "128", "line": "23"}
"""DE 5025: 128 total amount, 23 charge amount."""


def text(bills: Sequence[Bill], sender: str | None = None, receiver: str | None = None) -> str:
    """An interchange with one message per bill, a line per segment.

    ``sender`` and ``receiver`` are as the partners agreed, at most 35 characters each (DE 0004 and
    0010); raises InstanceError for longer ones and for what is not printable.
    """
    first = bills[0]
    stamp = f"{first.issue_date:%Y%m%d}"
    reference = first.plan_digest[:14].upper()
    parts = [("UNB", SYNTAX, *_partners(sender, receiver), (stamp, "0000"), reference)]
    lines = [segment(*one) for one in parts]
    for number, bill in enumerate(bills, start=1):
        lines += list(message(bill, f"{number:06d}"))
    lines.append(segment("UNZ", str(len(bills)), reference))
    return "UNA:+.? '\n" + "\n".join(lines) + "\n"


def _partners(sender: str | None, receiver: str | None) -> tuple[str, str]:
    for flag, name in (("sender", sender), ("receiver", receiver)):
        if name is not None and not (name.strip() and name.isprintable() and len(name) <= LONGEST):
            what = f"{quoted(name)} is no name of an EDI partner."
            raise refused(flag, what, f"Give 1 to {LONGEST} printable characters.")
    return sender or SENDER, receiver or RECEIVER


def message(bill: Bill, reference: str) -> Iterator[str]:
    """The segments of one message, header and trailer included."""
    body = [segment(*one) for one in _segments(bill)]
    yield segment("UNH", reference, MESSAGE)
    yield from body
    yield segment("UNT", str(len(body) + 2), reference)


Element = str | tuple[str, ...]


def segment(tag: str, *elements: Element) -> str:
    """A segment with everything escaped; empty elements and components at the end are left out."""
    found = [
        ":".join(_trimmed([escape(one) for one in element]))
        if isinstance(element, tuple)
        else escape(element)
        for element in elements
    ]
    return "+".join([tag, *_trimmed(found)]) + "'"


def escape(value: str) -> str:
    """Release characters before the separators of ISO 9735."""
    clean = " ".join(value.split())
    return "".join(f"?{letter}" if letter in "?:+'" else letter for letter in clean)


def _trimmed(values: list[str]) -> list[str]:
    while values and not values[-1]:
        values = values[:-1]
    return values


def _segments(bill: Bill) -> Iterator[tuple[str, *tuple[Element, ...]]]:
    function = REPLACEMENT if bill.revision else ORIGINAL
    yield ("BGM", (bill.type.code, "", "", bill.type.name_en), bill.number, function)
    yield ("DTM", ("137", f"{bill.issue_date:%Y%m%d}", "102"))
    yield ("DTM", ("64", *_time(bill.hand_over_by)))
    yield ("DTM", ("63", *_time(bill.due)))
    yield ("FTX", "ABL", "", "", ("SHA-256", bill.digest))
    yield ("CNT", ("7", str(bill.goods.gross_kg), "KGM"))
    yield ("CNT", ("11", str(bill.goods.packages)))
    yield ("CNT", ("16", str(bill.boxes)))
    yield ("LOC", "88", _place(bill.place[bill.place_of_receipt]))
    yield ("LOC", "7", _place(bill.place[bill.place_of_delivery]))
    yield ("RFF", ("BM", bill.number))
    yield ("RFF", ("CU", bill.shipment))
    yield ("MOA", (CHARGES["price"], *_amount(bill.price, bill.currency)))
    lines = [(one.kind.value, one.amount) for one in bill.prices]
    lines += [(one.kind.value, one.amount) for one in bill.charges if one.invoiced]
    for kind, amount in lines:
        yield ("TCC", ("", "", "", kind.upper()))
        yield ("MOA", (CHARGES["line"], *_amount(amount, bill.currency)))
    for part in bill.parts:
        for leg in part.legs:
            yield from _leg(bill, part, leg)
    for role, party in (("CZ", bill.consignor), ("CN", bill.consignee), ("CA", bill.operator)):
        yield ("NAD", role, (party.id or "",), "", (party.name_en[:LINE],))
    yield from _goods(bill)
    for part in bill.parts:
        yield from _boxes(part)


def _leg(bill: Bill, part: Part, leg: Leg) -> Iterator[tuple[str, *tuple[Element, ...]]]:
    run = leg.departure or leg.transfer or ""
    carrier = ("", "", "", leg.carrier[:LINE])
    yield ("TDT", leg.stage_code, run, (leg.mode_code,), "", carrier)
    if len(bill.parts) > 1:
        yield ("RFF", ("AAS", f"{bill.number}-{part.number}"))
    for code, terminal, when, at in (
        ("9", leg.from_terminal, "133", leg.departs),
        ("11", leg.to_terminal, "132", leg.arrives),
    ):
        yield ("LOC", code, _place(bill.place[terminal]))
        yield ("DTM", (when, *_time(at)))
    for one in leg.crossings:
        yield ("LOC", "17", _place(bill.place[one.from_terminal]))


def _goods(bill: Bill) -> Iterator[tuple[str, *tuple[Element, ...]]]:
    goods = bill.goods
    yield ("GID", "1", (str(goods.packages), goods.package_kind))
    yield ("FTX", "AAA", "", "", _chunks(f"{goods.description_en} {goods.description_zh}"))
    yield ("PIA", "5", (goods.hs_code, "HS"))
    yield ("MEA", "WT", "AAB", ("KGM", str(goods.gross_kg)))
    yield ("MOA", ("44", *_amount(goods.value, goods.value_currency)))
    for part in bill.parts:
        for box in part.containers:
            yield ("SGP", box.number, str(box.packages))
    if goods.dangerous:
        yield ("DGS", "", "", (goods.dangerous.removeprefix("UN"),))


def _boxes(part: Part) -> Iterator[tuple[str, *tuple[Element, ...]]]:
    for box in part.containers:
        yield ("EQD", "CN", box.number, (box.size_type, "6346", "5"), "", "", "5")
        yield ("MEA", "WT", "T", ("KGM", str(box.tare_kg)))
        yield ("MEA", "WT", "G", ("KGM", str(box.gross_kg)))


def _place(place: Place) -> tuple[str, ...]:
    """C517: UN/LOCODE under agency 6 where one is listed, our own id under agency ZZZ else."""
    if place.unlocode:
        return (place.unlocode, "", "6", place.name_en[:LINE])
    return (place.id, "", "ZZZ", place.name_en[:LINE])


def _time(moment: Moment) -> tuple[str, str]:
    """The clock on the spot with its offset from UTC, and its format by DE 2379.

    205 is CCYYMMDDHHMMZHHMM, 208 the same with seconds: without the offset nobody could tell the
    two hours apart when clocks go back.
    """
    whole = moment.local.second == 0
    return f"{moment.local:%Y%m%d%H%M%z}" if whole else f"{moment.local:%Y%m%d%H%M%S%z}", (
        "205" if whole else "208"
    )


def _amount(value: Decimal, currency: str) -> tuple[str, str]:
    """MOA: an amount with the decimals of its currency."""
    return f"{rounded(value, currency)}", currency


def _chunks(value: str) -> tuple[str, ...]:
    return tuple(value[start : start + LINE] for start in range(0, len(value), LINE))[:5]
