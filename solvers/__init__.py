"""Fixed-charge network design, paths, routing, packing and cost games on plain arrays.

This package knows mathematics and arrays, never freight: a researcher can use it alone on a public
benchmark. On its floor stand ``arrays`` (types of arrays and compiled code), ``outcome`` (how a
solve ends, errors included), ``options`` (its limits) and ``processes``; above them ``linear``
(linear and mixed-integer models and the engines that solve them) and ``paths`` (orders and best
paths); above these one package for every problem: ``network_design``, ``vrp``, ``packing`` and
``games``, which do not import each other.

``METHODS`` (in :mod:`solvers.network_design.registry`) lists the methods, ``BACKENDS`` (in
:mod:`solvers.linear.backends`) the engines they may run on.
"""
