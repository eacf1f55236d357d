"""What the core needs from the world: storage, the journal, secrets, and the road to listeners.

A store's methods run inside the transaction of the `Work` that holds it, take and return frozen
values, and refuse with the errors of `core.errors`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from tertulia.core.account_stores import (
    AccountStore,
    ExportStore,
    IdentityStore,
    LetterStore,
    OneTimeTokenStore,
    PasskeyStore,
    PhoneCodeStore,
    RelationStore,
    SecondStepStore,
    SessionStore,
)
from tertulia.core.events import Event
from tertulia.core.model import (
    Account,
    Chat,
    Conversation,
    Draft,
    HistoryOrder,
    Listing,
    Member,
    Membership,
    Message,
    Role,
    RoomOrder,
)

Clock = Callable[[], datetime]
Publish = Callable[[Sequence[Event]], None]
"""Hands committed facts to their listeners, in this order, without waiting for any of them."""


class ConversationStore(Protocol):
    """Conversations, fetched only through the right to see them."""

    async def add(self, conversation: Conversation, pair: tuple[UUID, UUID] | None) -> Conversation:
        """Store a new one and allot its number.

        `pair` holds the two people of a private chat. Conflict `conversation_already_exists` for a
        second chat of the same pair; Invalid `taken` names `name` for a room's taken short name.
        """

    async def for_member(self, account_id: UUID, conversation_id: UUID) -> Membership:
        """Return a conversation of which the person is a member now, or refuse with NotFound."""

    async def locked_for_member(self, account_id: UUID, conversation_id: UUID) -> Membership:
        """Do as `for_member` does, holding the conversation's row until the work ends."""

    async def locked_room(self, conversation_id: UUID) -> Conversation:
        """Return a room, which anyone may see, holding its row; NotFound otherwise."""

    async def between(self, one: UUID, other: UUID) -> UUID | None:
        """Return the id of the private chat of two people, if there is one."""

    async def take_seq(self, conversation_id: UUID) -> int:
        """Take the next seq of a conversation, locking its row until the work ends."""

    async def update(self, conversation: Conversation) -> None:
        """Store alias, name, topic, description, member_count and updated_at."""

    async def delete(self, conversation_id: UUID, at: datetime) -> None:
        """Hide a conversation from everyone for ever."""

    async def chat(self, account_id: UUID, conversation_id: UUID) -> Chat:
        """Return one conversation as this member sees it, or refuse with NotFound."""

    async def chats(
        self, account_id: UUID, *, before: tuple[datetime, int] | None, limit: int
    ) -> tuple[Chat, ...]:
        """Return a person's conversations, latest activity (then highest number) first."""

    async def directory(
        self,
        account_id: UUID,
        *,
        topic: str | None,
        text: str,
        order: RoomOrder,
        after: tuple[int, int] | None,
        limit: int,
    ) -> tuple[Listing, ...]:
        """Return rooms by (key, number): `popular` by member count, else by number.

        `after` is the (key, number) of the last one shown; `old` ascends, the others descend.
        """

    async def ids_of(self, account_id: UUID) -> tuple[UUID, ...]:
        """Return the ids of all conversations that a person is in, in order of number."""

    async def heads(self, conversation_ids: Collection[UUID]) -> dict[UUID, int]:
        """Return the head seq of each of these conversations that still exists."""


class MemberStore(Protocol):
    """Who is, and was, in a conversation."""

    async def add(self, members: Sequence[Member]) -> None:
        """Store members; someone who had left comes back in the same row, with these fields."""

    async def get(self, conversation_id: UUID, account_id: UUID) -> Member:
        """Return a living member or refuse with NotFound."""

    async def among(self, conversation_id: UUID, people: Collection[UUID]) -> tuple[Member, ...]:
        """Return those of these people who are living members, in order of joining."""

    async def longest(self, conversation_id: UUID, role: Role) -> Member | None:
        """Return who of the living members with this role has been there longest, if anyone."""

    async def present(self, conversation_id: UUID) -> tuple[Member, ...]:
        """Return all living members in order of joining; in a room they are many."""

    async def people(self, conversation_id: UUID) -> tuple[tuple[Member, Account], ...]:
        """Do as `present` does, each member beside their account."""

    async def page(
        self, conversation_id: UUID, *, after: tuple[int, UUID] | None, limit: int
    ) -> tuple[Member, ...]:
        """Return living members by (joined_seq, account_id)."""

    async def joined(self, account_id: UUID, limit: int) -> tuple[UUID, ...]:
        """Return groups and rooms that a person is in, those begun first."""

    async def update(self, member: Member) -> None:
        """Store role, changed_seq and left_at."""

    async def silence(self, conversation_id: UUID, account_id: UUID, at: datetime | None) -> None:
        """Have a member be silent from now on, or speak again where `at` is None."""

    async def read(self, conversation_id: UUID, account_id: UUID, seq: int, at: datetime) -> bool:
        """Move a read pointer forward; False when it was there already."""

    async def changed_since(
        self, conversation_id: UUID, since: int, limit: int
    ) -> tuple[Member, ...]:
        """Return rows, left ones included, with changed_seq past `since`, in its order."""


class MessageStore(Protocol):
    """The history of conversations. New messages come in through the Journal."""

    async def for_member(self, account_id: UUID, message_id: UUID) -> Message:
        """Return a message, or its tombstone, of a conversation of which the person is a member.

        Refuses with NotFound, the same whether there is no such message or not for this person.
        """

    async def page(
        self, conversation_id: UUID, *, after_seq: int | None, order: HistoryOrder, limit: int
    ) -> tuple[Message, ...]:
        """Return history from one end, or past `after_seq` in the direction of `order`."""

    async def sent_by(
        self, conversation_id: UUID, sender_id: UUID, *, after_seq: int | None, limit: int
    ) -> tuple[Message, ...]:
        """Return what one person sent into a conversation, past `after_seq`, the oldest first."""

    async def changed_since(
        self, conversation_id: UUID, since: int, limit: int
    ) -> tuple[Message, ...]:
        """Return rows with changed_seq past `since`, in its order."""

    async def update(self, message: Message) -> None:
        """Store body, changed_seq, edited_at and deleted_at."""


class Work(Protocol):
    """One use case's hold on storage: one transaction over all stores."""

    @property
    def accounts(self) -> AccountStore:
        """Accounts."""

    @property
    def sessions(self) -> SessionStore:
        """Sessions."""

    @property
    def one_time_tokens(self) -> OneTimeTokenStore:
        """Tokens that work once."""

    @property
    def phone_codes(self) -> PhoneCodeStore:
        """Codes sent to telephones."""

    @property
    def identities(self) -> IdentityStore:
        """Accounts at providers."""

    @property
    def second_steps(self) -> SecondStepStore:
        """Authenticator apps and recovery codes."""

    @property
    def passkeys(self) -> PasskeyStore:
        """Passkeys."""

    @property
    def relations(self) -> RelationStore:
        """Contacts and blocks."""

    @property
    def letters(self) -> LetterStore:
        """The outbox."""

    @property
    def exports(self) -> ExportStore:
        """Copies of people's own data."""

    @property
    def conversations(self) -> ConversationStore:
        """Conversations."""

    @property
    def members(self) -> MemberStore:
        """Members."""

    @property
    def messages(self) -> MessageStore:
        """Messages."""

    def announce(self, *events: Event) -> None:
        """Publish these once the transaction is durable, and only then."""


class Storage(Protocol):
    """Where everything lasting lives."""

    def begin(self) -> AbstractAsyncContextManager[Work]:
        """Open a transaction that may write.

        Leaving the block commits and then announces, both shielded from cancellation; an exception
        rolls all of it back.
        """

    def read(self) -> AbstractAsyncContextManager[Work]:
        """Open a transaction that sees one moment and writes nothing."""


class Journal(Protocol):
    """The one door for new messages; many are made durable by one commit."""

    async def append(self, draft: Draft) -> Message:
        """Store a message and return it once it is durable; announce MessageSent.

        A repeated (sender, client_ref) returns the first message and announces nothing. Refuses
        with NotFound for one who is not a member, and for a `reply_to` outside the conversation
        with Invalid.
        """


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """Something that lasts only while it is renewed: `key` is unique in its `place`."""

    place: UUID
    key: str
    value: str


class Roster(Protocol):
    """What holds at this moment, on all nodes; an entry that is not renewed in time is gone."""

    async def enter(self, entries: Collection[RosterEntry], ttl_s: float) -> None:
        """Put entries in, or renew them, for `ttl_s` seconds from now."""

    async def leave(self, entries: Collection[RosterEntry]) -> None:
        """Take entries out; those that are not there are passed over."""

    async def places(self) -> frozenset[UUID]:
        """Return every place that has an entry now."""

    async def present(self, places: Collection[UUID]) -> tuple[RosterEntry, ...]:
        """Return the entries that are in these places now."""

    async def expire(self) -> tuple[RosterEntry, ...]:
        """Take out entries whose time has run out; each is returned to one caller only."""


class PasswordHasher(Protocol):
    """Slow hashes, computed off the event loop."""

    async def hash(self, password: str) -> str:
        """Hash a new password."""

    async def verify(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Return whether it fits, and a better hash to store if the old one is outdated.

        With no stored hash the same work is done in vain, so that timing tells nothing.
        """


class AccessTokens(Protocol):
    """Signed tokens that name an account and a session for a short while."""

    def issue(self, account_id: UUID, number: int, session_id: UUID, now: datetime) -> str:
        """Sign a token that is valid from `now`."""

    def read(self, token: str, now: datetime, tolerance_s: float = 0) -> tuple[UUID, UUID]:
        """Return (account_id, session_id); NotAuthenticated `invalid_token` if it does not hold.

        `tolerance_s` accepts a token that expired no longer ago than that.
        """


class Vault(Protocol):
    """Keeps texts that have to be read again, so that the database alone does not tell them."""

    def seal(self, text: str) -> str:
        """Return a text as it may be stored."""

    def unseal(self, sealed: str) -> str:
        """Return what was sealed; raises ValueError for what no key of the vault opens."""
