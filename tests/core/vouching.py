"""A provider that vouches for whom a test names, in the place of one that is reached over a net."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.adapters.vault import FernetVault
from tertulia.core.entrance import SignedIn
from tertulia.core.errors import Invalid, Unavailable
from tertulia.core.identities import Code, ExternalIdentity, Identities
from tertulia.core.ids import new_id
from tests.core.door import DEVICE, SITE, VAULT_KEY, Door

VERIFIER = "v" * 43


@dataclass
class Vouching:
    """An IdentityProvider: each code stands for a person, once, and `asked` has what was sent."""

    id: str = "work"
    title: str = "Work"
    people: dict[str, ExternalIdentity] = field(default_factory=dict)
    asked: list[dict[str, str | None]] = field(default_factory=list)
    is_down: bool = False

    async def authorization_url(
        self, *, redirect_uri: str, state: str, nonce: str, code_challenge: str
    ) -> str:
        """Return where a browser goes to."""
        if self.is_down:
            raise Unavailable("The provider cannot be reached.")
        return f"https://work.example/?{redirect_uri}&{state}&{nonce}&{code_challenge}"

    async def identify(
        self, *, code: str, code_verifier: str, redirect_uri: str, nonce: str | None
    ) -> ExternalIdentity:
        """Return whom a code stands for."""
        self.asked.append(
            {"code_verifier": code_verifier, "redirect_uri": redirect_uri, "nonce": nonce}
        )
        if self.is_down:
            raise Unavailable("The provider cannot be reached.")
        if code not in self.people:
            raise Invalid("Refused.", code="provider_refused", attr="code")
        return self.people.pop(code)

    def code_for(
        self,
        subject: str,
        email: str | None = None,
        *,
        verified: bool = True,
        name: str | None = "Ana at work",
    ) -> str:
        """Return a code that stands for somebody."""
        code = new_id().hex
        self.people[code] = ExternalIdentity(
            subject=subject, email=email, email_verified=verified, name=name
        )
        return code


@dataclass
class Vouched:
    """Coming in through providers, to a door; the second provider is called elsewhere."""

    door: Door
    work: Vouching
    elsewhere: Vouching
    identities: Identities

    async def come_in(self, subject: str, email: str | None = None, **more: Any) -> SignedIn:
        """Come in through the first provider, which must be enough."""
        admission = await self.identities.sign_in(
            "work", a_code(self.work.code_for(subject, email, **more)), DEVICE
        )
        assert isinstance(admission, SignedIn)
        return admission


def a_code(code: str) -> Code:
    """Return a code as a client brings it that handled the redirect itself."""
    return Code(code=code, code_verifier=VERIFIER, redirect_uri="https://page.example/back")


def somebody() -> str:
    """Return the name of somebody new at a provider."""
    return f"subject-{new_id().hex}"


def open_vouched(door: Door, *, scale: int = 1000) -> Vouched:
    """Put two providers before a door."""
    work, elsewhere = Vouching(), Vouching("elsewhere", "Elsewhere")
    identities = Identities(
        door.town.storage,
        [work, elsewhere],
        FernetVault([VAULT_KEY]),
        door.entrance,
        LimitsInMemory(scale=scale),
        door.clock,
        site=SITE,
    )
    return Vouched(door, work, elsewhere, identities)
