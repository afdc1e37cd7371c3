"""Inequalities that a fractional point of the master violates; one file for each kind.

Imports the master and what lies below it; the relaxation imports it.
"""
