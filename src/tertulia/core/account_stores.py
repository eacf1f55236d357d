"""The stores of people: their accounts, what they come in with, and whom they know.

As with all stores, methods run inside the transaction of the `Work` that holds them, take and
return frozen values, and refuse with the errors of `core.errors`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from tertulia.core.letters import WaitingLetter
from tertulia.core.model import Account, Actor, Credentials, Export, RefreshToken, Session
from tertulia.core.proofs import Authenticator, Identity, OneTimeToken, Passkey, PhoneCode, Purpose


class AccountStore(Protocol):
    """Accounts and their password hashes."""

    async def add(self, account: Account, password_hash: str | None) -> Account:
        """Store a new account (its `number` is allotted here); Invalid `taken` names the field."""

    async def get(self, account_id: UUID) -> Account:
        """Return an account or refuse with NotFound."""

    async def locked(self, account_id: UUID) -> Account:
        """Do as `get` does, holding the account's row until the work ends."""

    async def locked_whole(self, account_id: UUID) -> Account:
        """Do as `locked` does; nobody can add rows that refer to this one until the work ends."""

    async def find(self, account_ids: Collection[UUID]) -> tuple[Account, ...]:
        """Return those of the accounts that exist, in order of number."""

    async def held(self, account_ids: Collection[UUID]) -> tuple[Account, ...]:
        """Do as `find` does; none of them is `locked_whole` by others until the work ends."""

    async def credentials(
        self,
        *,
        email: str | None = None,
        username: str | None = None,
        phone: str | None = None,
        account_id: UUID | None = None,
    ) -> Credentials | None:
        """Return what to check a password against; names and addresses compare without case."""

    async def update(self, account: Account) -> None:
        """Store every field of an account but its number; Invalid `taken` names the field."""

    async def set_password_hash(self, account_id: UUID, password_hash: str | None) -> None:
        """Replace a password hash; None takes the password away."""

    async def by_phone(self, phone: str) -> Account | None:
        """Return whose number it is."""

    async def page(self, *, after_number: int, limit: int) -> tuple[Account, ...]:
        """Return all accounts, deleted ones aside, in order of number."""

    async def seen_by(self, account_id: UUID, people: Collection[UUID]) -> tuple[Account, ...]:
        """Do as `find` does, as this person sees them.

        E-mail addresses are None but one's own and those of acquaintances.
        """

    async def search(
        self, account_id: UUID, text: str, *, after_number: int, limit: int
    ) -> tuple[Account, ...]:
        """Find others, as this person sees them, in order of number.

        By part of a display name or username, or by a whole e-mail address.
        """

    async def acquaintances(self, account_id: UUID) -> frozenset[UUID]:
        """Return everyone with whom a private or group conversation is shared now."""


class SessionStore(Protocol):
    """Sign-ins and the digests of their refresh tokens."""

    async def add(self, session: Session) -> None:
        """Store a new session."""

    async def get(self, session_id: UUID) -> Session | None:
        """Return a session, ended or not."""

    async def holder(self, session_id: UUID) -> tuple[UUID, datetime] | None:
        """Return whose session it is and when it was noted as used last.

        None for one that has ended or never was.
        """

    async def touch(self, session_id: UUID, at: datetime) -> None:
        """Note that a session was used."""

    async def end(self, session_id: UUID, at: datetime) -> bool:
        """End a session; False when it had ended before."""

    async def end_all(self, account_id: UUID, at: datetime) -> tuple[UUID, ...]:
        """End every living session of an account and return their ids."""

    async def living(self, account_id: UUID) -> tuple[Session, ...]:
        """Return a person's living sessions, the one used last first."""

    async def ended_since(self, at: datetime) -> tuple[Session, ...]:
        """Return the sessions that ended at that moment or later."""

    async def end_others(self, actor: Actor, at: datetime) -> tuple[UUID, ...]:
        """End every living session of an account but the actor's own and return their ids."""

    async def scrub(self, account_id: UUID) -> None:
        """Forget of a person's sessions all but that they were: names, addresses, tokens."""

    async def add_token(self, token: RefreshToken) -> None:
        """Store a refresh token's digest."""

    async def drop_tokens(self, session_id: UUID) -> None:
        """Forget every refresh token of a session."""

    async def token(self, digest: bytes) -> RefreshToken | None:
        """Return a refresh token by its digest."""

    async def spend(self, digest: bytes, at: datetime) -> bool:
        """Mark a token spent; False when somebody else did so before."""


class OneTimeTokenStore(Protocol):
    """Tokens that work once."""

    async def add(self, token: OneTimeToken) -> None:
        """Store a new token."""

    async def get(self, purpose: Purpose, digest: bytes) -> OneTimeToken | None:
        """Return a token, expired or not."""

    async def take(self, purpose: Purpose, digest: bytes) -> OneTimeToken | None:
        """Return a token and forget it: whoever comes second gets None."""

    async def count_try(self, digest: bytes) -> int:
        """Count one more try with a token and return how many there were."""

    async def revoke(self, account_id: UUID, purposes: Collection[Purpose] = ()) -> None:
        """Forget an account's tokens, all of them or those for some purposes."""

    async def sweep(self, now: datetime) -> None:
        """Forget what expired."""


class PhoneCodeStore(Protocol):
    """Codes that were sent to telephones."""

    async def put(self, code: PhoneCode) -> None:
        """Store a code in the place of any earlier one for the same number and asker."""

    async def try_one(self, phone: str, asker: UUID | None) -> PhoneCode | None:
        """Count a try and return the code with that try counted; None where there is none."""

    async def drop(self, phone: str, asker: UUID | None) -> bool:
        """Forget a code; False when somebody else did so before."""

    async def revoke(self, asker: UUID) -> None:
        """Forget every code for a number that this account was about to add."""

    async def sweep(self, now: datetime) -> None:
        """Forget what expired."""


class IdentityStore(Protocol):
    """Accounts at providers that stand for accounts here."""

    async def add(self, identity: Identity) -> None:
        """Store one; Conflict `identity_taken` if it stands for somebody already."""

    async def find(self, provider: str, subject: str) -> Identity | None:
        """Return one by its name at the provider."""

    async def of(self, account_id: UUID) -> tuple[Identity, ...]:
        """Return a person's, in order of linking."""

    async def drop(self, account_id: UUID, provider: str) -> bool:
        """Forget a person's at one provider; False where there was none."""


class SecondStepStore(Protocol):
    """Authenticator apps and recovery codes."""

    async def authenticator(self, account_id: UUID) -> Authenticator | None:
        """Return a person's app, confirmed or not."""

    async def put_authenticator(self, authenticator: Authenticator) -> None:
        """Store an app in the place of any earlier one."""

    async def use_step(self, account_id: UUID, step: int) -> bool:
        """Note that the code of a time step was used; False if one at or past it was before."""

    async def drop_authenticator(self, account_id: UUID) -> bool:
        """Forget the app; False where there was none."""

    async def replace_codes(self, account_id: UUID, digests: Sequence[bytes]) -> None:
        """Store these recovery codes in the place of all earlier ones."""

    async def use_code(self, account_id: UUID, digest: bytes) -> bool:
        """Forget a recovery code; False where there was none."""

    async def codes_left(self, account_id: UUID) -> int:
        """Return how many recovery codes are left."""


class PasskeyStore(Protocol):
    """WebAuthn credentials."""

    async def add(self, passkey: Passkey) -> None:
        """Store one; Conflict `passkey_taken` if it is somebody's already."""

    async def get(self, passkey_id: bytes) -> Passkey | None:
        """Return one by its credential id."""

    async def of(self, account_id: UUID) -> tuple[Passkey, ...]:
        """Return a person's, in order of adding."""

    async def used(self, passkey_id: bytes, sign_count: int, at: datetime) -> None:
        """Note the use of one."""

    async def rename(self, account_id: UUID, passkey_id: bytes, name: str) -> bool:
        """Give a person's passkey another name; False where there is none."""

    async def drop(self, account_id: UUID, passkey_id: bytes) -> bool:
        """Forget a person's passkey; False where there was none."""


class RelationStore(Protocol):
    """Whom a person keeps as contacts, and whom they have blocked."""

    async def add_contact(self, account_id: UUID, other_id: UUID, at: datetime) -> None:
        """Keep somebody as a contact; nothing happens for one that is kept."""

    async def drop_contact(self, account_id: UUID, other_id: UUID) -> bool:
        """Let a contact go; False where there was none."""

    async def contacts(self, account_id: UUID) -> tuple[UUID, ...]:
        """Return a person's contacts, the latest first."""

    async def block(self, account_id: UUID, other_id: UUID, at: datetime) -> bool:
        """Block somebody; False for one that is blocked."""

    async def unblock(self, account_id: UUID, other_id: UUID) -> bool:
        """Take a block back; False where there was none."""

    async def blocked(self, account_id: UUID) -> tuple[UUID, ...]:
        """Return whom a person has blocked, the latest first."""

    async def blockers_of(self, account_id: UUID, people: Collection[UUID]) -> frozenset[UUID]:
        """Return who of these people has blocked this person."""

    async def drop_all(self, account_id: UUID) -> None:
        """Forget everything that a person keeps of others, and others of that person."""


class LetterStore(Protocol):
    """The outbox: letters that wait for their delivery."""

    async def add(self, letter: WaitingLetter) -> None:
        """Put a letter in."""

    async def claim(self, now: datetime, until: datetime, limit: int) -> tuple[WaitingLetter, ...]:
        """Return letters that are due, each with this try counted, and due again at `until`.

        Of several nodes that ask at once each gets others.
        """

    async def put_off(self, letter_id: UUID, due_at: datetime) -> None:
        """Have a letter wait until then."""

    async def drop(self, letter_id: UUID) -> None:
        """Forget a letter that was delivered or never can be."""


class ExportStore(Protocol):
    """Copies of a person's own data, while they are made and kept for fetching."""

    async def add(self, export: Export) -> None:
        """Store a new one."""

    async def latest(self, account_id: UUID) -> Export | None:
        """Return a person's latest."""

    async def waiting(self) -> tuple[Export, ...]:
        """Return all that are neither ready nor failed, in order of asking.

        Those of deleted accounts are left out.
        """

    async def update(self, export: Export) -> bool:
        """Store how far one is; False where it is gone."""

    async def expired(self, now: datetime) -> tuple[Export, ...]:
        """Return those that are not kept any longer, and all of accounts that were deleted."""

    async def drop(self, export_id: UUID) -> None:
        """Forget one."""
