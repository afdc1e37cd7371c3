"""From links to transfers: trucks, feeders, border crossings, onward trains."""

from __future__ import annotations

from collections.abc import Mapping

from freight.domain.transfer import Transfer
from freight.generate.facts import rows, tariffs


def transfers(folder: str) -> tuple[Transfer, ...]:
    """Every link as a transfer; prices per TEU are half of those of a forty-foot box."""
    tariff = tariffs(folder)
    return tuple(_transfer(row, tariff) for row in rows(folder, "links"))


def _transfer(row: dict[str, str], tariff: Mapping[str, float]) -> Transfer:
    given = {key: row[key] for key in row if key not in ("basis", "price", "km", "both_ways")}
    return Transfer.model_validate(
        given
        | {
            "distance_km": row["km"],
            "both_ways": row["both_ways"] == "yes",
            "cost_per_teu": _price(row, float(row["km"]), tariff),
        }
    )


def _price(row: Mapping[str, str], km: float, tariff: Mapping[str, float]) -> float:
    basis = row["basis"]
    if basis == "teu":
        return float(row["price"])
    if basis == "feeder":
        lifts = 2 * tariff["rail_lift"] * tariff["cny_per_usd"]
        return round((tariff["feeder_km"] * km + lifts) / 2)
    if basis == "rail_eu":
        return round((tariff["rail_eu_km"] * km + tariff["rail_eu_lifts"]) / 2, 1)
    return round((tariff[f"{basis}_base"] + tariff[f"{basis}_km"] * km) / 2, 1)
