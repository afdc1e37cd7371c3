"""Benchmark files that tests of routing share."""

from __future__ import annotations

SOLOMON = """small

VEHICLE
NUMBER     CAPACITY
  2         10

CUSTOMER
CUST NO.   XCOORD.   YCOORD.    DEMAND   READY TIME   DUE DATE   SERVICE TIME

    0          0      0           0       0         100           0
    1          3      4          7      20         60           10
    2          1      1          6      0         60           10
"""


LILIM = """2 5 1
0 0 0 0 0 100 0 0 0
1 3 4 3 20 60 10 0 2
2 1 1 -3 0 60 10 1 0
"""
