"""A listener's copy of one conversation: what a client holds, and how events and changes move it.

It is written apart from the server's own code, as a client would, so that the law can be tested:
old snapshot + events = fresh snapshot = old snapshot + changes since.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, assert_never

from tertulia.core.events import (
    ConversationChanged,
    KeysPublished,
    LastingChange,
    MemberChanged,
    MemberLeft,
    MembersJoined,
    MessageChange,
    MessageDeleted,
    MessageEdited,
    MessagePinned,
    MessageSent,
    MessageUnpinned,
    PollClosed,
    PollVoted,
    PreviewsAdded,
    ReactionAdded,
    ReactionRemoved,
    SealedChange,
    SealedEdited,
    SealedReacted,
    SealedSent,
)
from tertulia.core.message import Copy, SealedReaction
from tertulia.core.model import Preferences

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.chat import ChatCore
    from tertulia.core.encryption import KeyObject
    from tertulia.core.message import Message
    from tertulia.core.model import Actor, Changes, Conversation, Member


class HoleSeenError(Exception):
    """An event came whose predecessor did not."""


@dataclass
class Replica:
    """One conversation as its listener knows it: every message, every living member.

    Of an encrypted one, every message of which the `reader` has a copy, and everyone's keys.
    """

    conversation: Conversation
    reader: UUID
    messages: dict[UUID, Message] = field(default_factory=dict)
    members: dict[UUID, Member] = field(default_factory=dict)
    keys: dict[UUID, KeyObject] = field(default_factory=dict)

    @property
    def head(self) -> int:
        """The last change that this copy holds."""
        return self.conversation.head_seq

    def copy(self) -> Replica:
        """Return a copy that moves on its own."""
        return Replica(
            self.conversation,
            self.reader,
            dict(self.messages),
            dict(self.members),
            dict(self.keys),
        )

    def apply(self, event: LastingChange) -> None:
        """Take in one event: old ones are passed over, a hole is refused."""
        if event.seq <= self.head:
            return
        if event.seq != self.head + 1:
            raise HoleSeenError(f"{event.seq} came after {self.head}")
        self._change(head_seq=event.seq)
        match event:
            case (
                MessageSent()
                | MessageEdited()
                | MessageDeleted()
                | ReactionAdded()
                | ReactionRemoved()
                | MessagePinned()
                | MessageUnpinned()
                | PollVoted()
                | PollClosed()
                | PreviewsAdded()
            ):
                self._apply_message(event)
            case SealedSent() | SealedEdited() | SealedReacted():
                self._apply_sealed(event)
            case KeysPublished():
                self.keys[event.account_id] = event.public_key
            case ConversationChanged(conversation=conversation):
                self.conversation = conversation
            case MembersJoined() | MemberLeft() | MemberChanged():
                self._apply_member(event)
            case _:
                assert_never(event)

    def catch_up(self, changes: Changes) -> None:
        """Take in the answer to "what changed since"."""
        for message in changes.messages:
            self._put(message)
        for member in changes.members:
            if member.left_at is None:
                self.members[member.account_id] = member
            else:
                self.members.pop(member.account_id, None)
        if changes.keys is not None:
            self.keys = dict(changes.keys.public_keys)
        self.conversation = replace(changes.chat.conversation, head_seq=changes.seq)

    def seen(self) -> tuple[object, ...]:
        """Return all that a person would see, for comparing copies.

        Read pointers and preferences move without a seq, so they are no part of it.
        """
        history = tuple(sorted(self.messages.values(), key=lambda message: message.seq))
        members = sorted(self.members.values(), key=lambda member: member.account_id)
        unread = tuple(
            replace(member, read_seq=0, read_at=None, preferences=Preferences())
            for member in members
        )
        return self.conversation, history, unread, self.keys

    def _apply_message(self, event: MessageSent | MessageChange) -> None:
        message = event.message
        if self.conversation.encrypted:
            held = self._copy_of(message)
            if held is None:
                return
            is_deleted = message.deleted_at is not None
            message = replace(message, copy=Copy(id=held.id, content=None) if is_deleted else held)
        self._put(message)
        if isinstance(event, MessageSent):
            self._change(last_activity_at=event.message.inserted_at)

    def _apply_sealed(self, event: SealedChange) -> None:
        if isinstance(event, SealedSent):
            self._change(last_activity_at=event.message.inserted_at)
            copy = event.copies.get(self.reader)
        else:
            copy = self._copy_of(event.message)
        if copy is None:
            return
        if isinstance(event, SealedEdited) and self.reader in event.copies:
            copy = replace(copy, content=event.copies[self.reader].content)
        if isinstance(event, SealedReacted):
            copy = _reacted(copy, event.account_id, event.copies.get(self.reader))
        self._put(replace(event.message, copy=copy))

    def _copy_of(self, message: Message) -> Copy | None:
        held = self.messages.get(message.id)
        return None if held is None else held.copy

    def _apply_member(self, event: MembersJoined | MemberLeft | MemberChanged) -> None:
        match event:
            case MembersJoined(members=members, member_count=count):
                self.members.update({member.account_id: member for member in members})
                self._change(member_count=count)
            case MemberLeft(member=member, member_count=count):
                self.members.pop(member.account_id)
                self.keys.pop(member.account_id, None)
                self._change(member_count=count)
            case MemberChanged(member=member):
                self.members[member.account_id] = member

    def _put(self, message: Message) -> None:
        self.messages[message.id] = message

    def _change(self, **fields: Any) -> None:
        self.conversation = replace(self.conversation, **fields)


def _reacted(copy: Copy, account_id: UUID, content: str | None) -> Copy:
    reactions = {each.account_id: each for each in copy.reactions}
    reactions.pop(account_id, None)
    if content is not None:
        reactions[account_id] = SealedReaction(account_id, content)
    return replace(copy, reactions=tuple(reactions[each] for each in sorted(reactions)))


async def fresh_replica(core: ChatCore, actor: Actor, conversation_id: UUID) -> Replica:
    """Read a conversation whole, by its pages. Nothing may change it meanwhile."""
    snapshot = await core.openings.open(actor, conversation_id)
    replica = Replica(snapshot.chat.conversation, actor.account_id)
    if snapshot.keys is not None:
        replica.keys.update(snapshot.keys.public_keys)
    token: str | None = None
    while True:
        history = await core.openings.history(actor, conversation_id, token, 3, "desc")
        replica.messages.update({message.id: message for message in history.messages.items})
        token = history.messages.token
        if token is None:
            break
    while True:
        page = await core.members.page(actor, conversation_id, token, 2)
        replica.members.update({member.account_id: member for member, _ in page.items})
        token = page.token
        if token is None:
            return replica


async def catch_up(core: ChatCore, actor: Actor, conversation_id: UUID, replica: Replica) -> None:
    """Ask for changes until there are no more."""
    while True:
        changes = await core.openings.changes(actor, conversation_id, replica.head)
        replica.catch_up(changes)
        if changes.complete:
            return
