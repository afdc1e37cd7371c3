"""Spoiled inputs: no traceback, no defect of the program, no other meaning, nothing waited for."""

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

import cli
from freight.domain.checks import warnings
from freight.io import read
from tests.command import ROOT
from tests.freight.spoiling import KINDS

SEEDS = 10
MOST_SECONDS = 5.0


def check(kind: str, seed: int, folder: Path) -> None:
    """Spoil the hand-solved instance and see what becomes of it."""
    home = folder / "tiny"
    shutil.copytree(ROOT / "instances" / "tiny", home)
    right, known = read(home).digest, {str(note) for note in warnings(read(home))}
    spoiled = KINDS[kind](random.Random(f"{kind} {seed}"), home)
    start = time.perf_counter()
    done = CliRunner().invoke(cli.main, ["validate", str(spoiled)])
    seconds = time.perf_counter() - start
    where = f"{kind}, seed {seed}"
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise AssertionError(where) from done.exception
    assert done.exit_code in (0, 2), where
    assert "Traceback" not in done.output, where
    assert seconds < MOST_SECONDS, where
    if done.exit_code == 2:
        assert "fault" in done.output, where
        return
    instance = read(spoiled)
    told = {str(note) for note in warnings(instance)} - known
    assert instance.digest == right or told, f"{where}: read as something else without a word"


@pytest.mark.parametrize("kind", KINDS)
def test_a_spoiled_input_is_refused_or_means_the_same(kind: str, tmp_path: Path) -> None:
    """One of each kind; what is guessed is said."""
    check(kind, 0, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_many_spoiled_inputs_are_refused_or_mean_the_same(kind: str, tmp_path: Path) -> None:
    """Three hundred and more of thirty kinds and more."""
    for seed in range(1, SEEDS + 1):
        check(kind, seed, tmp_path / str(seed))
