"""What a shipment may ride and what it may be moved by: one meaning for planning, routes, checks.

A service takes it when its mode is among those allowed, when it takes reefers or dangerous goods
where needed, and when it is open to the owner. A transfer takes it when its mode is among those
allowed; a road transfer within one city is allowed to all.
"""

from __future__ import annotations

from typing import NamedTuple

from freight.domain.gazetteer import city_key
from freight.domain.instance import Instance
from freight.domain.service import Mode, Service
from freight.domain.shipment import Shipment
from freight.domain.transfer import Transfer


class Access(NamedTuple):
    """What decides; shipments with equal access may go the same ways. Without modes: all."""

    owner: str
    modes: frozenset[Mode]
    reefer: bool
    dangerous: bool

    def rides(self, service: Service) -> bool:
        """Whether it may ride a service."""
        return (
            (not self.modes or service.mode in self.modes)
            and (service.reefer or not self.reefer)
            and (service.dangerous or not self.dangerous)
            and (not service.open_to or self.owner in service.open_to)
        )

    def moves(self, mode: Mode | None) -> bool:
        """Whether it may take a transfer that asks for a mode, None for no mode in particular."""
        return mode is None or not self.modes or mode in self.modes


def access_of(shipment: Shipment) -> Access:
    """The access of a shipment."""
    modes = frozenset(shipment.modes)
    return Access(shipment.owner, modes, shipment.reefer, shipment.dangerous is not None)


def asked_by(instance: Instance, transfer: Transfer) -> Mode | None:
    """The mode that a transfer asks for; None by road within a city."""
    start, end = (instance.terminal[one] for one in (transfer.from_terminal, transfer.to_terminal))
    within = start.country == end.country and city_key(start.city) == city_key(end.city)
    return None if transfer.mode is Mode.ROAD and within else transfer.mode
