"""Instances in and out: a folder of CSV files, one JSON document or one workbook.

``read(path)`` gives an :class:`~freight.domain.instance.Instance` or raises
:class:`~freight.errors.InstanceError` with every fault of every file at once.
"""

from __future__ import annotations

from freight.io.reading import READERS, find, read, shipped

__all__ = ["READERS", "find", "read", "shipped"]
