"""Conversations as their members see them: /api/conversations."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta, Struct
from msgspec.structs import asdict

from tertulia.core.conversations import Conversations
from tertulia.core.errors import Invalid
from tertulia.core.ids import parse_id
from tertulia.core.model import Actor, Chat, Kind
from tertulia.core.opening import Openings
from tertulia.core.paging import page_size as size_of
from tertulia.core.receipts import Receipts
from tertulia.core.typists import Typists
from tertulia.gateways import objects
from tertulia.gateways.keys import KeyObject, KeyPair, keys, pair_of
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import OptionalBodyOperation, reading, writing
from tertulia.gateways.rest.values import PageSize, PageToken, Seq, SeqQuery

CONVERSATIONS_PER_PAGE = 50


class NewConversation(Struct, frozen=True):
    """What to begin. A private chat takes one other's id, a group an alias, a room also a topic.

    A private chat or group may be `encrypted`, and then begin with one's own keys, both or neither.
    """

    kind: Kind
    alias: str | None = None
    name: str | None = None
    user_ids: Annotated[list[UUID], Meta(max_length=1000)] = []
    topic: str | None = None
    description: str | None = None
    encrypted: bool | None = None
    public_key: KeyObject | None = None
    private_key: KeyObject | None = None


class ConversationChange(Struct, frozen=True):
    """What a conversation shall be like; a field that is absent or null stays as it is.

    `slow_mode_s` is how long plain members wait between two messages, from 0 seconds to a day.
    """

    alias: str | None = None
    name: str | None = None
    topic: str | None = None
    description: str | None = None
    slow_mode_s: int | None = None


class OwnConversationPage(Struct, frozen=True):
    """A page of one's conversations, the latest active first."""

    items: list[objects.OwnConversation]
    page_token: str | None


class PrivateConversation(Struct, frozen=True):
    """Which private chat two people have, if any."""

    conversation_id: UUID | None


class KeyedChanges(objects.Changes, frozen=True):
    """What changed, with all the keys of an encrypted conversation, whether they changed or not.

    See Keys for what each of them is; there are none in an open conversation.
    """

    public_keys: dict[UUID, KeyObject]
    private_key: KeyObject | None
    private_keys: list[KeyPair]
    identities: dict[UUID, KeyObject]


class ReadUpTo(Struct, frozen=True):
    """How far one has read; by default to the end."""

    seq: Seq | None = None


class Reading(Struct, frozen=True):
    """Where the read pointer is now, and what lies past it."""

    read_seq: int
    unread: int


class Typing(Struct, frozen=True):
    """Whether one is typing; said again every few seconds while it lasts."""

    typing: bool


class TypingNow(Struct, frozen=True):
    """Who is typing at this moment."""

    user_ids: tuple[UUID, ...]


class ConversationsController(Controller):
    """The asking person's conversations."""

    path = "/api/conversations"
    tags = ["conversations"]

    @reading("/", "listConversations", 400)
    async def page(
        self,
        request: ApiRequest,
        conversations: NamedDependency[Conversations],
        page_token: PageToken = None,
        page_size: PageSize = None,
    ) -> OwnConversationPage:
        """List one's conversations, the latest active first."""
        size = size_of(page_size, CONVERSATIONS_PER_PAGE)
        page = await conversations.page(request.user, page_token or None, size)
        return OwnConversationPage(list(map(objects.own_conversation, page.items)), page.token)

    @writing("POST", "/", "startConversation", 400, 409, 429)
    async def start(
        self,
        request: ApiRequest,
        data: JSONBody[NewConversation],
        conversations: NamedDependency[Conversations],
    ) -> objects.OwnConversation:
        """Begin a conversation; an open private chat that exists is answered as it is."""
        return objects.own_conversation(await _start(conversations, request.user, data))

    @reading("/{conversation_id:uuid}", "getConversation", 404)
    async def show(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        conversations: NamedDependency[Conversations],
    ) -> objects.OwnConversation:
        """Get one of one's conversations."""
        return objects.own_conversation(await conversations.get(request.user, conversation_id))

    @writing("PATCH", "/{conversation_id:uuid}", "changeConversation", 400, 404)
    async def change(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        data: JSONBody[ConversationChange],
        conversations: NamedDependency[Conversations],
    ) -> objects.OwnConversation:
        """Rename, describe or slow down a group or room; its owner may."""
        chat = await conversations.change(
            request.user,
            conversation_id,
            alias=data.alias,
            name=data.name,
            topic=data.topic,
            description=data.description,
            slow_mode_s=data.slow_mode_s,
        )
        return objects.own_conversation(chat)

    @writing("DELETE", "/{conversation_id:uuid}", "deleteConversation", 404, status=204)
    async def delete(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        conversations: NamedDependency[Conversations],
    ) -> None:
        """End a group or room for everyone; its owner may."""
        await conversations.delete(request.user, conversation_id)

    @reading("/private/{user_id:str}", "findPrivateConversation", 400)
    async def between(
        self,
        request: ApiRequest,
        user_id: FromPath[str],
        conversations: NamedDependency[Conversations],
        encrypted: FromQuery[bool | None] = None,
    ) -> PrivateConversation:
        """Get the id of the private chat with somebody, null if there is none.

        Two people may have an open one and an encrypted one; unless asked for either, it is the
        encrypted one where there is one.
        """
        try:
            other_id = parse_id(user_id, "user_id")
        except Invalid:
            # Clients are known to ask with an id that they do not have yet; nobody has that id.
            return PrivateConversation(None)
        for sort in (True, False) if encrypted is None else (encrypted,):
            found = await conversations.between(request.user, other_id, encrypted=sort)
            if found is not None:
                return PrivateConversation(found)
        return PrivateConversation(None)

    @reading("/{conversation_id:uuid}/changes", "getChanges", 400, 404)
    async def changes(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        openings: NamedDependency[Openings],
        since: SeqQuery,
    ) -> KeyedChanges:
        """Get what changed after a seq; ask again with the answer's `seq` until `complete`."""
        found = await openings.changes(request.user, conversation_id, since)
        return KeyedChanges(**asdict(objects.changes(found)), **asdict(keys(found.keys)))

    @writing(
        "POST",
        "/{conversation_id:uuid}/read",
        "readConversation",
        400,
        404,
        operation=OptionalBodyOperation,
    )
    async def read(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        receipts: NamedDependency[Receipts],
        data: JSONBody[ReadUpTo] = ReadUpTo(),  # noqa: B008, a frozen value
    ) -> Reading:
        """Move one's read pointer forward; it never goes back."""
        chat = await receipts.read(request.user, conversation_id, data.seq)
        return Reading(chat.member.read_seq, chat.unread)

    @writing("POST", "/{conversation_id:uuid}/typing", "setTyping", 400, 404, status=204)
    async def typing(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        data: JSONBody[Typing],
        typists: NamedDependency[Typists],
    ) -> None:
        """Say that one is typing, or that one stopped."""
        if data.typing:
            await typists.start(request.user, conversation_id)
        else:
            await typists.stop(request.user, conversation_id)

    @reading("/{conversation_id:uuid}/typing", "getTyping", 404)
    async def who_types(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        typists: NamedDependency[Typists],
    ) -> TypingNow:
        """See who is typing, for clients to whom nothing is pushed."""
        return TypingNow(await typists.seen_by(request.user, conversation_id))


async def _start(conversations: Conversations, actor: Actor, new: NewConversation) -> Chat:
    pair = pair_of(new.public_key, new.private_key)
    encrypted = bool(new.encrypted)
    match new.kind:
        case Kind.PRIVATE:
            if len(new.user_ids) != 1:
                raise Invalid("A private chat is with exactly one other.", attr="user_ids")
            return await conversations.start_private(
                actor, new.user_ids[0], encrypted=encrypted, keys=pair
            )
        case Kind.GROUP:
            alias = _required(new.alias, "alias")
            return await conversations.start_group(
                actor, alias, new.user_ids, encrypted=encrypted, keys=pair
            )
        case Kind.ROOM:
            if encrypted or pair is not None:
                raise Invalid("A room is open to everybody.", attr="encrypted")
            return await conversations.start_room(
                actor,
                _required(new.alias, "alias"),
                _required(new.topic, "topic"),
                new.name,
                new.description,
            )


def _required(text: str | None, attr: str) -> str:
    if text is None:
        raise Invalid("This field is required.", code="required", attr=attr)
    return text
