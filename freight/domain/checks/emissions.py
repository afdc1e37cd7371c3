"""Emission classes: the unit must fit what it is multiplied with."""

from __future__ import annotations

from collections.abc import Iterator

from freight.domain.checks.survey import Finding, Survey
from freight.domain.emissions import EmissionUnit
from freight.domain.wording import quoted

HUB = "hub"


def units(survey: Survey) -> Iterator[Finding]:
    """Rides count tonne-kilometres, lifts count TEU."""
    instance = survey.instance
    for table in ("services", "stops"):
        for index, one in enumerate(survey.records(table)):
            name = getattr(one, "emission_class", None)
            factor = instance.emission.get(name) if name is not None else None
            if factor is not None and factor.unit is not EmissionUnit.G_PER_TKM:
                what = f"Emission class {quoted(name)} of a ride is in {factor.unit.value}."
                yield Finding(table, index, "emission_class", what, "Name a class in g/tkm.")
    hub = instance.emission.get(HUB)
    if hub is None and HUB not in survey.ids("emissions") and "emissions" not in survey.unread:
        what = "Emission class 'hub' is missing: it counts every lift."
        yield Finding("emissions", None, None, what, "Add it, in kg/teu.")
    elif hub is not None and hub.unit is not EmissionUnit.KG_PER_TEU:
        what = f"Emission class 'hub' is in {hub.unit.value}."
        index = instance.emissions.index(hub)
        yield Finding("emissions", index, "unit", what, "Write kg/teu: it counts lifts of TEU.")
