"""First solutions by loading one commodity after the other, and solutions mended in the same way.

Imports the statement and pricing; methods of every kind may import it.
"""
