"""Pictures of people: /api/me/avatar changes one's own, /api/avatars shows all there are."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Controller, Response
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import ClientException
from litestar.openapi.spec import (
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    RequestBody,
    Schema,
)
from litestar.params import FromPath

from tertulia.core.avatars import Avatars
from tertulia.core.errors import Invalid
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import reading, writing

MULTIPART_TYPE = "multipart/form-data"
_FIELD = "file"
_PICTURE_TYPE = "image/webp"
_PICTURE_TYPES = ("image/jpeg", "image/png", "image/gif", _PICTURE_TYPE)
_BINARY = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
# A key names one picture for ever, whoever asks, on whatever page it stands.
_SHOWN = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Disposition": "inline",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@dataclass
class PictureOperation(Operation):
    """An operation that takes a picture: in a form's field, or as the body itself."""

    def __post_init__(self) -> None:
        """Name what the body may be."""
        form = Schema(type=OpenAPIType.OBJECT, properties={_FIELD: _BINARY}, required=[_FIELD])
        content = {kind: OpenAPIMediaType(schema=_BINARY) for kind in _PICTURE_TYPES}
        self.request_body = RequestBody(
            content={MULTIPART_TYPE: OpenAPIMediaType(schema=form), **content}, required=True
        )


class AvatarsController(Controller):
    """Avatars."""

    path = "/api"
    tags = ["avatars"]

    @writing("PUT", "/me/avatar", "changeAvatar", 400, 429, operation=PictureOperation)
    async def change(self, request: ApiRequest, avatars: NamedDependency[Avatars]) -> objects.Me:
        """Show oneself with another picture: the middle square of a JPEG, PNG, GIF or WebP.

        It comes in the field `file` of a form, or as the body itself.
        """
        return objects.me(await avatars.change(request.user, await picture_of(request)))

    @writing("DELETE", "/me/avatar", "removeAvatar")
    async def remove(self, request: ApiRequest, avatars: NamedDependency[Avatars]) -> objects.Me:
        """Show oneself without a picture."""
        return objects.me(await avatars.remove(request.user))

    @reading(
        "/avatars/{key:str}/{size:int}", "getAvatar", 404, public=True, media_type=_PICTURE_TYPE
    )
    async def show(
        self, key: FromPath[str], size: FromPath[int], avatars: NamedDependency[Avatars]
    ) -> Response[bytes]:
        """Get a picture of somebody or of a conversation, 96, 256 or 640 pixels wide and high."""
        return Response(await avatars.picture(key, size), headers=_SHOWN)


async def picture_of(request: ApiRequest) -> bytes:
    """Return the picture in a request: in a form's field, or the body itself. Raises Invalid."""
    content_type = request.content_type[0]
    if content_type == MULTIPART_TYPE:
        return await _picture_in_form(request)
    if content_type.startswith("image/"):
        return await request.body()
    raise ClientException(status_code=415)


async def _picture_in_form(request: ApiRequest) -> bytes:
    try:
        form = await request.form()
    # A field in an encoding that it does not keep to, or that nobody knows.
    except (UnicodeError, LookupError):
        raise Invalid("This form cannot be read.") from None
    file = form.get(_FIELD)
    if isinstance(file, UploadFile):
        return await file.read()
    raise Invalid("A picture is required.", code="required", attr=_FIELD)
