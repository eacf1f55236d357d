"""The nouns of a chat, as frozen values; stores return them and gateways word them.

Times are aware datetimes in UTC. A `seq` counts the lasting changes of one conversation from 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, Literal, TypeVar
from uuid import UUID

from tertulia.core.encryption import ConversationKeys
from tertulia.core.message import Message

T = TypeVar("T")

Theme = Literal["day", "night", "auto"]
RoomOrder = Literal["new", "old", "popular"]
HistoryOrder = Literal["desc", "asc"]
ExportStatus = Literal["waiting", "running", "ready", "failed"]
Status = Literal["online", "away", "busy"]
EndReason = Literal["left", "removed", "banned", "deleted"]


class Kind(StrEnum):
    """Private: two people, for ever. Group: members only. Room: public, listed in the directory."""

    PRIVATE = "private"
    GROUP = "group"
    ROOM = "room"


class Role(StrEnum):
    """What a member may do; `policy` has the rules."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


class Notify(StrEnum):
    """What of a conversation one is notified of."""

    ALL = "all"
    MENTIONS = "mentions"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Whoever makes a call: an account, through one of its sessions."""

    account_id: UUID
    session_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A person's own preferences; nobody else sees them."""

    hidden: bool = False
    theme: Theme = "auto"
    magnification: float = 1.0
    recents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person who can sign in. `number` is the id for dialects that expect integers.

    `avatar` is the key of a picture, `phone` in the form of E.164 (`+34600123456`). `second_step`
    says that coming in asks for a second proof. A deleted account keeps its row and loses all else.
    """

    id: UUID
    number: int
    email: str | None
    username: str | None
    display_name: str
    avatar: str | None
    confirmed_at: datetime | None
    profile: Profile
    inserted_at: datetime
    updated_at: datetime
    phone: str | None = None
    about: str | None = None
    is_admin: bool = False
    second_step: bool = False
    disabled_at: datetime | None = None
    deleted_at: datetime | None = None

    @property
    def face(self) -> Face:
        """What everybody may see of this person."""
        return Face(self.id, self.number, self.username, self.display_name, self.avatar)


@dataclass(frozen=True, slots=True)
class Face:
    """What everybody may see of a person: facts carry it for dialects that name who did it."""

    id: UUID
    number: int
    username: str | None
    display_name: str
    avatar: str | None

    @property
    def name(self) -> str:
        """What this person goes by where there is one name: the unique one, if there is one."""
        return self.username or self.display_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a password is checked against."""

    account: Account
    password_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One sign-in on one device; every token belongs to a session and ends with it."""

    id: UUID
    account_id: UUID
    name: str
    address: str
    inserted_at: datetime
    last_used_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A copy of a person's own data: asked for, under way, ready for a while, or failed.

    `done` of `total` conversations are written; `total` is 0 until it is known. `blob` is its key
    among the blobs, where it is once it is ready, and `size` its length in bytes.
    """

    id: UUID
    account_id: UUID
    inserted_at: datetime
    done: int = 0
    total: int = 0
    blob: str | None = None
    size: int = 0
    ready_at: datetime | None = None
    failed_at: datetime | None = None
    expires_at: datetime | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether it waits or is being made."""
        return self.ready_at is None and self.failed_at is None

    @property
    def status(self) -> ExportStatus:
        """How far it is, in a word."""
        if self.failed_at is not None:
            return "failed"
        if self.ready_at is not None:
            return "ready"
        return "waiting" if self.blob is None else "running"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken:
    """The stored half of a refresh token: its SHA-256 digest, never the token itself."""

    digest: bytes
    session_id: UUID
    expires_at: datetime
    spent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A private chat, a group or a room, as everyone in it sees it.

    `alias` is the full name shown (null in private chats); `name` is a room's unique short name.
    `picture` is the key of one. With `slow_mode_s` above 0 a plain member waits that many seconds
    between two messages.
    """

    id: UUID
    number: int
    kind: Kind
    encrypted: bool
    name: str | None
    alias: str | None
    topic: str | None
    description: str | None
    head_seq: int
    member_count: int
    inserted_at: datetime
    updated_at: datetime
    last_activity_at: datetime
    picture: str | None = None
    slow_mode_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """How one member keeps a conversation; nobody else sees it, and it takes no seq.

    It is muted until `muted_until`, and `marked_unread` until it is read next. Without a `notify`
    of its own it is as the person's settings say of conversations of its kind.
    """

    notify: Notify | None = None
    muted_until: datetime | None = None
    pinned_at: datetime | None = None
    archived_at: datetime | None = None
    marked_unread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One person's place in a conversation. The row stays as a tombstone after leaving.

    `silenced_at` is set while the other one of a private chat has blocked this one.
    """

    conversation_id: UUID
    account_id: UUID
    role: Role
    joined_at: datetime
    joined_seq: int
    changed_seq: int
    read_seq: int
    read_at: datetime | None = None
    left_at: datetime | None = None
    silenced_at: datetime | None = None
    preferences: Preferences = Preferences()


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A conversation together with the asking person's living place in it."""

    conversation: Conversation
    member: Member

    @property
    def copies_of(self) -> UUID | None:
        """Whose copies are read here: one's own, and nobody's in an open conversation."""
        return self.member.account_id if self.conversation.encrypted else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A conversation as one of its members sees it.

    `unread` counts the living messages of others past the read pointer, and `mentions` those of
    them that mention this member or everyone. `others_read_seq` is the
    furthest that any other member has read (0 in rooms). `peer` is the other one of a private chat.
    """

    conversation: Conversation
    member: Member
    unread: int
    last_message: Message | None
    others_read_seq: int
    peer: Account | None
    mentions: int = 0

    @property
    def copies_of(self) -> UUID | None:
        """Do as `Membership.copies_of` does."""
        return self.member.account_id if self.conversation.encrypted else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A room in the directory, and whether the asking person is in it."""

    conversation: Conversation
    joined: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """A page of a longer list; `token` asks for the next one and is None at the end."""

    items: tuple[T, ...]
    token: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A page of messages, with the people who sent them."""

    messages: Page[Message]
    people: tuple[Account, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What opening a conversation shows; it covers everything up to the conversation's head.

    `reads` has the read pointers of all members (private, group) or only one's own (room), and
    `keys` those of an encrypted conversation.
    """

    chat: Chat
    history: Page[Message]
    people: tuple[Account, ...]
    reads: tuple[Member, ...]
    keys: ConversationKeys | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The rows of a conversation that changed after `since`, covering everything up to `seq`.

    `keys` has all of an encrypted conversation, whether they changed or not.
    """

    chat: Chat
    since: int
    seq: int
    messages: tuple[Message, ...]
    members: tuple[Member, ...]
    people: tuple[Account, ...]
    reads: tuple[Member, ...]
    keys: ConversationKeys | None = None

    @property
    def complete(self) -> bool:
        """Whether nothing was left for a further question."""
        return self.seq >= self.chat.conversation.head_seq
