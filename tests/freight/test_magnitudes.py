"""Orders of magnitude: what cannot be is a fault, what is hardly ever so is told."""

from __future__ import annotations

import json
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from freight.domain.checks import check, doubts
from freight.domain.checks.magnitudes.rates import rates_said, references
from freight.domain.earth import great_circle_km, may_lie_in
from freight.errors import InstanceError
from freight.io import read, shipped
from tests.command import freight as run

STARTER = Path(str(files("freight.io") / "example"))
Edit = tuple[str, str, str]


def edited(folder: Path, *edits: Edit) -> Path:
    """The starter instance with the first occurrence of some texts changed."""
    target = Path(shutil.copytree(STARTER, folder / "odd"))
    for file, old, new in edits:
        text = (target / file).read_text("utf-8")
        assert old in text
        (target / file).write_text(text.replace(old, new, 1), "utf-8")
    return target


@pytest.mark.parametrize("name", [*shipped(), str(STARTER)])
def test_shipped_instances_have_no_odd_figure(name: str) -> None:
    """Nothing that comes with the program is doubted."""
    assert doubts(read(name)) == []


def test_great_circles_are_those_of_the_atlas() -> None:
    """A quarter of a meridian is 10,008 km; Wuhan to Duisburg about 8,475 km."""
    assert great_circle_km((0, 0), (90, 0)) == pytest.approx(10_007.6, abs=1)
    assert great_circle_km((0, 179), (0, -179)) == pytest.approx(222.4, abs=1)
    assert great_circle_km((30.66, 114.11), (51.4, 6.73)) == pytest.approx(8_475, abs=5)


def test_points_lie_in_their_country_or_beside_it() -> None:
    """Boxes tell gross errors; a country without one is never doubted."""
    assert may_lie_in(51.4, 6.73, "DE")
    assert not may_lie_in(6.73, 51.4, "DE")
    assert may_lie_in(0.0, 0.0, "XX")


IMPOSSIBLE = [
    (
        ("instance.toml", "per_base = 0.125", "per_base = 7.8"),
        "1 EUR = 0.1282 CNY, 1 CNY = 7.8 EUR; 1 EUR was 7.775 CNY on 2024-06-28 (ECB euro foreign "
        "exchange reference rates). It seems to be upside down. Write how many EUR buy one CNY: "
        "0.1282.",
    ),
    (
        ("instance.toml", "per_base = 0.14", "per_base = 14"),
        "1 USD was 7.263 CNY on 2024-06-28 (ECB euro foreign exchange reference rates). Write how "
        "many USD buy one CNY, about 0.1377.",
    ),
    (
        ("stops.csv", "360,360,6400,", "360,360,78,"),
        "The leg of service 'WUH-DUI' from 'dostyk' to 'duisburg-rail' is 78 km, while its ends "
        "lie 5,388 km apart. Correct the distance, or a position.",
    ),
    (
        ("stops.csv", "13,13,8300,", "4,4,8300,"),
        "from 'wuhan-air' to 'frankfurt-air' needs 2,075 km/h by air. Correct the hours or the "
        "distance.",
    ),
    (
        ("transfers.csv", "20,360,900", "0.5,360,900"),
        "Transfer 'changsha-wuhan' needs 720 km/h by rail. Correct the hours or the distance.",
    ),
    (
        ("terminals.csv", "51.4,6.73", "6.73,51.4"),
        "Terminal 'duisburg-rail' at lat 6.73, lon 51.4 lies outside DE; the other way round it "
        "lies inside. Exchange lat and lon.",
    ),
]


@pytest.mark.parametrize(("edit", "said"), IMPOSSIBLE, ids=lambda one: one[0][:12])
def test_what_cannot_be_is_a_fault(tmp_path: Path, edit: Edit, said: str) -> None:
    """The fault names the figure, what it is held against, and what to do."""
    with pytest.raises(InstanceError) as caught:
        read(edited(tmp_path, edit))
    (fault,) = caught.value.faults
    assert str(fault).endswith(said)


ODD = [
    (("terminals.csv", "51.4,6.73", "51.4,3.73"), "lon 3.73 lies outside DE."),
    (("stops.csv", "360,360,6400,", "360,360,4400,"), "is 4400 km, while its ends lie 5,388 km"),
    (("instance.toml", "per_base = 0.125", "per_base = 0.25"), "1 EUR = 4 CNY, 1 CNY = 0.25 EUR"),
    (("stops.csv", "360,360,6400,", "360,360,32000,"), "is 32000 km, while its ends lie 5,388 km"),
    (("stops.csv", "360,360,6400,", "160,160,6400,"), "goes at 200.0 km/h by rail: fast."),
    (("stops.csv", "820,820,20000", "8200,8200,20000"), "goes at 2.4 km/h by sea: slow."),
    (("stops.csv", "6400,9800,", "6400,9800000,"), "costs 191 EUR per TEU and km"),
    (("shipments.csv", ",20,120,14000000", ",20,1.2,14000000"), "120 kg of goods in a box 45G1"),
    (("shipments.csv", ",16,180,4800000", ",16,180,480000000000"), "EUR a tonne"),
    (("shipments.csv", ",6,96,420000,", ",6,96,420,"), "is worth 0.547 EUR a tonne"),
    (("shipments.csv", ",6000,CT", ",1,CT"), "has packages of 120.0 t each."),
    (("shipments.csv", "2027-03-27T18:00", "2028-03-27T18:00"), "has 392 days from ready"),
    (("services.csv", ",180000,CNY,82", ",180000,CNY,8200"), "8200 TEU by rail on one departure"),
    (("services.csv", "no,180000,", "no,1800000000,"), "EUR per TEU and km (1800000000 CNY for"),
    (("departures.csv", "2027-03-18", "2028-03-18"), "The last date 2028-03-18 of service"),
    (("emissions.csv", "g/tkm,620", "g/tkm,62000"), "has 62000 g per tonne-kilometre"),
]


@pytest.mark.parametrize(("edit", "said"), ODD, ids=lambda one: str(one)[-24:])
def test_what_is_hardly_ever_so_is_told(tmp_path: Path, edit: Edit, said: str) -> None:
    """One note, with the row of the file and the figure."""
    told = [str(one) for one in doubts(read(edited(tmp_path, edit)))]
    assert any(said in one for one in told), told


def test_terminals_of_a_city_lie_together() -> None:
    """A port of Wuhan three degrees farther north is doubted."""
    starter = read(STARTER)
    moved = tuple(
        one.model_copy(update={"lat": 33.67} if one.id == "wuhan-port" else {})
        for one in starter.terminals
    )
    told = doubts(starter.model_copy(update={"terminals": moved}))
    assert any("'wuhan-port' of Wuhan lie 337 km apart." in one.what for one in told)


def test_made_up_positions_are_told_and_no_faults() -> None:
    """Where no distance fits the positions, the positions are the invention."""
    starter = read(STARTER)
    stops = tuple(one.model_copy(update={"distance_km": 10.0 * (one.sequence > 1)})
                  for one in starter.stops)  # fmt: skip
    ways = tuple(one.model_copy(update={"distance_km": 10.0}) for one in starter.transfers)
    made_up = starter.model_copy(update={"stops": stops, "transfers": ways})
    assert check(made_up) == []
    assert len([one for one in doubts(made_up) if one.column == "distance_km"]) > 5


def test_rates_are_said_both_ways() -> None:
    """0.125 EUR for one CNY is 8 CNY for one EUR."""
    assert rates_said(read(STARTER))[0] == "1 EUR = 8 CNY, 1 CNY = 0.125 EUR (2027-02-26)"


def test_every_reference_has_a_source() -> None:
    """A value from general knowledge is called an assumption and may swing more."""
    for currency, one in references().items():
        assert one.per_eur > 0, currency
        assert one.source.startswith(("ECB", "assumption", "definition")), currency
        assert not one.source.startswith("assumption") or one.swing >= 1.3


def test_a_currency_without_reference_is_not_doubted(tmp_path: Path) -> None:
    """Nothing is known of XAF here: any rate passes."""
    path = edited(tmp_path, ("instance.toml", 'currency = "USD"\nper_base = 0.14', "[[never]]"))
    text = (path / "instance.toml").read_text("utf-8")
    text = text.replace("[[never]]", 'currency = "XAF"\nper_base = 9e9')
    (path / "instance.toml").write_text(text, "utf-8")
    for name in ("stops.csv", "services.csv"):
        table = (path / name).read_text("utf-8").replace(",USD,", ",XAF,")
        (path / name).write_text(table, "utf-8")
    assert not [one for one in doubts(read(path)) if one.column == "per_base"]


def test_plans_made_with_impossible_figures_still_open() -> None:
    """What was planned already is checked for what it names, not for what it says."""
    tiny = read("tiny")
    first, second, *others = tiny.stops
    short = second.model_copy(update={"distance_km": 50.0})
    odd = tiny.model_copy(update={"stops": (first, short, *others)})
    assert check(odd)
    assert check(odd, magnitudes=False) == []


def test_commands_tell_odd_figures(tmp_path: Path) -> None:
    """``validate`` and ``solve`` print the note with its row, ``--json`` holds it."""
    path = edited(tmp_path, ("shipments.csv", ",6,96,420000,", ",6,96,420,"))
    note = "shipments.csv, row 10, value: Shipment 'S04' is worth 0.547 EUR a tonne"
    told = run("validate", path)
    assert note in told.stdout
    assert "Rate: 1 EUR = 8 CNY, 1 CNY = 0.125 EUR" in told.stdout
    answer = json.loads(run("validate", path, "--json").stdout)
    assert any(one["row"] == 10 and one["column"] == "value" for one in answer["notes"])
    solved = run("solve", path, "-o", tmp_path / "plan.json", "--gap", "1", "-t", "20")
    assert note in solved.stderr


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (
            ("emissions.csv", "rail-electric,g/tkm,12,", "rail-electric,g/tkm,1e12,"),
            "emissions.csv, row 4, value: 1e+12 is more than anything emits.",
        ),
        (
            ("instance.toml", "unserved_cost_per_teu = 80000", "unserved_cost_per_teu = 1e12"),
            "row 6, unserved_cost_per_teu: 20 TEU at 1e+12 are more than 1,000,000,000,000.",
        ),
    ],
)
def test_figures_whose_sums_no_plan_can_hold_are_faults(
    edit: Edit, told: str, tmp_path: Path
) -> None:
    """They passed every check, and the plan that was solved could not be written."""
    with pytest.raises(InstanceError) as refused:
        read(edited(tmp_path, edit))
    assert told in str(refused.value)
