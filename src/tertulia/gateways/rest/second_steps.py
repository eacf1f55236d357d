"""The second step of coming in, /auth/second-step, and how one's account is kept, /api/security."""

from __future__ import annotations

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Struct

from tertulia.core.second_steps import SecondSteps
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.devices import device_of
from tertulia.gateways.rest.passkeys import JsonObject, Passkey, PasskeyProof, word_passkey
from tertulia.gateways.rest.passwords import PresentPassword
from tertulia.gateways.rest.routes import OptionalBodyOperation, reading, writing
from tertulia.gateways.rest.sign_in_answers import AuthObject, SignInAnswers


class SecondStepCode(Struct, frozen=True):
    """The token of the first step, with a code of the app or a recovery code."""

    token: str
    code: str


class SecondStepToken(Struct, frozen=True):
    """The token of the first step."""

    token: str


class PasskeyRequest(Struct, frozen=True):
    """What the browser is asked to prove: `PublicKeyCredentialRequestOptionsJSON`."""

    options: JsonObject


class Security(Struct, frozen=True):
    """How one's account is kept.

    `fresh` says that one signed in within the last ten minutes, which is asked for where there is
    no password.
    """

    has_password: bool
    second_step: bool
    totp: bool
    recovery_codes_left: int
    passkeys: list[Passkey]
    fresh: bool


class NewApp(Struct, frozen=True):
    """What an authenticator app is told: a secret to type, and an address for a QR code."""

    secret: str
    uri: str


class AppCode(Struct, frozen=True):
    """A code that the app shows."""

    code: str


class RecoveryCodes(Struct, frozen=True):
    """Codes that each stand in once for what was lost; they are shown this once."""

    recovery_codes: tuple[str, ...]


class SecondStepSwitch(Struct, frozen=True):
    """Whether signing in asks for a second step; `password` is one's present one, if any."""

    on: bool
    password: str | None = None


class SecondStepsController(Controller):
    """The second step."""

    tags = ["second steps"]

    @writing("POST", "/auth/second-step", "finishSignIn", 400, 401, 403, 429, public=True)
    async def finish(
        self,
        request: ApiRequest,
        data: JSONBody[SecondStepCode],
        second_steps: NamedDependency[SecondSteps],
        answers: NamedDependency[SignInAnswers],
    ) -> Response[AuthObject]:
        """Come in with a code of the app, or with a recovery code."""
        signed_in = await second_steps.finish(data.token, data.code, device_of(request))
        return await answers.welcome(request, signed_in)

    @writing("POST", "/auth/second-step/passkey/options", "beginSecondStep", 400, 409, public=True)
    async def passkey_options(
        self, data: JSONBody[SecondStepToken], second_steps: NamedDependency[SecondSteps]
    ) -> PasskeyRequest:
        """Get what the browser is asked to prove in a second step by passkey."""
        return PasskeyRequest(await second_steps.passkey_options(data.token))

    @writing(
        *("POST", "/auth/second-step/passkey", "finishSignInByPasskey", 400, 401, 403, 429),
        public=True,
    )
    async def finish_by_passkey(
        self,
        request: ApiRequest,
        data: JSONBody[PasskeyProof],
        second_steps: NamedDependency[SecondSteps],
        answers: NamedDependency[SignInAnswers],
    ) -> Response[AuthObject]:
        """Come in with a passkey as the second step."""
        signed_in = await second_steps.finish_by_passkey(
            data.token, data.credential, device_of(request)
        )
        return await answers.welcome(request, signed_in)

    @reading("/api/security", "getSecurity")
    async def overview(
        self, request: ApiRequest, second_steps: NamedDependency[SecondSteps]
    ) -> Security:
        """Get how one's account is kept."""
        found = await second_steps.security(request.user)
        return Security(
            has_password=found.has_password,
            second_step=found.second_step,
            totp=found.totp,
            recovery_codes_left=found.recovery_codes_left,
            passkeys=[word_passkey(passkey) for passkey in found.passkeys],
            fresh=found.fresh,
        )

    @writing(
        *("POST", "/api/security/totp", "beginApp", 400, 409, 429),
        operation=OptionalBodyOperation,
    )
    async def begin_app(
        self,
        request: ApiRequest,
        second_steps: NamedDependency[SecondSteps],
        data: JSONBody[PresentPassword] = PresentPassword(),  # noqa: B008, a frozen value
    ) -> NewApp:
        """Begin to use an authenticator app; it counts once a code of it has come."""
        begun = await second_steps.begin_app(request.user, data.password)
        return NewApp(begun.secret, begun.uri)

    @writing("POST", "/api/security/totp/confirm", "confirmApp", 400, 409, 429)
    async def confirm_app(
        self,
        request: ApiRequest,
        data: JSONBody[AppCode],
        second_steps: NamedDependency[SecondSteps],
    ) -> RecoveryCodes:
        """Use the app, whose code proves it; signing in asks for a second step from now on."""
        return RecoveryCodes(await second_steps.confirm_app(request.user, data.code))

    @writing(
        *("POST", "/api/security/totp/remove", "removeApp", 400, 409, 429),
        status=204,
        operation=OptionalBodyOperation,
    )
    async def remove_app(
        self,
        request: ApiRequest,
        second_steps: NamedDependency[SecondSteps],
        data: JSONBody[PresentPassword] = PresentPassword(),  # noqa: B008, a frozen value
    ) -> None:
        """Use no authenticator app any longer."""
        await second_steps.remove_app(request.user, data.password)

    @writing(
        *("POST", "/api/security/recovery-codes", "newRecoveryCodes", 400, 409, 429),
        operation=OptionalBodyOperation,
    )
    async def new_codes(
        self,
        request: ApiRequest,
        second_steps: NamedDependency[SecondSteps],
        data: JSONBody[PresentPassword] = PresentPassword(),  # noqa: B008, a frozen value
    ) -> RecoveryCodes:
        """Get new recovery codes; the old ones hold no longer."""
        return RecoveryCodes(await second_steps.new_codes(request.user, data.password))

    @writing("PUT", "/api/security/second-step", "switchSecondStep", 400, 409, 429)
    async def switch(
        self,
        request: ApiRequest,
        data: JSONBody[SecondStepSwitch],
        second_steps: NamedDependency[SecondSteps],
    ) -> RecoveryCodes:
        """Ask for a second step from now on, which answers recovery codes, or no longer."""
        codes = await second_steps.switch(request.user, data.password, on=data.on)
        return RecoveryCodes(codes)
