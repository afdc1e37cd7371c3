"""Places by the names that people give them."""

from __future__ import annotations

import pytest

from freight.domain.gazetteer import city, city_key, terminals_named
from freight.domain.instance import Instance
from freight.io import read


@pytest.fixture(scope="module")
def yangtze() -> Instance:
    """The shipped instance of four cities."""
    return read("yangtze-europe")


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("郑州", "Zhengzhou"),
        ("郑州市", "Zhengzhou"),
        ("Xian", "Xi'an"),
        ("XI AN", "Xi'an"),
        ("Małaszewicze", "Malaszewicze"),
        ("二连", "Erenhot"),
        ("多斯蒂克", "Dostyk"),
        ("杜伊斯堡", "Duisburg"),
    ],
)
def test_cities_are_known_in_both_languages(name: str, english: str) -> None:
    """A city is found by its Chinese or English name, with 市, without accents or spaces."""
    known = city(name)
    assert known is not None
    assert known.en == english


def test_a_name_that_two_cities_share_stands_for_neither() -> None:
    """Pingxiang in English is 凭祥 or 萍乡; the Chinese names tell them apart."""
    assert city("Pingxiang") is None
    border = city("凭祥")
    assert border is not None
    assert border.en == "Pingxiang"
    assert city_key("Xian") == city_key("西安")
    assert city("Atlantis") is None


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("wuhan-yangluo", "wuhan-yangluo"),
        ("WUHAN-Yangluo", "wuhan-yangluo"),
        ("CNZGZ", "zhengzhou-putian"),
        ("武汉吴家山", "wuhan-wujiashan"),
        ("武汉吴家山铁路中心站", "wuhan-wujiashan"),
        ("吴家山站", "wuhan-wujiashan"),
        ("阳逻港", "wuhan-yangluo"),
        ("Yangluo", "wuhan-yangluo"),
        ("天河机场", "wuhan-tianhe"),
        ("长沙北", "changsha-north"),
        ("长沙北站", "changsha-north"),
        ("郑州", "zhengzhou-putian"),
        ("霍尔果斯口岸", "khorgos"),
        ("布达佩斯机场", "budapest-airport"),
        ("汉堡", "hamburg-billwerder hamburg-port"),
        ("汉堡港", "hamburg-port"),
        ("lodz", "lodz-olechow"),
        ("霞凝", "changsha-north changsha-xianing"),
        ("霞凝港", "changsha-xianing"),
    ],
)
def test_terminals_are_found_by_any_name(yangtze: Instance, name: str, ids: str) -> None:
    """Ids, codes, printed names, short names and cities; a city stands for all its terminals."""
    hits = terminals_named(name, yangtze.terminals)
    assert " ".join(one.id for one in hits) == ids


@pytest.mark.parametrize("name", ["", "站", "汉堡机场", "港", "-", "Atlantis", "郑州港"])
def test_what_no_terminal_bears_is_unknown(yangtze: Instance, name: str) -> None:
    """No terminal is guessed: Hamburg has a port and a station, but no airport here."""
    assert terminals_named(name, yangtze.terminals) == ()
