"""The small commented instance that ``freight new`` writes."""

from __future__ import annotations

import re
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from freight.io.assemble import assemble
from freight.io.csv_text import MARK
from freight.io.files import write_whole
from freight.io.folder import read_folder
from freight.io.statement import FILE
from freight.io.writing import check_instance, write

_NAME: Final = re.compile(r'^name = "[^"]*"', re.MULTILINE)
_UNFIT: Final = re.compile(r"[^A-Za-z0-9._-]+|^[._-]+")


def new_instance(path: Path | str, *, force: bool = False) -> None:
    """Write a small commented instance to a folder, or to a ``.json``/``.xlsx`` file.

    Raises :class:`InstanceError` when something is there already, unless ``force`` replaces it.
    """
    target = Path(path)
    with as_file(files("freight.io") / "example") as example:
        if check_instance(target, force=force):
            write(assemble(read_folder(example)), target, force=force)
            return
        texts = {entry.name: entry.read_text(encoding="utf-8") for entry in example.iterdir()}
    texts = {name: text if name == FILE else MARK + text for name, text in texts.items()}
    texts[FILE] = _renamed(texts[FILE], target.resolve().name)
    write_whole(target, {name: text.encode() for name, text in texts.items()}, force=force)


def _renamed(text: str, folder: str) -> str:
    """The statement with the name of its folder, as far as a name can be."""
    name = _UNFIT.sub("", folder)
    return _NAME.sub(f'name = "{name}"', text, count=1) if name else text
