"""Coming in by telephone, and the number on one's account."""

from __future__ import annotations

from litestar import Controller, Response
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Struct

from tertulia.core.phones import Phones
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.devices import device_of
from tertulia.gateways.rest.passwords import PresentPassword
from tertulia.gateways.rest.routes import OptionalBodyOperation, writing
from tertulia.gateways.rest.sign_in_answers import AuthObject, SignInAnswers


class PhoneNumber(Struct, frozen=True):
    """A number, with its country's code unless it is one of the server's own country."""

    phone: str


class PhoneSignIn(Struct, frozen=True):
    """A number and the code that was sent to it; the name is that of an account made by it."""

    phone: str
    code: str
    display_name: str | None = None


class OwnPhone(Struct, frozen=True):
    """A number and the code that was sent to it."""

    phone: str
    code: str


class PhonesController(Controller):
    """Telephone numbers."""

    tags = ["phones"]

    @writing("POST", "/auth/sms/request", "requestPhoneCode", 400, 429, status=204, public=True)
    async def request_code(
        self, request: ApiRequest, data: JSONBody[PhoneNumber], phones: NamedDependency[Phones]
    ) -> None:
        """Have a code sent to a number, to come in with."""
        await phones.request_code(data.phone, device_of(request))

    @writing("POST", "/auth/sms/verify", "signInByPhone", 400, 401, 403, 429, public=True)
    async def sign_in(
        self,
        request: ApiRequest,
        data: JSONBody[PhoneSignIn],
        phones: NamedDependency[Phones],
        answers: NamedDependency[SignInAnswers],
    ) -> Response[AuthObject]:
        """Come in by the code that was sent; the first time makes an account."""
        admission = await phones.sign_in(
            data.phone, data.code, data.display_name, device_of(request)
        )
        return await answers.welcome(request, admission)

    @writing("POST", "/api/phone/request", "requestOwnPhoneCode", 400, 429, status=204)
    async def request_own(
        self, request: ApiRequest, data: JSONBody[PhoneNumber], phones: NamedDependency[Phones]
    ) -> None:
        """Have a code sent to a number that one wants to have on one's account."""
        await phones.request_own(request.user, data.phone, device_of(request))

    @writing("POST", "/api/phone", "addPhone", 400, 429)
    async def add_own(
        self, request: ApiRequest, data: JSONBody[OwnPhone], phones: NamedDependency[Phones]
    ) -> objects.Me:
        """Have a number on one's account, in the place of any before."""
        return objects.me(await phones.add_own(request.user, data.phone, data.code))

    @writing(
        "POST", "/api/phone/remove", "removePhone", 400, 409, 429, operation=OptionalBodyOperation
    )
    async def remove_own(
        self,
        request: ApiRequest,
        phones: NamedDependency[Phones],
        data: JSONBody[PresentPassword] = PresentPassword(),  # noqa: B008, a frozen value
    ) -> objects.Me:
        """Have no number any longer, where another way in remains."""
        return objects.me(await phones.remove_own(request.user, data.password))
