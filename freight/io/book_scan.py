"""A workbook is looked through before it is read: no part is too much, and no cell gets lost."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Final
from xml.etree import ElementTree
from xml.parsers import expat

from freight.io.book_sheet import SAVE, Scan, SheetParser, parse_all, plain_parser
from freight.io.regular import Unreadable

MOST_UNPACKED: Final = 512 * 2**20
"""Bytes of all parts of a workbook together, unpacked."""
_MOST_PARTS: Final = 10_000
_CHUNK: Final = 2**20
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, ElementTree.ParseError, EOFError, KeyError,
    NotImplementedError, OSError, OverflowError, RuntimeError, UnicodeError, ValueError,
)  # fmt: skip
"""What a damaged archive or a damaged part of it raises."""


def scanned(data: bytes) -> dict[str, Scan]:
    """The sheets of a workbook by name; raises :class:`Unreadable` for one not to be read."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_archive(archive)
            lengths = _shared_lengths(archive)
            return {
                name: SheetParser(name, lengths).scan(_pieces(archive, member))
                for name, member in _sheets(archive)
            }
    except Unreadable:
        raise
    except _BROKEN as error:
        what = f"The file cannot be opened as a workbook: {error}."
        raise Unreadable(what, SAVE) from error


def _check_archive(archive: zipfile.ZipFile) -> None:
    """Refuse parts that cannot be unpacked, are there twice or are too large together."""
    infos = archive.infolist()
    if len(infos) > _MOST_PARTS:
        raise Unreadable(f"The workbook has {len(infos):,} parts.", SAVE)
    if sum(info.file_size for info in infos) > MOST_UNPACKED:
        what = f"Unpacked, the workbook is larger than {MOST_UNPACKED // 2**20} MiB."
        raise Unreadable(what, "Take out what does not belong there, or split it.")
    names: set[str] = set()
    for info in infos:
        reason = _refused(info)
        if info.filename in names:
            reason = "is there twice"
        if reason:
            raise Unreadable(f"The part {info.filename!r} {reason}.", SAVE)
        names.add(info.filename)
    for name in names:
        for _ in _pieces(archive, name):
            pass


def _refused(info: zipfile.ZipInfo) -> str:
    """Why a part cannot be unpacked; empty where it can."""
    if info.flag_bits & 1:
        return "is encrypted"
    if info.compress_type not in _METHODS:
        return f"is packed in a way that is not read (method {info.compress_type})"
    return ""


def _pieces(archive: zipfile.ZipFile, member: str) -> Iterator[bytes]:
    """The bytes of a member by pieces; its checksum is looked at in the end."""
    with archive.open(member) as stream:
        while piece := stream.read(_CHUNK):
            yield piece


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name and member of every sheet of cells."""
    targets = {
        link.get("Id"): link.get("Target", "")
        for link in _tree(archive, "xl/_rels/workbook.xml.rels")
    }
    for sheet in _tree(archive, "xl/workbook.xml").iter():
        if sheet.tag.rpartition("}")[2] != "sheet":
            continue
        link = next((value for key, value in sheet.items() if key.endswith("}id")), "")
        target = targets.get(link, "")
        member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if "worksheets/" in member:
            yield sheet.get("name", ""), member


def _tree(archive: zipfile.ZipFile, member: str) -> ElementTree.Element:
    """A small part as a tree; its document type is refused."""
    parse_all(plain_parser(), _pieces(archive, member))
    return ElementTree.fromstring(archive.read(member))


def _shared_lengths(archive: zipfile.ZipFile) -> list[int]:
    """How long the texts are that cells share."""
    members = [name for name in archive.namelist() if name.lower() == "xl/sharedstrings.xml"]
    lengths: list[int] = []

    def start(name: str, _: Mapping[str, str]) -> None:
        if name.rpartition(" ")[2] == "si":
            lengths.append(0)

    def text(data: str) -> None:
        if lengths:
            lengths[-1] += len(data)

    for member in members:
        parser = plain_parser()
        parser.StartElementHandler, parser.CharacterDataHandler = start, text
        parse_all(parser, _pieces(archive, member))
    return lengths
