"""Whether the server is up, /healthz, and whether it can do its work, /readyz."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Literal

from litestar import Controller
from litestar.di import NamedDependency
from msgspec import Struct

from tertulia.core.errors import Unavailable
from tertulia.gateways.rest.routes import reading

log = logging.getLogger(__name__)

Readiness = Callable[[], Awaitable[None]]
"""Returns when storage answers; raises whatever keeps it from answering."""


class Health(Struct, frozen=True):
    """The server is well."""

    status: Literal["ok"] = "ok"


class HealthController(Controller):
    """For those who keep the server running."""

    tags = ["health"]

    @reading("/healthz", "getHealth", public=True)
    async def alive(self) -> Health:
        """Whether the process answers."""
        return Health()

    @reading("/readyz", "getReadiness", public=True)
    async def ready(self, ready: NamedDependency[Readiness]) -> Health:
        """Whether storage answers too."""
        try:
            await ready()
        except Exception as error:
            log.warning("storage does not answer", exc_info=error)
            raise Unavailable("Storage does not answer.") from error
        return Health()
