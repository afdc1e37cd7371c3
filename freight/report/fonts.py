"""A font for Chinese text on this machine, found or named, never guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from freight.errors import EngineError, Fault, InstanceError
from freight.packages import needed

FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Microsoft YaHei",
    "Droid Sans Fallback",
    "Noto Serif CJK SC",
    "SimHei",
    "SimSun",
    "Arial Unicode MS",
)
"""Families with Chinese glyphs, the preferred first."""


def typst() -> Any:
    """The typst compiler; raises EngineError when it is not installed."""
    return needed("typst", "Bills as PDF need")


def chinese_font(path: Path | None = None) -> tuple[str, list[str]]:
    """Family of a font for Chinese and the folders or files to look for it.

    ``path`` is a font file of the user's. Raises EngineError when no font is found, InstanceError
    when the file is none: boxes instead of characters are never printed.
    """
    engine = typst()
    if path is None:
        known = set(engine.Fonts().families())
        found = next((name for name in FAMILIES if name in known), None)
        if found is None:
            raise EngineError(
                "No font with Chinese characters is installed. Install one (Debian and Ubuntu: "
                "apt-get install fonts-noto-cjk or fonts-wqy-microhei) or name a file with --font."
            )
        return found, []
    families = _families(path, engine)
    if not families:
        fault = Fault(str(path), None, None, "is not a font file.", "Name a .ttf, .otf or .ttc.")
        raise InstanceError([fault])
    return families[0], [str(path.parent)]


def _families(path: Path, engine: Any) -> list[str]:
    """Families that appear when the file's folder is looked through, named by the file itself."""
    if not path.is_file():
        return []
    fonts = engine.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(path.parent)]
    )
    wanted = path.resolve()
    names = [one.family for one in fonts.fonts() if one.path and Path(one.path).resolve() == wanted]
    return list(dict.fromkeys(names))
