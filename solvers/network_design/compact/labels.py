"""Names of columns and rows of a model file: short numbers that are unique, and what they mean.

A label is ``symbol_number(name,name)`` where names are wanted and the problem carries them, else
``symbol_number``. Names hold letters, digits and ``_.@#/`` alone, which every reader of MPS and LP
files takes; anything else becomes ``_``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from solvers.network_design.statement.problem import NetworkDesign

MOST = 200
_OTHER = re.compile(r"[^A-Za-z0-9_.@#/]+")


@dataclass(frozen=True)
class Labels:
    """Labels of one problem, with names when ``named``."""

    problem: NetworkDesign
    named: bool = False

    def of(self, symbol: str, **members: int) -> str:
        """The label of a symbol with its indices; keywords are sets of the problem's names."""
        numbers = "_".join([symbol, *(str(one) for one in members.values())])
        names = [self._name(key, index) for key, index in members.items()] if self.named else []
        known = ",".join(one for one in names if one)
        return f"{numbers}({known})"[:MOST] if known else numbers

    def _name(self, key: str, index: int) -> str:
        if key == "exits":
            key, index = "nodes", int(self.problem.exit_node[index])
        names = self.problem.names.get(key, ())
        return _OTHER.sub("_", names[index]) if index < len(names) else ""
