"""Tests of the freight layer."""
