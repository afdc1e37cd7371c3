"""Which goods are packed into boxes together, and where the boxes go."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class GroupageRequest:
    """A table of ``consignments``, which must be given, and of ``boxes`` (None: usual ones).

    ``seconds`` are for each pair of terminals. ``output`` takes the boxes as rows of shipments,
    ``into`` the instance with the boxes as shipments; ``force`` replaces what is there.
    """

    consignments: Path | None = None
    boxes: Path | None = None
    most_wait_hours: float = 168.0
    seconds: float = 30.0
    output: Path | None = None
    into: Path | None = None
    force: bool = False
