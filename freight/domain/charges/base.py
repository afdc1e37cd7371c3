"""What a price is: per box and per tonne, or per hour, always in the base currency."""

from __future__ import annotations

from dataclasses import dataclass

HOURS_PER_DAY = 24.0
HOURS_PER_YEAR = 8760.0


@dataclass(frozen=True, slots=True)
class Price:
    """``per_teu`` for every TEU and ``per_tonne`` for every gross tonne of goods."""

    per_teu: float = 0.0
    per_tonne: float = 0.0

    def amount(self, teu: float, gross_tonnes: float) -> float:
        """What ``teu`` TEU with ``gross_tonnes`` tonnes of goods pay."""
        return self.per_teu * teu + self.per_tonne * gross_tonnes

    def __add__(self, other: Price) -> Price:
        return Price(self.per_teu + other.per_teu, self.per_tonne + other.per_tonne)


@dataclass(frozen=True, slots=True)
class HourPrice:
    """``per_teu_hour`` for every TEU and hour beyond ``free_hours``."""

    per_teu_hour: float = 0.0
    free_hours: float = 0.0

    def amount(self, teu: float, hours: float) -> float:
        """What ``teu`` TEU pay for ``hours`` hours, the free ones included."""
        return self.per_teu_hour * teu * self.beyond(hours)

    def beyond(self, hours: float) -> float:
        """Hours that are paid for."""
        return max(0.0, hours - self.free_hours)
