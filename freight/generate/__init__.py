"""Generators: the shipped instances and larger ones, made from tables of facts and a seed.

``python -m freight.generate yangtze-europe -o FOLDER`` writes the shipped instance again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from freight.domain.instance import Instance
from freight.domain.wording import unknown
from freight.generate import atlas, yangtze
from freight.generate.facts import text
from freight.generate.national import national
from freight.generate.yangtze import yangtze_europe
from freight.io.csv_text import MARK
from freight.io.writing import check_instance, write

__all__ = ["DEFAULT_SEED", "GENERATORS", "Generator", "generate", "national", "yangtze_europe"]

DEFAULT_SEED: Final = 2027


@dataclass(frozen=True, slots=True)
class Generator:
    """A way to make an instance; ``facts`` is the folder of its tables."""

    make: Callable[[int, int], Instance]
    """From weeks and seed; equal arguments give equal instances."""
    facts: str


GENERATORS: Final[Mapping[str, Generator]] = MappingProxyType(
    {
        "yangtze-europe": Generator(yangtze_europe, yangtze.FOLDER),
        "national": Generator(national, atlas.FOLDER),
    }
)


def generate(
    name: str, folder: Path, *, weeks: int = 4, seed: int = DEFAULT_SEED, force: bool = False
) -> Instance:
    """Write a generated instance with the table of its sources; raises InstanceError."""
    if name not in GENERATORS:
        raise unknown("generator", name, sorted(GENERATORS))
    check_instance(folder, force=force)
    one = GENERATORS[name]
    instance = one.make(weeks, seed)
    sources = MARK + text(one.facts, "sources")
    write(instance, folder, force=force, beside={"sources.csv": sources.encode()})
    return instance
