"""Where every way in ends: a session is opened, or a second proof is asked for first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tertulia.core import onetime, texts
from tertulia.core.errors import Forbidden, NotAuthenticated
from tertulia.core.ids import new_id
from tertulia.core.model import Account, Actor, RefreshToken, Session
from tertulia.core.ports import AccessTokens, Clock, Work
from tertulia.core.proofs import Purpose, SecondStepMethod

MAX_DEVICE_NAME_CHARS = 200
MAX_ADDRESS_CHARS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """What somebody signs in from: the name it gives itself, and its network address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A person, their session, and its fresh tokens. `refresh_token` is None where it was kept."""

    account: Account
    session: Session
    access_token: str
    refresh_token: str | None
    refresh_expires_at: datetime

    @property
    def actor(self) -> Actor:
        """Who calls with these tokens."""
        return Actor(account_id=self.account.id, session_id=self.session.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStep:
    """The first proof was right; `token` comes back with the second one, by one of `methods`."""

    token: str
    methods: tuple[SecondStepMethod, ...]


Admission = SignedIn | SecondStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """How long tokens hold; `grace` is how long a just-spent refresh token still gives access."""

    refresh: timedelta
    tolerance: timedelta
    grace: timedelta = timedelta(seconds=20)


class Entrance:
    """Lets people in whose first proof was right, whatever it was."""

    def __init__(self, tokens: AccessTokens, lifetimes: Lifetimes, clock: Clock) -> None:
        self._tokens = tokens
        self._lifetimes = lifetimes
        self._clock = clock

    async def admit(self, work: Work, account: Account, device: Device) -> Admission:
        """Open a session, or ask for a second step where the account wants one.

        Raises what `require_open` raises.
        """
        require_open(account)
        methods = await second_step_methods(work, account) if account.second_step else ()
        if not methods:
            return await self.open_session(work, account, device)
        token = await onetime.issue(work, Purpose.SECOND_STEP, self._clock(), account_id=account.id)
        return SecondStep(token=token, methods=methods)

    async def open_session(self, work: Work, account: Account, device: Device) -> SignedIn:
        """Open a session; raises what `require_open` raises."""
        require_open(account)
        now = self._clock()
        session = Session(
            id=new_id(),
            account_id=account.id,
            name=texts.label(device.name, MAX_DEVICE_NAME_CHARS),
            address=texts.label(device.address, MAX_ADDRESS_CHARS),
            inserted_at=now,
            last_used_at=now,
        )
        await work.sessions.add(session)
        # The account may have been shut since it was read; from here on that waits for this work.
        account = await still_open(work, account.id)
        return await self.issue(work, account, session)

    async def issue(self, work: Work, account: Account, session: Session) -> SignedIn:
        """Give a session a fresh pair of tokens."""
        token = onetime.new_token()
        expires_at = self._clock() + self._lifetimes.refresh
        await work.sessions.add_token(
            RefreshToken(
                digest=onetime.digest_of(token), session_id=session.id, expires_at=expires_at
            )
        )
        return self.signed_in(account, session, token, expires_at)

    def signed_in(
        self,
        account: Account,
        session: Session,
        refresh_token: str | None,
        refresh_expires_at: datetime,
    ) -> SignedIn:
        """Word a session with a fresh access token."""
        return SignedIn(
            account=account,
            session=session,
            access_token=self._tokens.issue(account.id, account.number, session.id, self._clock()),
            refresh_token=refresh_token,
            refresh_expires_at=refresh_expires_at,
        )


async def second_step_methods(work: Work, account: Account) -> tuple[SecondStepMethod, ...]:
    """Return what an account can prove itself with in a second step; recovery codes stand in."""
    methods: list[SecondStepMethod] = []
    authenticator = await work.second_steps.authenticator(account.id)
    if authenticator is not None and authenticator.confirmed_at is not None:
        methods.append("totp")
    if await work.passkeys.of(account.id):
        methods.append("passkey")
    if methods and await work.second_steps.codes_left(account.id):
        methods.append("recovery_code")
    return tuple(methods)


def require_open(account: Account) -> None:
    """Raise Forbidden `account_disabled` for an account that an administrator has shut.

    A deleted account is nobody's: NotAuthenticated `invalid_credentials`.
    """
    if account.deleted_at is not None:
        raise NotAuthenticated("There is no such account.", code="invalid_credentials")
    if account.disabled_at is not None:
        raise Forbidden("This account has been disabled.", code="account_disabled")


async def still_open(work: Work, account_id: UUID) -> Account:
    """Return an account that may come in; raises as `require_open` does."""
    account = await work.accounts.get(account_id)
    require_open(account)
    return account
