"""The commands of ``freight``: one file for each kind, listed in ``cli.py``.

A command fills a frozen record of :mod:`freight.requests`, calls one verb of freight that a Python
user can call with the same record, writes and prints. It decides nothing. This package alone speaks
click; nothing in freight imports it. What a verb needs is imported when the command runs, so that
help answers at once.
"""
