"""Tests of what the benchmark programs compute."""
