"""Messages: /api/messages, and sending at /api/conversations/{id}/messages."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta, Struct

from tertulia.core import model, polls, texts
from tertulia.core.browsing import Browsing
from tertulia.core.composing import MAX_ATTACHMENTS
from tertulia.core.messages import Messages
from tertulia.core.model import HistoryOrder
from tertulia.core.opening import Openings
from tertulia.core.paging import page_size as size_of
from tertulia.core.polls import MAX_OPTIONS, MIN_OPTIONS
from tertulia.core.search import Search
from tertulia.core.search_query import parse
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import reading, writing
from tertulia.gateways.rest.values import PageSize, PageToken, TextQuery

MESSAGES_PER_PAGE = 20


class NewPoll(Struct, frozen=True):
    """A question and its answers; where `multiple`, one may choose several of them."""

    question: str
    options: Annotated[list[str], Meta(min_length=MIN_OPTIONS, max_length=MAX_OPTIONS)]
    multiple: bool = False


class NewMessage(Struct, frozen=True):
    """A message to send. Sent again here with the same `client_ref`, it is the first one.

    Its `content` may be empty beside `attachments`, which are uploads of the sender for this
    conversation that no message carries yet, or a `poll`. A `silent` one notifies nobody.
    """

    content: str = ""
    client_ref: str | None = None
    reply_to: UUID | None = None
    attachments: Annotated[tuple[UUID, ...], Meta(max_length=MAX_ATTACHMENTS)] = ()
    silent: bool = False
    poll: NewPoll | None = None


class MessageChange(Struct, frozen=True):
    """A message's new text."""

    content: str


class MessagePage(Struct, frozen=True):
    """A page of messages, with the people who sent them."""

    items: list[objects.Message]
    page_token: str | None
    users: list[objects.User]


class OneMessage(Struct, frozen=True):
    """A message and the people whom it names."""

    message: objects.Message
    users: list[objects.User]


def message_page(history: model.History) -> MessagePage:
    """Word a page of messages."""
    return MessagePage(
        objects.messages(history.messages.items),
        history.messages.token,
        objects.users(history.people),
    )


def new_poll(poll: NewPoll) -> polls.NewPoll:
    """Read a poll that somebody asks for."""
    return polls.NewPoll(question=poll.question, options=poll.options, is_multiple=poll.multiple)


class MessagesController(Controller):
    """Reading back, sending, editing, deleting."""

    path = "/api"
    tags = ["messages"]

    @reading("/messages", "listMessages", 400, 404, 429)
    async def page(
        self,
        request: ApiRequest,
        openings: NamedDependency[Openings],
        search: NamedDependency[Search],
        conversation_id: FromQuery[UUID],
        page_token: PageToken = None,
        page_size: PageSize = None,
        sort: FromQuery[HistoryOrder] = "desc",
        q: TextQuery = "",
    ) -> MessagePage:
        """Read a conversation's history from its newest or its oldest end; deleted ones too.

        With `q` only the messages that it finds, in the order of `GET /api/search`.
        """
        size = size_of(page_size, MESSAGES_PER_PAGE)
        token = page_token or None
        if q.strip():
            history = await search.within(
                request.user, conversation_id, parse(texts.search(q, "q")), token, size
            )
        else:
            history = await openings.history(request.user, conversation_id, token, size, sort)
        return message_page(history)

    @writing(
        "POST", "/conversations/{conversation_id:uuid}/messages", "sendMessage", 400, 404, 409, 429
    )
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
            attachments=data.attachments,
            poll=None if data.poll is None else new_poll(data.poll),
            is_silent=data.silent,
        )
        return objects.message(sent)

    @reading("/messages/{message_id:uuid}", "getMessage", 404)
    async def message(
        self,
        request: ApiRequest,
        message_id: FromPath[UUID],
        browsing: NamedDependency[Browsing],
    ) -> OneMessage:
        """Read one message, or what is left of it."""
        found = await browsing.message(request.user, message_id)
        (message,) = found.messages.items
        return OneMessage(objects.message(message), objects.users(found.people))

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
