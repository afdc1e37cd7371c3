"""Customs along a bill: declarations at both ends, and what happens at transfers and borders.

That the export declaration is lodged at the place of receipt and the import declaration at the
place of delivery is an assumption; inside one country there is neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from freight.domain.bill import CustomsStep, Part, Place, Procedure
from freight.domain.carriage import Leg
from freight.domain.transfer import CustomsMode

PROCEDURES = {
    CustomsMode.INTEGRATED: Procedure.INTEGRATED,
    CustomsMode.TRANSIT: Procedure.TRANSIT,
    CustomsMode.FULL: Procedure.FULL,
}
Key = tuple[Procedure, str, str, str | None]


def customs(receipt: Place, delivery: Place, parts: Sequence[Part]) -> tuple[CustomsStep, ...]:
    """Customs steps in order of travel, each once with the parts that pass it."""
    passed: dict[Key, list[int]] = {}
    for part in parts:
        for leg in part.legs:
            for key in _on_leg(leg):
                passed.setdefault(key, []).append(part.number)
    everyone = [part.number for part in parts]
    abroad = receipt.country != delivery.country
    ends: list[tuple[Key, list[int]]] = []
    starts: list[tuple[Key, list[int]]] = []
    if abroad:
        starts.append(((Procedure.EXPORT, receipt.id, receipt.id, None), everyone))
        ends.append(((Procedure.IMPORT, delivery.id, delivery.id, None), everyone))
    return tuple(
        CustomsStep(
            procedure=procedure,
            from_terminal=start,
            to_terminal=end,
            transfer=transfer,
            parts=tuple(numbers),
        )
        for (procedure, start, end, transfer), numbers in [*starts, *passed.items(), *ends]
    )


def _on_leg(leg: Leg) -> Iterator[Key]:
    if leg.crossings:
        for one in leg.crossings:
            if one.customs in PROCEDURES:
                yield PROCEDURES[one.customs], one.from_terminal, one.to_terminal, one.transfer
    elif leg.customs in PROCEDURES:
        yield PROCEDURES[leg.customs], leg.from_terminal, leg.to_terminal, leg.transfer
