"""What a forty-foot box costs from city to city by week and main mode."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from freight.domain.instance import Instance
from freight.domain.plan import Dwell, Itinerary, Plan
from freight.report.tables.modes import main_mode
from freight.report.tables.record import Record

TEU_PER_FEU = 2.0


@dataclass(frozen=True, order=True)
class Lane:
    """From one city to another in one week by one main mode."""

    from_city: str
    to_city: str
    week: date
    """Monday of the week in which the boxes first move, in the plan's zone."""
    mode: str


@dataclass
class LaneSum:
    """What the itineraries of a lane add up to."""

    teu: int = 0
    teu_late: int = 0
    cost: Decimal = Decimal(0)
    price: Decimal = Decimal(0)
    teu_days: float = 0.0
    shipments: set[str] = field(default_factory=set)

    def add(self, itinerary: Itinerary, days: float) -> None:
        """Count one itinerary that took so many days from ready to delivered."""
        self.teu += itinerary.teu
        self.teu_late += itinerary.teu if itinerary.late_hours > 0 else 0
        self.cost += itinerary.cost
        self.price += sum((c.amount for c in itinerary.charges if c.kind.invoiced), Decimal(0))
        self.teu_days += itinerary.teu * days
        self.shipments.add(itinerary.shipment)


def lane_sums(plan: Plan, instance: Instance) -> dict[Lane, LaneSum]:
    """Every lane of a plan in order of cities, week and mode."""
    sums: defaultdict[Lane, LaneSum] = defaultdict(LaneSum)
    zone = ZoneInfo(plan.time_zone)
    for itinerary in plan.itineraries:
        shipment = instance.shipment[itinerary.shipment]
        days = (itinerary.delivered - shipment.ready).total_seconds() / 86400
        lane = Lane(
            instance.terminal[shipment.origin].city,
            instance.terminal[shipment.destination].city,
            _week(itinerary, zone),
            mode.value if (mode := main_mode(itinerary)) else "",
        )
        sums[lane].add(itinerary, days)
    return {lane: sums[lane] for lane in sorted(sums)}


def _week(itinerary: Itinerary, zone: ZoneInfo) -> date:
    moves = [step.departs for step in itinerary.steps if not isinstance(step, Dwell)]
    day = (moves[0] if moves else itinerary.delivered).astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def lanes(plan: Plan, instance: Instance) -> Iterator[Record]:
    """A row a lane."""
    for lane, total in lane_sums(plan, instance).items():
        yield {
            "from_city": lane.from_city,
            "to_city": lane.to_city,
            "week": lane.week.isoformat(),
            "main_mode": lane.mode,
            "shipments": len(total.shipments),
            "teu": total.teu,
            "teu_late": total.teu_late,
            "mean_days": total.teu_days / total.teu,
            "cost": float(total.cost),
            "cost_per_feu": float(total.cost) / total.teu * TEU_PER_FEU,
            "price_per_feu": float(total.price) / total.teu * TEU_PER_FEU,
            "currency": plan.currency,
        }
