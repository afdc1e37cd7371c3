"""The price list and exact cents."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from freight.domain.money import cents, money, round_together, split
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


def test_largest_remainder_by_hand():
    """10.00 in three: 3.34, 3.33, 3.33; weights 1:2:3 of 1.00: 0.17, 0.33, 0.50."""
    assert split(1000, [1, 1, 1]) == [334, 333, 333]
    assert split(100, [1, 2, 3]) == [17, 33, 50]
    assert split(5, [0, 0]) == [3, 2]
    assert money(split(100, [1, 2, 3])[0]) == Decimal("0.17")


def test_nothing_is_split_among_nobody():
    """Cents need a bearer."""
    assert split(0, []) == []
    with pytest.raises(ValueError, match=r"^7 cents cannot be split among nobody\.$"):
        split(7, [])


@given(st.integers(0, 10**9), st.lists(st.floats(0, 1e6), min_size=1, max_size=30))
def test_split_is_exact_and_fair(total, weights):
    """Parts add up to the total and each is its exact share rounded down or up."""
    parts = split(total, weights)
    assert sum(parts) == total
    whole = sum(map(Fraction, weights))
    for part, weight in zip(parts, weights, strict=True):
        share = total * Fraction(weight) / whole if whole else Fraction(total, len(weights))
        assert abs(part - share) < 1


@given(st.lists(st.floats(-1e6, 1e6), max_size=40))
def test_rounding_together_keeps_the_sum(amounts):
    """Rounded amounts add up to the rounded sum, each off by less than a cent."""
    parts = round_together(amounts)
    assert sum(parts) == cents(sum(map(Fraction, amounts), Fraction(0)))
    for part, amount in zip(parts, amounts, strict=True):
        assert abs(part - Fraction(amount) * 100) < 1
