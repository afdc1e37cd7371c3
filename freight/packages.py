"""Packages that only some answers need: loaded then, or named with a line that installs them.

``freight`` is installed from a checkout and not from a package index, so the line names the missing
package itself and the Python that runs freight, and needs no quotes in any shell.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from freight.errors import EngineError


def needed(module: str, what: str, otherwise: str = "") -> ModuleType:
    """A module of another package; raises EngineError that says what needs it and how to get it.

    ``what`` begins the sentence: ``The report needs``; ``otherwise`` is another way out.
    """
    try:
        return import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        way = f", or {otherwise}" if otherwise else ""
        raise EngineError(
            f"{what} {package}, which is not installed. Run: {install_line(package)}{way}."
        ) from error


def install_line(package: str) -> str:
    """What to type so that this Python has a package."""
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    # Environments that uv makes have no pip of their own.
    if find_spec("pip") is None:
        return f"uv pip install --python {python} {package}"
    return f"{python} -m pip install {package}"
