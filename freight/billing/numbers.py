"""Numbers of bills: the same shipment keeps its number from plan to plan.

``WUHA 261201 000042 ..``: four letters or digits of the owner's id (``X`` fills up), the first day
of the planning horizon as yymmdd in the planner's zone, the shipment's place in the book from 1,
and two check digits by ISO 7064 MOD 97-10 over all of it (A = 10 … Z = 35, as in an IBAN), which
catch every wrong character and every swap of neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from stdnum.iso7064 import mod_97_10

from freight.domain.instance import Instance

EMPTY: Final[Mapping[str, str]] = MappingProxyType({})


def bill_numbers(instance: Instance, kept: Mapping[str, str] = EMPTY) -> dict[str, str]:
    """Bill number by shipment id, for every shipment of the book, travelling or not.

    ``kept`` are numbers that shipments have already; no other shipment gets one of them.
    """
    statement = instance.statement
    day = statement.horizon_start.astimezone(ZoneInfo(statement.time_zone))
    taken = set(kept.values())
    found = {}
    for serial, shipment in enumerate(instance.shipments, start=1):
        stem = f"{owner_code(shipment.owner)}{day:%y%m%d}"
        number = kept.get(shipment.id) or _number(stem, serial)
        later = count(len(instance.shipments) + 1)
        while shipment.id not in kept and number in taken:
            number = _number(stem, next(later))
        taken.add(number)
        found[shipment.id] = number
    return found


def _number(stem: str, serial: int) -> str:
    body = f"{stem}{serial:06d}"
    return body + str(mod_97_10.calc_check_digits(body))


def owner_code(owner: str) -> str:
    """The first four letters or digits of an owner's id, in capitals, filled up with X."""
    plain = "".join(letter for letter in owner.upper() if letter.isascii() and letter.isalnum())
    return plain[:4].ljust(4, "X")


def is_valid(number: str) -> bool:
    """Whether the check digits of a bill number are right."""
    return bool(mod_97_10.is_valid(number))
