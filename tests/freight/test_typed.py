"""What people type in cells: taken as it is meant, told, or refused with both readings."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freight.domain.service import Weekday
from freight.io.cells import parse, take
from freight.io.columns import RECORDS, Column, columns
from freight.io.typed.numbers import Habits, habits_of
from freight.io.typed.taken import CellError, Taken

DAYS = [day.value for day in Weekday]


def column(table: str, name: str) -> Column:
    """The column of a table."""
    return columns(table)[name]


def refused(table: str, name: str, value: object) -> str:
    """What is said about a cell that cannot be read, with its remedy."""
    with pytest.raises(CellError) as caught:
        take(column(table, name), value)
    return f"{caught.value.what} {caught.value.remedy}"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("80,000", 80_000),
        ("1,234,567.5", 1_234_567.5),
        ("￥200,000", 200_000),
        ("200,000 元", 200_000),
        ("20万", 200_000),
        ("1.2亿元", 120_000_000),
        ("US$ 3,000", 3_000),
        ("EUR 5", 5),
        ("８０，０００", 80_000),
        ("1 234 567", 1_234_567),
        ("1'234.5", 1_234.5),
        ("12,5", 12.5),
        ("1.234,5", 1_234.5),
        ("1.234.567", 1_234_567),
        ("0,125", 0.125),
        (" 1234.5 ", 1_234.5),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, number: float) -> None:
    """Thousands separators, decimal commas, full-width digits, signs and 万 are taken."""
    assert parse(column("shipments", "value"), text) == number


@pytest.mark.parametrize(
    ("table", "name", "text", "number"),
    [
        ("instance", "capital_rate_per_year", "6%", 0.06),
        ("shipments", "margin", "8%", 0.08),
        ("shipments", "margin", "１２％", 0.12),
        ("instance", "capital_rate_per_year", "6 ％", 0.06),
        ("shipments", "gross_tonnes", "26,500 kg", 26.5),
        ("shipments", "gross_tonnes", "26.5吨", 26.5),
        ("terminals", "handling_hours", "3天", 72.0),
        ("terminals", "handling_hours", "90 min", 1.5),
        ("stops", "distance_km", "10,400公里", 10_400.0),
        ("shipments", "packages", "6,000 件", 6_000),
        ("defaults", "most_late_days", "20天", 20.0),
        ("terminals", "lat", "30.66°N", 30.66),
        ("terminals", "lon", "9.42 W", -9.42),
    ],
)
def test_units_are_taken_and_converted(table: str, name: str, text: str, number: float) -> None:
    """A unit beside a number is that of the column, or is turned into it."""
    assert parse(column(table, name), text) == pytest.approx(number)


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "1_000",
        "12-5",
        "--5",
        "(1,234)",
        "10²",
        "٣",
        "1,80,000",
        "80k",
        "5 km",
        "1,23,4",
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    """Nothing is made of signs, groups and units that an amount cannot have."""
    assert "is not a number" in refused("shipments", "value", text)


@pytest.mark.parametrize(
    ("habits", "text", "readings"),
    [
        (Habits(decimal_comma=True), "1,234", "1234 or 1.234"),
        (Habits(decimal_comma=True), "1.234", "1234 or 1.234"),
        (Habits(semicolons=True), "80,000", "80000 or 80"),
        (Habits(semicolons=True), "1.500", "1500 or 1.5"),
    ],
)
def test_separators_that_mean_either_are_refused(habits: Habits, text: str, readings: str) -> None:
    """Where the table writes decimal commas, a lone separator before three digits is doubtful."""
    with pytest.raises(CellError, match=f"can be read as {readings}"):
        take(column("shipments", "value"), text, habits)


def test_a_table_shows_its_habits_by_cells_without_doubt() -> None:
    """12,5 shows a decimal comma and 0.125 a decimal point; 80,000 shows nothing."""
    assert habits_of(["80,000", "7"]) == Habits()
    assert habits_of(["80,000", "12,5"]) == Habits(decimal_comma=True)
    assert habits_of(["1,234.5"]) == Habits(decimal_point=True)
    assert parse(
        column("shipments", "value"), "80,000", Habits(semicolons=True, decimal_point=True)
    )


def test_a_rate_with_one_comma_is_refused() -> None:
    """7,812 may be a rate of 7.812 or of 7812."""
    assert "7812 or 7.812" in refused("exchange", "per_base", "7,812")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027年3月3日 20：00", "2027-03-03T20:00"),
        ("2027年3月3日20时30分", "2027-03-03T20:30"),
        ("2027年3月3日 下午3点半", "2027-03-03T15:30"),
        ("2027/3/3 8:00", "2027-03-03T08:00"),
        ("2027.3.3 8:00", "2027-03-03T08:00"),
        ("２０２７－０３－０３　８：００", "2027-03-03T08:00"),
        ("3 Mar 2027 8:00 pm", "2027-03-03T20:00"),
        ("March 3, 2027 08:00", "2027-03-03T08:00"),
        ("25/03/2027 08:00", "2027-03-25T08:00"),
        ("2027-03-03 24:00", "2027-03-04T00:00"),
        ("2027/3/3 (周三) 8:00", "2027-03-03T08:00"),
        ("2027-3-3 8:00 UTC+8", "2027-03-03T08:00+08:00"),
        ("20270303 08:00", "2027-03-03T08:00"),
    ],
)
def test_moments_are_read_as_people_write_them(text: str, moment: str) -> None:
    """Chinese, English and full-width dates and times give the moment that they say."""
    assert parse(column("departures", "departs_at"), text) == dt.datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("name", "table", "moment"),
    [
        ("due", "shipments", dt.datetime(2027, 3, 20, 23, 59)),
        ("ready", "shipments", dt.datetime(2027, 3, 20)),
        ("horizon_start", "instance", dt.datetime(2027, 3, 20)),
        ("horizon_end", "instance", dt.datetime(2027, 3, 21)),
    ],
)
@pytest.mark.parametrize(
    "value", ["2027-03-20", "2027/3/20", "2027年3月20日", dt.date(2027, 3, 20), 20270320.0]
)
def test_a_date_without_a_time_means_the_whole_day(
    name: str, table: str, moment: dt.datetime, value: object
) -> None:
    """Ready from the start of the day, due until its end, the horizon with its last day."""
    taken = take(column(table, name), value)
    assert taken.value == moment
    assert "a date without a time" in taken.rule


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("03/04/2027", "2027-04-03 or 2027-03-04"),
        ("3.4.2027", "2027-04-03 or 2027-03-04"),
        ("12.5.27", "2012-05-27, 2027-05-12 or 2027-12-05"),
        ("27/3/25", "2027-03-25 or 2025-03-27"),
        ("3-Mar-27", "2027-03-03 or 2003-03-27"),
        ("3月3日", "has no year"),
        ("2027/3/3 周四", "is a 周三, not a 周四"),
        ("2027-03-23+08:00", "has no time of day"),
        ("2027-02-30", "is not a date and time"),
        ("2027-03-03 8", "is not a date and time"),
        ("2027-03-03T25:00", "is not a date and time"),
    ],
)
def test_dates_that_mean_two_days_or_none_are_refused(text: str, said: str) -> None:
    """Both readings are given; nothing is missing silently."""
    assert said in refused("shipments", "due", text)


def test_a_departure_needs_its_time_of_day() -> None:
    """No departure is put at midnight for want of a time."""
    assert "has no time of day" in refused("departures", "departs_at", "2027年3月3日")


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("20：00", "20:00"),
        ("晚上8点", "20:00"),
        ("8pm", "20:00"),
        ("0830", "08:30"),
        ("9时", "09:00"),
        ("20.00", "20:00"),
    ],
)
def test_clock_times(text: str, clock: str) -> None:
    """Full-width colons, 点 and 时, and twelve-hour clocks."""
    assert parse(column("departures", "departs_local"), text) == dt.time.fromisoformat(clock)


def test_a_price_may_say_for_what_it_is() -> None:
    """4000元/TEU in a column of costs per TEU is 4000; per kilometre it is refused."""
    assert parse(column("stops", "cost_per_teu"), "4000元/TEU") == 4000
    assert parse(column("services", "fixed_cost_per_departure"), "20万元/列") == 200_000
    assert "is not a number" in refused("stops", "cost_per_teu", "4000元/km")


def test_clock_times_that_mean_either_are_refused() -> None:
    """20.30 is half past eight or a decimal hour, 24:00 belongs to the next day."""
    assert "20:30 or 20:18" in refused("departures", "departs_local", "20.30")
    assert "the next day" in refused("departures", "departs_local", "24:00")
    assert "is not a time of day" in refused("departures", "departs_local", "20")


def test_figures_for_weekdays_are_told() -> None:
    """Who counts from Sunday sees that 3 and 6 are Wednesday and Saturday here."""
    assert take(column("departures", "weekdays"), "3、6").read_as == "wed sat"
    assert take(column("departures", "weekdays"), "wed sat").read_as == ""


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("周二", "tue"),
        ("星期二、星期四", "tue thu"),
        ("周一三五", "mon wed fri"),
        ("周二、四", "tue thu"),
        ("Thursday", "thu"),
        ("Tues/Thurs", "tue thu"),
        ("Wednesdays and Saturdays", "wed sat"),
        ("3、6", "wed sat"),
        ("３，６", "wed sat"),
        ("135", "mon wed fri"),
        ("周一至周五", "mon tue wed thu fri"),
        ("Fri to Mon", "fri sat sun mon"),
        ("每天", " ".join(DAYS)),
        (36.0, "wed sat"),
    ],
)
def test_weekdays_are_read_as_people_write_them(text: object, days: str) -> None:
    """Names in Chinese and English, lists, ranges and runs of figures."""
    assert parse(column("departures", "weekdays"), text) == tuple(days.split())


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("3-6", "wed sat or wed thu fri sat"),
        ("每周三班", "is not a weekday"),
        ("0", "is not a weekday"),
        ("531", "is not a weekday"),
        (3.6, "is not a weekday"),
        (dt.date(2027, 3, 6), "a spreadsheet made it of what was typed"),
    ],
)
def test_weekdays_that_mean_either_are_refused(value: object, said: str) -> None:
    """A dash between figures is a list or a range, 三班 a number of trains, a date an accident."""
    assert said in refused("departures", "weekdays", value)


@pytest.mark.parametrize(
    ("table", "name", "words", "value"),
    [
        ("shipments", "container_type", "40HQ 40HC 40'HQ 40尺高柜 高柜 45G0", "45G1"),
        ("shipments", "container_type", "20GP 20' 20尺 20DV 小柜", "22G1"),
        ("shipments", "container_type", "40GP 40DC 40尺普柜", "42G1"),
        ("shipments", "container_type", "20RF 20RE", "22R1"),
        ("shipments", "container_type", "40RH 40RF 40HR 40尺冷柜", "45R1"),
        ("shipments", "package_kind", "纸箱 CTN ctns Cartons ct", "CT"),
        ("shipments", "package_kind", "托盘 PLT pallets", "PX"),
        ("shipments", "dangerous", "3480 UN-3480 un3480", "UN3480"),
        ("shipments", "hs_code", "902 0902", "0902"),
        ("shipments", "hs_code", "90210 0902.10", "090210"),
        ("shipments", "hs_code", "8471.30 84.71.30", "847130"),
        ("shipments", "currency", "人民币 RMB cny 元", "CNY"),
        ("terminals", "country", "德国 Germany de", "DE"),
        ("terminals", "kind", "海港 seaport sea-port", "sea_port"),
        ("terminals", "city", "郑州 郑州市 Zhengzhou", "Zhengzhou"),
        ("services", "mode", "铁路 Train RAIL", "rail"),
    ],
)
def test_words_of_the_trade_are_codes(table: str, name: str, words: str, value: str) -> None:
    """What dispatchers call boxes, packages, money and places is read as its code."""
    for word in words.split():
        assert parse(column(table, name), word) == value


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("container_type", "40尺", "42G1 or 45G1"),
        ("container_type", "45HC", "not planned here"),
        ("container_type", "10x40HQ", "a number of boxes with their type"),
        ("package_kind", "箱", "CT (纸箱), CS (木箱) or BX (盒)"),
        ("hs_code", "84713", "no HS code has an odd number"),
        ("hs_code", 8471.3, "took a zero off one of its ends"),
        ("dangerous", "是", "does not say which"),
        ("currency", "¥", "CNY or JPY"),
        ("currency", "$", "USD, CAD, AUD or HKD"),
    ],
)
def test_words_that_mean_several_codes_are_refused(name: str, value: object, said: str) -> None:
    """What two codes share is refused with both; a size that is not planned is named as such."""
    assert said in refused("shipments", name, value)


def test_no_dangerous_goods_is_an_empty_cell() -> None:
    """否 in the column of UN numbers says that the goods are not dangerous."""
    taken = take(column("shipments", "dangerous"), "否")
    assert taken.value is None
    assert taken.read_as == "no dangerous goods"


AMOUNTS = st.floats(0, 1e9).map(lambda number: round(number, 2))


@given(AMOUNTS, st.sampled_from(["{:,.2f}", "￥{:,.2f}", "{:,.2f} 元", "{:.2f}", "CNY {:,.2f}"]))
def test_every_way_to_write_an_amount_gives_it_back(amount: float, form: str) -> None:
    """Two decimals leave no doubt about the separators: the amount comes back to the cent."""
    assert parse(column("shipments", "value"), form.format(amount)) == amount


@given(AMOUNTS)
def test_decimal_commas_give_the_amount_back(amount: float) -> None:
    """1.234,50 as a German spreadsheet writes it."""
    text = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert parse(column("shipments", "value"), text, Habits(decimal_comma=True)) == amount


@given(st.text("0123456789.,+-'eE ￥元%万", max_size=12), st.booleans(), st.booleans())
def test_no_text_changes_its_number_silently(text: str, comma: bool, semicolons: bool) -> None:
    """A number that is not what a program would read is told or refused."""
    try:
        taken = take(column("shipments", "value"), text, Habits(comma, semicolons=semicolons))
    except CellError:
        return
    if not taken.read_as:
        assert float(text) == taken.value


DATES = st.dates(dt.date(1990, 1, 1), dt.date(2199, 12, 31))
DATE_FORMS = [
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%d %B %Y", "%b %d, %Y", "%Y%m%d",
]  # fmt: skip


@given(DATES, st.sampled_from(DATE_FORMS))
def test_every_way_to_write_a_date_gives_it_back(day: dt.date, form: str) -> None:
    """With the year first or the month in letters a date has one reading."""
    assert parse(column("exchange", "date"), day.strftime(form)) == day


@given(DATES, st.sampled_from(["{d}/{m}/{y}", "{m}/{d}/{y}", "{d:02}.{m:02}.{y}"]))
def test_dates_with_the_year_last_are_right_or_refused(day: dt.date, form: str) -> None:
    """Day and month change places only where one of them cannot be a month."""
    text = form.format(d=day.day, m=day.month, y=day.year)
    if day.day > 12 or day.day == day.month:
        assert parse(column("exchange", "date"), text) == day
    else:
        assert day.isoformat() in refused("exchange", "date", text)


@given(
    st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2199, 12, 31)),
    st.sampled_from(
        ["%Y-%m-%dT%H:%M", "%Y/%m/%d %H:%M", "%Y年%m月%d日 %H：%M", "%Y.%m.%d %I:%M %p"]
    ),
)
def test_every_way_to_write_a_moment_gives_it_back(moment: dt.datetime, form: str) -> None:
    """To the minute, in 24 hours or in 12 with am and pm."""
    found = parse(column("departures", "departs_at"), moment.strftime(form))
    assert found == moment.replace(second=0, microsecond=0)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True), st.data())
def test_every_way_to_write_weekdays_gives_them_back(days: list[int], data: st.DataObject) -> None:
    """Figures, Chinese names and English names in any order, parted by any usual sign."""
    names = data.draw(
        st.sampled_from(
            [
                ["1", "2", "3", "4", "5", "6", "7"],
                [f"周{sign}" for sign in "一二三四五六日"],
                [f"星期{sign}" for sign in "一二三四五六天"],
                ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
            ]
        )
    )
    sign = data.draw(st.sampled_from([" ", ",", "，", "、", "/", "; "]))
    text = sign.join(names[day] for day in days)
    assert parse(column("departures", "weekdays"), text) == tuple(DAYS[day] for day in days)


EVERY_COLUMN = [one for table in RECORDS for one in columns(table).values()]
CELLS = st.one_of(
    st.text(max_size=12),
    st.text("0123456789.,:/-+年月日周时点分万元%￥¥$€ TZ'xX*()（）、，", max_size=14),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.lists(st.text(max_size=4), max_size=3),
    st.none(),
)


@given(st.sampled_from(EVERY_COLUMN), CELLS)
def test_any_cell_is_read_or_refused(one: Column, cell: object) -> None:
    """No cell of any kind brings anything but a value or a fault with its remedy."""
    with suppress(CellError):
        assert isinstance(take(one, cell), Taken)
