"""The command line of freight for tests: in this process, which is quick, or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

import cli

ROOT = Path(__file__).resolve().parents[1]
FREIGHT = [sys.executable, "-c", "import sys; sys.argv[0] = 'freight'; import cli; cli.main()"]
SCREEN = {"COLUMNS": "160", "NO_COLOR": "1"}


@dataclass(frozen=True)
class Told:
    """What a command said."""

    stdout: str
    stderr: str


def freight(*words: object, cwd: Path = ROOT, code: int = 0) -> Told:
    """Run the command in this process and check its exit code; what it does not catch is raised."""
    with chdir(cwd):
        done = CliRunner(env=SCREEN, catch_exceptions=False).invoke(
            cli.main, [str(word) for word in words], prog_name="freight"
        )
    assert done.exit_code == code, done.stdout + done.stderr
    return Told(done.stdout, done.stderr)


def freight_process(*words: object, cwd: Path = ROOT, code: int = 0) -> Told:
    """Run the real entry point and check its exit code; a traceback is never an answer."""
    done = subprocess.run(
        [*FREIGHT, *map(str, words)], cwd=cwd, capture_output=True, text=True, timeout=240,
        check=False, env={**os.environ, "PYTHONPATH": str(ROOT), **SCREEN},
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, done.stdout + done.stderr
    return Told(done.stdout, done.stderr)
