"""Methods that prove: columns with branch and price.

Imports the relaxation and what lies below it; heuristics may import it to prove what they have.
"""
