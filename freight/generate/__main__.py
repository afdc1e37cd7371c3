"""``python -m freight.generate NAME -o FOLDER``: write a generated instance."""

from __future__ import annotations

import argparse
from pathlib import Path

from freight.generate import GENERATORS
from freight.io.writing import write


def main() -> None:
    """Parse the command line, generate, write."""
    parser = argparse.ArgumentParser(prog="python -m freight.generate", description=__doc__)
    parser.add_argument("name", choices=sorted(GENERATORS))
    parser.add_argument("--weeks", type=int, default=4, help="length of the horizon")
    parser.add_argument("--seed", type=int, default=2027, help="equal seeds, equal instances")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder to write")
    given = parser.parse_args()
    write(GENERATORS[given.name](given.weeks, given.seed), given.output)


if __name__ == "__main__":
    main()
