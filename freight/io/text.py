"""Bytes of a text file to text: UTF-8, UTF-16, Chinese GB 18030, or what the user says it is.

What is not Unicode is guessed only where Chinese text shows it, and the guess is told with an
example. Anything else is refused with what it would read in the likely code pages.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from freight.domain.wording import either, listed, quoted
from freight.errors import Fault, InstanceError

ENCODINGS: Final = (
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5", "big5hkscs", "shift_jis",
    "cp932", "euc_jp", "euc_kr", "cp949", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254",
    "cp1257", "iso8859-1", "iso8859-2", "iso8859-5", "iso8859-15", "koi8-r", "cp437", "cp850",
    "cp852", "cp866", "mac-roman",
)  # fmt: skip
"""What ``--encoding`` may name."""
_LIKELY: Final = ("gb18030", "big5", "cp932", "euc_kr", "cp1252", "cp1250", "cp1251")
"""Code pages whose reading is shown for a file that is none of Unicode."""
_ALIASES: Final = {"gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "ansi": "cp1252"}
_FAMILIAR: Final = 0.75
"""Least share of common characters that tells GB 18030: 0.96 in Chinese, at most 0.5 elsewhere."""
_FEW, _FAMILIAR_OF_FEW = 8, 0.85
"""The same for so few Chinese characters that chance counts."""
_SPOTS: Final = 3
"""Broken places up to which a file is UTF-8 with an accident, and no other encoding."""
_HAN: Final = re.compile(r"[㐀-鿿]")
_OTHER_LETTERS: Final = re.compile(r"[^\W\d_a-zA-Z㐀-鿿]")

_asked: ContextVar[str | None] = ContextVar("encoding", default=None)


class EncodingFault(ValueError):
    """The bytes are in no encoding that can be told with certainty."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file; ``note`` tells a guess about its encoding, with an example."""

    text: str
    note: str = ""


@contextmanager
def reading_as(encoding: str | None) -> Iterator[None]:
    """Read files that are no UTF-8 in this encoding; raises InstanceError for an unknown one."""
    token = _asked.set(None if encoding is None else _known(encoding))
    try:
        yield
    finally:
        _asked.reset(token)


def _known(name: str) -> str:
    plain = name.strip().casefold()
    try:
        found = codecs.lookup(_ALIASES.get(plain, plain)).name
    except (LookupError, ValueError):
        found = ""
    if found not in {codecs.lookup(one).name for one in ENCODINGS}:
        what = f"{quoted(name)} is no encoding of texts that is read here."
        fault = Fault("command line", None, "encoding", what, f"Use {either(ENCODINGS)}.")
        raise InstanceError([fault])
    return found


def decode(data: bytes) -> str:
    """The text of a file, without a byte order mark; raises :class:`EncodingFault`."""
    return decoded(data).text


def decoded(data: bytes) -> Decoded:
    """The text of a file, without a byte order mark; raises :class:`EncodingFault`."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Decoded(_strict(data, "utf-16", "UTF-16"))
    wide = _wide(data)
    if wide is not None:
        return Decoded(wide, f"Read as UTF-16 without its mark: {_example(wide)}.")
    try:
        return Decoded(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return _other(data, error)


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _fault(data, error, name) from error


def _wide(data: bytes) -> str | None:
    """UTF-16 without a byte order mark: every second byte of its commas and digits is zero."""
    head = data[:4000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(data) < 4 or len(data) % 2 or not (even or odd) or (even and odd):
        return None
    try:
        return data.decode("utf-16-le" if odd else "utf-16-be")
    except UnicodeDecodeError:
        return None


def _other(data: bytes, error: UnicodeDecodeError) -> Decoded:
    asked = _asked.get()
    if asked is not None:
        return Decoded(_strict(data, asked, asked))
    text = _try(data, "gb18030")
    if text is not None and _is_chinese(text):
        return Decoded(text, f"Read as GB 18030: {_example(text)}.")
    if data.decode("utf-8-sig", "replace").count("�") <= _SPOTS and _has_utf8(data):
        raise _fault(data, error, "UTF-8") from error
    raise _doubtful(data, error) from error


def _has_utf8(data: bytes) -> bool:
    """Whether some letters beyond ASCII are sound UTF-8."""
    text = data.decode("utf-8-sig", "ignore")
    return any(not sign.isascii() for sign in text)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


@cache
def _common() -> frozenset[str]:
    """Characters that Chinese texts are mostly made of."""
    folder = files("freight")
    texts = (
        folder / "io" / "common_hanzi.txt", folder / "domain" / "facts" / "cities.csv",
        folder / "io" / "headers.csv", folder / "io" / "typed" / "words.csv",
    )  # fmt: skip
    return frozenset(sign for one in texts for sign in one.read_text("utf-8") if _HAN.match(sign))


def _is_chinese(text: str) -> bool:
    """Whether a text is made of the characters that Chinese is made of."""
    signs = _HAN.findall(text)
    others = len(_OTHER_LETTERS.findall(text))
    common = sum(1 for sign in signs if sign in _common())
    needed = _FAMILIAR if len(signs) > _FEW else _FAMILIAR_OF_FEW
    return bool(signs) and common >= needed * len(signs) and others <= 0.1 * len(signs)


def _example(text: str) -> str:
    """The first cell with letters beyond ASCII, in quotes."""
    cells = re.split(r"[,;\t|\r\n\"，；]", text)
    return quoted(next((cell.strip() for cell in cells if not cell.isascii()), text[:20]))


def _doubtful(data: bytes, error: UnicodeDecodeError) -> EncodingFault:
    line = data.count(b"\n", 0, error.start) + 1
    readings: dict[str, list[str]] = {}
    for name in _LIKELY:
        text = _try(data, name)
        if text is not None and not _controls(text):
            readings.setdefault(_example(text), []).append(name)
    told = [f"{example} as {listed(names)}" for example, names in readings.items()]
    what = f"The file is not UTF-8 text: byte 0x{data[error.start]:02X} in line {line}."
    if not told:
        return EncodingFault(what, "Save it as CSV UTF-8.")
    what += f" It can read {either(told)}."
    return EncodingFault(what, "Save it as CSV UTF-8, or name the right one with --encoding.")


def _controls(text: str) -> bool:
    return any("\x7f" <= sign <= "\x9f" for sign in text)


def _fault(data: bytes, error: UnicodeDecodeError, name: str) -> EncodingFault:
    line = data.count(b"\n", 0, error.start) + 1
    return EncodingFault(
        f"The file is not {name} text: byte 0x{data[error.start]:02X} in line {line}.",
        "Save it as CSV UTF-8.",
    )
