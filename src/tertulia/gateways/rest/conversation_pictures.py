"""Pictures of groups and rooms: /api/conversations/{id}/picture; /api/avatars shows them."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath

from tertulia.core.conversation_pictures import ConversationPictures
from tertulia.gateways import objects
from tertulia.gateways.rest.avatars import PictureOperation, picture_of
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import writing


class ConversationPicturesController(Controller):
    """What a conversation looks like."""

    path = "/api/conversations/{conversation_id:uuid}/picture"
    tags = ["conversations"]

    @writing("PUT", "/", "changePicture", 400, 404, 429, operation=PictureOperation)
    async def change(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        conversation_pictures: NamedDependency[ConversationPictures],
    ) -> objects.OwnConversation:
        """Show a group or room with another picture; its owner may.

        It is the middle square of a JPEG, PNG, GIF or WebP, which comes in the field `file` of a
        form or as the body itself.
        """
        chat = await conversation_pictures.change(
            request.user, conversation_id, await picture_of(request)
        )
        return objects.own_conversation(chat)

    @writing("DELETE", "/", "removePicture", 404)
    async def remove(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        conversation_pictures: NamedDependency[ConversationPictures],
    ) -> objects.OwnConversation:
        """Show a group or room without a picture; its owner may."""
        return objects.own_conversation(
            await conversation_pictures.remove(request.user, conversation_id)
        )
