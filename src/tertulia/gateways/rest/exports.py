"""A copy of one's own data: /api/me/export."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream
from msgspec import Struct

from tertulia.core import model
from tertulia.core.exports import Exports
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import reading, writing

ZIP_TYPE = "application/zip"


class Export(Struct, frozen=True):
    """A copy of one's own data: `done` of `total` conversations are in it.

    Its `size` in bytes is 0, and `expires_at` null, until it is ready; then it can be fetched as
    `/api/me/export/{id}/tertulia.zip` for a week.
    """

    id: UUID
    status: model.ExportStatus
    done: int
    total: int
    size: int
    inserted_at: objects.Time
    expires_at: objects.Time | None


class LatestExport(Struct, frozen=True):
    """The copy that was asked for last, or null."""

    export: Export | None


class ExportsController(Controller):
    """Copies of one's own data."""

    path = "/api/me/export"
    tags = ["exports"]

    @writing("POST", "/", "askForExport", 429)
    async def ask(self, request: ApiRequest, exports: NamedDependency[Exports]) -> Export:
        """Ask for a copy of one's own data; one that is under way is answered again."""
        return _worded(await exports.ask(request.user))

    @reading("/", "getExport")
    async def latest(self, request: ApiRequest, exports: NamedDependency[Exports]) -> LatestExport:
        """Get how far the copy is that was asked for last."""
        latest = await exports.latest(request.user)
        return LatestExport(_worded(latest) if latest else None)

    @reading("/{export_id:uuid}/tertulia.zip", "fetchExport", 404, media_type=ZIP_TYPE)
    async def fetch(
        self, request: ApiRequest, export_id: FromPath[UUID], exports: NamedDependency[Exports]
    ) -> Stream:
        """Get the copy itself, a zip file."""
        export, chunks = await exports.fetch(request.user, export_id)
        headers = {
            "Content-Length": str(export.size),
            "Content-Disposition": 'attachment; filename="tertulia.zip"',
        }
        return Stream(chunks, headers=headers, media_type=ZIP_TYPE)


def _worded(export: model.Export) -> Export:
    return Export(
        id=export.id,
        status=export.status,
        done=export.done,
        total=export.total,
        size=export.size,
        inserted_at=objects.time(export.inserted_at),
        expires_at=objects.time(export.expires_at) if export.expires_at else None,
    )
