"""Which trains the owners run together, what it saves, and who pays what.

``policy``       what a policy allows, as data (TOML); ``candidates``, ``shape``: from a policy to
                 the instance in which it is the law; ``physics``: train length and mass by section
``study``        consolidate(): every policy planned, ordered, compared, its cost shared;
                 ``outcome``: the files that it leaves
``programme``    what is solved in which order; ``agenda``: jobs within one time limit; ``desk``:
                 what was found, for those to come; ``cases``: one solve in a worker
``coalitions``   the problem of a coalition; ``game``: all of them, and what their costs add up to
``allocate``     rules that share a cost, and their stability
``sampling``     Shapley shares for many owners; ``settle``: bills that follow an allocation
``difference``   compare(): what changes between plans; ``figures``, ``boxes``: plans in numbers
``weekly``       a committed weekly pattern; ``engines``: where the solves run
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "Consolidated": "outcome",
    "Effort": "cases",
    "Study": "study",
    "compare": "difference",
    "consolidate": "study",
    "load_policy": "policy",
    "sampled_shares": "sampling",
    "settled": "settle",
    "earlier_plans": "outcome",
    "write_agreed": "outcome",
    "write_agreement": "outcome",
    "write_asked": "outcome",
    "write_study": "outcome",
}
__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'freight.consolidation' has no attribute '{name}'.")
    return getattr(import_module(f"freight.consolidation.{_HOME[name]}"), name)
