"""Ways in which files get spoiled on the way: by programs, transfers and tired people.

A kind takes a random generator and the folder of an instance, spoils it and gives the path to read.
None of them may be read as something else without a word: each either leaves the meaning as it was,
or what it makes of a cell is no value of its column.
"""

from __future__ import annotations

import csv
import io
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from freight.io import read, write
from freight.io.columns import TABLES, Kind, columns

Spoil = Callable[[random.Random, Path], Path]
NUMBERS = ("12a", "1e999", "nan", "inf", "--1", "0x1F", "1_0_0", "#REF!", "#N/A", "½", "…", "a lot")
TIMES = ("2027-13-01T08:00", "yesterday", "2027-02-30T08:00", "24:61", "T", "2027-03-01Tabc")
FOREIGN = ("cp1252", "latin-1", "cp437", "mac_roman", "utf-16-le", "utf-16-be", "shift_jis", "big5")


def _table(rng: random.Random, folder: Path) -> Path:
    return folder / f"{rng.choice(list(TABLES))}.csv"


def _rows(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


def _put(path: Path, rows: list[list[str]], delimiter: str = ",") -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def _on_rows(edit: Callable[[random.Random, list[list[str]]], None]) -> Spoil:
    def spoil(rng: random.Random, folder: Path) -> Path:
        path = _table(rng, folder)
        rows = _rows(path)
        edit(rng, rows)
        _put(path, rows)
        return folder

    return spoil


def _on_bytes(edit: Callable[[random.Random, bytes], bytes]) -> Spoil:
    def spoil(rng: random.Random, folder: Path) -> Path:
        path = _table(rng, folder)
        path.write_bytes(edit(rng, path.read_bytes()))
        return folder

    return spoil


def _cell_of(kinds: set[Kind], values: tuple[str, ...]) -> Spoil:
    """One filled cell of a kind of column becomes one of the values."""

    def spoil(rng: random.Random, folder: Path) -> Path:
        places = []
        for table in TABLES:
            rows = _rows(folder / f"{table}.csv")
            places += [
                (table, row, column)
                for row in range(1, len(rows))
                for column, name in enumerate(rows[0])
                if columns(table)[name].kind in kinds and rows[row][column]
            ]
        table, row, column = rng.choice(places)
        rows = _rows(folder / f"{table}.csv")
        rows[row][column] = rng.choice(values)
        _put(folder / f"{table}.csv", rows)
        return folder

    return spoil


def _cut_row(rng: random.Random, data: bytes) -> bytes:
    """The file ends within the first cells of a row."""
    lines = data.splitlines(keepends=True)
    last = rng.randrange(1, len(lines))
    return b"".join(lines[:last]) + lines[last][: max(1, lines[last].find(b",") // 2)]


def _foreign(rng: random.Random, folder: Path) -> Path:
    """Names in a code page of another country, as far as it has their signs."""
    path = folder / "terminals.csv"
    text = path.read_text(encoding="utf-8-sig")
    encoding = rng.choice(FOREIGN)
    other = "é" if encoding in ("cp1252", "latin-1", "cp437", "mac_roman") else "的"
    plain = "".join(sign if sign.isascii() else other for sign in text)
    path.write_bytes(plain.encode(encoding))
    return folder


def _chinese(rng: random.Random, folder: Path) -> Path:
    path = _table(rng, folder)
    text = path.read_text(encoding="utf-8-sig")
    path.write_bytes(text.encode(rng.choice(("gb18030", "utf-16", "utf-8-sig"))))
    return folder


def _stray(rng: random.Random, data: bytes) -> bytes:
    place = rng.randrange(len(data))
    return data[:place] + bytes([rng.randrange(0x80, 0x100)]) + data[place:]


def _nul(rng: random.Random, data: bytes) -> bytes:
    place = rng.randrange(len(data))
    return data[:place] + b"\0" * rng.randrange(1, 5) + data[place:]


def _quote(rng: random.Random, data: bytes) -> bytes:
    commas = [place for place, sign in enumerate(data) if sign == ord(",")]
    place = rng.choice(commas) + 1
    return data[:place] + b'"' + data[place:]


def _lines(rng: random.Random, data: bytes) -> bytes:
    return data.replace(b"\n", rng.choice((b"\r\n", b"\r", b"\n\n", b"\n# a note\n", b"\n,,,\n")))


def _delimiter(rng: random.Random, folder: Path) -> Path:
    path = _table(rng, folder)
    _put(path, _rows(path), rng.choice(";\t|"))
    return folder


def _without_required(rng: random.Random, folder: Path) -> Path:
    path = _table(rng, folder)
    rows = _rows(path)
    needed = [name for name in rows[0] if columns(path.stem)[name].required]
    at = rows[0].index(rng.choice(needed))
    _put(path, [[*row[:at], *row[at + 1 :]] for row in rows])
    return folder


def _twice(rng: random.Random, rows: list[list[str]]) -> None:
    at = rng.randrange(len(rows[0]))
    for row in rows:
        row.append(row[at])


def _shuffled(rng: random.Random, rows: list[list[str]]) -> None:
    order = list(range(len(rows[0])))
    rng.shuffle(order)
    rows[:] = [[row[at] for at in order] for row in rows]


def _more(title: str) -> Callable[[random.Random, list[list[str]]], None]:
    def edit(rng: random.Random, rows: list[list[str]]) -> None:
        for number, row in enumerate(rows):
            row.append(str(rng.randrange(1, 99)) if number else title)

    return edit


def _short(rng: random.Random, rows: list[list[str]]) -> None:
    row = rng.randrange(1, len(rows))
    del rows[row][rng.randrange(1, len(rows[row])) :]


def _long(rng: random.Random, rows: list[list[str]]) -> None:
    rows[rng.randrange(1, len(rows))] += ["7"] * rng.randrange(1, 4)


def _again(rng: random.Random, rows: list[list[str]]) -> None:
    rows.append(rng.choice(rows[1:]))


def _heading(rng: random.Random, rows: list[list[str]]) -> None:
    title = rng.choice(("Plan for March", "三月计划", "v2 final"))
    rows.insert(0, [title, *[""] * (len(rows[0]) - 1)])


def _total(rng: random.Random, rows: list[list[str]]) -> None:
    last = [rng.choice(("Total", "合计", "Sum")), *[""] * (len(rows[0]) - 1)]
    last[rng.randrange(1, len(last))] = "137"
    rows.append(last)


def _spaces(rng: random.Random, rows: list[list[str]]) -> None:
    row = rng.choice(rows)
    at = rng.randrange(len(row))
    space = rng.choice((" ", "\u3000", "\u00a0", "\t"))
    row[at] = f"{space}{row[at]}{space}" if row[at] else row[at]


def _invisible(rng: random.Random, folder: Path) -> Path:
    path = _table(rng, folder)
    rows = _rows(path)
    row = rng.randrange(1, len(rows))
    rows[row][0] += rng.choice(("\u200b", "\u200e", "\x07", "\x1b[2J", "\u202e"))
    _put(path, rows)
    return folder


def _vast(rng: random.Random, rows: list[list[str]]) -> None:
    row = rng.randrange(1, len(rows))
    number = [at for at, cell in enumerate(rows[row]) if cell[:1].isdigit()]
    rows[row][rng.choice(number or [0])] = "9" * rng.choice((5_000, 200_000))


def _missing(rng: random.Random, folder: Path) -> Path:
    path = folder / rng.choice(("instance.toml", "terminals.csv", "services.csv", "shipments.csv"))
    path.unlink()
    if rng.random() < 0.5:
        path.mkdir()
    return folder


def _empty(rng: random.Random, folder: Path) -> Path:
    path = folder / rng.choice(("instance.toml", "terminals.csv", "services.csv", "shipments.csv"))
    path.write_bytes(rng.choice((b"", b"\n\n", b"\xef\xbb\xbf", b"# nothing\n", b"\0" * 50)))
    return folder


def _toml(rng: random.Random, folder: Path) -> Path:
    path = folder / "instance.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    keyed = [number for number, line in enumerate(lines) if " = " in line]
    number = rng.choice(keyed)
    key = lines[number].partition(" = ")[0]
    lines[number] = f"{key} = " + rng.choice(
        ("[1, 2]", "{a = 1}", '"', "= 3", "nan", "1e999", "''")
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    return folder


def _as_json(folder: Path) -> tuple[Path, Any]:
    path = folder.with_suffix(".json")
    write(read(folder), path)
    return path, json.loads(path.read_text(encoding="utf-8"))


def _json_cut(rng: random.Random, folder: Path) -> Path:
    path, _ = _as_json(folder)
    data = path.read_bytes()
    path.write_bytes(data[: rng.randrange(len(data) - 2)])
    return path


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [leaf for key, item in items for leaf in _leaves(item, (*path, key))]
    return [path] if value is not None else []


def _json_leaf(rng: random.Random, folder: Path) -> Path:
    path, content = _as_json(folder)
    *way, last = rng.choice(_leaves(content))
    holder = content
    for key in way:
        holder = holder[key]
    holder[last] = rng.choice(({"a": 1}, [[1]], {}, 10**400, [None], 1e300, "\ud800", ["x", {}]))
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def _json_twice(rng: random.Random, folder: Path) -> Path:
    path, content = _as_json(folder)
    name = rng.choice(list(content))
    text = json.dumps(content)
    path.write_text(text[:-1] + f', "{name}": {json.dumps(content[name])}}}', encoding="utf-8")
    return path


def _book(folder: Path) -> Path:
    path = folder.with_suffix(".xlsx")
    write(read(folder), path)
    return path


def _book_flipped(rng: random.Random, folder: Path) -> Path:
    path = _book(folder)
    data = bytearray(path.read_bytes())
    for _ in range(rng.randrange(1, 20)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(data)
    return path


def _book_cut(rng: random.Random, folder: Path) -> Path:
    path = _book(folder)
    data = path.read_bytes()
    path.write_bytes(data[: rng.randrange(len(data))])
    return path


def _other_suffix(rng: random.Random, folder: Path) -> Path:
    """A file whose name says that it is something else."""
    forms = [_book(folder), _as_json(folder)[0], folder / "shipments.csv"]
    source = rng.choice(forms)
    wrong = [suffix for suffix in (".json", ".xlsx", ".csv", "", ".zip") if suffix != source.suffix]
    target = folder.parent / f"renamed{rng.choice(wrong)}"
    shutil.copy(source, target)
    return target


KINDS: dict[str, Spoil] = {
    "a row cut off": _on_bytes(_cut_row),
    "a foreign code page": _foreign,
    "a Chinese encoding": _chinese,
    "a byte that is no text": _on_bytes(_stray),
    "zero bytes": _on_bytes(_nul),
    "a quote too many": _on_bytes(_quote),
    "other ends of lines": _on_bytes(_lines),
    "another delimiter": _delimiter,
    "a required column gone": _without_required,
    "a column twice": _on_rows(_twice),
    "columns in another order": _on_rows(_shuffled),
    "a column that nobody knows": _on_rows(_more("colour of the box")),
    "a column without a title": _on_rows(_more("")),
    "a row too short": _on_rows(_short),
    "a row too long": _on_rows(_long),
    "a row twice": _on_rows(_again),
    "a heading above": _on_rows(_heading),
    "a total below": _on_rows(_total),
    "spaces around a cell": _on_rows(_spaces),
    "signs that nobody sees": _invisible,
    "a number without end": _on_rows(_vast),
    "no number": _cell_of({Kind.NUMBER, Kind.WHOLE}, NUMBERS),
    "no time": _cell_of({Kind.MOMENT, Kind.DAY, Kind.CLOCK}, TIMES),
    "no word of the list": _cell_of({Kind.CHOICE, Kind.FLAG}, ("?", "zeppelin", "maybe", "7.5")),
    "a file gone": _missing,
    "a file without content": _empty,
    "a value of another type": _toml,
    "a document cut off": _json_cut,
    "a leaf of another type": _json_leaf,
    "a key twice": _json_twice,
    "a workbook with flipped bits": _book_flipped,
    "a workbook cut off": _book_cut,
    "a suffix of something else": _other_suffix,
}
