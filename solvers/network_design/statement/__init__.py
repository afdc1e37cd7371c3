"""What is asked and what is answered: problem, network, paths, flows, solution, verification.

Imports nothing else of ``network_design``; everything in it may import this package.
"""
