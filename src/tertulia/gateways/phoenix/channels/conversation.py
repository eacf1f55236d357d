"""`conversation:{id}`: one conversation, for its members.

    > ["2", "2", "conversation:0198...", "phx_join", {"since": 41}]
    > ["2", "3", "conversation:0198...", "send_message", {"content": "hello", "client_ref": "a1"}]
    < ["2", "3", "conversation:0198...", "phx_reply", {"status": "ok", "response": {...}}]
    < [null, null, "conversation:0198...", "new_message", {"message": {...}, "seq": 42, ...}]

The join's response shows one moment of the conversation, its `head_seq`, and what follows on the
topic starts right after that: no change is missing in between and none comes twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Raw, Struct
from msgspec.structs import asdict

from tertulia.core.errors import Invalid, NotFound
from tertulia.core.ids import parse_id
from tertulia.core.model import Account, Chat, Member
from tertulia.gateways import objects
from tertulia.gateways.keys import KeyObject, keys
from tertulia.gateways.payload import Handler, Nothing, Payload
from tertulia.gateways.phoenix.channels.channel import DONE, Caller, Channel
from tertulia.gateways.phoenix.channels.message_acts import MESSAGE_EVENTS, Place
from tertulia.realtime.topic import ConversationTopic

Seq = Annotated[int, Meta(ge=0, le=2**53)]
"""Within what JavaScript's numbers hold exactly."""

MAX_NEW_MEMBERS = 500


class ReadConversation(Struct, frozen=True):
    """How far one has read; without `seq` everything."""

    seq: Seq | None = None


class ChangeAlias(Struct, frozen=True):
    """Another full name for the conversation."""

    alias: str


class ModifyConversation(Struct, frozen=True):
    """People to bring in, and perhaps another full name."""

    new_members: Annotated[list[UUID], Meta(max_length=MAX_NEW_MEMBERS)]
    alias: str | None = None


class SetEncryptionKeys(Struct, frozen=True):
    """The keys that one goes by here from now on; the private one comes wrapped."""

    public_key: KeyObject
    private_key: KeyObject


class ConversationChannel(Channel):
    """A member's place in a conversation, on one socket."""

    __slots__ = ("_id",)

    def __init__(self, caller: Caller, name: str) -> None:
        super().__init__(caller)
        self._id = _conversation_id(name)

    @property
    def place(self) -> Place:
        """Where, and by whom, messages are sent and changed here."""
        return Place(self._caller.core, self._caller.actor, self._id)

    @property
    def events(self) -> Mapping[str, Handler[Any]]:
        """What members do in a conversation."""
        return EVENTS

    async def join(self, payload: Raw) -> object:
        """Open the conversation: its latest page, or with `since` the changes after that seq."""
        since = _JOIN.read(payload).since
        await self._listen(ConversationTopic(self._id))
        try:
            if since is None:
                return await self._open()
            return await self._catch_up(since)
        except NotFound:
            raise _no_conversation() from None

    async def start_typing(self, _: Nothing) -> object:
        """Be seen typing for a while; said again, for longer."""
        await self._caller.core.typists.start(self._caller.actor, self._id)
        return DONE

    async def finish_typing(self, _: Nothing) -> object:
        """Be seen typing no more."""
        await self._caller.core.typists.stop(self._caller.actor, self._id)
        return DONE

    async def read_conversation(self, payload: ReadConversation) -> object:
        """Move one's read pointer forward."""
        await self._caller.core.receipts.read(self._caller.actor, self._id, payload.seq)
        return DONE

    async def change_alias(self, payload: ChangeAlias) -> object:
        """Give the conversation another full name; everyone hears `update_alias`."""
        conversations = self._caller.core.conversations
        await conversations.change(self._caller.actor, self._id, alias=payload.alias)
        return DONE

    async def leave_conversation(self, _: Nothing) -> object:
        """Leave for good; everyone hears `leave_conversation`, and this channel is closed."""
        await self._caller.core.members.leave(self._caller.actor, self._id)
        return DONE

    async def modify_conversation(self, payload: ModifyConversation) -> object:
        """Bring people in, and perhaps change the full name."""
        members = self._caller.core.members
        await members.add(self._caller.actor, self._id, payload.new_members, alias=payload.alias)
        return DONE

    async def set_encryption_keys(self, payload: SetEncryptionKeys) -> object:
        """Publish one's keys for this conversation; everyone hears `set_encryption_keys`."""
        await self._caller.core.encryption_keys.publish(
            self._caller.actor, self._id, payload.public_key, payload.private_key
        )
        return DONE

    async def _open(self) -> object:
        snapshot = await self._caller.core.openings.open(self._caller.actor, self._id)
        return {
            **await self._seen(snapshot.chat, snapshot.people, snapshot.reads),
            **asdict(keys(snapshot.keys)),
            "messages": {
                "items": objects.messages(snapshot.history.items),
                "page_token": snapshot.history.token,
            },
        }

    async def _catch_up(self, since: int) -> object:
        changes = await self._caller.core.openings.changes(self._caller.actor, self._id, since)
        return {
            **await self._seen(changes.chat, changes.people, changes.reads),
            **asdict(keys(changes.keys)),
            "changes": objects.changes(changes),
        }

    async def _seen(
        self, chat: Chat, people: Iterable[Account], reads: Iterable[Member]
    ) -> dict[str, object]:
        self._covers(chat.conversation.head_seq)
        return {
            "conversation": objects.own_conversation(chat),
            "users": objects.users(people),
            "read_times": {
                row.account_id: objects.time(row.read_at) if row.read_at else None for row in reads
            },
            "read_seqs": objects.read_seqs(reads),
            "typing": await self._caller.core.typists.typing_in(self._id),
            "voice": self._caller.core.voice.channels.participants_in(self._id),
        }


class Join(Struct, frozen=True):
    """With `since` the answer has the changes after that seq, else the latest page."""

    since: Seq | None = None


def _conversation_id(name: str) -> UUID:
    # Only the canonical spelling: broadcasts carry it, and under any other nobody would hear them.
    try:
        conversation_id = parse_id(name, "topic")
    except Invalid:
        raise _no_conversation() from None
    if str(conversation_id) != name:
        raise _no_conversation()
    return conversation_id


def _no_conversation() -> NotFound:
    return NotFound("You are in no such conversation.", code="no_conversation")


_JOIN = Payload(Join)
EVENTS: Mapping[str, Handler[ConversationChannel]] = {
    **MESSAGE_EVENTS,
    "start_typing": Handler(Nothing, ConversationChannel.start_typing),
    "finish_typing": Handler(Nothing, ConversationChannel.finish_typing),
    "read_conversation": Handler(ReadConversation, ConversationChannel.read_conversation),
    "change_alias": Handler(ChangeAlias, ConversationChannel.change_alias),
    "leave_conversation": Handler(Nothing, ConversationChannel.leave_conversation),
    "modify_conversation": Handler(ModifyConversation, ConversationChannel.modify_conversation),
    "set_encryption_keys": Handler(SetEncryptionKeys, ConversationChannel.set_encryption_keys),
}
