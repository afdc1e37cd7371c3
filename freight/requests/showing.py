"""What of a plan is to be shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ShowRequest:
    """The whole plan, or one ``shipment`` step by step, or what one ``departure`` loads.

    ``everything``: every row of every table of the whole plan, not just the first ones.
    """

    shipment: str | None = None
    departure: str | None = None
    everything: bool = False

    @property
    def part(self) -> bool:
        """Whether only a part of the plan is asked for."""
        return self.shipment is not None or self.departure is not None
