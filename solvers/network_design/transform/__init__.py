"""Problems made of problems, with the way back: a subproblem, and designs that run equally often.

Imports the statement alone; heuristics may import it.
"""
