"""Through bills of plans made by hand."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso6346

import freight
from freight.billing import bills
from freight.billing.numbers import bill_numbers, is_valid, owner_code
from freight.domain.bill import Bill, Procedure, total_of
from freight.domain.carriage import Leg, Stage, Wait
from freight.domain.liability import Regime
from freight.domain.plan import Charge, ChargeKind
from freight.domain.service import Mode
from freight.domain.transfer import TransferKind
from freight.schemas import faults
from tests.freight import bill_cases as case

AMOUNTS = st.decimals(-10_000, 10**6, places=2)


def rail_water(**changes: object) -> Bill:
    """The bill of ten boxes by barge to Wuhan and by train to Duisburg."""
    one = case.shipment("CSX-0001", "CSX_P", "DUI_T", **changes)
    home = case.instance(one)
    return bills(home, case.plan(home, [case.itinerary(one, case.rail_water_steps())]))[0]


def split_bill() -> Bill:
    """Six boxes by water, three by rail, one left behind."""
    one = case.shipment(
        "WUH-0007", "YLO_P", "DUI_T", owner="wuhan", gross_tonnes=161.3, packages=803
    )
    home = case.instance(one)
    rail = [case.move("YLO-WUH", case.START + timedelta(days=1)), *case.rail_steps()[1:]]
    itineraries = [
        case.itinerary(one, case.water_steps(), teu=12),
        case.itinerary(one, rail, teu=6),
    ]
    return bills(home, case.plan(home, itineraries))[0]


def test_one_bill_per_shipment_that_travels() -> None:
    """Two of three shipments travel: two bills, in the order of the book, parties as stated."""
    some = [case.shipment(f"S{n}", "CSX_P", "DUI_T", consignee=f"Consignee {n}") for n in range(3)]
    home = case.instance(*some)
    plan = case.plan(
        home, [case.itinerary(one, case.rail_water_steps()) for one in (some[2], some[0])]
    )
    found = bills(home, plan)
    assert [one.shipment for one in found] == ["S0", "S2"]
    assert [one.consignee.name_en for one in found] == ["Consignee 0", "Consignee 2"]
    assert found[0].operator.name_zh == "长沙国际铁路港平台公司"


def test_a_bill_made_alone_is_the_one_of_the_book() -> None:
    """Asking for one shipment only gives the same document, numbers and digest included."""
    some = [case.shipment(f"S{n}", "CSX_P", "DUI_T") for n in range(3)]
    home = case.instance(*some)
    plan = case.plan(home, [case.itinerary(one, case.rail_water_steps()) for one in some])
    assert bills(home, plan, only={"S2"}) == bills(home, plan)[2:]


def test_legs_modes_and_stages() -> None:
    """Barge 8, road 3, rail 2 by Recommendation 19; the train is the main carriage (20)."""
    legs = rail_water().parts[0].legs
    assert [leg.mode_code for leg in legs] == ["8", "3", "2"]
    assert [(leg.stage, leg.stage_code) for leg in legs] == [
        (Stage.PRE, "10"),
        (Stage.PRE, "10"),
        (Stage.MAIN, "20"),
    ]
    assert legs[2].departure == "X8017@2026-12-07T22:00"
    assert legs[2].carrier.startswith("China Railway Container")


def test_times_are_local_at_each_terminal() -> None:
    """The train leaves Wuhan at 22:00 +08:00 and reaches Duisburg 336 h later by Berlin's clock.

    7 December 22:00 +08:00 = 14:00 UTC; + 14 days = 21 December 14:00 UTC = 15:00 +01:00.
    """
    train = rail_water().parts[0].legs[2]
    assert train.departs.local.isoformat() == "2026-12-07T22:00:00+08:00"
    assert train.departs.zone == "Asia/Shanghai"
    assert train.arrives.local.isoformat() == "2026-12-21T15:00:00+01:00"
    assert train.arrives.zone == "Europe/Berlin"


def test_borders_on_board_are_named_and_timed() -> None:
    """Alashankou is left 96 h after Wuhan, Dostyk reached 1 h later, three hours back by its clock.

    7 December 14:00 UTC + 96 h = 11 December 14:00 UTC = 22:00 +08:00. Dostyk: 15:00 UTC =
    20:00 +05:00.
    """
    first, second = rail_water().parts[0].legs[2].crossings
    assert (first.transfer, first.from_terminal, first.to_terminal) == ("ALA-DOS", "ALA_B", "DOS_B")
    assert first.leaves.local.isoformat() == "2026-12-11T22:00:00+08:00"
    assert first.enters.local.isoformat() == "2026-12-11T20:00:00+05:00"
    assert (second.from_terminal, second.to_terminal) == ("BQT_B", "MAL_B")


def test_hand_over_is_when_loading_closes() -> None:
    """The barge closes 24 h before it leaves; the bill is issued on that local day."""
    bill = rail_water()
    barge = bill.parts[0].legs[0]
    assert bill.hand_over_by == barge.closes
    assert barge.departs.local - bill.hand_over_by.local == timedelta(hours=24)
    assert bill.issue_date == bill.hand_over_by.local.date()
    assert bill.issue_place == bill.place_of_receipt == "CSX_P"


def test_waits_stand_between_the_legs() -> None:
    """The box waits 60 h at Wuhan between shuttle and train."""
    (wait,) = [step for step in rail_water().parts[0].steps if isinstance(step, Wait)]
    assert wait.terminal == "WUH_R"
    assert wait.departs.local - wait.arrives.local == timedelta(hours=60)


def test_customs_along_the_way() -> None:
    """Export at receipt, integrated at the port, transit at gauge changes, import at the end."""
    found = [(one.procedure, one.from_terminal) for one in rail_water().customs]
    assert found == [
        (Procedure.EXPORT, "CSX_P"),
        (Procedure.INTEGRATED, "YLO_P"),
        (Procedure.TRANSIT, "ALA_B"),
        (Procedure.TRANSIT, "BQT_B"),
        (Procedure.IMPORT, "DUI_T"),
    ]


def test_no_declarations_inside_one_country() -> None:
    """A shipment from Changsha to Wuhan has neither export nor import."""
    one = case.shipment("S1", "CSX_R", "WUH_R")
    home = case.instance(one)
    steps = case.rail_steps()[:1]
    (bill,) = bills(home, case.plan(home, [case.itinerary(one, steps)]))
    assert bill.customs == ()
    assert bill.parts[0].legs[0].regime is Regime.CN_RAIL
    assert (bill.type.code, bill.type.name_zh) == ("720", "铁路联运全程运单")


def test_rail_in_one_go_is_one_carriage_under_one_note() -> None:
    """The feeder train inside China shares the CIM/SMGS note of the train it feeds."""
    one = case.shipment("S1", "CSX_R", "DUI_T")
    home = case.instance(one)
    (bill,) = bills(home, case.plan(home, [case.itinerary(one, case.rail_steps())]))
    feeder, train = bill.parts[0].legs
    assert feeder.regime is train.regime is Regime.CIM_SMGS
    assert [part.regime for part in feeder.sections] == [Regime.SMGS]
    assert [(part.regime, part.to_terminal) for part in train.sections] == [
        (Regime.SMGS, "MAL_B"),
        (Regime.CIM, "DUI_T"),
    ]


def test_a_gauge_change_by_transfer_stays_in_the_same_carriage() -> None:
    """Wuhan–Alashankou by train, gauge change by transfer: still one rail carriage, one border."""
    one = case.shipment("S1", "WUH_R", "DOS_B")
    home = case.instance(one)
    train = case.ride("X8017", 1, 2, case.START + timedelta(days=3))
    change = case.move("ALA-DOS", train.arrives + timedelta(hours=6))
    (bill,) = bills(home, case.plan(home, [case.itinerary(one, [train, change])]))
    first, second = bill.parts[0].legs
    assert first.regime is second.regime is Regime.SMGS
    assert [crossing.transfer for crossing in second.crossings] == ["ALA-DOS"]
    assert [step.procedure for step in bill.customs] == [
        Procedure.EXPORT,
        Procedure.TRANSIT,
        Procedure.IMPORT,
    ]


def test_a_border_crossed_by_road_after_a_train_is_no_rail_carriage() -> None:
    """Wuhan–Alashankou lies under Chinese rail rules, the truck to Dostyk under the CMR."""
    one = case.shipment("S1", "WUH_R", "DOS_B")
    train = case.ride("X8017", 1, 2, case.START + timedelta(days=3))
    by_road = {"mode": Mode.ROAD, "transfer_kind": TransferKind.BORDER}
    change = case.move("ALA-DOS", train.arrives + timedelta(hours=6)).model_copy(update=by_road)
    home = case.instance(one)
    (bill,) = bills(home, case.plan(home, [case.itinerary(one, [train, change])]))
    first, second = bill.parts[0].legs
    assert (first.regime, second.regime) == (Regime.CN_RAIL, Regime.CMR)
    assert [crossing.transfer for crossing in second.crossings] == ["ALA-DOS"]
    assert bill.type.code == "760"


def test_limits_of_a_water_chain_by_hand() -> None:
    """Six of ten boxes: 96,780 kg and 482 packages of 161,300 kg and 803.

    Shares of 803 packages for 12 : 6 : 2 TEU: 481.8, 240.9, 80.3 → 482, 241, 80.
    Ocean: max(2 · 96,780, 666.67 · 482) = max(193,560, 321,334.94) = 321,334.94 SDR.
    """
    part = split_bill().parts[0]
    assert (part.gross_kg, part.packages) == (96_780, 482)
    river, ocean, rhine, truck = part.legs
    assert [leg.regime for leg in (river, ocean, rhine, truck)] == [
        Regime.CN_WATERWAY,
        Regime.HAGUE_VISBY,
        Regime.CMNI,
        Regime.NATIONAL,
    ]
    assert ocean.sections[0].limit_sdr == rhine.sections[0].limit_sdr == Decimal("321334.94")
    assert river.sections[0].limit_sdr is None


def test_every_stretch_without_a_limit_is_named_on_the_bill() -> None:
    """Barge, shuttle and SMGS section have no fixed limit: three notices in both languages."""
    bill = rail_water()
    gaps = [one for one in bill.notices if one.code == "gap"]
    assert len(gaps) == 3
    assert gaps[2].en == (
        "Liability gap, leg 3, Wuhan Wujiashan to Małaszewicze: SMGS (2015 text) sets no fixed"
        " limit in SDR. Declare the value or insure this section."
    )
    assert "责任限额缺口，第3段(武汉吴家山至马拉舍维奇)" in gaps[2].zh


def test_air_leg_is_under_montreal() -> None:
    """9,400 kg at 26 SDR/kg = 244,400 SDR; without a water leg the through carrier owes 8.33."""
    one = case.shipment("S1", "CSX_R", "LGG_A", container_type="22G1", teu=2, gross_tonnes=9.4)
    home = case.instance(one)
    (bill,) = bills(home, case.plan(home, [case.itinerary(one, case.air_rail_steps())]))
    flight = bill.parts[0].legs[-1]
    assert (flight.regime, flight.mode_code) == (Regime.MONTREAL, "4")
    assert flight.sections[0].limit_sdr == Decimal("244400.00")
    # 8.33 · 9,400 = 78,302.00
    assert bill.liability.limit_sdr == Decimal("78302.00")
    assert bill.liability.lowest_limit_sdr == Decimal("78302.00")


def test_value_is_compared_with_the_lowest_limit() -> None:
    """1 SDR = 10 CNY (0.1 SDR per CNY): 9,300,000 CNY are 930,000 SDR.

    CIM 17 · 184,000 kg = 3,128,000 SDR; FBL 666.67 · 10,200 = 6,800,034 SDR: all covered.
    """
    one = case.shipment("S1", "CSX_P", "DUI_T")
    home = case.instance(one, sdr=True)
    (bill,) = bills(home, case.plan(home, [case.itinerary(one, case.rail_water_steps())]))
    own = bill.liability
    assert own.value_sdr == Decimal("930000.00")
    assert own.limit_sdr == Decimal("6800034.00")
    assert own.lowest_limit_sdr == Decimal("3128000.00")
    assert own.covered_share == 1.0
    assert own.rate is not None
    assert own.rate.source == "IMF, 2026-11-02"


def test_value_in_sdr_by_way_of_the_dollar() -> None:
    """Without a rate for the SDR: 1.32 USD at 0.14 USD per CNY makes 9.428571 CNY per SDR."""
    rate = rail_water().liability.rate
    assert rate is not None
    assert rate.per_sdr == pytest.approx(1.32 / 0.14)
    assert "2024" in rate.source


def test_an_under_covered_shipment_is_warned() -> None:
    """100 million CNY are 10.6 million SDR against 3.1 million: the bill says what is covered."""
    bill = rail_water(value=100_000_000)
    (notice,) = [one for one in bill.notices if one.code == "cover"]
    # 3,128,000 / (100,000,000 / 9.428571) = 29.49 %
    assert "29 %" in notice.en
    assert "29%" in notice.zh


def test_parts_share_mass_packages_value_and_boxes() -> None:
    """Nine of ten boxes travel; what the bill states is what the parts carry."""
    bill = split_bill()
    assert (bill.boxes, bill.teu, bill.teu_left_behind) == (9, 18, 2)
    assert [len(part.containers) for part in bill.parts] == [6, 3]
    assert bill.goods.gross_kg == sum(part.gross_kg for part in bill.parts) == 145_170
    assert bill.goods.packages == sum(part.packages for part in bill.parts) == 723
    # 9,300,000 · 18 / 20
    assert bill.goods.value == Decimal("8370000.00")
    assert {one.code for one in bill.notices} >= {"partial", "split", "late"}


@given(st.integers(1, 40), st.integers(1, 60), st.integers(1, 30_000))
def test_boxes_add_up_to_the_bill(boxes: int, tonnes: int, packages: int) -> None:
    """Goods and packages of the boxes sum to the bill's, whatever the numbers."""
    bill = rail_water(teu=2 * boxes, gross_tonnes=tonnes / 3, packages=packages)
    (part,) = bill.parts
    assert sum(box.goods_kg for box in part.containers) == bill.goods.gross_kg
    assert sum(box.packages for box in part.containers) == packages
    assert all(box.gross_kg == box.goods_kg + 3900 for box in part.containers)


def test_container_numbers_are_valid_and_unique_over_the_plan() -> None:
    """Every box of every bill has its own valid number, and the bill says that it is planned."""
    some = [case.shipment(f"S{n}", "CSX_P", "DUI_T", teu=2 * n + 2) for n in range(8)]
    home = case.instance(*some)
    plan = case.plan(home, [case.itinerary(one, case.rail_water_steps()) for one in some])
    found = bills(home, plan)
    numbers = [box.number for one in found for part in one.parts for box in part.containers]
    assert len(numbers) == len(set(numbers)) == sum(range(1, 9))
    assert all(iso6346.is_valid(number) for number in numbers)
    texts = [one.en for one in found[0].notices if one.code == "containers"]
    assert texts
    assert "ZZZU are planned numbers" in texts[0]


def test_bill_numbers_are_unique_stable_and_checked() -> None:
    """The number names owner, day and place in the book; the check digits are ISO 7064 MOD 97-10.

    CHAN 261201 000001: the horizon starts on 30 November 16:00 UTC, 1 December in Shanghai.
    """
    some = [case.shipment(f"S{n}", "CSX_P", "DUI_T") for n in range(50)]
    numbers = bill_numbers(case.instance(*some))
    assert len(set(numbers.values())) == 50
    assert numbers["S0"] == "CHAN26120100000109"
    letters = "".join(str(int(letter, 36)) for letter in numbers["S0"])
    assert int(letters) % 97 == 1
    assert all(is_valid(number) for number in numbers.values())


@given(st.integers(0, 17), st.sampled_from("0123456789ABCXYZ"))
def test_a_wrong_character_in_a_bill_number_is_detected(place: int, letter: str) -> None:
    """Replacing any one character by another of its kind breaks the check digits."""
    number = "CHAN26120100000109"
    if number[place] == letter or number[place].isdigit() != letter.isdigit():
        return
    assert not is_valid(number[:place] + letter + number[place + 1 :])


@pytest.mark.parametrize(
    ("owner", "code"), [("wuhan", "WUHA"), ("hf", "HFXX"), ("csx-rail.2", "CSXR"), ("4PL", "4PLX")]
)
def test_owner_codes(owner: str, code: str) -> None:
    """Four letters or digits in capitals, filled up with X."""
    assert owner_code(owner) == code


@given(st.data())
def test_bills_add_up_to_the_plans_cost_exactly(data: st.DataObject) -> None:
    """Whatever the charges: cost = Σ totals + unallocated, and total = price + shipper's costs."""
    some = [case.shipment(f"S{n}", "CSX_P", "DUI_T") for n in range(3)]
    home = case.instance(*some)
    one_charge = st.builds(
        Charge,
        kind=st.sampled_from(list(ChargeKind)),
        amount=AMOUNTS,
        step=st.sampled_from([None, 0, 1, 2, 3]),
    )
    itineraries = [
        case.itinerary(
            one,
            case.rail_water_steps(),
            teu=10,
            charges=data.draw(st.lists(one_charge, min_size=1)),
        )
        for one in [*some, some[0]]
    ]
    plan = case.plan(home, itineraries, unallocated="12.34")
    found = bills(home, plan)
    assert total_of(found) + plan.unallocated == plan.cost
    for bill in found:
        lines = [line for part in bill.parts for line in part.charges]
        invoiced = [line.amount for line in lines if line.kind.invoiced]
        assert bill.total == bill.price + bill.shipper_cost == sum(line.amount for line in lines)
        assert bill.price == sum(invoiced) == sum(part.price for part in bill.parts)
        assert bill.total == sum(one.amount for one in bill.charges)


def test_capital_and_lateness_are_not_invoiced() -> None:
    """They stand in the total and among the shipper's costs, not in the price."""
    one = case.shipment("S1", "CSX_P", "DUI_T")
    home = case.instance(one)
    charges = [
        case.charge("leg", "100.00", 3),
        case.charge("capital", "7.00"),
        case.charge("lateness", "3.50"),
    ]
    plan = case.plan(home, [case.itinerary(one, case.rail_water_steps(), charges=charges)])
    (bill,) = bills(home, plan)
    assert (bill.price, bill.shipper_cost, bill.total) == (
        Decimal("100.00"),
        Decimal("10.50"),
        Decimal("110.50"),
    )
    # Step 3 of the itinerary (the dwell at Wuhan counts too) is the train, leg 3.
    assert bill.parts[0].charges[0].leg == 3


def test_co2e_of_legs_and_waits_adds_up() -> None:
    """Legs, transfers and handling make the part's total."""
    (part,) = rail_water().parts
    assert sum(step.co2e_kg for step in part.steps) == pytest.approx(part.co2e_kg)


def test_consolidation_counts_company_on_the_same_departure() -> None:
    """Two owners' shipments share X8017 from Wuhan, one of them with two parts."""
    one = case.shipment("S1", "CSX_P", "DUI_T")
    two = case.shipment("S2", "WUH_R", "DUI_T", owner="wuhan")
    home = case.instance(one, two)
    steps = case.rail_water_steps()
    plan = case.plan(
        home,
        [
            case.itinerary(one, steps, teu=10),
            case.itinerary(one, steps, teu=10),
            case.itinerary(two, steps[-1:]),
        ],
    )
    train = bills(home, plan)[0].consolidation[-1]
    assert train.departure == "X8017@2026-12-07T22:00"
    assert (train.shipments, train.owners, train.owner) == (2, 2, "wuhan")


def test_bills_are_deterministic_and_bound_to_their_plan() -> None:
    """The same plan gives the same digests; another plan of the same shipment another digest."""
    assert rail_water().digest == rail_water().digest
    one = case.shipment("CSX-0001", "CSX_P", "DUI_T")
    home = case.instance(one)
    other = case.plan(home, [case.itinerary(one, case.rail_water_steps(days=3))])
    (bill,) = bills(home, other)
    assert bill.number == rail_water().number
    assert bill.plan_digest != rail_water().plan_digest
    assert bill.instance_digest == home.digest


def test_a_bill_survives_its_file() -> None:
    """Written and read again, a bill is equal, intact, and valid by its schema."""
    for bill in (rail_water(), split_bill()):
        text = bill.model_dump_json()
        again = Bill.model_validate_json(text)
        assert again == bill
        assert again.intact
        assert list(faults(json.loads(text), "bill")) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("consignee", {"name_en": "Somebody Else"}),
        ("price", "1.00"),
        ("number", "X" * 4 + "0" * 14),
    ],
)
def test_an_altered_bill_gives_itself_away(field: str, value: object) -> None:
    """A changed field no longer matches the digest printed on the bill."""
    data = json.loads(rail_water().model_dump_json())
    data[field] = value
    assert not Bill.model_validate(data).intact


def test_bills_are_planned_and_not_negotiable() -> None:
    """A plan's bill is neither issued nor a document of title, and claims no new convention."""
    bill = rail_water()
    assert bill.status == "planned"
    assert not bill.negotiable
    assert (bill.type.code, bill.type.name_en) == ("760", "Multimodal through waybill")
    assert "2025 convention" not in bill.model_dump_json().lower()


def test_dangerous_and_reefer_goods_are_marked() -> None:
    """The UN number and the rules of the modes stand among the notices."""
    bill = rail_water(dangerous="UN3480", reefer=True)
    codes = {one.code: one.en for one in bill.notices}
    assert codes["dangerous"].startswith("Dangerous goods UN3480:")
    assert "reefer" in codes


def test_every_terminal_and_regime_mentioned_is_described() -> None:
    """Places and regimes are complete tables for what the bill refers to."""
    bill = split_bill()
    for part in bill.parts:
        for step in part.steps:
            names = (
                {step.terminal}
                if isinstance(step, Wait)
                else {step.from_terminal, step.to_terminal}
            )
            assert names <= set(bill.place)
            if isinstance(step, Leg):
                assert {step.regime, *(one.regime for one in step.sections)} <= set(bill.regime)


def test_bills_of_a_solved_plan_add_up_and_are_valid() -> None:
    """The hand-solved instance, planned for real: exact sum, valid documents, all intact."""
    home = freight.read("tiny")
    plan = freight.plan(home)
    found = bills(home, plan)
    assert total_of(found) + plan.unallocated == plan.cost
    assert {one.shipment for one in found} == {one.shipment for one in plan.itineraries}
    for bill in found:
        assert bill.intact
        assert list(faults(json.loads(bill.model_dump_json()), "bill")) == []
