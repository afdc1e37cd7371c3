"""Which weekly rotations are wanted on which waterway."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class RotationRequest:
    """The waterway of a folder or an example, the rules of its rotations, and where they go.

    ``home`` None: the lowest port. Rotations are written into the instance ``into`` as services
    beside those of ``instance``, of ``owner`` (None: market, else the first); ``force`` replaces
    what is there.
    """

    source: str = "yangtze"
    month: int = 1
    home: str | None = None
    lot_teu: int = 300
    most_weeks: int = 3
    under_keel: float = 0.3
    call_hours: float = 4.0
    teu_per_hour: float = 30.0
    seconds: float = 120.0
    gap: float = 0.0
    instance: str | None = None
    into: Path | None = None
    force: bool = False
    owner: str | None = None
    emission_class: str = "barge-small"
