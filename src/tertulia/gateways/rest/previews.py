"""Pictures of the pages behind links: /api/previews/{key}."""

from __future__ import annotations

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import FromPath

from tertulia.core.preview_pictures import PreviewPictures
from tertulia.gateways.rest.files import PICTURE_TYPE, SEALED
from tertulia.gateways.rest.routes import reading


class PreviewsController(Controller):
    """Pictures of pages."""

    path = "/api/previews"
    tags = ["uploads"]

    @reading("/{key:str}", "getPreviewPicture", 404, media_type=PICTURE_TYPE)
    async def picture(
        self, key: FromPath[str], preview_pictures: NamedDependency[PreviewPictures]
    ) -> Response[bytes]:
        """Get the picture of a page, no more than 640 pixels wide or high."""
        data = await preview_pictures.picture(key)
        return Response(data, headers={**SEALED, "Content-Disposition": "inline"})
