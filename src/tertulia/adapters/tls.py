"""Whom this server trusts where it asks others."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def trusted_authorities() -> ssl.SSLContext:
    """Return the context of connections over TLS; made once, for that takes a while."""
    return httpx.create_ssl_context()
