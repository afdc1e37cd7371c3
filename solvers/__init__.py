"""Fixed-charge network design, routing and cost games on plain arrays.

This package knows mathematics and arrays, never freight: a researcher can use it alone on a public
benchmark. ``METHODS`` (in :mod:`solvers.registry`) lists the methods, ``BACKENDS`` (in
:mod:`solvers.backends`) the engines they may run on.
"""
