"""Tests of vehicle routing."""
