"""Files: /api/uploads takes them in, in one go or in parts, and serves them to those who may see.

POST  /api/uploads/resumable {"conversation_id", "name", "size"}  ->  {"id", "received": 0, ...}
PATCH /api/uploads/{id}  Upload-Offset: 0, application/offset+octet-stream  ->  {"received": n}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.exceptions import ClientException
from litestar.openapi.spec import (
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    RequestBody,
    Schema,
)
from litestar.params import FromPath, HeaderParameter, JSONBody
from msgspec import Meta, Struct

from tertulia.core.upload import Upload
from tertulia.core.uploads import Uploads
from tertulia.gateways import extras
from tertulia.gateways.forms import MULTIPART_TYPE
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.file_form import CONVERSATION, FILE, take_file
from tertulia.gateways.rest.routes import StreamOperation, reading, writing
from tertulia.gateways.rest.streams import parts_until_cut
from tertulia.gateways.rest.values import Seq

OFFSET_TYPE = "application/offset+octet-stream"
FORM_OVERHEAD_BYTES = 64 * 1024
"""How much longer than its file a form may be."""
CHUNK_BYTES = 4 * 1024 * 1024
"""How large the parts are that clients are asked for."""
_BINARY = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)

Offset = Annotated[int, HeaderParameter(name="Upload-Offset", ge=0, le=2**53 - 1)]


class NewUpload(Struct, frozen=True):
    """A file that will come in parts; `size` is that of all of it, in bytes."""

    conversation_id: UUID
    name: Annotated[str, Meta(max_length=1000)]
    size: Seq


class BegunUpload(Struct, frozen=True):
    """A file of which nothing has come yet; parts of `chunk_bytes` are a good size."""

    id: UUID
    received: int
    chunk_bytes: int


class UploadProgress(Struct, frozen=True):
    """A file of which `received` of `size` bytes are stored; with the last one it is there."""

    id: UUID
    received: int
    size: int
    attachment: extras.Attachment | None


@dataclass
class FileFormOperation(StreamOperation):
    """An operation that takes a form with a file."""

    def __post_init__(self) -> None:
        """Name its fields."""
        conversation_id = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.UUID)
        form = Schema(
            type=OpenAPIType.OBJECT,
            properties={CONVERSATION: conversation_id, FILE: _BINARY},
            required=[CONVERSATION, FILE],
        )
        self.request_body = RequestBody(
            content={MULTIPART_TYPE: OpenAPIMediaType(schema=form)}, required=True
        )


@dataclass
class PartOperation(StreamOperation):
    """An operation that takes a part of a file."""

    def __post_init__(self) -> None:
        """Name its type."""
        self.request_body = RequestBody(
            content={OFFSET_TYPE: OpenAPIMediaType(schema=_BINARY)}, required=True
        )


class UploadBodiesController(Controller):
    """Files on their way; the bodies that they come in may be larger than any other."""

    path = "/api/uploads"
    tags = ["uploads"]

    @writing("POST", "/", "upload", 400, 404, 409, 429, operation=FileFormOperation)
    async def take(
        self, request: ApiRequest, uploads: NamedDependency[Uploads]
    ) -> extras.Attachment:
        """Bring a file into a conversation in one go; a message carries it by its id."""
        actor = request.user

        async def check(conversation_id: UUID) -> None:
            await uploads.require_may_bring(actor, conversation_id)

        form = await take_file(
            request, lambda chunks: uploads.take(actor, chunks), uploads.discard, check
        )
        return extras.attachment(
            await uploads.complete(actor, form.conversation_id, form.name, form.file)
        )

    @writing(
        "PATCH", "/{upload_id:uuid}", "continueUpload", 400, 404, 409, 429, operation=PartOperation
    )
    async def append(
        self,
        request: ApiRequest,
        upload_id: FromPath[UUID],
        upload_offset: Offset,
        uploads: NamedDependency[Uploads],
    ) -> UploadProgress:
        """Go on with a file where it ended; what has come is stored, even if the rest does not.

        A wrong offset is answered 409 `wrong_offset`, with the right one as `Upload-Offset`.
        """
        if request.content_type[0] != OFFSET_TYPE:
            raise ClientException(status_code=415)
        return _progress(
            await uploads.append(request.user, upload_id, upload_offset, parts_until_cut(request))
        )

    @reading("/{upload_id:uuid}", "getUpload", 404)
    async def progress(
        self, request: ApiRequest, upload_id: FromPath[UUID], uploads: NamedDependency[Uploads]
    ) -> UploadProgress:
        """Get how far a file of one's own is."""
        return _progress(await uploads.progress(request.user, upload_id))

    @writing(
        "DELETE", "/{upload_id:uuid}", "cancelUpload", 404, 409, status=204, max_body_bytes=1024
    )
    async def cancel(
        self, request: ApiRequest, upload_id: FromPath[UUID], uploads: NamedDependency[Uploads]
    ) -> None:
        """Throw away a file of one's own that no message carries."""
        await uploads.cancel(request.user, upload_id)


class UploadsController(Controller):
    """Files that will come in parts."""

    path = "/api/uploads"
    tags = ["uploads"]

    @writing("POST", "/resumable", "beginUpload", 400, 404, 409, 429)
    async def begin(
        self,
        request: ApiRequest,
        data: JSONBody[NewUpload],
        uploads: NamedDependency[Uploads],
    ) -> BegunUpload:
        """Begin a file that will come in parts."""
        upload = await uploads.begin(request.user, data.conversation_id, data.name, data.size)
        return BegunUpload(id=upload.id, received=upload.received, chunk_bytes=CHUNK_BYTES)


def _progress(upload: Upload) -> UploadProgress:
    return UploadProgress(
        id=upload.id,
        received=upload.received,
        size=upload.size,
        attachment=extras.attachment(upload.attachment) if upload.attachment else None,
    )
