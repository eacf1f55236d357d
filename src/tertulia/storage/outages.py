"""Telling what the database cannot do now from what was asked of it wrongly."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from tertulia.core.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)

# Only the low byte of an SQLite code is its kind; the rest tells details of it.
_SQLITE_KINDS = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_DRIVER_ERRORS = (sqlite3.Error, asyncpg.PostgresError, asyncpg.InternalClientError)
_POSTGRES_KINDS = (
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
    asyncpg.InvalidAuthorizationSpecificationError,
    # The server has said that it ends the connection; what the driver then begins comes too late.
    asyncpg.InternalClientError,
    # No way to the server; and TimeoutError, for a turn that did not come.
    OSError,
)


@contextmanager
def outages_refused() -> Iterator[None]:
    """Turn an outage inside the block into the refusal Unavailable; let all else pass."""
    try:
        yield
    except (DBAPIError, NoConnectionFree, *_DRIVER_ERRORS, OSError) as error:
        if not is_outage(error):
            raise
        log.warning("the database is not available: %s", error)
        raise Unavailable("The server cannot store or fetch anything at the moment.") from error


def is_outage(error: BaseException) -> bool:
    """Whether the same call may work later: full, locked, unreachable, overloaded."""
    if isinstance(error, NoConnectionFree):
        return True
    if isinstance(error, DBAPIError):
        cause = error.orig.__cause__ or error.orig if error.orig else error
        return error.connection_invalidated or is_outage(cause)
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in _SQLITE_KINDS
    return isinstance(error, _POSTGRES_KINDS)
