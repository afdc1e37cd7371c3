"""Fingerprints of records: equal content, equal digest, whatever file it came from."""

from __future__ import annotations

import hashlib
import json

from pydantic import BaseModel


def digest(record: BaseModel, *, without: frozenset[str] = frozenset()) -> str:
    """SHA-256, in hexadecimal, of a record's canonical JSON.

    Canonical: keys sorted, no spaces, UTF-8, amounts as strings. ``without`` names fields to leave
    out, such as the one that holds the digest itself.
    """
    data = record.model_dump(mode="json", exclude=set(without))
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
