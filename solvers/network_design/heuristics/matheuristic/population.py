"""A small set of good and different solutions, known by their designs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solvers.arrays import Floats, Ints


@dataclass(frozen=True, slots=True)
class Member:
    """One solution: its objective and how often every design runs."""

    objective: float
    y: Ints


class Population:
    """The best ``most`` different members, cheapest first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.members: list[Member] = []

    def __len__(self) -> int:
        return len(self.members)

    def add(self, objective: float, y: Ints) -> bool:
        """Add a solution unless its designs are known; whether it stayed."""
        if any(np.array_equal(member.y, y) for member in self.members):
            return False
        self.members.append(Member(objective, y.copy()))
        self.members.sort(key=lambda member: member.objective)
        gone = len(self.members) > self.most
        return not (gone and self.members.pop().y is y)

    @property
    def best(self) -> Member:
        """The cheapest member; raises IndexError when there is none."""
        return self.members[0]

    def designs(self) -> Floats:
        """Runs of every member; members × S."""
        return np.array([member.y for member in self.members], dtype=np.float64)
