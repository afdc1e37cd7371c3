"""``python -m freight.generate NAME -o FOLDER``: write a generated instance with its sources."""

from __future__ import annotations

import argparse
from pathlib import Path

from freight.generate import DEFAULT_SEED, GENERATORS, generate


def main() -> None:
    """Parse the command line, generate, write."""
    parser = argparse.ArgumentParser(prog="python -m freight.generate", description=__doc__)
    parser.add_argument("name", choices=sorted(GENERATORS))
    parser.add_argument("--weeks", type=int, default=4, help="length of the horizon")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="equal seeds, equal files")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder to write")
    given = parser.parse_args()
    generate(given.name, given.output, weeks=given.weeks, seed=given.seed)


if __name__ == "__main__":
    main()
