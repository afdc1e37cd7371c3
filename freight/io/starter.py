"""The small commented instance that ``freight new`` writes."""

from __future__ import annotations

import re
import shutil
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from freight.errors import Fault, InstanceError
from freight.io.assemble import assemble
from freight.io.folder import read_folder
from freight.io.statement import FILE
from freight.io.writing import staged, suffix_of, write

_NAME: Final = re.compile(r'^name = "[^"]*"', re.MULTILINE)
_UNFIT: Final = re.compile(r"[^A-Za-z0-9._-]+|^[._-]+")


def new_instance(path: Path | str) -> None:
    """Write a small commented instance to a new or empty folder, or to a new ``.json``/``.xlsx``.

    Raises :class:`InstanceError` when something stands there already.
    """
    target = Path(path)
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        what = "Something stands there already."
        fault = Fault(str(path), None, None, what, "Choose a new or an empty folder.")
        raise InstanceError([fault])
    with as_file(files("freight.io") / "example") as example:
        if suffix_of(target, {"": None, ".json": None, ".xlsx": None}):
            write(assemble(read_folder(example)), target)
            return
        with staged(target) as draft:
            shutil.copytree(example, draft)
            _rename(draft / FILE, target.resolve().name)


def _rename(file: Path, folder: str) -> None:
    """Name the instance after its folder, as far as a name can be."""
    name = _UNFIT.sub("", folder)
    if name:
        text = file.read_text(encoding="utf-8")
        file.write_text(_NAME.sub(f'name = "{name}"', text, count=1), "utf-8", newline="\n")
