"""Write the schemas beside this module: ``python -m freight.schemas``."""

from __future__ import annotations

from pathlib import Path

from freight.schemas import SCHEMAS, text


def main() -> None:
    """Write every schema from the records as they stand."""
    for name in SCHEMAS:
        path = Path(__file__).with_name(f"{name}.json")
        path.write_text(text(name), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
