"""python-socketio's client, and what it leaves behind."""

from __future__ import annotations

import gc
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from socketio import AsyncClient  # type: ignore[import-untyped]


@asynccontextmanager
async def socketio_client(**options: Any) -> AsyncIterator[AsyncClient]:
    """Return a client that is disconnected in the end.

    It never closes the WebSocket of an attempt that fails, at a node that is going away, say; that
    is garbage which complains whenever it is found. It is found here, and may complain.
    """
    client = AsyncClient(**options)
    try:
        yield client
    finally:
        await client.disconnect()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()
