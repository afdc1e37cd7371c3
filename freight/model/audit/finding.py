"""One thing wrong with a plan."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What is broken: the rule (``code``), where, and in words."""

    code: str
    where: str
    message: str

    def __str__(self) -> str:
        """Where, then what."""
        return f"{self.where}: {self.message}"
