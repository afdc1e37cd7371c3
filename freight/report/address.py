"""Addresses that a page may link to."""

from __future__ import annotations

from urllib.parse import urlsplit


def harmless(address: str) -> bool:
    """Whether it is a relative path or an address of the web.

    Anything else, a ``javascript:`` address for one, could run in the reader's browser.
    """
    try:
        parts = urlsplit("".join(address.split()))
    except ValueError:
        return False
    web = parts.scheme in ("http", "https") and bool(parts.netloc)
    near = not parts.scheme and not parts.netloc and not address.startswith("/")
    return web or near
