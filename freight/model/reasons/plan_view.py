"""Why a plan leaves boxes behind that have an itinerary: what stands in its way."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from freight.domain.charges import fixed, unserved
from freight.domain.money import shown
from freight.domain.plan import Plan
from freight.model.compile import Compiled, compile_instance
from freight.model.drawing import crossings_on_board
from freight.model.reasons import words
from freight.model.reasons.asking import Asking, Way
from freight.model.reasons.obstacles import Beside, Idle, Obstacle, Riders
from freight.model.reasons.words import Words
from freight.model.room import room_beside, whole_room
from solvers.arrays import Bools, Ints


class PlanView:
    """A plan seen from the shipments that it leaves behind although they have an itinerary."""

    def __init__(
        self, asking: Asking, ways: Mapping[str, Way], plan: Plan, compiled: Compiled | None
    ) -> None:
        self.asking = asking
        self.instance = asking.instance
        self.ways = ways
        self.plan = plan
        self._compiled = compiled
        self._left: dict[str, int] = {}
        for one in plan.unserved:
            self._left[one.shipment] = self._left.get(one.shipment, 0) + one.teu

    @cached_property
    def beside(self) -> Beside:
        """What the plan leaves on the network of these shipments."""
        compiled = self.asking.compiled(())
        network = compiled.network
        crossing = crossings_on_board(self.instance, network.calls, network.moves)
        runs = {one.departure: one.runs for one in self.plan.departures}
        count = [runs.get(one.id, 0) for one in network.calls.departures]
        room = room_beside(whole_room(self.instance, network, crossing), self.plan)
        return Beside(compiled, room, np.array(count, dtype=np.int64))

    @cached_property
    def whole(self) -> Compiled:
        """The network of all shipments: what could ride a train that does not run."""
        return self._compiled or compile_instance(self.instance)

    @cached_property
    def _riders(self) -> Riders:
        return Riders(self.whole)

    @cached_property
    def _position(self) -> dict[str, int]:
        return {one.id: d for d, one in enumerate(self.whole.network.calls.departures)}

    @cached_property
    def _with_room(self) -> dict[str, float]:
        """Cheapest cost per TEU of itineraries that have room in the plan, by shipment."""
        members: dict[tuple[float, float], list[str]] = {}
        for key, way in self.ways.items():
            members.setdefault(self._size(way), []).append(key)
        alike: dict[bytes, tuple[Bools, list[str]]] = {}
        for size, keys in members.items():
            closed = self.beside.closed(*size)
            alike.setdefault(np.packbits(closed).tobytes(), (closed, []))[1].extend(keys)
        found: dict[str, float] = {}
        for closed, keys in alike.values():
            ways = self.asking.ways((), closed, {self.ways[key].commodity for key in keys})
            found |= {key: ways[key].cost for key in keys if key in ways}
        return found

    @staticmethod
    def _size(way: Way) -> tuple[float, float]:
        """TEU and loaded tonnes of what travels together."""
        pools, k = way.compiled.pools, way.commodity
        lot = float(pools.lot[k])
        return lot, lot * float(pools.loaded_tonnes[k])

    def words(self, key: str) -> Words:
        """The reason for one shipment."""
        way, money = self.ways[key], self.instance.statement.currency
        penalty = unserved.price(self.instance, self.instance.shipment[key]).per_teu
        cost, left = f"{shown(way.cost, money)} {money}", shown(penalty, money)
        if way.cost >= penalty:
            return (
                f"Dearer than the penalty: its cheapest itinerary costs {cost} "
                f"per TEU before fixed costs, leaving it {left}.",
                f"高于未承运惩罚成本：不计固定费用，最便宜的行程每TEU {cost}，"
                f"不承运则每TEU {left} {money}。",
            )
        obstacles = self.beside.of(way.arcs.tolist(), *self._size(way))
        told = [self._obstacle(one) for one in obstacles]
        other = self._other(key, penalty)
        if not told:
            return (
                f"An itinerary at {cost} per TEU has room in this plan: a longer "
                "search, or a smaller gap, may take it.",
                f"本方案中尚有每TEU {cost}的行程可用：延长求解时间或缩小间隙可能会采用。",
            )
        return (
            f"Its cheapest itinerary, at {cost} per TEU before fixed costs, needs "
            f"{' and '.join(english for english, _ in told)}. {other[0]}",
            f"最便宜的行程（不计固定费用每TEU {cost}）需要"
            f"{'和'.join(chinese for _, chinese in told)}。{other[1]}",
        )

    def _other(self, key: str, penalty: float) -> Words:
        """What an itinerary with room would cost."""
        money, dear = self.instance.statement.currency, self._with_room.get(key)
        if dear is None:
            return "No other itinerary has room in this plan.", "本方案中没有其他可用的行程。"
        cost, left = f"{shown(dear, money)} {money}", shown(penalty, money)
        if dear >= penalty:
            return (
                f"One with room costs {cost}, leaving it {left}.",
                f"有余量的行程每TEU {cost}，不承运则为{left} {money}。",
            )
        return (
            f"One at {cost} has room: a longer search, or a smaller gap, may take it.",
            f"每TEU {cost}的行程有余量：延长求解时间或缩小间隙可能会采用。",
        )

    def _obstacle(self, one: Obstacle) -> Words:
        if not isinstance(one, Idle):
            return words.taken(self.beside.room, one)
        dated = self.beside.compiled.network.calls.departures[one.departure]
        service = self.instance.service[dated.service]
        least = service.minimum_load_teu
        some = self._riders.of(self._position[dated.id])
        teu = None if some is None else float(self.whole.pools.teu[some].sum())
        if teu is not None and teu < least:
            return words.too_empty(dated.id, least, teu)
        cost, money = fixed.per_run(self.instance, service), self.instance.statement.currency
        left = None if some is None else self._saved(some)
        if left is not None and cost <= left[1]:
            left = None
        more = None if left is None else (left[0], shown(left[1], money))
        return words.not_run(dated.id, least, f"{shown(cost, money)} {money}", more)

    def _saved(self, some: Ints) -> tuple[float, float]:
        """TEU left behind of some commodities, and what carrying them saves at most."""
        teu = saved = 0.0
        for k in some.tolist():
            for i in self.whole.pools.members[k]:
                one = self.instance.shipments[i]
                if one.id in self.ways:
                    left = self._left[one.id]
                    penalty = unserved.price(self.instance, one).per_teu
                    teu += left
                    saved += left * max(0.0, penalty - self.ways[one.id].cost)
        return teu, saved
