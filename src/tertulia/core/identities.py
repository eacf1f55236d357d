"""Coming in through others: providers whose word about who a person is we take.

Who the person is at a provider is a name that never changes there (`subject`), and never an e-mail
address: those change hands. An address connects the two accounts only once, and only where both
sides have made sure that it is this person's; otherwise whoever types in somebody else's address,
here or there, would get into their account.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import msgspec

from tertulia.core import limits, texts
from tertulia.core.entrance import Admission, Device, Entrance, require_open
from tertulia.core.errors import Conflict, Invalid, NotFound
from tertulia.core.limits import Limits, place_of
from tertulia.core.model import Account, Actor
from tertulia.core.new_accounts import add_account
from tertulia.core.ports import Clock, Storage, Vault, Work
from tertulia.core.proofs import Identity
from tertulia.core.ways_in import require_another

JOURNEY_LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalIdentity:
    """Who somebody is by a provider's word.

    `email_verified` says that the provider has made sure that the address is theirs.
    """

    subject: str
    email: str | None
    email_verified: bool
    name: str | None


class IdentityProvider(Protocol):
    """A provider, over the authorization code flow with PKCE (RFC 6749, RFC 7636)."""

    id: str
    title: str

    async def authorization_url(
        self, *, redirect_uri: str, state: str, nonce: str, code_challenge: str
    ) -> str:
        """Return where a browser goes to; Unavailable where the provider is out of reach."""

    async def identify(
        self, *, code: str, code_verifier: str, redirect_uri: str, nonce: str | None
    ) -> ExternalIdentity:
        """Exchange a code for who it is.

        Invalid `provider_refused` names `code` where the provider, or what it answers, does not
        hold; Unavailable where it is out of reach.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What a client that handled the redirect itself brings along."""

    code: str
    code_verifier: str
    redirect_uri: str
    nonce: str | None = None


class Journey(msgspec.Struct, frozen=True):
    """A way to a provider and back, as the browser carries it, sealed.

    With an account it connects that account, for as long as the session that began it goes on.
    """

    provider: str
    state: str
    nonce: str
    code_verifier: str
    begun_at: datetime
    account_id: UUID | None = None
    session_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Where the browser goes, and what it carries along for its return."""

    url: str
    sealed: str


class Identities:
    """One's accounts at providers, and coming in through them."""

    def __init__(
        self,
        storage: Storage,
        providers: Sequence[IdentityProvider],
        vault: Vault,
        entrance: Entrance,
        doors: Limits,
        clock: Clock,
        *,
        site: str,
    ) -> None:
        """Have providers send browsers back to `site`, the address that people open."""
        self._storage = storage
        self._providers = {provider.id: provider for provider in providers}
        self._vault = vault
        self._entrance = entrance
        self._doors = doors
        self._clock = clock
        self.site = site

    def providers(self) -> tuple[IdentityProvider, ...]:
        """Return the providers that are set up."""
        return tuple(self._providers.values())

    def title_of(self, provider_id: str) -> str:
        """Return what a provider is called, also one that is not set up any longer."""
        provider = self._providers.get(provider_id)
        return provider.title if provider else provider_id

    async def depart(self, provider_id: str, by: Device | Actor) -> Departure:
        """Begin to come in through a provider, or to connect the actor's account to one."""
        provider = self._provider(provider_id)
        await self._doors.take(limits.JOURNEYS_OF, _asker(by))
        actor = by if isinstance(by, Actor) else None
        journey = Journey(
            provider=provider_id,
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            code_verifier=secrets.token_urlsafe(48),
            begun_at=self._clock(),
            account_id=actor.account_id if actor else None,
            session_id=actor.session_id if actor else None,
        )
        url = await provider.authorization_url(
            redirect_uri=self._callback_of(provider_id),
            state=journey.state,
            nonce=journey.nonce,
            code_challenge=challenge_of(journey.code_verifier),
        )
        sealed = self._vault.seal(msgspec.json.encode(journey).decode())
        return Departure(url=url, sealed=sealed)

    def journey(self, provider_id: str, sealed: str | None, state: str | None) -> Journey:
        """Return the journey that a browser comes back from.

        Invalid `state_mismatch` where it did not begin here, or too long ago: a link that somebody
        else prepared must not put a person into that one's account (RFC 6749, section 10.12).
        """
        try:
            found = msgspec.json.decode(self._vault.unseal(sealed or ""), type=Journey)
        except ValueError:
            raise _bad_journey() from None
        # What a query holds may be no text that can be encoded.
        returned = (state or "").encode("utf-8", "surrogatepass")
        is_same = hmac.compare_digest(found.state.encode(), returned)
        is_late = self._clock() - found.begun_at > JOURNEY_LIFETIME
        if found.provider != provider_id or not is_same or is_late:
            raise _bad_journey()
        return found

    async def arrive(self, journey: Journey, code: str, device: Device) -> Admission:
        """Come in at the end of a journey; raises as `sign_in` does."""
        return await self.sign_in(journey.provider, self._code_of(journey, code), device)

    async def arrive_connecting(self, journey: Journey, code: str, actor: Actor) -> None:
        """Connect an account at the end of a journey that this very session began."""
        if (journey.account_id, journey.session_id) != (actor.account_id, actor.session_id):
            raise _bad_journey()
        await self.connect(actor, journey.provider, self._code_of(journey, code))

    async def sign_in(self, provider_id: str, code: Code, device: Device) -> Admission:
        """Come in through a provider; the first time makes an account.

        Conflict `account_exists` where the provider names an address of an account here and not
        both sides have made sure of it.
        """
        provider = self._provider(provider_id)
        place = place_of(device.address)
        await self._doors.take(limits.SIGN_INS_FROM, place)
        found = await self._identify(provider, code)
        async with self._storage.read() as work:
            is_known = await work.identities.find(provider_id, found.subject) is not None
        if not is_known:
            await self._doors.take(limits.SIGN_UPS_FROM, place)
        async with self._storage.begin() as work:
            account = await self._recognise(work, provider_id, found)
            return await self._entrance.admit(work, account, device)

    async def connect(self, actor: Actor, provider_id: str, code: Code) -> None:
        """Connect one's account to one at a provider.

        Conflict `identity_taken` where it is connected to somebody else, and `provider_connected`
        where one is connected to another account there.
        """
        provider = self._provider(provider_id)
        await self._doors.take(limits.JOURNEYS_OF, _asker(actor))
        found = await self._identify(provider, code)
        async with self._storage.begin() as work:
            account = await work.accounts.locked(actor.account_id)
            subject = await _subject_of(work, account, provider_id)
            if subject == found.subject:
                return
            if subject is not None:
                raise Conflict("Disconnect the other account first.", code="provider_connected")
            await self._keep(work, account, provider_id, found)

    async def of(self, actor: Actor) -> tuple[Identity, ...]:
        """Return one's accounts at providers."""
        async with self._storage.read() as work:
            return await work.identities.of(actor.account_id)

    async def disconnect(self, actor: Actor, provider_id: str) -> None:
        """Let go of one's account at a provider; Conflict `last_way_in` where it is that."""
        async with self._storage.begin() as work:
            account = await work.accounts.locked(actor.account_id)
            if await _subject_of(work, account, provider_id) is None:
                raise NotFound("You are not connected to this provider.")
            await require_another(work, account, losing="identity")
            await work.identities.drop(account.id, provider_id)

    def _provider(self, provider_id: str) -> IdentityProvider:
        provider = self._providers.get(provider_id)
        if provider is None:
            raise NotFound("There is no such provider.")
        return provider

    def _callback_of(self, provider_id: str) -> str:
        return f"{self.site}/auth/social/{provider_id}/callback"

    def _code_of(self, journey: Journey, code: str) -> Code:
        return Code(
            code=code,
            code_verifier=journey.code_verifier,
            redirect_uri=self._callback_of(journey.provider),
            nonce=journey.nonce,
        )

    async def _identify(self, provider: IdentityProvider, code: Code) -> ExternalIdentity:
        return await provider.identify(
            code=code.code,
            code_verifier=code.code_verifier,
            redirect_uri=code.redirect_uri,
            nonce=code.nonce,
        )

    async def _recognise(self, work: Work, provider_id: str, found: ExternalIdentity) -> Account:
        """Return whose account this is: a connected one, one that both sides vouch for, a new one.

        The latter two are connected from now on.
        """
        known = await work.identities.find(provider_id, found.subject)
        if known is not None:
            return await work.accounts.get(known.account_id)
        address = _address_of(found)
        owner = await work.accounts.credentials(email=address) if address else None
        if owner is None:
            account = await self._new_account(work, found, address)
        else:
            account = await work.accounts.locked(owner.account.id)
            require_open(account)
            if not await _is_the_same_person(work, account, provider_id, found):
                raise _account_exists()
        await self._keep(work, account, provider_id, found)
        return account

    async def _new_account(
        self, work: Work, found: ExternalIdentity, address: str | None
    ) -> Account:
        is_sure = found.email_verified and address is not None
        return await add_account(
            work,
            self._clock(),
            name=_name_of(found),
            # What a stranger claims is not stored as theirs.
            confirmed_email=address if is_sure else None,
        )

    async def _keep(
        self, work: Work, account: Account, provider_id: str, found: ExternalIdentity
    ) -> None:
        await work.identities.add(
            Identity(
                provider=provider_id,
                subject=found.subject,
                account_id=account.id,
                email=_address_of(found),
                inserted_at=self._clock(),
            )
        )


def challenge_of(code_verifier: str) -> str:
    """Return the S256 challenge of a verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(code_verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _asker(by: Device | Actor) -> str:
    return str(by.account_id) if isinstance(by, Actor) else place_of(by.address)


async def _subject_of(work: Work, account: Account, provider_id: str) -> str | None:
    """Return who somebody is at a provider, if they are connected to it."""
    connected = await work.identities.of(account.id)
    return next((each.subject for each in connected if each.provider == provider_id), None)


async def _is_the_same_person(
    work: Work, account: Account, provider_id: str, found: ExternalIdentity
) -> bool:
    """Whether an address that both have is proof enough that both are one person's."""
    return (
        found.email_verified
        and account.confirmed_at is not None
        and account.email is not None
        and account.email.casefold() == (_address_of(found) or "").casefold()
        # Who has come from there before under another name: the address has changed hands.
        and await _subject_of(work, account, provider_id) is None
    )


def _address_of(found: ExternalIdentity) -> str | None:
    try:
        return texts.email(found.email) if found.email else None
    except Invalid:
        return None


def _name_of(found: ExternalIdentity) -> str | None:
    name = texts.label(found.name or "", texts.MAX_DISPLAY_NAME_CHARS)
    try:
        return texts.display_name(name)
    except Invalid:
        return None


def _account_exists() -> Conflict:
    return Conflict(
        "There is an account with this address: sign in, and connect it in the settings.",
        code="account_exists",
    )


def _bad_journey() -> Invalid:
    return Invalid(
        "This sign-in began elsewhere, or too long ago: begin it again.",
        code="state_mismatch",
        attr="state",
    )
