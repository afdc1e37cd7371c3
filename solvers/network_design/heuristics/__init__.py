"""Methods that search: ruin and recreate, and the matheuristic.

Imports everything below; nothing but the registry, by name, may import it.
"""
