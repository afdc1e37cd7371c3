"""One JSON document: ``{"format": …, "statement": {…}, "terminals": [{…}, …], …}``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from freight.domain.instance import Instance
from freight.domain.wording import listed, quoted, suggestion
from freight.errors import Fault, InstanceError
from freight.io.columns import HEAD, TABLES
from freight.io.document import statement_sheets, table_sheets
from freight.io.regular import Unreadable, regular_bytes
from freight.io.sheet import ENOUGH, Sheet, Source, empty, unlooked
from freight.io.strict_json import TwiceError, strict_json
from freight.io.text import EncodingFault, decoded

FORMAT: Final = "freight-instance/1"
_KEYS: Final = ("format", "statement", *TABLES)


def read_json(path: Path) -> Source:
    """The sheets of a JSON document; raises :class:`InstanceError` when it is none."""
    file = path.name
    content, notes = _load(path)
    if not isinstance(content, dict):
        what = f"The document is {quoted(content)}, not a record."
        raise _fault(file, None, what, 'Write {"statement": {…}, "terminals": […], …}.')
    form = content.get("format", FORMAT)
    if form != FORMAT:
        what = f"The document has the format {quoted(form)}, not that of an instance."
        remedy = f'Give an instance: its "format" is "{FORMAT}".'
        if str(form).startswith("freight-plan/"):
            what = "This is a plan, not an instance."
            remedy = "Give the instance that it was made from; a plan goes where PLAN stands."
        raise _fault(file, None, what, remedy)

    def where(spot: str, record: int | None) -> tuple[int | None, None, str | None]:
        return None if record is None else record + 1, None, spot or None

    faults = tuple(_unknown_keys(content, file))
    sheets: dict[str, Sheet] = {name: empty(name, file, unread=True) for name in HEAD}
    if "statement" in content:
        sheets |= statement_sheets(content["statement"], file, "statement", where)
    else:
        faults += (Fault(file, None, None, "The statement is missing.", "Add it.", "statement"),)
    return Source(sheets | table_sheets(content, file, where), faults, notes)


def _load(path: Path) -> tuple[object, tuple[Fault, ...]]:
    """The content of a document, and notes about how its text was read."""
    file = path.name
    try:
        read = decoded(regular_bytes(path))
        notes = (Fault(file, None, None, read.note),) if read.note else ()
        return strict_json(read.text), notes
    except EncodingFault as error:
        raise _fault(file, None, error.what, "Save it as UTF-8.") from error
    except FileNotFoundError as error:
        raise _fault(file, None, "There is no such file.", "Check its name.") from error
    except Unreadable as error:
        raise _fault(file, None, error.what, error.remedy) from error
    except json.JSONDecodeError as error:
        what = f"The file is not JSON: {error.msg} in column {error.colno}."
        raise _fault(file, error.lineno, what, "Correct it there.") from error
    except TwiceError as error:
        raise _fault(file, None, str(error), "Keep one of them.") from error
    except (RecursionError, ValueError) as error:
        what = "The file is not JSON that can be read: it nests too deep or has endless numbers."
        raise _fault(file, None, what, "Write it as 'freight convert' does.") from error


def _unknown_keys(content: dict[str, object], file: str) -> list[Fault]:
    names = [name for name in content if name not in _KEYS]
    otherwise = f"remove it: the tables are {listed(_KEYS[1:])}"
    faults = []
    for name in names[:ENOUGH]:
        what = f"{quoted(name)} is not a table."
        faults.append(Fault(file, None, None, what, suggestion(name, _KEYS, otherwise), name[:60]))
    if names[ENOUGH:]:
        at = (file, None, None, None)
        faults.append(unlooked(len(names) - ENOUGH, at, "unknown keys"))
    return faults


def _fault(file: str, row: int | None, what: str, remedy: str) -> InstanceError:
    return InstanceError([Fault(file, row, None, what, remedy)])


def json_text(instance: Instance) -> str:
    """The instance as a JSON document that :func:`read_json` gives back unchanged."""
    content = {"format": FORMAT} | instance.model_dump(mode="json")
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
