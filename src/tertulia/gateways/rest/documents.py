"""The interface's own description: /openapi.json, and /docs, a page that shows it."""

from __future__ import annotations

from collections.abc import Callable

from litestar import Controller, Response
from litestar.di import NamedDependency
from msgspec import Raw

from tertulia.gateways.rest.docs_page import render_page
from tertulia.gateways.rest.routes import reading

Document = Callable[[], bytes]
"""Returns the OpenAPI document as JSON."""


class DocumentsController(Controller):
    """Served from here alone; the page has no script."""

    tags = ["documents"]

    @reading("/openapi.json", "getOpenApi", public=True)
    async def openapi(self, document: NamedDependency[Document]) -> Response[Raw]:
        """Get the OpenAPI document of the HTTP interface."""
        return Response(Raw(document()))

    @reading("/docs", "getDocs", public=True, media_type="text/html")
    async def docs(self, document: NamedDependency[Document]) -> str:
        """Read the OpenAPI document as a page."""
        return render_page(document())
