"""The best ways with one main mode: by it alone and by road to and from it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from freight.domain.service import Mode
from freight.routing.options import RouteOption
from freight.routing.priced import CO2E, COST, HOURS
from freight.routing.search import Search
from solvers.arrays import Bools
from solvers.paths.multicriteria import best_through, comes_back
from solvers.paths.query import Query


def ways_by(search: Search, mode: Mode, inland: bool = False) -> Iterator[RouteOption]:
    """The cheapest, the fastest and the greenest way that uses a mode and, besides it, road alone.

    ``inland``: within the country where both ends lie, if they lie in one.
    """
    allowed, wanted = _arcs(search, mode)
    if inland:
        allowed &= _at_home(search)
    query = search.priced.query(4)
    value = np.where(allowed, query.value, np.inf)
    arcs = np.flatnonzero(wanted)
    for first in (COST, HOURS, CO2E):
        order = [first, *(k for k in range(4) if k != first)]
        turned = Query.of(
            value[order],
            (query.source, query.source_value[order]),
            (query.exit, query.exit_value[order]),
        )
        path = best_through(search.index.paths, turned, arcs) if len(arcs) else None
        if path is not None and not comes_back(search.index.paths, path) and search.takes(path):
            yield search.option(path)
    for quoter, way in search.transfer_ways():
        option = quoter.option(way)
        if mode in option.modes and set(option.modes) <= {mode, Mode.ROAD}:
            yield option


def _arcs(search: Search, mode: Mode) -> tuple[Bools, Bools]:
    """Arcs by the mode, by road or by none, and those by the mode."""
    by_mode = np.array([one is mode for one in search.index.mode], dtype=np.bool_)
    by_road = np.array([one is None or one is Mode.ROAD for one in search.index.mode], np.bool_)
    return by_mode | by_road, by_mode


def _at_home(search: Search) -> Bools:
    """Arcs that stay in the country where both ends lie; all of them where they lie apart."""
    country = np.array([one.country for one in search.index.instance.terminals])
    ends = {*country[[*search.priced.origins, *search.priced.destinations]].tolist()}
    heads = country[search.index.network.terminal[search.index.network.head]]
    return np.asarray(np.isin(heads, list(ends)) | (len(ends) > 1))
