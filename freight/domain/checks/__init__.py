"""Cross-reference checks over a whole instance, all faults at once.

:data:`CHECKS` is a literal list: a new rule is one small function and one entry. A check names
the tables that must be wholly sound for it to mean anything; it is left out when they are not,
so that one typing error does not bring ten consequences with it.
"""

from __future__ import annotations

from freight.domain.checks.registry import CHECKS, Check, check, findings
from freight.domain.checks.survey import Finding, Survey

__all__ = ["CHECKS", "Check", "Finding", "Survey", "check", "findings"]
