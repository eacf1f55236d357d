"""Connections to PostgreSQL, as a server of Tertulia wants them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

if TYPE_CHECKING:
    from sqlalchemy import URL
    from sqlalchemy.engine import ExceptionContext

# How long a server may take to say goodbye.
_GOODBYE_S = 1.0
# How long work waits for a connection to be free.
_WAIT_S = 30

_SERVER_SETTINGS = {
    "application_name": "tertulia",
    # Nothing waits for a row for ever, nor holds one for ever after its client has gone silent.
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
    # A node whose machine is gone says no goodbye; what it held is free again within a minute.
    "tcp_keepalives_idle": "20",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    # Compiling short statements costs more than it saves.
    "jit": "off",
}


class _Connection(asyncpg.Connection):
    """A connection that a server cannot keep from ending by its silence."""

    async def close(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109
        # It is closed in any case; the driver only tells that nobody heard of it.
        with suppress(TimeoutError):
            await super().close(timeout=min(timeout or _GOODBYE_S, _GOODBYE_S))


def postgres_engine(
    url: URL, *, pool_size: int, statement_s: int = 0, answer_s: float | None = None
) -> AsyncEngine:
    """Return an engine of `pool_size` connections at most.

    The server ends a statement after `statement_s`, which 0 leaves its time; a server that says
    nothing for `answer_s` is not waited for any longer.
    """
    patience = {} if answer_s is None else {"timeout": answer_s, "command_timeout": answer_s}
    engine = create_async_engine(
        url,
        connect_args={
            "server_settings": {**_SERVER_SETTINGS, "statement_timeout": f"{statement_s}s"},
            "connection_class": _Connection,
            **patience,
        },
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_WAIT_S,
        pool_use_lifo=True,
        # What people wrote has no place in a log, nor have the hashes of their passwords.
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "checkout")
    def _require_open(connection: Any, _record: Any, _lent: Any) -> None:
        # A server that was restarted has closed its connections, which costs nothing to see; the
        # pool then opens another one.
        if connection.driver_connection.is_closed():
            raise DisconnectionError

    @event.listens_for(engine.sync_engine, "handle_error")
    def _give_up(context: ExceptionContext) -> None:
        # Whoever was not answered asks nothing more there, not even to take back what was begun;
        # the other connections at rest lead to the same silence.
        if isinstance(context.original_exception, TimeoutError):
            context.is_disconnect = True

    return engine


def reading(engine: AsyncEngine) -> AsyncEngine:
    """Return what lends connections of an engine that see one moment and cannot write."""
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
