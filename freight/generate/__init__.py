"""Generators: the shipped instances and larger ones, made from tables of facts and a seed.

``python -m freight.generate yangtze-europe -o FOLDER`` writes the shipped instance again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from freight.domain.instance import Instance
from freight.generate.yangtze import yangtze_europe

__all__ = ["GENERATORS", "yangtze_europe"]

GENERATORS: Final[Mapping[str, Callable[[int, int], Instance]]] = MappingProxyType(
    {"yangtze-europe": yangtze_europe}
)
"""Name to a function of (weeks, seed); equal arguments give equal instances."""
