"""Names of nodes, arcs and commodities for messages and model files, made when they are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import overload

from freight.domain.clock import clock_text
from freight.domain.instance import Instance
from freight.model.moments import moment
from freight.model.network import Arc, Network
from freight.model.pools import Pools
from freight.model.rows import Rows


@dataclass(frozen=True)
class Names(Sequence[str]):
    """A list of names that are made one by one, since there may be millions of them."""

    size: int
    name: Callable[[int], str]

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, i: int) -> str: ...
    @overload
    def __getitem__(self, i: slice) -> list[str]: ...
    def __getitem__(self, i: int | slice) -> str | list[str]:
        """Name ``i``, counted from the end where negative; a list of them for a slice."""
        if isinstance(i, slice):
            return [self.name(j) for j in range(*i.indices(self.size))]
        if not -self.size <= i < self.size:
            raise IndexError(f"{i} is not in 0..{self.size - 1}.")
        return self.name(int(i) % self.size)


def names_of(
    instance: Instance, network: Network, pools: Pools, rows: Rows
) -> dict[str, Sequence[str]]:
    """Names by set, as ``NetworkDesign.names`` wants them."""

    def node(n: int) -> str:
        if n == network.nodes:
            return "nowhere"
        terminal = instance.terminals[network.terminal[n]]
        at = moment(int(network.time[n]), terminal.time_zone)
        return f"{terminal.id} {clock_text(at, terminal.time_zone)}"

    def arc(a: int) -> str:
        kind = Arc(int(network.kind[a])).name.lower()
        return f"{kind} {_of_what(network, a)}{node(int(network.tail[a]))} > " + node(
            int(network.head[a])
        )

    def commodity(k: int) -> str:
        members = [instance.shipments[i].id for i in pools.members[k]]
        return members[0] if len(members) == 1 else f"{members[0]} and {len(members) - 1} more"

    return {
        "nodes": Names(network.nodes + 1, node),
        "arcs": Names(network.arcs, arc),
        "commodities": Names(len(pools), commodity),
        "designs": [one.id for one in network.calls.departures],
        "rows": rows.names,
    }


def _of_what(network: Network, a: int) -> str:
    refer = int(network.refer[a])
    if refer < 0:
        return ""
    if network.kind[a] == Arc.TRANSFER:
        return f"{network.moves[refer].transfer.id} "
    return f"{network.calls.departure_of(refer).id} "
