"""What the core needs from the world: storage, the journal, secrets, and the road to listeners.

A store's methods run inside the transaction of the `Work` that holds it, take and return frozen
values, and refuse with the errors of `core.errors`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from tertulia.core.account_key_stores import AccountKeyWork
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
from tertulia.core.conversation_stores import AuditStore, BanStore, InviteStore
from tertulia.core.encryption_stores import CopyStore, EncryptionKeyStore
from tertulia.core.events import Event
from tertulia.core.message import Draft, Message
from tertulia.core.model import (
    Account,
    Chat,
    Conversation,
    Listing,
    Member,
    Membership,
    Preferences,
    Role,
    RoomOrder,
)
from tertulia.core.notification_stores import NotificationWork
from tertulia.core.search_stores import SearchIndexStore, SearchStore
from tertulia.core.talk_stores import (
    ArchiveStore,
    MentionStore,
    MessageStore,
    StarStore,
    VersionStore,
)
from tertulia.core.upload_stores import PreviewPictureStore, UploadStore

Clock = Callable[[], datetime]
Publish = Callable[[Sequence[Event]], None]
"""Hands committed facts to their listeners, in this order, without waiting for any of them."""


class ConversationStore(Protocol):
    """Conversations, fetched only through the right to see them."""

    async def add(self, conversation: Conversation, pair: tuple[UUID, UUID] | None) -> Conversation:
        """Store a new one and allot its number.

        `pair` holds the two people of a private chat, who may have an open and an encrypted one.
        Conflict `conversation_already_exists` for a second one of either sort; Invalid `taken`
        names `name` for a room's taken short name.
        """

    async def for_member(self, account_id: UUID, conversation_id: UUID) -> Membership:
        """Return a conversation of which the person is a member now, or refuse with NotFound."""

    async def locked_for_member(self, account_id: UUID, conversation_id: UUID) -> Membership:
        """Do as `for_member` does, holding the conversation's row until the work ends."""

    async def numbered(self, number: int) -> UUID | None:
        """Return the id of the conversation with this number; it says nothing of who may see it."""

    async def locked_room(self, conversation_id: UUID) -> Conversation:
        """Return a room, which anyone may see, holding its row; NotFound otherwise."""

    async def living(self, conversation_id: UUID) -> Conversation | None:
        """Return a conversation that was not deleted, for whoever has another right to see it."""

    async def locked(self, conversation_id: UUID) -> Conversation | None:
        """Do as `living` does, holding the conversation's row until the work ends."""

    async def between(self, one: UUID, other: UUID, *, encrypted: bool) -> UUID | None:
        """Return the id of two people's private chat of this sort, if there is one."""

    async def all_between(self, one: UUID, other: UUID) -> tuple[UUID, ...]:
        """Return the ids of all private chats of two people."""

    async def take_seq(self, conversation_id: UUID) -> int:
        """Take the next seq of a conversation, locking its row until the work ends."""

    async def update(self, conversation: Conversation) -> None:
        """Store what it is called, shows and asks for, member_count and updated_at."""

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

    async def prefer(
        self, conversation_id: UUID, account_id: UUID, preferences: Preferences
    ) -> None:
        """Store how a member keeps a conversation."""

    async def pins(self, account_id: UUID) -> int:
        """Return how many of a person's conversations are pinned."""

    async def read(self, conversation_id: UUID, account_id: UUID, seq: int, at: datetime) -> bool:
        """Move a read pointer forward; False when it was there already."""

    async def changed_since(
        self, conversation_id: UUID, since: int, limit: int
    ) -> tuple[Member, ...]:
        """Return rows, left ones included, with changed_seq past `since`, in its order."""


class Work(NotificationWork, AccountKeyWork, Protocol):
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

    @property
    def copies(self) -> CopyStore:
        """What was sealed for each person."""

    @property
    def encryption_keys(self) -> EncryptionKeyStore:
        """Keys of encrypted conversations."""

    @property
    def archive(self) -> ArchiveStore:
        """Ways into history."""

    @property
    def mentions(self) -> MentionStore:
        """Whom names mean."""

    @property
    def stars(self) -> StarStore:
        """Stars."""

    @property
    def versions(self) -> VersionStore:
        """What messages said before."""

    @property
    def uploads(self) -> UploadStore:
        """Files that messages carry."""

    @property
    def preview_pictures(self) -> PreviewPictureStore:
        """Pictures of pages behind links."""

    @property
    def bans(self) -> BanStore:
        """Who is kept out of conversations."""

    @property
    def invites(self) -> InviteStore:
        """Links into conversations."""

    @property
    def audit(self) -> AuditStore:
        """What was done by those who look after conversations."""

    @property
    def search(self) -> SearchStore:
        """The index of messages, to ask."""

    @property
    def search_index(self) -> SearchIndexStore:
        """The index of messages, to keep."""

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

    def browse(self) -> AbstractAsyncContextManager[Work]:
        """Open what `read` opens, for history and search: another server may answer it.

        It sees all that was committed before, as `read` does.
        """

    def alone(self, what: str) -> AbstractAsyncContextManager[bool]:
        """Say whether no other node is at something, and keep all others from it in the block.

        The node that is at it need not end well: with its process ends what it held.
        """


class Journal(Protocol):
    """The one door for new messages; many are made durable by one commit."""

    async def append(self, draft: Draft) -> Message:
        """Store a message and return it once it is durable; announce MessageSent or SealedSent.

        What was sealed comes back with the sender's own copy. A repeated (sender, client_ref)
        returns the first message, without a copy, and announces nothing; one who is not a member
        any more gets it without what others did to it. Into another conversation it is Conflict
        `client_ref_taken`. Refuses with NotFound for one who is not a member, and
        for a `reply_to` outside the conversation with Invalid.
        """


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

    def reseal(self, sealed: str) -> str | None:
        """Return what was sealed as it is stored today; None where it is that already.

        Raises ValueError for what no key of the vault opens.
        """
