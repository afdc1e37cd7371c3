"""Methods that search: greedy construction, ruin and recreate, and the matheuristic over both.

Imports everything below; nothing but the registry, by name, may import it.
"""
