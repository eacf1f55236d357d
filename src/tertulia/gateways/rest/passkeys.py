"""One's passkeys, /api/passkeys, and coming in by one, /auth/passkey."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from tertulia.core import proofs
from tertulia.core.errors import NotFound
from tertulia.core.passkeys import Passkeys
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.devices import device_of
from tertulia.gateways.rest.passwords import PresentPassword
from tertulia.gateways.rest.routes import OptionalBodyOperation, writing
from tertulia.gateways.rest.sign_in_answers import AuthObject, SignInAnswers

JsonObject = Annotated[dict[str, object], Meta(description="As the browser's interface has it.")]


class Passkey(Struct, frozen=True):
    """One of one's passkeys; `id` is the credential's, in base64url."""

    id: str
    name: str
    inserted_at: objects.Time
    last_used_at: objects.Time | None


class PasskeyCeremony(Struct, frozen=True):
    """A ceremony that has begun; `options` go to the browser, and `token` comes back with its word.

    They are `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON` of
    Web Authentication, level 3.
    """

    token: str
    options: JsonObject


class PasskeyProof(Struct, frozen=True):
    """What the browser answered in a ceremony, by its `toJSON()`."""

    token: str
    credential: JsonObject


class NewPasskey(Struct, frozen=True):
    """What the browser answered when it made a passkey, and what one calls it.

    Without a name it is called after the device.
    """

    token: str
    credential: JsonObject
    name: str | None = None


class PasskeyName(Struct, frozen=True):
    """What one calls a passkey."""

    name: str


class PasskeysController(Controller):
    """Passkeys."""

    tags = ["passkeys"]

    @writing("POST", "/auth/passkey/options", "beginPasskeySignIn", 429, public=True)
    async def begin_sign_in(
        self, request: ApiRequest, passkeys: NamedDependency[Passkeys]
    ) -> PasskeyCeremony:
        """Begin to come in by any passkey that the device has."""
        begun = await passkeys.begin_sign_in(device_of(request))
        return PasskeyCeremony(begun.token, begun.options)

    @writing("POST", "/auth/passkey", "signInByPasskey", 400, 401, 403, 429, public=True)
    async def sign_in(
        self,
        request: ApiRequest,
        data: JSONBody[PasskeyProof],
        passkeys: NamedDependency[Passkeys],
        answers: NamedDependency[SignInAnswers],
    ) -> Response[AuthObject]:
        """Come in by a passkey; no second step is asked for."""
        signed_in = await passkeys.sign_in(data.token, data.credential, device_of(request))
        return await answers.welcome(request, signed_in)

    @writing(
        *("POST", "/api/passkeys/options", "beginPasskey", 400, 429),
        operation=OptionalBodyOperation,
    )
    async def begin_adding(
        self,
        request: ApiRequest,
        passkeys: NamedDependency[Passkeys],
        data: JSONBody[PresentPassword] = PresentPassword(),  # noqa: B008, a frozen value
    ) -> PasskeyCeremony:
        """Begin to make a passkey."""
        begun = await passkeys.begin_adding(request.user, data.password)
        return PasskeyCeremony(begun.token, begun.options)

    @writing("POST", "/api/passkeys", "addPasskey", 400, 409)
    async def add(
        self, request: ApiRequest, data: JSONBody[NewPasskey], passkeys: NamedDependency[Passkeys]
    ) -> Passkey:
        """Keep the passkey that the browser has made."""
        added = await passkeys.add(
            request.user, data.token, data.name, data.credential, device_of(request)
        )
        return word_passkey(added)

    @writing("PATCH", "/api/passkeys/{passkey_id:str}", "renamePasskey", 400, 404)
    async def rename(
        self,
        request: ApiRequest,
        passkey_id: FromPath[str],
        data: JSONBody[PasskeyName],
        passkeys: NamedDependency[Passkeys],
    ) -> Passkey:
        """Give a passkey another name."""
        named = await passkeys.rename(request.user, _id_of(passkey_id), data.name)
        return word_passkey(named)

    @writing(
        *("POST", "/api/passkeys/{passkey_id:str}/remove", "removePasskey", 400, 404, 409, 429),
        status=204,
        operation=OptionalBodyOperation,
    )
    async def remove(
        self,
        request: ApiRequest,
        passkey_id: FromPath[str],
        passkeys: NamedDependency[Passkeys],
        data: JSONBody[PresentPassword] = PresentPassword(),  # noqa: B008, a frozen value
    ) -> None:
        """Forget a passkey, where another way in remains."""
        await passkeys.remove(request.user, _id_of(passkey_id), data.password)


def word_passkey(passkey: proofs.Passkey) -> Passkey:
    """Word a passkey for its owner."""
    used_at = passkey.last_used_at
    return Passkey(
        id=base64.urlsafe_b64encode(passkey.id).rstrip(b"=").decode(),
        name=passkey.name,
        inserted_at=objects.time(passkey.inserted_at),
        last_used_at=objects.time(used_at) if used_at else None,
    )


def _id_of(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        # What cannot be anybody's is nobody's.
        raise NotFound("You have no such passkey.") from None
