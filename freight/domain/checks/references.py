"""Names in one table that must stand in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from freight.domain.checks.survey import Finding, Survey
from freight.domain.wording import nearest, quoted, suggestion

REFERENCES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("transfers", "from_terminal"): "terminals",
        ("transfers", "to_terminal"): "terminals",
        ("transfers", "emission_class"): "emissions",
        ("services", "owner"): "owners",
        ("services", "open_to"): "owners",
        ("services", "emission_class"): "emissions",
        ("stops", "service"): "services",
        ("stops", "terminal"): "terminals",
        ("stops", "emission_class"): "emissions",
        ("departures", "service"): "services",
        ("shipments", "owner"): "owners",
        ("shipments", "origin"): "terminals",
        ("shipments", "destination"): "terminals",
    }
)
"""(table, field) to the table whose ids it names."""

NOUNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "terminals": "terminal",
        "transfers": "transfer",
        "services": "service",
        "shipments": "shipment",
        "emissions": "emission class",
        "owners": "owner",
        "exchange": "currency",
    }
)


def unknown_names(survey: Survey) -> Iterator[Finding]:
    """Every name that stands in no row of the table it refers to."""
    for (table, field), target in REFERENCES.items():
        if target in survey.unread:
            continue
        known, doubtful = survey.ids(target), survey.broken_ids(target)
        noun = f"{NOUNS[target][0].upper()}{NOUNS[target][1:]}"
        for index, name in survey.names(table, field):
            if name not in known:
                close = nearest(name, sorted(known))
                remedy = suggestion(name, sorted(known), f"add it to {target}")
                if close in doubtful:
                    remedy = f"Correct {quoted(close)} in {target}, if that is it."
                yield Finding(table, index, field, f"{noun} {quoted(name)} is unknown.", remedy)
