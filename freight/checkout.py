"""Set-up, demo and tests of a checkout, for every system: where make is missing, and behind make.

::

    python -m freight.checkout setup    # .venv with freight in it
    python -m freight.checkout demo     # plan the four cities and print their bills
    python -m freight.checkout test     # the everyday tests
    python -m freight.checkout setup-dev

On Windows ``py -3.11 -m freight.checkout setup``. Uses nothing but Python itself: it runs before
anything is installed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
VENV: Final = ROOT / ".venv"
BIN: Final = VENV / ("Scripts" if os.name == "nt" else "bin")
SOURCES: Final = ("pyproject.toml", "constraints.txt")
"""What a set-up is made from; a change asks for another."""
DEMO: Final = "demo-output"
DEMO_STEPS: Final = (
    "validate yangtze-europe",
    "solve yangtze-europe --gap 0.002 --time-limit 100 --force --output {demo}/plan.json",
    "audit {demo}/plan.json",
    "bill {demo}/plan.json --all --format html --force --output {demo}/bills.html",
    "report {demo}/plan.json --bills bills.html --force --output {demo}/report.html",
)
Runner = Callable[[Sequence[str]], None]


def run(words: Sequence[str]) -> None:
    """Run a program at the top of the checkout; ends with its exit code where that is not 0."""
    settings = {**os.environ, "PIP_CONSTRAINT": "constraints.txt"}
    code = subprocess.run(list(words), cwd=ROOT, env=settings, check=False).returncode
    if code:
        sys.exit(code)


def ready(extras: str) -> Path:
    """The file whose date says when the environment was made with these extras."""
    return VENV / (".ready-dev" if "dev" in extras else ".ready")


def set_up(extras: str = "report", run: Runner = run) -> None:
    """Make ``.venv`` and install the checkout into it, unless that is done and up to date."""
    stamp = ready(extras)
    dates = [(ROOT / name).stat().st_mtime for name in SOURCES]
    if stamp.exists() and stamp.stat().st_mtime >= max(dates):
        return
    if not (VENV / "pyvenv.cfg").exists():
        run([sys.executable, "-m", "venv", str(VENV)])
    pip = [python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--editable", f".[{extras}]"])
    stamp.touch()


def python() -> str:
    """The Python of the environment."""
    return str(BIN / "python")


def told() -> str:
    """Where ``freight`` is after a set-up, and how it gets on the path."""
    activate = rf"{BIN}\activate" if os.name == "nt" else f"source {BIN}/activate"
    return (
        f"freight is at {BIN / 'freight'}. To type freight alone in this terminal: {activate}\n"
        'To have it in every terminal: pipx install ".[report]", or: uv tool install ".[report]"'
    )


def setup() -> None:
    """The environment of a planner."""
    set_up()
    print(told())  # noqa: T201 - the answer of this program


def setup_dev() -> None:
    """The environment of a developer."""
    set_up("dev,report")
    print(told())  # noqa: T201 - the answer of this program


def demo(run: Runner = run) -> None:
    """Plan the four cities' next four weeks, audit the plan, print its bills and report."""
    set_up(run=run)
    (ROOT / DEMO).mkdir(exist_ok=True)
    for step in DEMO_STEPS:
        run([str(BIN / "freight"), *step.format(demo=DEMO).split()])


def test() -> None:
    """The everyday tests."""
    set_up("dev,report")
    run([python(), "-m", "pytest", "--numprocesses", "2", "--dist", "loadfile"])


TASKS: Final[Mapping[str, Callable[[], None]]] = MappingProxyType(
    {"setup": setup, "setup-dev": setup_dev, "demo": demo, "test": test}
)


def main(words: Sequence[str] | None = None) -> None:
    """Do one task of ``TASKS``."""
    if sys.version_info < (3, 11):  # noqa: UP036 - said to whoever runs it with an older one
        sys.exit("freight needs Python 3.11 or newer: run this with py -3.11 or python3.11.")
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m freight.checkout", description=__doc__, formatter_class=form
    )
    parser.add_argument("task", choices=TASKS)
    TASKS[parser.parse_args(words).task]()


if __name__ == "__main__":
    main()
