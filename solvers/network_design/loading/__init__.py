"""Greedy construction: commodities loaded one by one, and solutions mended in the same way.

Imports the statement and pricing; methods of every kind may import it.
"""
