"""Methods that prove: columns with branch and price, and the compact model in an engine.

Imports the relaxation and what lies below it; heuristics may import it to prove what they have.
"""
