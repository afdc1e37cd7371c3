"""What can be asked of freight: one frozen record for each verb, for the command line and Python.

The modules here import nothing of ours but light records, so that a command knows its flags long
before solvers are loaded. Times are in seconds, gaps are relative, seeds make answers repeatable.
"""
