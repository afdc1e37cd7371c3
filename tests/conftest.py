"""What tests of every folder share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import freight


@pytest.fixture(scope="session")
def tiny_plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan of the tiny instance, solved once."""
    path = tmp_path_factory.mktemp("tiny") / "plan.json"
    freight("solve", "tiny", "-o", path)
    return path
