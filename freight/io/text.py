"""Bytes of a text file to text: UTF-8, UTF-16 with its mark, or a Chinese Excel export."""

from __future__ import annotations

import codecs

_SHARE = 0.9
"""Least share of common Chinese signs (GB 2312) that tells GB 18030 from Western code pages."""


class EncodingFault(ValueError):
    """The bytes are in no encoding that can be told with certainty."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def decode(data: bytes) -> str:
    """The text of a file, without a byte order mark; raises :class:`EncodingFault`."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise _fault(data, error, "UTF-16") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = _chinese(data)
        if text is None:
            raise _fault(data, error, "UTF-8") from error
        return text


def _chinese(data: bytes) -> str | None:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    foreign = [sign for sign in text if not sign.isascii()]
    common = sum(1 for sign in foreign if _is_common(sign))
    return text if common >= _SHARE * len(foreign) else None


def _is_common(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _fault(data: bytes, error: UnicodeDecodeError, name: str) -> EncodingFault:
    line = data.count(b"\n", 0, error.start) + 1
    return EncodingFault(
        f"The file is not {name} text: byte 0x{data[error.start]:02X} in line {line}.",
        "Save it as CSV UTF-8.",
    )
