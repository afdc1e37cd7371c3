"""freight: plans for China–Europe trains and rail–water–air through transport.

>>> import freight
>>> instance = freight.read("yangtze-europe")          # doctest: +SKIP
>>> plan = freight.plan(instance)                      # doctest: +SKIP
>>> bills = freight.bills(instance, plan)              # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from freight.domain.views import register_html

__version__ = "0.1.0"

_VERBS = {
    "read": "freight.io:read",
    "write": "freight.io:write",
    "plan": "freight.planning:plan",
    "audit": "freight.model.audit:audit",
    "bills": "freight.billing:bills",
    "Terms": "freight.billing:Terms",
    "tables": "freight.report.tables:frames",
    "inputs": "freight.report.tables:inputs",
    "view": "freight.report.notebook:View",
    "read_plan": "freight.io.plan_file:read_plan",
    "write_plan": "freight.io.plan_file:write_plan",
    "instance_of": "freight.io.plan_file:instance_of",
    "consolidate": "freight.consolidation.study:consolidate",
    "compare": "freight.consolidation.difference:compare",
}
__all__ = ["__version__", *_VERBS]  # noqa: PLE0604 - the verbs are loaded when first used


def __getattr__(name: str) -> Any:
    """Load a public verb on first use, so that ``import freight`` stays instant (PEP 562)."""
    if name not in _VERBS:
        raise AttributeError(f"module 'freight' has no attribute '{name}'.")
    module, attribute = _VERBS[name].split(":")
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    """The public verbs too, before they are loaded."""
    return sorted({*globals(), *_VERBS})


def _plan_as_html(plan: object) -> str:
    """A plan as a notebook shows it; the report is loaded when first asked for."""
    shown: str = import_module("freight.report.notebook").html(plan)
    return shown


register_html("plan", _plan_as_html)
