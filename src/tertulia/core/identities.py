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
from tertulia.core.entrance import Admission, Device, Entrance
from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound
from tertulia.core.ids import new_id
from tertulia.core.limits import Limits, place_of
from tertulia.core.model import Account, Actor, Profile
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

    async def depart(self, provider_id: str, actor: Actor | None = None) -> Departure:
        """Begin to come in through a provider, or to connect the actor's account to one."""
        provider = self._provider(provider_id)
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
        is_same = hmac.compare_digest(found.state.encode(), (state or "").encode())
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
        await self._doors.take(limits.SIGN_INS_FROM, place_of(device.address))
        found = await self._identify(provider, code)
        async with self._storage.begin() as work:
            known = await work.identities.find(provider_id, found.subject)
            if known is not None:
                account = await work.accounts.get(known.account_id)
            else:
                account = await self._recognise(work, found)
                await self._keep(work, account, provider_id, found)
            return await self._entrance.admit(work, account, device)

    async def connect(self, actor: Actor, provider_id: str, code: Code) -> None:
        """Connect one's account to one at a provider.

        Conflict `identity_taken` where it is connected to somebody else, and `provider_connected`
        where one is connected to another account there.
        """
        found = await self._identify(self._provider(provider_id), code)
        async with self._storage.begin() as work:
            account = await work.accounts.locked(actor.account_id)
            for identity in await work.identities.of(account.id):
                if (identity.provider, identity.subject) == (provider_id, found.subject):
                    return
                if identity.provider == provider_id:
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
            mine = await work.identities.of(account.id)
            if provider_id not in {identity.provider for identity in mine}:
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

    async def _recognise(self, work: Work, found: ExternalIdentity) -> Account:
        """Return whose account this is: one that both sides vouch for, or a new one."""
        address = _address_of(found)
        known = await work.accounts.credentials(email=address) if address else None
        if known is None:
            return await self._new_account(work, found, address)
        if not found.email_verified or known.account.confirmed_at is None:
            raise Conflict(
                "There is an account with this address: sign in, and connect it in the settings.",
                code="account_exists",
            )
        return known.account

    async def _new_account(
        self, work: Work, found: ExternalIdentity, address: str | None
    ) -> Account:
        now = self._clock()
        is_sure = found.email_verified and address is not None
        name = texts.label(found.name or "", texts.MAX_DISPLAY_NAME_CHARS).strip()
        return await work.accounts.add(
            Account(
                id=new_id(),
                number=0,
                # What a stranger claims is not stored as theirs.
                email=address if is_sure else None,
                username=None,
                display_name=_name_or(name, "New person"),
                avatar=None,
                confirmed_at=now if is_sure else None,
                profile=Profile(),
                inserted_at=now,
                updated_at=now,
            ),
            None,
        )

    async def _keep(
        self, work: Work, account: Account, provider_id: str, found: ExternalIdentity
    ) -> None:
        if account.disabled_at is not None:
            raise Forbidden("This account has been disabled.", code="account_disabled")
        await work.identities.add(
            Identity(
                provider=provider_id,
                subject=found.subject,
                account_id=account.id,
                email=found.email,
                inserted_at=self._clock(),
            )
        )


def challenge_of(code_verifier: str) -> str:
    """Return the S256 challenge of a verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(code_verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _address_of(found: ExternalIdentity) -> str | None:
    try:
        return texts.email(found.email) if found.email else None
    except Invalid:
        return None


def _name_or(name: str, other: str) -> str:
    try:
        return texts.display_name(name)
    except Invalid:
        return other


def _bad_journey() -> Invalid:
    return Invalid(
        "This sign-in began elsewhere, or too long ago: begin it again.",
        code="state_mismatch",
        attr="state",
    )
