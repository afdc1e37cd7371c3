"""The price list."""

from __future__ import annotations

import pytest

from freight.domain.charges import (
    CHARGES,
    HourPrice,
    Price,
    border,
    capital,
    customs,
    fixed,
    handling,
    lateness,
    leg,
    network,
    storage,
    transfer,
    unserved,
)
from freight.domain.footprint import leg_kg, lift_kg, transfer_kg
from freight.domain.plan import ChargeKind
from tests.freight import hand


@pytest.fixture
def priced():
    """One of everything, in two currencies (7 CNY buy 1 USD)."""
    return hand.instance(
        [
            hand.terminal("A", handling_cost_per_teu=70, handling_cost_per_tonne=7, currency="CNY"),
            hand.terminal("B", free_storage_hours=48, storage_cost_per_teu_day=12),
        ],
        [(
            hand.service("S", fixed_cost_per_departure=1400, currency="CNY"),
            hand.stops("S", ("A", 0, 0), ("B", 10, 10), cost_per_teu=50, cost_per_tonne=2),
            hand.leaves("S", 24),
        )],
        [hand.shipment("P", "A", "B", 0, teu=4, gross_tonnes=30, value=70_000, currency="CNY",
                       lateness_cost_per_teu_day=168, unserved_cost_per_teu=700),
         hand.shipment("Q", "A", "B", 0)],
        [hand.transfer("road", "A", "B", 2, cost_per_teu=15, customs_cost_per_teu=4),
         hand.transfer("gauge", "A", "B", 24, kind="gauge_change", cost_per_teu=350,
                       cost_per_tonne=14, customs_cost_per_teu=70, currency="CNY",
                       emission_class="hub")],
        capital_rate_per_year=0.0876,
        defaults={"unserved_cost_per_teu": 900, "lateness_cost_per_teu_day": 48},
    )  # fmt: skip


def test_prices_come_in_the_base_currency(priced):
    """Every charge turns its row into USD: 7 CNY are 1 USD."""
    p, q = priced.shipments
    road, gauge = priced.transfers
    a, b = priced.terminals
    assert fixed.per_run(priced, priced.services[0]) == 200
    assert leg.price(priced, priced.stops[1]) == Price(50, 2)
    assert handling.price(priced, a) == Price(10, 1)
    assert storage.price(priced, b) == HourPrice(0.5, 48)
    # 70,000 CNY = 10,000 USD over 4 TEU: 2,500 × 0.0876 / 8,760 h = 0.025 an hour and TEU
    assert capital.price(priced, p).per_teu_hour == pytest.approx(0.025, rel=1e-12)
    assert lateness.price(priced, p) == HourPrice(1.0)
    assert lateness.price(priced, q) == HourPrice(2.0)  # the default, 48 a day
    assert unserved.price(priced, p) == Price(100)
    assert unserved.price(priced, q) == Price(900)
    assert transfer.price(priced, road) == Price(15)
    assert border.price(priced, gauge) == Price(50, 2)
    assert customs.price(priced, gauge) == Price(10)


def test_a_transfer_is_paid_either_as_transfer_or_as_border(priced):
    """Road moves cost no border, gauge changes no transfer."""
    road, gauge = priced.transfers
    assert border.price(priced, road) == Price()
    assert transfer.price(priced, gauge) == Price()


def test_amounts_count_teu_tonnes_and_paid_hours():
    """Price × load, and hours beyond the free ones only."""
    assert Price(50, 2).amount(4, 30) == 260
    assert HourPrice(0.5, 48).amount(4, 60) == 24  # 12 h × 0.5 × 4
    assert HourPrice(0.5, 48).amount(4, 48) == 0


def test_every_charge_of_a_bill_is_in_the_table():
    """The table names every charge kind but what is added to a plan later, and the penalty."""
    kinds = {kind.value for kind in ChargeKind} - {"settlement", "drayage"}
    assert set(CHARGES) == kinds | {"unserved"}


def test_empty_departures_are_borne_by_their_owner_else_by_all():
    """Weights by TEU among the owner's itineraries; all where the owner has none."""
    bearers = {0: ("wuhan", 2.0), 1: ("changsha", 4.0), 2: ("wuhan", 6.0)}
    assert network.shares("wuhan", bearers) == {0: 2.0, 2: 6.0}
    assert network.shares("hefei", bearers) == {0: 2.0, 1: 4.0, 2: 6.0}
    assert network.shares("wuhan", {}) == {}


def test_footprint_by_hand(priced):
    """Rail by tonne-kilometre, hubs by TEU, nothing for a move without a class."""
    # 37.8 t × 100 km × 20 g = 75.6 kg
    assert leg_kg(priced, priced.stops[1], 4, 37.8) == pytest.approx(75.6)
    assert lift_kg(priced, 4) == 8
    road, gauge = priced.transfers
    assert transfer_kg(priced, road, 4, 37.8) == 0
    assert transfer_kg(priced, gauge, 4, 37.8) == 8
