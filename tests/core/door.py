"""The door of the town: signing in with cheap hashes and a clock that tests move."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.adapters.passkeys_webauthn import WebauthnCeremony
from tertulia.adapters.passwords import ThreadedHasher
from tertulia.adapters.tickets_memory import TicketsInMemory
from tertulia.adapters.tokens import SignedTokens
from tertulia.adapters.vault import FernetVault
from tertulia.core.administration import Administration
from tertulia.core.confirmation import FRESH, Confirmation
from tertulia.core.departure import Departure
from tertulia.core.devices import Devices
from tertulia.core.emails import Emails
from tertulia.core.entrance import Device, Entrance, Lifetimes, SignedIn
from tertulia.core.ids import new_id
from tertulia.core.letters import LetterKind
from tertulia.core.passkeys import Passkeys
from tertulia.core.passwords import Passwords
from tertulia.core.phones import Phones
from tertulia.core.post import Post
from tertulia.core.second_steps import SecondSteps
from tertulia.core.sessions import Sessions
from tertulia.core.signin import SignIn
from tests import examples as eg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tertulia.core.letters import Letter
    from tertulia.core.model import Actor
    from tests.core.town import Town

VAULT_KEY = "v" * 64
SITE = "http://127.0.0.1:8000"
PASSWORD = "correct horse battery"
DEVICE = Device(name="Test", address="127.0.0.1")

ACCESS = timedelta(minutes=30)
REFRESH = timedelta(days=14)
TOLERANCE = timedelta(minutes=10)
GRACE = timedelta(seconds=20)
LIFETIMES = Lifetimes(refresh=REFRESH, tolerance=TOLERANCE, grace=GRACE)

no_token = pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="empty"),
        pytest.param("nonsense", id="nonsense"),
        pytest.param("a.b.c", id="three parts"),
        pytest.param("\x00", id="control character"),
        pytest.param("\ud800", id="half a pair"),
        pytest.param("é" * 10_000, id="long"),
    ],
)
"""Give a test every kind of text that no token and no ticket is."""


@dataclass
class Clock:
    """The time, which passes when it is told to."""

    now: datetime = datetime(2026, 5, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by


@dataclass
class Letters:
    """A courier that keeps what it is given, under its id."""

    _kept: dict[str, Letter] = field(default_factory=dict)

    async def deliver(self, letter: Letter, letter_id: str) -> None:
        """Keep a letter."""
        self._kept[letter_id] = letter

    def of(self, kind: LetterKind) -> list[Letter]:
        """Return the letters of a kind as they were written: several are carried in any order."""
        return [letter for _, letter in sorted(self._kept.items()) if letter.kind is kind]

    def forget(self, *kinds: LetterKind) -> None:
        """Keep the letters of these kinds no longer, or none at all."""
        gone = kinds or tuple(LetterKind)
        self._kept = {key: one for key, one in self._kept.items() if one.kind not in gone}


@dataclass
class Door:
    """Signing in to a town, and being recognised."""

    town: Town
    clock: Clock
    hasher: ThreadedHasher
    tokens: SignedTokens
    signin: SignIn
    sessions: Sessions
    entrance: Entrance
    confirmation: Confirmation
    emails: Emails
    passwords: Passwords
    devices: Devices
    departure: Departure
    administration: Administration
    passkeys: Passkeys
    phones: Phones
    second_steps: SecondSteps
    post: Post
    letters: Letters
    fresh: timedelta = FRESH

    async def someone(self, name: str = "ana") -> SignedIn:
        """Register a new person with the usual password."""
        unique = f"{name}_{new_id().hex[-12:]}"
        return await self.signin.register(
            f"{unique}@example.org", PASSWORD, name.title(), unique, DEVICE
        )

    async def without_password(self, **changes: Any) -> Actor:
        """Return somebody who came in another way than by password, a moment ago."""
        unique = new_id().hex[-12:]
        account = eg.account(**{"email": f"{unique}@example.org", "username": None, **changes})
        async with self.town.storage.begin() as work:
            stored = await work.accounts.add(account, None)
            return (await self.entrance.open_session(work, stored, DEVICE)).actor

    async def letter(self, kind: LetterKind) -> Letter:
        """Have the post deliver what waits, and return the latest letter of this kind."""
        await self.deliver()
        found = self.letters.of(kind)
        assert found, f"no letter of the kind {kind}"
        self.letters.forget(kind)
        return found[-1]

    async def has_letter(self, kind: LetterKind) -> bool:
        """Have the post deliver what waits, and tell whether a letter of this kind was there."""
        await self.deliver()
        return bool(self.letters.of(kind))

    async def deliver(self) -> None:
        """Have the post deliver what waits."""
        while await self.post.deliver_due():
            pass

    def strict_signin(self, hasher: ThreadedHasher | None = None) -> SignIn:
        """Return sign-in with the limits that a server has, counted by the clock of this door."""
        return SignIn(
            self.town.storage,
            hasher or self.hasher,
            self.tokens,
            LIFETIMES,
            self.entrance,
            self.emails,
            LimitsInMemory(clock_s=lambda: self.clock().timestamp()),
            self.clock,
        )

    def strict_confirmation(self) -> Confirmation:
        """Return the confirmation with the limits that a server has."""
        return Confirmation(self.town.storage, self.hasher, LimitsInMemory(), self.clock)

    def strict_emails(self) -> Emails:
        """Return what sends mails about addresses, with the limits that a server has."""
        return Emails(self.town.storage, self.post, self.confirmation, LimitsInMemory(), self.clock)

    def strict_second_steps(self) -> SecondSteps:
        """Return the second step with the limits that a server has, by the town's clock."""
        return SecondSteps(
            self.town.storage,
            FernetVault([VAULT_KEY]),
            self.entrance,
            self.confirmation,
            self.passkeys,
            self.post,
            LimitsInMemory(clock_s=lambda: self.clock().timestamp()),
            self.clock,
            issuer="town.example",
        )

    def strict_passwords(self) -> Passwords:
        """Return what sends mails about passwords, with the limits that a server has."""
        return Passwords(
            self.town.storage,
            self.hasher,
            self.entrance,
            self.confirmation,
            self.post,
            LimitsInMemory(),
            self.clock,
        )

    def strict_phones(self) -> Phones:
        """Return what signs in by telephone, with the limits that a server has."""
        return self.phones_with(doors=LimitsInMemory())

    def phones_with(self, **changes: Any) -> Phones:
        """Return what signs in by telephone, with some of its parts or settings changed."""
        usual: dict[str, Any] = {
            "storage": self.town.storage,
            "entrance": self.entrance,
            "confirmation": self.confirmation,
            "post": self.post,
            "doors": LimitsInMemory(scale=1000),
            "clock": self.clock,
            "secret": "k" * 64,
            "region": "ES",
        }
        return Phones(**{**usual, **changes})

    async def come_in(self, **names: str | None) -> SignedIn:
        """Sign in with the usual password, which must be enough."""
        admission = await self.signin.with_password(**names, password=PASSWORD, device=DEVICE)
        assert isinstance(admission, SignedIn)
        return admission


@contextmanager
def open_door(town: Town) -> Iterator[Door]:
    """Put sign-in over a town's database."""
    clock = Clock()
    hasher = ThreadedHasher(argon2=Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))
    tokens = SignedTokens("j" * 64, ACCESS)
    entrance = Entrance(tokens, LIFETIMES, clock)
    letters = Letters()
    vault = FernetVault([VAULT_KEY])
    post = Post(town.storage, vault, letters, letters, clock)
    doors = LimitsInMemory(scale=1000)
    confirmation = Confirmation(town.storage, hasher, doors, clock)
    passkeys = Passkeys(
        town.storage,
        WebauthnCeremony(SITE, ["http://127.0.0.1:8000", "http://localhost:8000"]),
        entrance,
        confirmation,
        post,
        doors,
        clock,
    )
    emails = Emails(town.storage, post, confirmation, doors, clock)
    passwords = Passwords(town.storage, hasher, entrance, confirmation, post, doors, clock)
    yield Door(
        town=town,
        clock=clock,
        hasher=hasher,
        tokens=tokens,
        signin=SignIn(
            town.storage,
            hasher,
            tokens,
            LIFETIMES,
            entrance,
            emails,
            doors,
            clock,
        ),
        sessions=Sessions(town.storage, tokens, TicketsInMemory(), doors, clock),
        entrance=entrance,
        confirmation=confirmation,
        emails=emails,
        passwords=passwords,
        devices=Devices(town.storage, clock),
        departure=Departure(
            town.storage, confirmation, town.core.members, town.core.avatars, clock
        ),
        administration=Administration(town.storage, hasher, emails, passwords, clock, region="ES"),
        passkeys=passkeys,
        phones=Phones(
            town.storage,
            entrance,
            confirmation,
            post,
            doors,
            clock,
            secret="k" * 64,
            region="ES",
        ),
        second_steps=SecondSteps(
            town.storage,
            vault,
            entrance,
            confirmation,
            passkeys,
            post,
            doors,
            clock,
            issuer="town.example",
        ),
        post=post,
        letters=letters,
    )
    hasher.close()
