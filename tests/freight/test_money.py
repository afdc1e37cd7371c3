"""Amounts to the smallest unit of their currency: rounded one way, split without loss."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from freight.billing import bills
from freight.domain.bill import total_of
from freight.domain.instance import Instance
from freight.domain.money import (
    digits_of,
    money,
    round_to,
    round_together,
    rounded,
    shown,
    split,
    unit_of,
    units,
)
from freight.domain.plan import Plan
from freight.model.audit import audit
from freight.planning import choose, plan
from freight.report.bill_html import page
from freight.report.bill_iftmcs import text as message
from freight.report.bill_text import text
from freight.report.workbook import workbook
from solvers.options import Options
from tests.freight.hand import SOURCE, instance, leaves, service, shipment, stops, terminal

CURRENCIES = st.sampled_from(["EUR", "CNY", "KZT", "JPY", "KRW", "KWD", "TND", "CLF"])


@pytest.mark.parametrize(
    ("currency", "digits"),
    [("EUR", 2), ("CNY", 2), ("KZT", 2), ("RUB", 2), ("UZS", 2), ("MNT", 2), ("JPY", 0),
     ("KRW", 0), ("VND", 0), ("KWD", 3), ("BHD", 3), ("TND", 3), ("CLF", 4), ("HUF", 2)],
)  # fmt: skip
def test_every_currency_has_the_decimals_of_iso_4217(currency: str, digits: int) -> None:
    """Two for the most, none for yen, won and dong, three for dinars, four for the unidad."""
    assert digits_of(currency) == digits
    assert unit_of(currency) == Decimal(10) ** -digits


@pytest.mark.parametrize(
    ("amount", "currency", "right"),
    [(2.675, "EUR", "2.68"), (2.665, "EUR", "2.66"), (-2.675, "EUR", "-2.68"),
     (114.5, "JPY", "114"), (115.5, "JPY", "116"), (0.0005, "KWD", "0.000"),
     (0.0015, "KWD", "0.002"), (1e22, "EUR", "10000000000000000000000.00")],
)  # fmt: skip
def test_amounts_are_rounded_half_to_even_as_they_are_written(
    amount: float, currency: str, right: str
) -> None:
    """2.675 is half a cent above 2.67 though its binary fraction lies just below."""
    assert str(rounded(amount, currency)) == right
    assert money(units(amount, currency), currency) == Decimal(right)


def test_amounts_are_shown_with_the_decimals_of_their_currency() -> None:
    """Grouped by thousands; a whole amount in yen has no point."""
    assert shown(1234.5, "EUR") == "1,234.50"
    assert shown(Decimal("1234"), "JPY") == "1,234"
    assert shown(0, "KWD") == "0.000"


def test_largest_remainder_by_hand() -> None:
    """10.00 in three: 3.34, 3.33, 3.33; weights 1:2:3 of 1.00: 0.17, 0.33, 0.50."""
    assert split(1000, [1, 1, 1]) == [334, 333, 333]
    assert split(100, [1, 2, 3]) == [17, 33, 50]
    assert split(5, [0, 0]) == [3, 2]
    assert money(split(100, [1, 2, 3])[0], "EUR") == Decimal("0.17")


def test_nothing_is_split_among_nobody() -> None:
    """Money needs a bearer."""
    assert split(0, []) == round_to(0, [], "EUR") == []
    with pytest.raises(ValueError, match=r"^7 cannot be split among nobody\.$"):
        split(7, [])


def as_written(amount: float) -> Fraction:
    """A float as the decimal number that it is written as."""
    return Fraction(Decimal(repr(amount)))


@given(st.integers(0, 10**9), st.lists(st.floats(0, 1e6), min_size=1, max_size=30))
def test_split_is_exact_and_fair(total: int, weights: list[float]) -> None:
    """Parts add up to the total and each is its exact share rounded down or up."""
    parts = split(total, weights)
    assert sum(parts) == total
    whole = sum(map(as_written, weights))
    for part, weight in zip(parts, weights, strict=True):
        share = total * as_written(weight) / whole if whole else Fraction(total, len(weights))
        assert abs(part - share) < 1


@given(st.lists(st.floats(-1e6, 1e6), max_size=40), CURRENCIES)
def test_rounding_together_keeps_the_sum(amounts: list[float], currency: str) -> None:
    """Rounded amounts add up to the rounded sum, each off by less than a unit."""
    parts = round_together(amounts, currency)
    assert sum(parts) == units(sum(map(as_written, amounts), Fraction(0)), currency)
    for part, amount in zip(parts, amounts, strict=True):
        assert abs(part - as_written(amount) * 10 ** digits_of(currency)) < 1


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20), st.floats(-1e6, 1e6), CURRENCIES)
def test_rounding_to_a_total_reaches_it_and_only_the_largest_gives_way(
    amounts: list[float], total: float, currency: str
) -> None:
    """Every part but the largest is its amount rounded down or up."""
    parts = round_to(total, amounts, currency)
    assert sum(parts) == units(total, currency)
    largest = amounts.index(max(amounts))
    for i, (part, amount) in enumerate(zip(parts, amounts, strict=True)):
        assert i == largest or abs(part - as_written(amount) * 10 ** digits_of(currency)) < 1


def shared_train(currency: str, cost: float, value: float = 0) -> Instance:
    """Six boxes of a TEU that share the fixed cost of one train."""
    run = (
        service("N", currency=currency, fixed_cost_per_departure=cost),
        stops("N", ("A", 0, 0), ("B", 5, 5), currency=currency),
        leaves("N", 10),
    )
    boxes = [
        shipment(f"s{i}", "A", "B", 0, teu=1, container_type="22G1", gross_tonnes=10,
                 currency=currency, value=value)
        for i in range(6)
    ]  # fmt: skip
    rate = {"currency": "USD", "per_base": 1, "date": "2027-03-01", "source": SOURCE}
    places = [terminal(name, currency=currency) for name in "AB"]
    return instance(places, [run], boxes, currency=currency, exchange=[rate])


def planned(problem: Instance) -> Plan:
    """Its plan."""
    return plan(problem, choose(problem, "auto", "highs"), options=Options(time_limit_seconds=20))


@pytest.mark.parametrize(
    ("currency", "cost", "right"),
    [
        ("JPY", 685, ["115"] + ["114"] * 5),
        ("KWD", 0.685, ["0.115"] + ["0.114"] * 5),
        ("EUR", 6.85, ["1.15"] + ["1.14"] * 5),
        ("KZT", 685, ["114.17"] * 4 + ["114.16"] * 2),
    ],
)
def test_a_shared_cost_is_split_into_units_of_its_currency(
    currency: str, cost: float, right: list[str]
) -> None:
    """685 yen over six are 115 and five times 114; the audit holds and bills add up."""
    problem = shared_train(currency, cost)
    found = planned(problem)
    assert [str(charge.amount) for one in found.itineraries for charge in one.charges] == right
    assert audit(problem, found) == []
    issued = bills(problem, found)
    assert total_of(issued) == found.cost == Decimal(str(cost))


def test_an_amount_finer_than_its_currency_is_found() -> None:
    """Half a yen moved from one itinerary to another."""
    problem = shared_train("JPY", 685)
    found = planned(problem)
    moved = [
        one.model_copy(update={"charges": (one.charges[0].model_copy(
            update={"amount": one.charges[0].amount + Decimal(change)}),)})
        for one, change in zip(found.itineraries, ("0.5", "-0.5", "0", "0", "0", "0"), strict=True)
    ]  # fmt: skip
    findings = audit(problem, found.model_copy(update={"itineraries": tuple(moved)}))
    assert "115.5 is no whole number of 1 JPY." in [one.message for one in findings]


def test_bills_and_their_messages_print_the_decimals_of_their_currency() -> None:
    """Whole yen in the text, in the page, in MOA of IFTMCS and in the workbook's format."""
    problem = shared_train("JPY", 685, value=12_000)
    found = planned(problem)
    bill = bills(problem, found)[0]
    assert "115\n" in text([bill])
    assert "12,000 JPY" in text([bill])
    assert "MOA+44:12000:JPY'" in message([bill])
    assert ">115</td>" in page([bill])
    assert ".00" not in text([bill]) + message([bill])
    dinars = shared_train("KWD", 0.685, value=12)
    assert "MOA+44:12.000:KWD'" in message(bills(dinars, planned(dinars))[:1])


@pytest.mark.parametrize(("currency", "form"), [("JPY", "#,##0"), ("KWD", "#,##0.000")])
def test_the_workbook_formats_amounts_by_their_currency(
    tmp_path: Path, currency: str, form: str
) -> None:
    """The column of amounts has as many decimals as the currency."""
    problem = shared_train(currency, 685)
    path = tmp_path / "plan.xlsx"
    path.write_bytes(workbook(planned(problem), problem))
    sheet = load_workbook(path)["costs"]
    heads = [cell.value for cell in sheet[1]]
    assert sheet.column_dimensions["ABCDEFGHIJKL"[heads.index("amount")]].number_format == form
