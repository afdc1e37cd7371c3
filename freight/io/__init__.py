"""Instances in and out: a folder of CSV files, one JSON document or one workbook.

``read(path)`` gives an :class:`~freight.domain.instance.Instance` or raises
:class:`~freight.errors.InstanceError` with every fault of every file at once.
"""

from __future__ import annotations

from freight.domain.checks import warnings
from freight.io.finding import find, shipped
from freight.io.reading import READERS, read
from freight.io.starter import new_instance
from freight.io.writing import WRITERS, check_instance, template, write

__all__ = [
    "READERS",
    "WRITERS",
    "check_instance",
    "find",
    "new_instance",
    "read",
    "shipped",
    "template",
    "warnings",
    "write",
]
