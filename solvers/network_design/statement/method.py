"""What a method is: an object whose fields are its parameters and whose one verb is ``solve``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Result
from solvers.options import Options


@dataclass(frozen=True, slots=True)
class Traits:
    """What a method can promise; asked before a solve so that a refusal comes early."""

    exact: bool  #: given time, proves optimality to any gap
    gives_bound: bool  #: reports a valid lower bound
    lots: bool  #: honours whole and integer lots
    floors: bool  #: honours minimum rows
    largest: int  #: sensible size, in arcs × commodities
    summary: str  #: one sentence for the list of methods


class Method(Protocol):
    """A way to solve a NetworkDesign; never prints, never knows what the problem stands for."""

    name: ClassVar[str]
    traits: ClassVar[Traits]

    def solve(self, problem: NetworkDesign, options: Options) -> Result:
        """Solve and report; raises SolverUnavailable or SolverFailed from solvers.outcome."""
        ...
