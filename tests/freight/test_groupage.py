"""Groupage: separation rules one by one, hand-checked boxes, and the proof."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freight.domain.shipment import ContainerType
from freight.errors import InstanceError
from freight.groupage import (
    BoxOffer,
    Consignment,
    GroupagePlan,
    PackedBox,
    Relation,
    groupage,
    packing_of,
    why_apart,
)
from freight.groupage.check import faults as broken_rules
from solvers.options import Cancel, Options
from solvers.outcome import Outcome
from solvers.packing.problem import Bin, faults

MONDAY = datetime.fromisoformat("2027-03-01T08:00+08:00")
QUICK = Options(time_limit_seconds=10, gap=0.0)


def goods(name: str, tonnes: float, volume: float, **changes: object) -> Consignment:
    """Goods from Wuhan to Duisburg, ready on Monday, due in thirty days."""
    data: dict[str, object] = {
        "id": name, "origin": "wuhan", "destination": "duisburg", "gross_tonnes": tonnes,
        "volume_m3": volume, "ready": MONDAY, "due": MONDAY + timedelta(days=30),
    }  # fmt: skip
    return Consignment(**{**data, **changes})  # type: ignore[arg-type]


def box(kind: ContainerType, tonnes: float, volume: float, cost: float) -> BoxOffer:
    """A box on offer."""
    return BoxOffer(container_type=kind, payload_tonnes=tonnes, usable_m3=volume, cost=cost,
                    currency="USD", source="test")  # fmt: skip


LARGE = box(ContainerType.HC40, 26.0, 65.0, 6000.0)
SMALL = box(ContainerType.GP20, 24.0, 28.0, 3500.0)
COLD = box(ContainerType.RF40, 25.0, 60.0, 9000.0)


def test_two_small_boxes_are_dearer_than_one_large() -> None:
    """Four lots of 15 m³ are 60 m³: one large box at 6000, against two or more small ones."""
    found = groupage([goods(f"g{i}", 2.0, 15.0) for i in range(4)], [SMALL, LARGE], QUICK)
    assert found.cost == found.bound == Decimal("6000.00")
    assert found.relations[0].outcome is Outcome.OPTIMAL
    assert found.relations[0].boxes[0].consignments == ("g0", "g1", "g2", "g3")
    assert found.relations[0].boxes[0].volume_share == pytest.approx(60 / 65)


def test_weight_binds_for_dense_goods() -> None:
    """Three lots of 13 t and 5 m³: two fit 26 t, so a large and a small box, 9500."""
    found = groupage([goods(f"g{i}", 13.0, 5.0) for i in range(3)], [SMALL, LARGE], QUICK)
    assert found.cost == Decimal("9500.00")
    assert found.gap == 0.0


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        ({"reefer": True}, {}, "only one of them needs a temperature"),
        ({"dangerous": "UN3480"}, {"dangerous": "UN1263"}, "not packed together"),
        ({"dangerous": "UN3480"}, {"food": True}, "dangerous goods are not packed with food"),
        ({"food": True}, {"dangerous": "UN3480"}, "dangerous goods are not packed with food"),
        ({}, {"ready": MONDAY + timedelta(days=8)}, "would wait longer than 168 h"),
        (
            {"due": MONDAY + timedelta(days=2)},
            {"ready": MONDAY + timedelta(days=3)},
            "one is due before the other is ready",
        ),
    ],
)
def test_every_separation_rule_keeps_two_lots_apart(
    a: dict[str, object], b: dict[str, object], why: str
) -> None:
    """Each rule names itself, the packing obeys it, and the checker catches its violation."""
    pair = [goods("a", 1.0, 1.0, **a), goods("b", 1.0, 1.0, **b)]
    assert why in (why_apart(pair[0], pair[1], 168) or "")
    found = groupage(pair, [LARGE, COLD], QUICK)
    assert [one.consignments for one in found.relations[0].boxes] == [("a",), ("b",)]
    problem = packing_of(pair, [LARGE, COLD], 168)
    together = (Bin(1 if pair[0].reefer else 0, (0, 1)),)
    assert "Bin 0: items 0 and 1 must not share a bin." in faults(problem, together)


def by_hand(kind: BoxOffer, *inside: Consignment, **changes: object) -> GroupagePlan:
    """A plan of one box with everything in it."""
    packed = PackedBox(
        origin="wuhan", destination="duisburg", container_type=kind.container_type,
        consignments=tuple(one.id for one in inside), gross_tonnes=0, volume_m3=0, weight_share=0,
        volume_share=0, ready=max(one.ready for one in inside), due=min(one.due for one in inside),
        cost=Decimal(0),
    ).model_copy(update=changes)  # fmt: skip
    relation = Relation(
        origin="wuhan", destination="duisburg", outcome=Outcome.FEASIBLE, cost=Decimal(0),
        bound=Decimal(0), boxes=(packed,),
    )  # fmt: skip
    return GroupagePlan(
        currency="USD", cost=Decimal(0), bound=Decimal(0), gap=0.0, relations=(relation,)
    )


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        ({"gross_tonnes": 20.0}, {"gross_tonnes": 20.0}, "40 t in a box for 26 t."),
        ({"volume_m3": 40.0}, {"volume_m3": 40.0}, "80 m³ in a box for 65 m³."),
        ({"reefer": True}, {}, "a is in a box without cooling."),
        ({"destination": "hamburg"}, {}, "a goes another way."),
        ({"dangerous": "UN3480"}, {"dangerous": "UN1263"}, "UN1263 and UN3480 are packed together"),
        ({"dangerous": "UN3480"}, {"food": True}, "dangerous goods are packed with food."),
        ({}, {"ready": MONDAY + timedelta(days=8)}, "waits longer than 168 h"),
        ({"due": MONDAY + timedelta(days=2)}, {"ready": MONDAY + timedelta(days=3)},
         "is due before another is ready"),
    ],
)  # fmt: skip
def test_every_rule_violated_on_purpose_is_caught(
    a: dict[str, object], b: dict[str, object], message: str
) -> None:
    """Mass, volume, cooling, direction, dangerous goods, food, waiting and due times."""
    inside = [goods("a", **{"tonnes": 1.0, "volume": 1.0}).model_copy(update=a),
              goods("b", **{"tonnes": 1.0, "volume": 1.0}).model_copy(update=b)]  # fmt: skip
    found = broken_rules(by_hand(LARGE, *inside), inside, [LARGE, COLD], 168)
    assert any(message in one for one in found), found


def test_a_lot_left_out_packed_twice_or_made_up_is_caught() -> None:
    """Every consignment is in one box, and nothing else is."""
    a, b = goods("a", 1.0, 1.0), goods("b", 1.0, 1.0)
    assert "b is in 0 boxes." in broken_rules(by_hand(LARGE, a), [a, b], [LARGE], 168)
    assert "a is in 2 boxes." in broken_rules(by_hand(LARGE, a, a), [a], [LARGE], 168)
    assert "b is no consignment." in broken_rules(by_hand(LARGE, a, b), [a], [LARGE], 168)
    assert broken_rules(by_hand(LARGE, a, b), [a, b], [LARGE], 168) == []


def test_same_dangerous_goods_may_share() -> None:
    """Two lots of UN3480 travel in one box."""
    pair = [goods("a", 1.0, 1.0, dangerous="UN3480"), goods("b", 1.0, 1.0, dangerous="UN3480")]
    assert why_apart(pair[0], pair[1], 168) is None
    assert len(groupage(pair, [LARGE], QUICK).relations[0].boxes) == 1


def test_relations_are_packed_apart_and_add_up() -> None:
    """One lot each to two destinations: two boxes."""
    lots = [goods("a", 1.0, 1.0), goods("b", 1.0, 1.0, destination="hamburg")]
    found = groupage(lots, [SMALL], QUICK)
    assert [one.destination for one in found.relations] == ["duisburg", "hamburg"]
    assert found.cost == Decimal("7000.00")


def test_a_box_is_ready_with_its_last_lot_and_due_with_its_first() -> None:
    """The dates of the box are the tightest of what is in it."""
    lots = [
        goods("a", 1.0, 1.0, due=MONDAY + timedelta(days=20)),
        goods("b", 1.0, 1.0, ready=MONDAY + timedelta(days=3)),
    ]
    packed = groupage(lots, [SMALL], QUICK).relations[0].boxes[0]
    assert packed.ready == MONDAY + timedelta(days=3)
    assert packed.due == MONDAY + timedelta(days=20)


def test_what_cannot_be_packed_is_said_at_once() -> None:
    """Too large, no reefer on offer, a name used twice, two currencies."""
    lots = [goods("a", 99.0, 1.0), goods("b", 1.0, 1.0, reefer=True), goods("b", 1.0, 1.0)]
    other = replace_currency(LARGE)
    with pytest.raises(InstanceError) as caught:
        groupage(lots, [SMALL, other], QUICK)
    text = str(caught.value)
    assert "'a' of 99 t and 1 m³ goes into no box on offer." in text
    assert "'b' of 1 t and 1 m³ goes into no box on offer." in text
    assert "Consignment 'b' is stated twice." in text
    assert "different currencies" in text


def replace_currency(offer: BoxOffer) -> BoxOffer:
    """The same offer in another currency."""
    return offer.model_copy(update={"currency": "CNY"})


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_no_box_is_ever_overfull_and_nothing_is_lost(seed: int) -> None:
    """Random lots: every one in exactly one box, within weight and volume, bound below cost."""
    rng = np.random.default_rng(seed)
    lots = [
        goods(f"g{i}", float(rng.uniform(0.1, 12)), float(rng.uniform(0.5, 25)),
              dangerous="UN3480" if rng.random() < 0.2 else None, food=bool(rng.random() < 0.2))
        for i in range(9)
    ]  # fmt: skip
    found = groupage(lots, [SMALL, LARGE], replace(QUICK, time_limit_seconds=1))
    boxes = found.relations[0].boxes
    assert sorted(name for one in boxes for name in one.consignments) == sorted(g.id for g in lots)
    assert all(one.weight_share <= 1 and one.volume_share <= 1 for one in boxes)
    assert found.bound <= found.cost


@pytest.mark.parametrize("volume", [64.1, 0.3, 17.13, 65.00007])
def test_a_box_filled_exactly_is_enough(volume: float) -> None:
    """One lot as large as the box, then three that fill it together: one box, proved."""
    exact = box(ContainerType.HC40, 26.0, volume, 1900.0)
    whole = groupage([goods("g", 5.0, volume)], [exact], QUICK)
    assert whole.cost == whole.bound == Decimal("1900.00")
    third = float(Decimal(repr(volume)) - 2 * Decimal("0.1"))
    parts = [goods("a", 8.1, 0.1), goods("b", 8.2, 0.1), goods("c", 9.7, third)]
    found = groupage(parts, [exact], QUICK)
    assert found.cost == found.bound == Decimal("1900.00")
    assert broken_rules(found, parts, [exact], 168) == []


def test_a_gram_too_much_takes_another_box() -> None:
    """8.1 + 8.2 + 9.700001 t are one gram over 26 t: two boxes, and the checker says so of one."""
    exact = box(ContainerType.HC40, 26.0, 65.0, 1900.0)
    parts = [goods("a", 8.1, 1), goods("b", 8.2, 1), goods("c", 9.700001, 1)]
    assert groupage(parts, [exact], QUICK).cost == Decimal("3800.00")
    assert "26 t in a box for 26 t." in broken_rules(by_hand(exact, *parts), parts, [exact], 168)[0]


TENTHS = st.integers(1, 12).map(lambda n: round(n * 2.1, 1))


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(TENTHS, TENTHS), min_size=1, max_size=6), st.booleans())
def test_exact_fits_and_ties_are_packed_as_by_enumeration(
    lots: list[tuple[float, float]], two: bool
) -> None:
    """Lots in steps of 2.1 into boxes of 25.2: the cheapest of all partitions, and proved."""
    offers = [box(ContainerType.HC40, 25.2, 25.2, 1900.0), box(ContainerType.GP20, 12.6, 12.6, 950)]
    offers = offers if two else offers[:1]
    some = [goods(f"g{i}", tonnes, volume) for i, (tonnes, volume) in enumerate(lots)]
    found = groupage(some, offers, QUICK)
    assert found.cost == found.bound == cheapest_partition(lots, offers)
    assert broken_rules(found, some, offers, 168) == []


def cheapest_partition(lots: list[tuple[float, float]], offers: list[BoxOffer]) -> Decimal:
    """Least cost over every partition of the lots, by decimal arithmetic."""
    rows = [tuple(Decimal(repr(one)) for one in lot) for lot in lots]

    def cost(group: list[int]) -> Decimal:
        tonnes, volume = (sum(rows[i][d] for i in group) for d in (0, 1))
        return min(
            (Decimal(offer.cost) for offer in offers
             if tonnes <= Decimal(repr(offer.payload_tonnes))
             and volume <= Decimal(repr(offer.usable_m3))),
            default=Decimal("Infinity"),
        )  # fmt: skip

    def best(i: int, groups: list[list[int]]) -> Decimal:
        if i == len(rows):
            return sum(map(cost, groups), Decimal(0))
        joined = (best(i + 1, [*groups[:g], [*one, i], *groups[g + 1 :]])
                  for g, one in enumerate(groups))  # fmt: skip
        return min([best(i + 1, [*groups, [i]]), *joined])

    return best(0, [])


def test_a_box_heavier_than_iso_668_allows_is_refused() -> None:
    """40 t of goods in a 45G1 of 3.9 t: at most 26.58; one of 26.58 is taken."""
    with pytest.raises(InstanceError, match=r"over 30\.48 t\. Write at most 26\.58"):
        groupage([goods("a", 40.0, 1.0)], [box(ContainerType.HC40, 40.0, 65.0, 1900.0)], QUICK)
    full = box(ContainerType.HC40, 26.58, 65.0, 1900.0)
    assert groupage([goods("a", 26.58, 1.0)], [full], QUICK).cost == Decimal("1900.00")


def test_a_cancelled_packing_holds() -> None:
    """Cancelled before it starts, every lot is in a box and the bound stays below the cost."""
    cancel = Cancel()
    cancel.set()
    lots = [goods(f"g{i}", 3.1 + i % 4, 7.3, destination=f"d{i % 3}") for i in range(24)]
    found = groupage(lots, [SMALL, LARGE], replace(QUICK, cancel=cancel))
    assert broken_rules(found, lots, [SMALL, LARGE], 168) == []
    assert found.bound <= found.cost
