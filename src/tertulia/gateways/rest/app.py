"""The whole HTTP interface, put together: routes, what they use, and the front before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import cast

from litestar import Litestar, Router
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.types import ControllerRouterHandler, Guard

from tertulia.core.chat import ChatCore
from tertulia.core.clock import utc_now
from tertulia.core.ports import Clock
from tertulia.gateways.asgi import App
from tertulia.gateways.origins import Origins
from tertulia.gateways.rest.access import Access, send_renewed_cookies
from tertulia.gateways.rest.auth import AuthController, SignOutController
from tertulia.gateways.rest.avatars import AvatarsController
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.contacts import ContactsController
from tertulia.gateways.rest.conversations import ConversationsController
from tertulia.gateways.rest.cookies import TokenCookies
from tertulia.gateways.rest.csrf import CsrfTokens
from tertulia.gateways.rest.departure import DepartureController
from tertulia.gateways.rest.dev_outbox import PATHS as OUTBOX_PATHS
from tertulia.gateways.rest.dev_outbox import ReadLetters, dev_outbox
from tertulia.gateways.rest.documents import DocumentsController
from tertulia.gateways.rest.emails import EmailsController
from tertulia.gateways.rest.errors import EXCEPTION_HANDLERS
from tertulia.gateways.rest.exports import ExportsController
from tertulia.gateways.rest.front import Front, Pages
from tertulia.gateways.rest.health import HealthController, Readiness
from tertulia.gateways.rest.me import MeController
from tertulia.gateways.rest.members import MembersController
from tertulia.gateways.rest.messages import MessagesController
from tertulia.gateways.rest.openapi import OPENAPI, encode_document
from tertulia.gateways.rest.passkeys import PasskeysController
from tertulia.gateways.rest.passwords import PasswordsController
from tertulia.gateways.rest.phones import PhonesController
from tertulia.gateways.rest.rooms import RoomsController
from tertulia.gateways.rest.second_steps import SecondStepsController
from tertulia.gateways.rest.sessions import SessionsController
from tertulia.gateways.rest.sign_in_answers import SignInAnswers
from tertulia.gateways.rest.social import SocialController
from tertulia.gateways.rest.users import UsersController

_CONTROLLERS: list[ControllerRouterHandler] = [
    AuthController,
    SignOutController,
    EmailsController,
    PasswordsController,
    PhonesController,
    PasskeysController,
    SecondStepsController,
    SocialController,
    MeController,
    ExportsController,
    DepartureController,
    SessionsController,
    UsersController,
    ContactsController,
    ConversationsController,
    MembersController,
    MessagesController,
    RoomsController,
    HealthController,
    DocumentsController,
]


_USE_CASES = tuple(field.name for field in fields(ChatCore))


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """How the server is reached from outside.

    `is_https` says that people open it under https, whatever stands in between. `origins` are the
    web origins whose pages may call it. `csrf_secret` signs tokens against forged requests.
    """

    is_https: bool
    origins: tuple[str, ...]
    csrf_secret: str
    max_request_bytes: int
    max_avatar_bytes: int


def create_app(
    chat: ChatCore,
    site: Site,
    *,
    ready: Readiness,
    pages: Pages,
    read_letters: ReadLetters | None = None,
    clock: Clock = utc_now,
) -> App:
    """Return the ASGI application that answers every HTTP request; it has no lifespan.

    `ready` is asked by /readyz; `pages` has the files of the web client. `read_letters` has what
    /dev/outbox shows, and is there in development alone.
    """
    origins = Origins(site.origins)
    access = Access(
        chat.sessions,
        chat.signin,
        TokenCookies(is_https=site.is_https),
        CsrfTokens(site.csrf_secret, is_https=site.is_https),
        origins,
        clock,
    )
    routes = _litestar(
        {
            "access": access,
            "answers": SignInAnswers(chat.accounts, chat.conversations, access),
            "document": openapi_document,
            "ready": ready,
            **{name: getattr(chat, name) for name in _USE_CASES},
        },
        guards=[access.guard],
        max_request_bytes=site.max_request_bytes,
        max_avatar_bytes=site.max_avatar_bytes,
    )
    rooms = {route.path.split("/")[1] for route in routes.routes} | {"dev"}
    beside = dict.fromkeys(OUTBOX_PATHS, dev_outbox(read_letters)) if read_letters else {}
    return Front(cast("App", routes), rooms, pages, origins, is_https=site.is_https, beside=beside)


@cache
def openapi_document() -> bytes:
    """Return the OpenAPI document, as JSON; made from the routes alone, without any storage."""
    uses = dict.fromkeys(("access", "answers", "document", "ready", *_USE_CASES))
    return encode_document(_litestar(uses, guards=[], openapi=OPENAPI))


def _litestar(
    uses: Mapping[str, object],
    *,
    guards: list[Guard],
    max_request_bytes: int = 0,
    max_avatar_bytes: int = 0,
    openapi: OpenAPIConfig | None = None,
) -> Litestar:
    return Litestar(
        route_handlers=[
            *_CONTROLLERS,
            # Pictures may be larger than any other body.
            Router("/", route_handlers=[AvatarsController], request_max_body_size=max_avatar_bytes),
        ],
        dependencies={name: _provided(use) for name, use in uses.items()},
        guards=guards,
        request_class=ApiRequest,
        request_max_body_size=max_request_bytes,
        exception_handlers=EXCEPTION_HANDLERS,
        before_send=[send_renewed_cookies],
        openapi_config=openapi,
        # The server configures logging, once for all rooms.
        logging_config=None,
    )


def _provided(use: object) -> Provide:
    def provide() -> object:
        return use

    return Provide(provide, sync_to_thread=False)
