"""The instance that a plan carries: where it was read from, and all of it, compressed."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints

from freight.domain.base import Frozen
from freight.domain.digest import sha256_of

MOST_BYTES: Final = 256 * 2**20
"""An instance larger than this is not kept in its plans: some 300,000 shipments."""
MOST_RATIO: Final = 200
"""Tables shrink to a tenth or less; what unpacks to more than this many times is no table."""

Sha256Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class InstanceSource(Frozen):
    """Where an instance was read from."""

    given: str
    """Path or name as it was typed."""
    path: str
    """Absolute path on the machine that read it."""
    kind: Literal["folder", "json", "xlsx", "shipped"]
    """A folder of CSV files, a JSON document, a workbook, or an instance of the program's own."""
    fingerprint: Sha256Hex
    """SHA-256 of the files as they were then."""


class InstanceSnapshot(Frozen):
    """A whole instance as one text; its digest is the plan's ``instance_digest``."""

    coding: Literal["zlib+base64"] = "zlib+base64"
    """Canonical JSON (keys sorted, no spaces, UTF-8), compressed by zlib, written in base64."""
    size: Annotated[int, Field(ge=2, le=MOST_BYTES)]
    """Bytes of the JSON."""
    data: Annotated[str, Field(repr=False)]

    @classmethod
    def of(cls, document: bytes) -> Self | None:
        """The snapshot of canonical JSON; None where it is too large to be kept."""
        packed = zlib.compress(document, 9)
        if not 2 <= len(document) <= min(MOST_BYTES, MOST_RATIO * len(packed)):
            return None
        return cls(size=len(document), data=b64encode(packed).decode("ascii"))

    def document(self) -> bytes:
        """The canonical JSON; raises ValueError, saying why, where this is no snapshot."""
        try:
            packed = b64decode(self.data, validate=True)
        except (Base64Error, ValueError) as error:
            raise ValueError("is not written in base64") from error
        if self.size > MOST_RATIO * len(packed):
            raise ValueError(f"claims to unpack to {self.size:,} bytes, which no tables do")
        unpacking = zlib.decompressobj()
        try:
            document = unpacking.decompress(packed, self.size + 1)
        except zlib.error as error:
            raise ValueError("cannot be unpacked") from error
        if not unpacking.eof or unpacking.unused_data or len(document) != self.size:
            raise ValueError(f"does not unpack to the {self.size:,} bytes that it states")
        return document

    def digest(self) -> str:
        """SHA-256 of the canonical JSON; raises ValueError as :meth:`document` does."""
        return sha256_of(self.document())
