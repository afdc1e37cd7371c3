"""Measurements on public instances."""
