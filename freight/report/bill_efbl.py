"""Through bills as FIATA eFBL data: the consignment in FIATA's fields, our own legs beside it.

The eFBL (JSON Schema of FIATA's repository ``FIATA/eFBL``, names of UN/CEFACT's reference data)
holds one main carriage and allows no further fields, so a wrapper carries it together with all
legs of the plan. What the schema demands and a planned bill does not know (addresses, contacts,
volume, status, a signature) is not made up: it is listed in ``missing`` until someone fills it in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from freight.domain.bill import Bill, Part, Party, Place
from freight.domain.carriage import Leg, Stage
from freight.report.words import package_word

UNECE = "UN/ECE"
MASS_UNIT = "KGM"
"""UNECE Recommendation 20: kilogram."""
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "exchanged_document": (
        "issueDateTime",
        "originalIssuedQuantity",
        "documentStatus",
        "issueLocation",
        "firstSignatoryAuthentication",
    ),
    "consignor": ("name", "definedContactDetails", "postalAddress"),
    "cto": ("name", "definedContactDetails", "postalAddress"),
    "consignee": ("name",),
    "item": (
        "goodsTypeCode",
        "grossWeight",
        "grossVolume",
        "cargoNatureIdentification",
        "transportPackage",
    ),
}


def text(bills: Sequence[Bill]) -> str:
    """One bill as a wrapper object, several as a list of them."""
    made = [efbl(one) for one in bills]
    return json.dumps(made[0] if len(made) == 1 else made, ensure_ascii=False, indent=1) + "\n"


def efbl(bill: Bill) -> dict[str, Any]:
    """The wrapper of one bill: ``efbl`` in FIATA's form, ``legs`` in ours, ``missing`` paths."""
    document = {
        "exchanged_document": _document(bill),
        "supply_chain_consignment": _consignment(bill),
    }
    return {
        "format": "freight-efbl/1",
        "schema": "FIATA eFBL JSON Schema",
        "bill_number": bill.number,
        "revision": bill.revision,
        "bill_digest": bill.digest,
        "efbl": document,
        "legs": [_leg(bill, part, leg) for part in bill.parts for leg in part.legs],
        "missing": list(_missing(document)),
    }


def _document(bill: Bill) -> dict[str, Any]:
    return {
        "id": bill.number,
        "issueDateTime": {"value": bill.issue_date.isoformat(), "format": "YYYY-MM-DD"},
        "originalIssuedQuantity": 0,
        "issueLocation": _location(bill.place[bill.issue_place]),
    }


def _consignment(bill: Bill) -> dict[str, Any]:
    found: dict[str, Any] = {
        "totalChargeAmount": _amount(float(bill.price), bill.currency),
        "numberOfPackages": bill.goods.packages,
        "consignor": _party(bill.consignor),
        "consignee": _party(bill.consignee),
        "cto": _party(bill.operator),
        "carrierAcceptanceLocation": _location(bill.place[bill.place_of_receipt]),
        "consigneeReceiptLocation": _location(bill.place[bill.place_of_delivery]),
        "includedConsignmentItem": [_item(bill)],
        "mainCarriageTransportMovement": [_movement(leg) for leg in _main(bill)],
    }
    ports = [leg for leg in _main(bill) if leg.mode.value == "sea"]
    if ports:
        found["loadingBaseportLocation"] = _location(bill.place[ports[0].from_terminal])
        found["unloadingBaseportLocation"] = _location(bill.place[ports[-1].to_terminal])
    return found


def _main(bill: Bill) -> list[Leg]:
    """The main carriages of the first part; all legs stand in the wrapper."""
    legs = bill.parts[0].legs
    return [leg for leg in legs if leg.stage is Stage.MAIN] or list(legs[:1])


def _movement(leg: Leg) -> dict[str, Any]:
    found: dict[str, Any] = {
        "typeCode": {"value": leg.mode_code, "agency": UNECE},
        "typeText": _text(leg.mode.value),
        "stageCode": {"value": leg.stage_code, "agency": UNECE},
    }
    if leg.departure:
        found["voyageNumber"] = {"value": leg.departure}
        found["name"] = _text(leg.service_en or leg.departure)
    return found


def _item(bill: Bill) -> dict[str, Any]:
    goods = bill.goods
    found: dict[str, Any] = {
        "goodsTypeCode": {"value": goods.hs_code, "agency": "WCO"},
        "grossWeight": {"value": goods.gross_kg, "unit": MASS_UNIT},
        "cargoNatureIdentification": {
            "identificationText": [_text(goods.description_en), _text(goods.description_zh, "zh")]
        },
        "transportPackage": [
            {
                "itemQuantity": goods.packages,
                "typeCode": {"value": goods.package_kind, "agency": UNECE},
                "typeText": package_word(goods.package_kind).en,
            }
        ],
        "usedTransportEquipment": [
            {
                "id": {"value": box.number, "identificationScheme": "ISO 6346"},
                "tareWeight": {"value": box.tare_kg, "unit": MASS_UNIT},
            }
            for part in bill.parts
            for box in part.containers
        ],
    }
    if goods.dangerous:
        found["transportDangerousGoods"] = [
            {"undgId": {"value": goods.dangerous.removeprefix("UN"), "agency": UNECE}}
        ]
    return found


def _party(party: Party) -> dict[str, Any]:
    found: dict[str, Any] = {"name": _text(party.name_en)}
    if party.id:
        found["id"] = [{"value": party.id}]
    return found


def _location(place: Place) -> dict[str, Any]:
    return {
        "id": place.unlocode or place.id,
        "name": _text(place.name_en),
        "countryCode": place.country,
    }


def _text(value: str, otherwise: str = "en") -> dict[str, str]:
    """A text tagged with its language: what has a Chinese sign in it is Chinese."""
    chinese = any("\u3400" <= sign <= "\u9fff" for sign in value)
    return {"value": value, "language": "zh" if chinese else otherwise}


def _amount(value: float, currency: str) -> dict[str, Any]:
    return {"value": value, "currency": currency}


def _leg(bill: Bill, part: Part, leg: Leg) -> dict[str, Any]:
    return {
        "part": part.number,
        "number": leg.number,
        "stage": leg.stage_code,
        "mode": leg.mode_code,
        "carrier": leg.carrier,
        "movement": leg.departure or leg.transfer,
        "from": _location(bill.place[leg.from_terminal]),
        "departs": leg.departs.local.isoformat(),
        "to": _location(bill.place[leg.to_terminal]),
        "arrives": leg.arrives.local.isoformat(),
        "regime": leg.regime.value,
        "containers": [box.number for box in part.containers],
    }


def _missing(document: dict[str, Any]) -> Iterator[str]:
    """Paths that FIATA's schema requires and this bill does not know."""
    consignment = document["supply_chain_consignment"]
    item = consignment["includedConsignmentItem"][0]
    places = {
        "exchanged_document": ("exchanged_document", document["exchanged_document"]),
        "consignor": ("supply_chain_consignment.consignor", consignment["consignor"]),
        "cto": ("supply_chain_consignment.cto", consignment["cto"]),
        "consignee": ("supply_chain_consignment.consignee", consignment["consignee"]),
        "item": ("supply_chain_consignment.includedConsignmentItem.0", item),
    }
    for key, (path, record) in places.items():
        yield from (f"{path}.{name}" for name in REQUIRED[key] if name not in record)
