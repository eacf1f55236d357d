"""Messages: /api/messages, and sending at /api/conversations/{id}/messages."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Struct

from tertulia.core.messages import Messages
from tertulia.core.model import HistoryOrder
from tertulia.core.opening import Openings
from tertulia.core.paging import page_size as size_of
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import reading, writing
from tertulia.gateways.rest.values import PageSize, PageToken

MESSAGES_PER_PAGE = 20


class NewMessage(Struct, frozen=True):
    """A message to send. Sent again with the same `client_ref`, it is the first one."""

    content: str
    client_ref: str | None = None
    reply_to: UUID | None = None


class MessageChange(Struct, frozen=True):
    """A message's new text."""

    content: str


class MessagePage(Struct, frozen=True):
    """A page of messages, with the people who sent them."""

    items: list[objects.Message]
    page_token: str | None
    users: list[objects.User]


class MessagesController(Controller):
    """Reading back, sending, editing, deleting."""

    path = "/api"
    tags = ["messages"]

    @reading("/messages", "listMessages", 400, 404)
    async def page(
        self,
        request: ApiRequest,
        openings: NamedDependency[Openings],
        conversation_id: FromQuery[UUID],
        page_token: PageToken = None,
        page_size: PageSize = None,
        sort: FromQuery[HistoryOrder] = "desc",
    ) -> MessagePage:
        """Read a conversation's history from its newest or its oldest end; deleted ones too."""
        size = size_of(page_size, MESSAGES_PER_PAGE)
        history = await openings.history(
            request.user, conversation_id, page_token or None, size, sort
        )
        return MessagePage(
            objects.messages(history.messages.items),
            history.messages.token,
            objects.users(history.people),
        )

    @writing("POST", "/conversations/{conversation_id:uuid}/messages", "sendMessage", 400, 404, 429)
    async def send(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        data: JSONBody[NewMessage],
        messages: NamedDependency[Messages],
    ) -> objects.Message:
        """Send a message; answered once it is stored for good."""
        sent = await messages.send(
            request.user,
            conversation_id,
            data.content,
            client_ref=data.client_ref,
            reply_to=data.reply_to,
        )
        return objects.message(sent)

    @writing("PATCH", "/messages/{message_id:uuid}", "editMessage", 400, 404, 409, 429)
    async def edit(
        self,
        request: ApiRequest,
        message_id: FromPath[UUID],
        data: JSONBody[MessageChange],
        messages: NamedDependency[Messages],
    ) -> objects.Message:
        """Give one's own message another text."""
        return objects.message(await messages.edit(request.user, message_id, data.content))

    @writing("DELETE", "/messages/{message_id:uuid}", "deleteMessage", 404, 429, status=204)
    async def delete(
        self,
        request: ApiRequest,
        message_id: FromPath[UUID],
        messages: NamedDependency[Messages],
    ) -> None:
        """Delete a message for everyone; its author may, and who looks after the conversation."""
        await messages.delete(request.user, message_id)
