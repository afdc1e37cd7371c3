"""Tests of freight, mirroring its packages."""
