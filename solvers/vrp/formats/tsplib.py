"""The layout of TSPLIB files: keys with values, sections of rows, and nothing left unread.

``KEY : VALUE`` lines and ``KEY_SECTION`` blocks. Every key must be one of those known here, stand
once, and hold what its kind says; what only describes (name, comment, display) is passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from solvers.outcome import FormatError
from solvers.vrp.formats.exact import number, whole

DESCRIBING = ("NAME", "COMMENT", "DISPLAY_DATA_TYPE")
READ = (
    "TYPE", "DIMENSION", "CAPACITY", "VEHICLES", "DISTANCE", "SERVICE_TIME", "EDGE_WEIGHT_TYPE",
    "EDGE_WEIGHT_FORMAT", "NODE_COORD_TYPE",
)  # fmt: skip
SECTIONS = (
    "NODE_COORD_SECTION", "DEMAND_SECTION", "DEPOT_SECTION", "EDGE_WEIGHT_SECTION",
    "TIME_WINDOW_SECTION", "SERVICE_TIME_SECTION",
)  # fmt: skip
TYPES = ("CVRP", "VRP", "DVRP", "DCVRP", "ACVRP", "VRPTW", "CVRPTW")
"""Problems that differ only in what their keys and sections say."""
Row = tuple[int, list[str]]
"""Number of a line and its words."""


@dataclass(frozen=True)
class TsplibFile:
    """Values by key and rows by section, as text."""

    path: Path
    values: dict[str, tuple[int, str]]
    rows: dict[str, list[Row]]

    def has(self, name: str) -> bool:
        """Whether the file has a key or section."""
        return name in self.values or name in self.rows

    def refuse(self, *names: str, reason: str) -> None:
        """Raise FormatError when the file has one of the keys or sections."""
        for name in names:
            if self.has(name):
                raise FormatError(f"{self.path}: {name} is not read {reason}.")

    def word(self, name: str) -> str:
        """The value of a key; raises FormatError without it."""
        if name not in self.values:
            raise FormatError(f"{self.path}: no {name.lower()}. Check that the file is whole.")
        return self.values[name][1]

    def number(self, name: str) -> Decimal:
        """The number of a key; raises FormatError without it."""
        word = self.word(name)
        return number(f"{self.path}, line {self.values[name][0]}, {name}", word)

    def whole(self, name: str, otherwise: int) -> int:
        """The whole number of a key, or another where the file does not say."""
        if name not in self.values:
            return otherwise
        line, word = self.values[name]
        return whole(f"{self.path}, line {line}, {name}", word)

    def section(self, name: str, width: int, nodes: int | None = None) -> list[list[Decimal]]:
        """Numbers of every node, in order of the nodes: each once, ``nodes`` of them."""
        rows = self._rows(f"{name}_SECTION")
        count = self.whole("DIMENSION", len(rows) if nodes is None else nodes)
        found: dict[int, list[Decimal]] = {}
        for line, words in rows:
            where = f"{self.path}, line {line}"
            if len(words) != width + 1:
                raise FormatError(f"{where}: {len(words)} fields, expected {width + 1}.")
            node = whole(where, words[0])
            if not 1 <= node <= count or node in found:
                raise FormatError(f"{where}: node {node} is unknown or stands twice.")
            found[node] = [number(where, word) for word in words[1:]]
        if len(found) != count or (nodes is not None and nodes != count):
            raise FormatError(f"{self.path}: {len(found)} rows in {name}_SECTION, not {count}.")
        return [found[node] for node in range(1, count + 1)]

    def depots(self) -> list[int]:
        """Nodes of the depot section, which ends with -1."""
        rows = self._rows("DEPOT_SECTION")
        words = [(line, word) for line, row in rows for word in row]
        nodes = [whole(f"{self.path}, line {line}, DEPOT_SECTION", word) for line, word in words]
        if nodes[-1:] != [-1]:
            raise FormatError(f"{self.path}: DEPOT_SECTION does not end with -1.")
        return nodes[:-1]

    def matrix(self, nodes: int) -> list[Decimal]:
        """Weights row by row; raises FormatError unless they make a whole matrix."""
        form = self.word("EDGE_WEIGHT_FORMAT")
        name = f"{self.path}, EDGE_WEIGHT_SECTION"
        words = [
            number(f"{self.path}, line {line}", word)
            for line, row in self._rows("EDGE_WEIGHT_SECTION")
            for word in row
        ]
        want = {"FULL_MATRIX": nodes**2, "LOWER_ROW": nodes * (nodes - 1) // 2}
        if form not in want:
            raise FormatError(f"{name}: EDGE_WEIGHT_FORMAT '{form}' is not read.")
        if len(words) != want[form]:
            raise FormatError(f"{name}: {len(words)} weights, expected {want[form]}.")
        if form == "FULL_MATRIX":
            return words
        lower = iter(words)
        table = [[Decimal(0)] * nodes for _ in range(nodes)]
        for i in range(nodes):
            for j in range(i):
                table[i][j] = table[j][i] = next(lower)
        return [one for row in table for one in row]

    def _rows(self, name: str) -> list[Row]:
        if name not in self.rows:
            plain = name.removesuffix("_SECTION").lower()
            raise FormatError(f"{self.path}: no {plain}. Check that the file is whole.")
        return self.rows[name]


def read_tsplib(path: Path) -> TsplibFile:
    """Read the keys and sections of a file; raises FormatError naming line and key."""
    text = path.read_text(encoding="utf-8", errors="replace")
    lines = [(at, line.strip()) for at, line in enumerate(text.split("\n"), 1) if line.strip()]
    ends = [i for i, (_, line) in enumerate(lines) if line.upper() == "EOF"]
    if ends and ends[0] != len(lines) - 1:
        at = lines[ends[0] + 1][0]
        raise FormatError(f"{path}, line {at}: there is more behind EOF.")
    found = TsplibFile(path, {}, {})
    section: list[Row] | None = None
    for at, line in lines[: ends[0] if ends else None]:
        if line[0].isalpha():
            section = _key(found, at, line)
        elif section is None:
            raise FormatError(f"{path}, line {at}: '{line[:30]}' belongs to no section.")
        else:
            section.append((at, line.split()))
    _check(found)
    return found


def _key(found: TsplibFile, at: int, line: str) -> list[Row] | None:
    """Note a key or open a section; raises FormatError for unknown and repeated ones."""
    head, colon, value = (part.strip() for part in line.partition(":"))
    name = head.upper()
    where = f"{found.path}, line {at}"
    if found.has(name):
        raise FormatError(f"{where}: {name} stands twice.")
    if name in SECTIONS and not value:
        found.rows[name] = []
        return found.rows[name]
    if not colon or name not in (*DESCRIBING, *READ):
        raise FormatError(f"{where}: {name[:40]} is not read. Use a file without it.")
    found.values[name] = (at, value)
    return None


def _check(found: TsplibFile) -> None:
    """Refuse kinds of problems and coordinates that are not read."""
    allowed: tuple[tuple[str, Sequence[str]], ...] = (
        ("TYPE", TYPES),
        ("NODE_COORD_TYPE", ("TWOD_COORDS", "NO_COORDS")),
    )
    for name, words in allowed:
        if name in found.values and found.values[name][1].upper() not in words:
            line, value = found.values[name]
            what = f"{name} '{value}' is not read, only {', '.join(words)}"
            raise FormatError(f"{found.path}, line {line}: {what}.")
