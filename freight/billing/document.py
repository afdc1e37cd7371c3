"""One through bill, put together from a shipment, its itineraries and the book."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from freight.billing.book import Book
from freight.billing.customer import customers_copy
from freight.billing.customs import customs
from freight.billing.notices import notices
from freight.billing.parts import Share, make_parts, split
from freight.billing.revision import revised
from freight.domain.bill import (
    Bill,
    ChargeTotal,
    Consolidation,
    Copy,
    DocumentType,
    Goods,
    Part,
    Party,
    Status,
    ThroughLiability,
    sealed,
)
from freight.domain.liability import CENT, Regime, limit_rules, through_regime
from freight.domain.plan import ChargeKind, Itinerary
from freight.domain.service import Mode
from freight.domain.shipment import Shipment

NO_DIGEST = "0" * 64
MULTIMODAL = DocumentType(
    code="760", name_en="Multimodal through waybill", name_zh="多式联运全程运单"
)
SINGLE_MODE = {
    Mode.RAIL: DocumentType(code="720", name_en="Rail through waybill", name_zh="铁路联运全程运单"),
    Mode.BARGE: DocumentType(
        code="711", name_en="Inland waterway through waybill", name_zh="内河全程运单"
    ),
    Mode.SEA: DocumentType(code="710", name_en="Sea through waybill", name_zh="海运全程运单"),
    Mode.AIR: DocumentType(code="740", name_en="Air through waybill", name_zh="航空全程运单"),
    Mode.ROAD: DocumentType(code="730", name_en="Road through waybill", name_zh="公路全程运单"),
}
ZERO = Decimal(0)


def make_bill(book: Book, shipment: Shipment, itineraries: Sequence[Itinerary]) -> Bill:
    """The bill of one shipment; ``itineraries`` are its own, at least one."""
    carried = split(shipment, itineraries)
    parts = make_parts(book, shipment, itineraries, carried)
    bill = _draft(book, shipment, parts, _goods(shipment, carried))
    if book.terms.copy is Copy.CUSTOMER:
        bill = customers_copy(bill, book.instance, shipment, book.terms)
    earlier = book.terms.earlier.get(shipment.id)
    bill = revised(bill, earlier)
    return sealed(bill.model_copy(update={"notices": tuple(notices(bill, earlier))}))


def _draft(book: Book, shipment: Shipment, parts: tuple[Part, ...], goods: Goods) -> Bill:
    """The bill without its notices and its digest."""
    receipt, delivery = book.places[shipment.origin], book.places[shipment.destination]
    charges = _charge_totals(parts)
    liability = _liability(book, parts, goods)
    teu = sum(part.teu for part in parts)
    return Bill(
        number=book.numbers[shipment.id],
        type=_document_type(parts),
        negotiable=False,
        status=Status.PLANNED,
        issue_place=receipt.id,
        issue_date=min(part.hand_over_by.local for part in parts).date(),
        shipment=shipment.id,
        operator=_operator(book, shipment),
        consignor=Party(name_en=shipment.consignor),
        consignee=Party(name_en=shipment.consignee),
        goods=goods,
        container_type=shipment.container_type.value,
        boxes=sum(len(part.containers) for part in parts),
        teu=teu,
        teu_left_behind=shipment.teu - teu,
        place_of_receipt=receipt.id,
        place_of_delivery=delivery.id,
        ready=book.moment(shipment.ready, receipt.id),
        due=book.moment(shipment.due, delivery.id),
        delivered=max((part.delivered for part in parts), key=lambda one: one.local),
        late_hours=max(part.late_hours for part in parts),
        parts=parts,
        customs=customs(receipt, delivery, parts),
        consolidation=_consolidation(book, parts),
        currency=book.plan.currency,
        charges=charges,
        price=sum((one.amount for one in charges if one.invoiced), ZERO),
        shipper_cost=sum((one.amount for one in charges if not one.invoiced), ZERO),
        total=sum((one.amount for one in charges), ZERO),
        liability=liability,
        co2e_kg=sum(part.co2e_kg for part in parts),
        distance_km=_distance(parts),
        places=tuple(book.places[name] for name in _terminals(parts, receipt.id, delivery.id)),
        regimes=tuple(limit_rules()[one] for one in _regimes(parts, liability)),
        notices=(),
        instance=book.plan.instance,
        instance_digest=book.plan.instance_digest,
        plan_digest=book.plan_digest,
        digest=NO_DIGEST,
    )


def _operator(book: Book, shipment: Shipment) -> Party:
    owner = book.instance.owner[shipment.owner]
    return Party(id=owner.id, name_en=owner.name_en, name_zh=owner.name_zh, city=owner.city)


def _goods(shipment: Shipment, carried: Sequence[Share]) -> Goods:
    return Goods(
        hs_code=shipment.hs_code,
        description_en=shipment.goods_en,
        description_zh=shipment.goods_zh,
        packages=sum(one.packages for one in carried),
        package_kind=shipment.package_kind,
        gross_kg=sum(one.gross_kg for one in carried),
        value=sum((one.value for one in carried), ZERO),
        value_currency=shipment.currency,
        dangerous=shipment.dangerous,
        reefer=shipment.reefer,
    )


def _document_type(parts: Sequence[Part]) -> DocumentType:
    modes = {leg.mode for part in parts for leg in part.legs}
    return MULTIMODAL if len(modes) > 1 else SINGLE_MODE[modes.pop()]


def _charge_totals(parts: Sequence[Part]) -> tuple[ChargeTotal, ...]:
    lines = [line for part in parts for line in part.charges]
    kinds = [kind for kind in ChargeKind if any(line.kind is kind for line in lines)]
    return tuple(
        ChargeTotal(
            kind=kind,
            amount=sum((line.amount for line in lines if line.kind is kind), ZERO),
            invoiced=kind.invoiced,
        )
        for kind in kinds
    )


def _liability(book: Book, parts: Sequence[Part], goods: Goods) -> ThroughLiability:
    regime = through_regime(leg.mode for part in parts for leg in part.legs)
    rule = limit_rules()[regime]
    lowest = sum((_floor(part, regime) for part in parts), ZERO)
    rate = book.sdr_rate(goods.value_currency)
    value = None
    if rate is not None:
        value = (goods.value / Decimal(str(rate.per_sdr))).quantize(CENT)
    return ThroughLiability(
        regime=regime,
        limit_sdr=rule.amount(goods.gross_kg, goods.packages) or ZERO,
        value_sdr=value,
        rate=rate,
        lowest_limit_sdr=lowest,
        covered_share=float(min(Decimal(1), lowest / value)) if value else None,
    )


def _floor(part: Part, through: Regime) -> Decimal:
    found = [limit_rules()[through].amount(part.gross_kg, part.packages)]
    found += [section.limit_sdr for leg in part.legs for section in leg.sections]
    return min(one for one in found if one is not None)


def _regimes(parts: Sequence[Part], liability: ThroughLiability) -> list[Regime]:
    """Every regime of the bill, in the order of the table."""
    met = {liability.regime}
    for part in parts:
        for leg in part.legs:
            met |= {leg.regime, *(section.regime for section in leg.sections)}
    return [one for one in Regime if one in met]


def _terminals(parts: Sequence[Part], receipt: str, delivery: str) -> list[str]:
    """Every terminal that the bill names, in order of first mention."""
    return list(dict.fromkeys([receipt, *_mentioned(parts), delivery]))


def _mentioned(parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        for leg in part.legs:
            yield leg.from_terminal
            for crossing in leg.crossings:
                yield from (crossing.from_terminal, crossing.to_terminal)
            for section in leg.sections:
                yield from (section.from_terminal, section.to_terminal)
            yield leg.to_terminal


def _consolidation(book: Book, parts: Sequence[Part]) -> tuple[Consolidation, ...]:
    rides = (leg.departure for part in parts for leg in part.legs)
    found = []
    for departure in dict.fromkeys(one for one in rides if one is not None):
        run = book.runs[departure]
        shipments, owners = book.company[departure]
        found.append(
            Consolidation(
                departure=departure,
                service=run.service,
                owner=run.owner,
                runs=run.runs,
                load_factor=run.load_factor,
                shipments=shipments,
                owners=owners,
            )
        )
    return tuple(found)


def _distance(parts: Sequence[Part]) -> float:
    boxes = sum(len(part.containers) for part in parts)
    travelled = (len(part.containers) * sum(leg.distance_km for leg in part.legs) for part in parts)
    return sum(travelled) / boxes if boxes else 0.0
