"""One's own keys for encrypted conversations, /api/encryption, and others' public identities."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from tertulia.core import account_key
from tertulia.core.account_key import WrapKind
from tertulia.core.account_keys import MAX_WRAPS, AccountKeys
from tertulia.core.encryption import KeyPair
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.passwords import PresentPassword
from tertulia.gateways.rest.routes import OptionalBodyOperation, reading, writing
from tertulia.gateways.rest.values import Seq

KeyObject = Annotated[
    dict[str, object],
    Meta(description="Any JSON object of at most 16 KiB in 8 levels; the server only keeps it."),
]


class OwnIdentity(Struct, frozen=True):
    """What one signs conversation keys with; the private key is wrapped by one's own devices."""

    public_key: KeyObject
    private_key: KeyObject
    version: int


class KeyWrap(Struct, frozen=True):
    """One's secret, wrapped by something that the server does not have."""

    id: UUID
    kind: WrapKind
    label: str | None
    wrapped: KeyObject
    inserted_at: objects.Time


class OwnKeys(Struct, frozen=True):
    """All that is kept of one's own keys; there are no wraps without an identity."""

    identity: OwnIdentity | None
    wraps: list[KeyWrap]


class NewWrap(Struct, frozen=True):
    """A wrap to keep; `label` says to its owner what it was made with."""

    kind: WrapKind
    wrapped: KeyObject
    label: str | None = None


class WrapToAdd(NewWrap, frozen=True):
    """One more wrap; `version` says of which identity its secret is, to be sure.

    It takes the place of those in `replaces`, for which the present password is asked, where there
    is one, and else a sign-in of the last ten minutes.
    """

    version: Seq | None = None
    replaces: Annotated[list[UUID], Meta(max_length=MAX_WRAPS)] = []
    password: str | None = None


class NewIdentity(Struct, frozen=True):
    """An identity to go by, and all the ways to its secret.

    `replaces` is the version of the one before, or null for the first. To replace one takes the
    present password, where there is one, and else a sign-in of the last ten minutes.
    """

    public_key: KeyObject
    private_key: KeyObject
    wraps: list[NewWrap]
    replaces: Seq | None = None
    password: str | None = None


class PublicIdentity(Struct, frozen=True):
    """What somebody signs conversation keys with; null where they have no identity yet."""

    public_key: KeyObject | None


class AccountKeysController(Controller):
    """Identities, and the ways to one's secret."""

    path = "/api"
    tags = ["encryption"]

    @reading("/encryption", "getOwnKeys")
    async def show(
        self, request: ApiRequest, account_keys: NamedDependency[AccountKeys]
    ) -> OwnKeys:
        """Get one's identity and everything that one's secret is wrapped with."""
        return _worded(await account_keys.mine(request.user))

    @writing("PUT", "/encryption/identity", "setIdentity", 400, 409, 429)
    async def set_identity(
        self,
        request: ApiRequest,
        data: JSONBody[NewIdentity],
        account_keys: NamedDependency[AccountKeys],
    ) -> OwnKeys:
        """Go by an identity from now on; those whom one talks with encrypted are told.

        The wraps take the place of all earlier ones, and handovers under way end.
        """
        pair = KeyPair(public_key=data.public_key, private_key=data.private_key)
        wraps = [_wrap_of(wrap) for wrap in data.wraps]
        own = await account_keys.set_identity(
            request.user, pair, wraps, data.replaces, data.password
        )
        return _worded(own)

    @writing("POST", "/encryption/wraps", "addKeyWrap", 400, 409, 429)
    async def add_wrap(
        self,
        request: ApiRequest,
        data: JSONBody[WrapToAdd],
        account_keys: NamedDependency[AccountKeys],
    ) -> KeyWrap:
        """Keep one more way to one's secret."""
        added = await account_keys.add_wrap(
            request.user, _wrap_of(data), data.version, data.replaces, data.password
        )
        return _wrap(added)

    @writing(
        *("DELETE", "/encryption/wraps/{wrap_id:uuid}", "removeKeyWrap"),
        *(400, 404, 409, 413, 415, 429),
        status=204,
        operation=OptionalBodyOperation,
    )
    async def drop_wrap(
        self,
        request: ApiRequest,
        wrap_id: FromPath[UUID],
        account_keys: NamedDependency[AccountKeys],
        data: JSONBody[PresentPassword] = PresentPassword(),  # noqa: B008, a frozen value
    ) -> None:
        """Forget one way to one's secret, where another remains."""
        await account_keys.drop_wrap(request.user, wrap_id, data.password)

    @reading("/users/{user_id:uuid}/identity", "getIdentity", 404)
    async def identity(
        self, user_id: FromPath[UUID], account_keys: NamedDependency[AccountKeys]
    ) -> PublicIdentity:
        """Get what somebody signs conversation keys with."""
        found = await account_keys.identity_of(user_id)
        return PublicIdentity(None if found is None else dict(found))


def _wrap_of(wrap: NewWrap) -> account_key.NewWrap:
    return account_key.NewWrap(kind=wrap.kind, wrapped=wrap.wrapped, label=wrap.label)


def _worded(own: account_key.OwnKeys) -> OwnKeys:
    identity = None if own.identity is None else _identity(own.identity)
    return OwnKeys(identity, [_wrap(wrap) for wrap in own.wraps])


def _identity(identity: account_key.OwnIdentity) -> OwnIdentity:
    return OwnIdentity(
        public_key=dict(identity.public_key),
        private_key=dict(identity.private_key),
        version=identity.version,
    )


def _wrap(wrap: account_key.KeyWrap) -> KeyWrap:
    return KeyWrap(
        id=wrap.id,
        kind=wrap.kind,
        label=wrap.label,
        wrapped=dict(wrap.wrapped),
        inserted_at=objects.time(wrap.inserted_at),
    )
