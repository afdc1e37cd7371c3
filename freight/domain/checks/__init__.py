"""Cross-reference checks over a whole instance, all faults at once.

:data:`CHECKS` is a literal list: a new rule is one small function and one entry. A check names
the tables that must be sound for it to mean anything; it is left out when they are not, so that
one typing error does not bring ten consequences with it. Python-built instances are checked by
:func:`check`; readers use :func:`findings` and turn positions into rows and cells of their file.
"""

from __future__ import annotations

from freight.domain.checks.registry import (
    CHECKS,
    REMARKS,
    Check,
    check,
    doubts,
    findings,
    warnings,
)
from freight.domain.checks.survey import Finding, Survey

__all__ = [
    "CHECKS",
    "REMARKS",
    "Check",
    "Finding",
    "Survey",
    "check",
    "doubts",
    "findings",
    "warnings",
]
