"""Shipments: what a box, a tonne and a package weigh and are worth, and how long they may take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from freight.domain.checks.magnitudes.rates import euros
from freight.domain.checks.survey import Finding, Survey
from freight.domain.instance import Instance
from freight.domain.shipment import Shipment
from freight.domain.wording import quoted

_LIGHT_BOX: Final = 0.3
"""Tonnes of goods."""
_HEAVY_PACKAGE: Final = 30.0
"""Tonnes."""
_LIGHT_PACKAGE: Final = 1e-5
_POOR: Final = 20.0
"""EUR a tonne: gravel."""
_RICH: Final = 5_000_000.0
"""EUR a tonne: the dearest chips."""
_LONG_DAYS: Final = 240.0
Doubt = tuple[str, str, str]
"""(field, what is odd, what to ask)."""


def odd_cargo(survey: Survey) -> Iterator[Finding]:
    """What is hardly ever so in a shipment."""
    for index, one in enumerate(survey.instance.shipments):
        for rule in RULES:
            doubt = rule(one, survey.instance)
            if doubt is not None:
                name, what, remedy = doubt
                yield Finding("shipments", index, name, f"Shipment {quoted(one.id)} {what}", remedy)


def _weight(one: Shipment, _instance: Instance) -> Doubt | None:
    each = one.gross_tonnes * one.container_type.teu / one.teu
    if each >= _LIGHT_BOX:
        return None
    what = f"has {each * 1000:,.3g} kg of goods in a box {one.container_type.value}."
    return "gross_tonnes", what, "The column holds tonnes of all its boxes."


def _package(one: Shipment, _instance: Instance) -> Doubt | None:
    each = one.gross_tonnes / one.packages
    if _LIGHT_PACKAGE <= each <= _HEAVY_PACKAGE:
        return None
    shown = f"{each:,.1f} t" if each > 1 else f"{each * 1e6:.3g} g"
    return "packages", f"has packages of {shown} each.", "Is their number right?"


def _value(one: Shipment, instance: Instance) -> Doubt | None:
    value = euros(instance, one.value, one.currency)
    if not value:
        return None
    each = value / one.gross_tonnes
    if _POOR <= each <= _RICH:
        return None
    what = f"is worth {each:,.3g} EUR a tonne ({one.value:,.0f} {one.currency} in all)."
    return "value", what, "The column holds the value of the whole shipment, in its currency."


def _time(one: Shipment, _instance: Instance) -> Doubt | None:
    days = (one.due - one.ready).total_seconds() / 86400.0
    if days <= _LONG_DAYS:
        return None
    what = f"has {days:,.0f} days from ready ({one.ready:%Y-%m-%d}) to due ({one.due:%Y-%m-%d})."
    return "due", what, "Is the year right?"


RULES: Final[tuple[Callable[[Shipment, Instance], Doubt | None], ...]] = (
    _weight,
    _package,
    _value,
    _time,
)
