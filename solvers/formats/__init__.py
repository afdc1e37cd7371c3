"""Readers and writers of public benchmark formats."""
