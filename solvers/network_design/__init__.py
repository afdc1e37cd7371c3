"""Capacitated fixed-charge network design: its statement and everything that solves it.

From the ground up, each storey importing only those below it: ``statement``; ``instances``,
``transform`` and ``compact`` beside each other, and ``pricing``; ``loading``; ``master``;
``separation``; ``relaxation``; ``exact``; ``heuristics``; on top ``warm_start`` and ``registry``.
"""
