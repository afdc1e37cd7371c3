"""The linear relaxation: columns and cuts added until none is missing, or prices by volume.

Imports separation, master, pricing and the statement; exact methods and heuristics import it.
"""
