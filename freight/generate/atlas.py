"""The places of the whole China–Europe system: cities, borders, distances.

A city is a hub or a major one, which trains serve, or stands in the catchment of the nearest of
those in its market. A foreign city that trains serve may have a gateway: the station where boxes
change for it when no train goes there directly.

Distances are great circles (haversine, mean radius 6,371 km) times a factor for each gauge.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from freight.generate.facts import rows, tariffs

FOLDER = "national"
EARTH_KM = 6371.0
CHINA = "china"
EU = "eu"
EU_GATEWAY = "malaszewicze"
BREST = "brest-border"


@dataclass(frozen=True, slots=True)
class City:
    """One city with its catchment's centre (itself when trains serve it)."""

    id: str
    name_en: str
    name_zh: str
    country: str
    lat: float
    lon: float
    time_zone: str
    market: str
    role: str
    weight: float
    gateway: str | None
    source: str

    @property
    def served(self) -> bool:
        """Whether trains serve it."""
        return self.role != "city"


@dataclass(frozen=True, slots=True)
class Border:
    """A pair of stations with a change of gauge; ``inner`` lies on the Chinese side."""

    inner: City
    outer: City
    km: float
    hours: float
    trains_per_day: float
    markets: frozenset[str]
    source: str


@dataclass(frozen=True)
class Atlas:
    """Cities by id, borders in order, and what is derived from them."""

    city: Mapping[str, City]
    borders: tuple[Border, ...]
    brest: Border
    tariff: Mapping[str, float]
    centre: Mapping[str, str] = field(init=False)
    """Of every city: the served city of its catchment."""

    def __post_init__(self) -> None:
        served = [one for one in self.city.values() if one.served]
        found = {one.id: one.id for one in served}
        for one in self.city.values():
            if not one.served:
                near = [two for two in served if two.market == one.market]
                found[one.id] = min(near, key=lambda two: great_circle(one, two)).id
        object.__setattr__(self, "centre", found)

    def served(self, market: str) -> list[City]:
        """Cities of a market that trains serve."""
        return [one for one in self.city.values() if one.market == market and one.served]

    def cities(self, market: str) -> list[City]:
        """All cities of a market."""
        return [one for one in self.city.values() if one.market == market]

    def root(self, city: str) -> str:
        """The last gateway on the way to a served city; itself when it has none."""
        gateway = self.city[city].gateway
        return city if gateway is None else self.root(gateway)

    def hub(self, city: str) -> str:
        """The nearest Chinese hub, itself for a hub."""
        here = self.city[city]
        hubs = [one for one in self.served(CHINA) if one.role == "hub"]
        return min(hubs, key=lambda one: great_circle(here, one)).id

    def km(self, a: City, b: City, net: str) -> float:
        """Rail kilometres on one network: ``cn``, ``1520`` or ``eu``."""
        return float(round(great_circle(a, b) * self.tariff[f"circuity_{net}"]))

    def hours(self, km: float, net: str) -> float:
        """Running hours on one network."""
        return round(km / self.tariff[f"speed_{net}"], 1)


def great_circle(a: City, b: City) -> float:
    """Great-circle kilometres between two places (haversine)."""
    lat_a, lon_a, lat_b, lon_b = (math.radians(x) for x in (a.lat, a.lon, b.lat, b.lon))
    half = math.sin((lat_b - lat_a) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(half))


def slug(name: str) -> str:
    """A short name for an id: ``Ust-Kamenogorsk`` → ``ust-kamenogorsk``, ``Xi'an`` → ``xian``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.lower().replace("'", "").replace(" ", "-")


def atlas() -> Atlas:
    """The atlas of the packaged tables."""
    countries = {row["country"]: row for row in rows(FOLDER, "countries")}
    cities = {}
    for row in rows(FOLDER, "cities"):
        country = countries[row["country"]]
        cities[slug(row["name_en"])] = City(
            id=slug(row["name_en"]),
            name_en=row["name_en"],
            name_zh=row["name_zh"],
            country=row["country"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            time_zone=row.get("time_zone", country["time_zone"]),
            market=country["market"],
            role=row["role"],
            weight=float(row["weight"]),
            gateway=slug(row["gateway"]) if "gateway" in row else None,
            source=row["source"],
        )
    *borders, brest = _borders(rows(FOLDER, "borders"))
    merged = {**tariffs("yangtze"), **tariffs(FOLDER)}
    return Atlas(cities, tuple(borders), brest, merged)


def _borders(table: Iterable[Mapping[str, str]]) -> list[Border]:
    return [
        Border(
            inner=_station(row, "", row["source"]),
            outer=_station(row, "other_", row["source"]),
            km=float(row["km"]),
            hours=float(row["hours"]),
            trains_per_day=float(row["trains_per_day"]),
            markets=frozenset(row.get("markets", "").split()),
            source=row["source"],
        )
        for row in table
    ]


def _station(row: Mapping[str, str], side: str, source: str) -> City:
    english, chinese = ("name_en", "name_zh") if not side else ("other_en", "other_zh")
    return City(
        id=slug(row[english]),
        name_en=row[english],
        name_zh=row[chinese],
        country=row[f"{side}country"],
        lat=float(row[f"{side}lat"]),
        lon=float(row[f"{side}lon"]),
        time_zone=row[f"{side}time_zone"],
        market="border",
        role="border",
        weight=0.0,
        gateway=None,
        source=source,
    )
