"""Where problems come from: files of public benchmarks, and random ones.

Imports the statement alone; no method imports it.
"""
