"""Linear and mixed-integer models, the engines that solve them, and a branch and bound of our own.

``model`` states a model, ``backends`` solve it, ``branch_and_bound`` searches from an incumbent.
Imports the floor of ``solvers`` alone; every problem package may import it.
"""
