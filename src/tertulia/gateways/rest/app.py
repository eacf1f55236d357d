"""The whole HTTP interface, put together: routes, what they use, and the front before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, cast

from litestar import Litestar, Router
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.types import ControllerRouterHandler, Guard
from litestar.types import Scope as AnyScope

from tertulia.core.chat import ChatCore
from tertulia.core.clock import utc_now
from tertulia.core.ports import Clock
from tertulia.gateways.asgi import App, Receive, Scope, Send
from tertulia.gateways.browser_access import BrowserSite, browser_access
from tertulia.gateways.origins import Origins
from tertulia.gateways.rest.access import Access, send_renewed_cookies
from tertulia.gateways.rest.account_keys import AccountKeysController
from tertulia.gateways.rest.audit import AuditController
from tertulia.gateways.rest.auth import AuthController, SignOutController
from tertulia.gateways.rest.avatars import AvatarsController
from tertulia.gateways.rest.bans import BansController
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.browsing import BrowsingController
from tertulia.gateways.rest.contacts import ContactsController
from tertulia.gateways.rest.conversation_pictures import ConversationPicturesController
from tertulia.gateways.rest.conversations import ConversationsController
from tertulia.gateways.rest.departure import DepartureController
from tertulia.gateways.rest.dev_outbox import PATHS as OUTBOX_PATHS
from tertulia.gateways.rest.dev_outbox import ReadLetters, dev_outbox
from tertulia.gateways.rest.documents import DocumentsController
from tertulia.gateways.rest.emails import EmailsController
from tertulia.gateways.rest.encryption_keys import EncryptionKeysController
from tertulia.gateways.rest.errors import EXCEPTION_HANDLERS
from tertulia.gateways.rest.exports import ExportsController
from tertulia.gateways.rest.files import FilesController
from tertulia.gateways.rest.forwarding import ForwardingController
from tertulia.gateways.rest.front import Front, Pages
from tertulia.gateways.rest.handovers import HandoversController
from tertulia.gateways.rest.health import HealthController, Readiness
from tertulia.gateways.rest.invites import InvitationsController, InvitesController
from tertulia.gateways.rest.me import MeController
from tertulia.gateways.rest.members import MembersController
from tertulia.gateways.rest.messages import MessagesController
from tertulia.gateways.rest.notifications import NotificationsController
from tertulia.gateways.rest.openapi import OPENAPI, encode_document
from tertulia.gateways.rest.passkeys import PasskeysController
from tertulia.gateways.rest.passwords import PasswordsController
from tertulia.gateways.rest.phones import PhonesController
from tertulia.gateways.rest.pins import PinsController
from tertulia.gateways.rest.polls import PollsController
from tertulia.gateways.rest.preferences import PreferencesController
from tertulia.gateways.rest.previews import PreviewsController
from tertulia.gateways.rest.reactions import ReactionsController
from tertulia.gateways.rest.rooms import RoomsController
from tertulia.gateways.rest.scheduled import ScheduledController
from tertulia.gateways.rest.search import SearchController
from tertulia.gateways.rest.second_steps import SecondStepsController
from tertulia.gateways.rest.sessions import SessionsController
from tertulia.gateways.rest.sign_in_answers import SignInAnswers
from tertulia.gateways.rest.social import SocialController
from tertulia.gateways.rest.stars import StarsController
from tertulia.gateways.rest.uploads import (
    FORM_OVERHEAD_BYTES,
    UploadBodiesController,
    UploadsController,
)
from tertulia.gateways.rest.users import UsersController
from tertulia.gateways.rest.voice import VoiceController

_CONTROLLERS: list[ControllerRouterHandler] = [
    AuthController,
    SignOutController,
    EmailsController,
    PasswordsController,
    PhonesController,
    PasskeysController,
    AccountKeysController,
    HandoversController,
    SecondStepsController,
    SocialController,
    MeController,
    ExportsController,
    DepartureController,
    SessionsController,
    UsersController,
    ContactsController,
    ConversationsController,
    PreferencesController,
    MembersController,
    BansController,
    InvitesController,
    InvitationsController,
    AuditController,
    MessagesController,
    BrowsingController,
    ReactionsController,
    PinsController,
    StarsController,
    PollsController,
    ForwardingController,
    UploadsController,
    FilesController,
    PreviewsController,
    EncryptionKeysController,
    ScheduledController,
    NotificationsController,
    RoomsController,
    SearchController,
    VoiceController,
    HealthController,
    DocumentsController,
]


Uses = Mapping[str, object]
"""What handlers ask for by the names of their parameters."""

_USE_CASES = tuple(field.name for field in fields(ChatCore))
_NAMES = ("access", "answers", "document", "ready", *_USE_CASES)
_USES = "tertulia.uses"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site(BrowserSite):
    """How the server is reached from outside, and how large bodies may be, in bytes."""

    max_request_bytes: int
    max_avatar_bytes: int
    max_upload_bytes: int


def create_app(
    chat: ChatCore,
    site: Site,
    *,
    ready: Readiness,
    pages: Pages,
    beside: Mapping[str, App] | None = None,
    read_letters: ReadLetters | None = None,
    clock: Clock = utc_now,
) -> App:
    """Return the ASGI application that answers every HTTP request; it has no lifespan.

    `ready` is asked by /readyz; `pages` has the files of the web client. `beside` answers for paths
    that other gateways serve by HTTP. `read_letters` has what /dev/outbox shows, and is there in
    development alone.
    """
    access = Access(chat.sessions, browser_access(chat, site, clock))
    uses: Uses = {
        "access": access,
        "answers": SignInAnswers(chat.accounts, chat.conversations, access),
        "document": openapi_document,
        "ready": ready,
        **{name: getattr(chat, name) for name in _USE_CASES},
    }
    routes = _routes(site.max_request_bytes, site.max_avatar_bytes, site.max_upload_bytes)
    rooms = {route.path.split("/")[1] for route in routes.routes} | {"dev"}
    single = dict(beside or {})
    if read_letters:
        single |= dict.fromkeys(OUTBOX_PATHS, dev_outbox(read_letters))
    return Front(
        _using(uses, cast("App", routes)),
        rooms,
        pages,
        Origins(site.origins),
        is_https=site.is_https,
        beside=single,
    )


@cache
def openapi_document() -> bytes:
    """Return the OpenAPI document, as JSON; made from the routes alone, without any storage."""
    return encode_document(_litestar(openapi=OPENAPI))


@cache
def _routes(max_request_bytes: int, max_avatar_bytes: int, max_upload_bytes: int) -> Litestar:
    # Making them takes longer than anything else that a server does at its start, and they are the
    # same for every core: what they use comes along with each request.
    return _litestar(
        guards=[_guard],
        max_request_bytes=max_request_bytes,
        max_avatar_bytes=max_avatar_bytes,
        max_upload_bytes=max_upload_bytes,
    )


def _litestar(
    *,
    guards: Sequence[Guard] = (),
    max_request_bytes: int = 0,
    max_avatar_bytes: int = 0,
    max_upload_bytes: int = 0,
    openapi: OpenAPIConfig | None = None,
) -> Litestar:
    return Litestar(
        route_handlers=[
            *_CONTROLLERS,
            # Pictures may be larger than most other bodies, and files larger still.
            Router(
                "/",
                route_handlers=[AvatarsController, ConversationPicturesController],
                request_max_body_size=max_avatar_bytes,
            ),
            Router(
                "/",
                route_handlers=[UploadBodiesController],
                request_max_body_size=max_upload_bytes + FORM_OVERHEAD_BYTES,
            ),
        ],
        dependencies={name: _provided(name) for name in _NAMES},
        guards=guards,
        request_class=ApiRequest,
        request_max_body_size=max_request_bytes,
        exception_handlers=EXCEPTION_HANDLERS,
        before_send=[send_renewed_cookies],
        openapi_config=openapi,
        # The server configures logging, once for all rooms.
        logging_config=None,
    )


def _using(uses: Uses, routes: App) -> App:
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await routes({**scope, _USES: uses}, receive, send)

    return serve


def _provided(name: str) -> Provide:
    def provide(scope: AnyScope) -> object:
        return _uses_of(scope)[name]

    return Provide(provide, sync_to_thread=False)


async def _guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    access = cast("Access", _uses_of(connection.scope)["access"])
    await access.guard(connection, handler)


def _uses_of(scope: AnyScope) -> Uses:
    uses: Uses = cast("dict[str, Any]", scope)[_USES]
    return uses
