"""How much processor time other programs took while something was measured."""

from __future__ import annotations

import os
import resource
from pathlib import Path

_STAT = Path("/proc/stat")


class Contention:
    """Counts from construction; children that ended meanwhile count as ours."""

    def __init__(self) -> None:
        self._busy = _busy_seconds()
        self._ours = _our_seconds()

    def others_seconds(self) -> float | None:
        """Processor seconds that other programs used since, None where the system does not say."""
        now = _busy_seconds()
        if self._busy is None or now is None:
            return None
        return round(max(0.0, now - self._busy - (_our_seconds() - self._ours)), 1)


def _busy_seconds() -> float | None:
    """Seconds that all processors together have been busy since the system started."""
    if not _STAT.exists():
        return None
    user, nice, system, _, _, irq, soft, steal = (
        int(word) for word in _STAT.read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]
    )
    return float(user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")


def _our_seconds() -> float:
    """Processor seconds of this process and its ended children."""
    each = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in each)
