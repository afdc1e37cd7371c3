"""Fingerprints of records: equal content, equal digest, whatever file it came from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import Any

from pydantic import BaseModel

Later = Collection[tuple[str, ...]]


def digest(record: BaseModel, *, without: frozenset[str] = frozenset(), later: Later = ()) -> str:
    """SHA-256, in hexadecimal, of a record's canonical JSON.

    Amounts are strings in it. ``without`` names fields to leave
    out, such as the one that holds the digest itself. ``later`` are paths of fields that records
    did not always have: where they are at their default they are left out too, so that digests of
    records without them stay what they were.
    """
    data = record.model_dump(mode="json", exclude=set(without))
    for path in later:
        _drop(data, record, path)
    return sha256_of(canonical(data))


def canonical(data: object) -> bytes:
    """Canonical JSON in UTF-8: keys sorted, no spaces."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def sha256_of(document: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(document).hexdigest()


def _drop(data: dict[str, Any], record: BaseModel, path: tuple[str, ...]) -> None:
    """Leave out a field where it is at its default."""
    *outer, name = path
    inner: Any = record
    for key in outer:
        data, inner = data[key], getattr(inner, key)
    if getattr(inner, name) == type(inner).model_fields[name].default:
        del data[name]
