"""Files that messages carry, as those who may see them get them: /api/uploads/{id}/{name}.

What a browser may show where it stands is on a fixed list; all else is handed over as a file, and
nothing here ever runs: no type is guessed, and the sandbox holds where a page is opened after all.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from tertulia.core.errors import NotFound
from tertulia.core.files import INLINE_TYPES
from tertulia.core.message import Attachment
from tertulia.core.uploads import Uploads
from tertulia.gateways.asgi import IS_HEAD
from tertulia.gateways.rest.bodies import JSON_TYPE, ApiRequest
from tertulia.gateways.rest.errors import ErrorEntry, encode_error
from tertulia.gateways.rest.ranges import OutOfRange, disposition, wanted_span
from tertulia.gateways.rest.routes import reading, reading_file

PICTURE_TYPE = "image/webp"
# A file never changes, but who may see it does: nobody else's copy is of use to anyone.
_KEPT = "private, max-age=31536000, immutable"
SEALED = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": _KEPT,
}


class FilesController(Controller):
    """Files in conversations."""

    path = "/api/uploads"
    tags = ["uploads"]

    @reading("/{upload_id:uuid}/thumbnail", "getThumbnail", 404, media_type=PICTURE_TYPE)
    async def thumbnail(
        self, request: ApiRequest, upload_id: FromPath[UUID], uploads: NamedDependency[Uploads]
    ) -> Response[bytes]:
        """Get the small picture of a file, no more than 640 pixels wide or high."""
        data = await uploads.thumbnail(request.user, upload_id)
        return Response(data, headers={**SEALED, "Content-Disposition": "inline"})

    @reading_file("/{upload_id:uuid}/{name:str}", "getFile", 400, 404)
    async def fetch(
        self,
        request: ApiRequest,
        upload_id: FromPath[UUID],
        name: FromPath[str],  # noqa: ARG002, it is there for people and for saving
        uploads: NamedDependency[Uploads],
        download: FromQuery[bool] = False,  # noqa: FBT002, as the query has it
    ) -> Response[bytes] | Stream:
        """Get a file, or the part of it that `Range` asks for.

        Pictures, sound and films may be shown where they stand; with `download` they are files to
        be kept, as everything else always is.
        """
        upload = await uploads.fetch(request.user, upload_id)
        attachment = upload.attachment
        if attachment is None:
            raise NotFound("There is no such file.")
        tag = f'"{attachment.id}"'
        headers = {**SEALED, **_described(attachment, tag, is_kept=download)}
        try:
            span = wanted_span(
                request.headers.get("range"),
                attachment.size,
                is_same=request.headers.get("if-range", tag) == tag,
            )
        except OutOfRange:
            return _out_of_range(attachment.size)
        if span is not None:
            headers["Content-Range"] = span.content_range
        start, length = (span.start, span.length) if span else (0, attachment.size)
        headers["Content-Length"] = str(length)
        chunks = (
            nothing() if IS_HEAD in request.scope else await uploads.content(upload, start, length)
        )
        return Stream(
            chunks,
            status_code=206 if span else 200,
            headers=headers,
        )


async def nothing() -> AsyncIterator[bytes]:
    """Yield no part of a file, to those who ask only for what there is to say of it."""
    yield b""


def _described(attachment: Attachment, tag: str, *, is_kept: bool) -> dict[str, str]:
    is_inline = attachment.media_type in INLINE_TYPES and not is_kept
    return {
        # The route itself says only that it may be anything.
        "Content-Type": attachment.media_type,
        "Accept-Ranges": "bytes",
        "ETag": tag,
        "Content-Disposition": disposition(attachment.name, is_inline=is_inline),
    }


def _out_of_range(size: int) -> Response[bytes]:
    entry = ErrorEntry("out_of_range", "This file has no such part.", "Range")
    return Response(
        encode_error(416, entry),
        status_code=416,
        headers={"Content-Type": JSON_TYPE, "Content-Range": f"bytes */{size}"},
    )
