"""The core's values as the JSON objects of REST and Phoenix Channels, which are the same in both.

Times are ISO-8601 in UTC with milliseconds and `Z`, ids are UUID strings. The OpenAPI document is
made from these types, and `message` stands on the hot path: it is called once for each event, not
once for each listener.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import asdict

from tertulia.core import message as core
from tertulia.core import model
from tertulia.gateways import extras
from tertulia.gateways.extras import PLAIN
from tertulia.gateways.times import Time as Time
from tertulia.gateways.times import time as time


class User(Struct, frozen=True):
    """A person; `email` is null unless the reader shares a private or group chat with them.

    `avatar` is the address of a square picture 256 pixels wide; with another number at its end it
    is that of another size: 96, 256 or 640.
    """

    id: UUID
    email: str | None
    display_name: str
    username: str | None
    number: int
    avatar: str | None
    about: str | None
    is_deleted: bool


class Me(User, frozen=True):
    """The reader's own account; `second_step` says that signing in asks for a second proof."""

    phone: str | None
    second_step: bool
    is_admin: bool
    confirmed_at: Time | None
    hidden: bool
    theme: model.Theme
    magnification: float
    recents: tuple[str, ...]


class Message(Struct, frozen=True):
    """A message; `content` is empty once it is deleted.

    `id` names the reader's copy and `message_group` the message itself; they differ only where each
    reader has a ciphertext of their own. Such a message is `encrypted`, and `encrypted_reactions`
    has by each who reacted what they sealed for the reader.
    """

    id: UUID
    sender: UUID
    content: str
    inserted_at: Time
    updated_at: Time
    message_group: UUID
    conversation_id: UUID
    seq: int
    changed_seq: int
    reply_to: UUID | None
    forwarded_from: extras.Origin | None
    reactions: Sequence[extras.Reaction]
    attachments: Sequence[extras.Attachment]
    mentions: Sequence[UUID]
    mentions_all: bool
    poll: extras.Poll | None
    previews: Sequence[extras.Preview]
    silent: bool
    pinned_at: Time | None
    edited: bool
    is_deleted: bool
    client_ref: str | None
    # In encrypted conversations alone: the others' messages are many, and all of this is sent.
    encrypted: bool | UnsetType = UNSET
    encrypted_reactions: dict[UUID, str] | UnsetType = UNSET


class Conversation(Struct, frozen=True):
    """A conversation as everyone in it sees it.

    `picture` is an address, as a person's `avatar` is. With `slow_mode_s` above 0 plain members
    wait that many seconds between two messages.
    """

    id: UUID
    private: bool
    alias: str | None
    inserted_at: Time
    updated_at: Time
    kind: model.Kind
    encrypted: bool
    number: int
    name: str | None
    topic: str | None
    description: str | None
    picture: str | None
    slow_mode_s: int
    head_seq: int
    member_count: int


class Preferences(Struct, frozen=True):
    """How the reader keeps a conversation; only their own devices are told.

    A `notify` of null is what the reader's settings say of conversations of its kind.
    """

    notify: model.Notify | None
    muted_until: Time | None
    pinned_at: Time | None
    archived_at: Time | None
    marked_unread: bool


class OwnConversation(Conversation, frozen=True):
    """A conversation as one of its members sees it; never sent to more than that person."""

    read_seq: int
    unread: int
    mentions: int
    preferences: Preferences
    role: model.Role
    last_message: Message | None
    others_read_seq: int
    peer: User | None
    last_activity_at: Time


class Listing(Conversation, frozen=True):
    """A room in the directory."""

    joined: bool


class Member(Struct, frozen=True):
    """One person's place in a conversation; `left` ones are tombstones."""

    user_id: UUID
    user: User
    role: model.Role
    joined_at: Time
    joined_seq: int
    changed_seq: int
    left: bool
    read_seq: int
    read_at: Time | None


class Changes(Struct, frozen=True):
    """The rows that changed after `since`; `seq` is how far this answer reaches.

    `complete` is false when more is to be had by asking again with `since` = `seq`.
    """

    conversation: Conversation
    since: int
    seq: int
    complete: bool
    messages: list[Message]
    members: list[Member]
    users: list[User]
    read_seqs: dict[UUID, int]


def user(account: model.Account) -> User:
    """Word a person as others see them; the core has blanked what this reader may not see."""
    return User(
        account.id,
        account.email,
        account.display_name,
        account.username,
        account.number,
        avatar_address(account),
        account.about,
        account.deleted_at is not None,
    )


def avatar_address(person: model.Account | model.Face) -> str | None:
    """Return where a person's picture is, as it stands in an address of this server."""
    return person.avatar and f"/api/avatars/{person.avatar}/256"


def users(accounts: Iterable[model.Account]) -> list[User]:
    """Word several people."""
    return [user(account) for account in accounts]


def me(account: model.Account) -> Me:
    """Word a person for themselves."""
    profile = account.profile
    return Me(
        id=account.id,
        email=account.email,
        display_name=account.display_name,
        username=account.username,
        number=account.number,
        avatar=avatar_address(account),
        about=account.about,
        is_deleted=account.deleted_at is not None,
        phone=account.phone,
        second_step=account.second_step,
        is_admin=account.is_admin,
        confirmed_at=time(account.confirmed_at) if account.confirmed_at else None,
        hidden=profile.hidden,
        theme=profile.theme,
        magnification=profile.magnification,
        recents=profile.recents,
    )


def message(message: core.Message) -> Message:
    """Word a message, or what is left of it."""
    inserted_at = time(message.inserted_at)
    changed_at = message.deleted_at or message.edited_at
    copy = message.copy
    hung = PLAIN if message.extras is core.PLAIN else extras.worded(message.extras)
    # Positional: naming so many fields takes a quarter longer, for every message sent.
    return Message(
        message.id if copy is None else copy.id,
        message.sender_id,
        (message.body if copy is None else copy.content) or "",
        inserted_at,
        time(changed_at) if changed_at else inserted_at,
        message.id,
        message.conversation_id,
        message.seq,
        message.changed_seq,
        message.reply_to,
        *hung,
        time(message.pinned_at) if message.pinned_at else None,
        message.edited_at is not None,
        message.deleted_at is not None,
        message.client_ref,
        UNSET if copy is None else True,
        UNSET if copy is None else {each.account_id: each.content for each in copy.reactions},
    )


def messages(rows: Iterable[core.Message]) -> list[Message]:
    """Word several messages."""
    return [message(row) for row in rows]


def conversation(conversation: model.Conversation) -> Conversation:
    """Word a conversation for everyone in it."""
    return Conversation(
        id=conversation.id,
        private=conversation.kind is model.Kind.PRIVATE,
        alias=conversation.alias,
        inserted_at=time(conversation.inserted_at),
        updated_at=time(conversation.updated_at),
        kind=conversation.kind,
        encrypted=conversation.encrypted,
        number=conversation.number,
        name=conversation.name,
        topic=conversation.topic,
        description=conversation.description,
        picture=conversation.picture and f"/api/avatars/{conversation.picture}/256",
        slow_mode_s=conversation.slow_mode_s,
        head_seq=conversation.head_seq,
        member_count=conversation.member_count,
    )


def own_conversation(chat: model.Chat) -> OwnConversation:
    """Word a conversation for one of its members."""
    return OwnConversation(
        **asdict(conversation(chat.conversation)),
        read_seq=chat.member.read_seq,
        unread=chat.unread,
        mentions=chat.mentions,
        preferences=preferences(chat.member.preferences),
        role=chat.member.role,
        last_message=message(chat.last_message) if chat.last_message else None,
        others_read_seq=chat.others_read_seq,
        peer=user(chat.peer) if chat.peer else None,
        last_activity_at=time(chat.conversation.last_activity_at),
    )


def preferences(preferences: model.Preferences) -> Preferences:
    """Word how somebody keeps a conversation."""
    muted_until, pinned_at = preferences.muted_until, preferences.pinned_at
    archived_at = preferences.archived_at
    return Preferences(
        notify=preferences.notify,
        muted_until=time(muted_until) if muted_until else None,
        pinned_at=time(pinned_at) if pinned_at else None,
        archived_at=time(archived_at) if archived_at else None,
        marked_unread=preferences.marked_unread,
    )


def listing(listing: model.Listing) -> Listing:
    """Word a room of the directory."""
    return Listing(**asdict(conversation(listing.conversation)), joined=listing.joined)


def member(member: model.Member, account: model.Account) -> Member:
    """Word a member; `account` is that member's."""
    return Member(
        user_id=member.account_id,
        user=user(account),
        role=member.role,
        joined_at=time(member.joined_at),
        joined_seq=member.joined_seq,
        changed_seq=member.changed_seq,
        left=member.left_at is not None,
        read_seq=member.read_seq,
        read_at=time(member.read_at) if member.read_at else None,
    )


def members(pairs: Iterable[tuple[model.Member, model.Account]]) -> list[Member]:
    """Word several members, each beside its account."""
    return [member(row, account) for row, account in pairs]


def read_seqs(reads: Iterable[model.Member]) -> dict[UUID, int]:
    """Word how far each of these members has read; 0 for one who has read nothing yet."""
    return {row.account_id: row.read_seq if row.read_at else 0 for row in reads}


def changes(changes: model.Changes) -> Changes:
    """Word what happened in a conversation after a seq."""
    people = {account.id: account for account in changes.people}
    return Changes(
        conversation=conversation(changes.chat.conversation),
        since=changes.since,
        seq=changes.seq,
        complete=changes.complete,
        messages=messages(changes.messages),
        members=members((row, people[row.account_id]) for row in changes.members),
        users=users(changes.people),
        read_seqs=read_seqs(changes.reads),
    )
