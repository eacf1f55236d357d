"""The light pages put together: every address, and what answers there."""

from __future__ import annotations

from tertulia.core.chat import ChatCore
from tertulia.core.clock import utc_now
from tertulia.core.ports import Clock
from tertulia.gateways.browser_access import BrowserAccess
from tertulia.gateways.pages.lite.assets import Assets
from tertulia.gateways.pages.lite.beginnings import BeginningPages
from tertulia.gateways.pages.lite.chat import ThreadPages
from tertulia.gateways.pages.lite.chats import ChatPages
from tertulia.gateways.pages.lite.directory import DirectoryPages
from tertulia.gateways.pages.lite.files import FilePages
from tertulia.gateways.pages.lite.members import MemberPages
from tertulia.gateways.pages.lite.message import MessagePages
from tertulia.gateways.pages.lite.routes import Route, Routes
from tertulia.gateways.pages.lite.settings import SettingsPages
from tertulia.gateways.pages.lite.signin import SignInPages
from tertulia.gateways.pages.lite.site import LightPages
from tertulia.gateways.pages.lite.visit import View

_CHAT = "/lite/chats/{number}"
_MESSAGE = "/lite/chats/{number}/{seq}"


def light_pages(
    core: ChatCore,
    access: BrowserAccess,
    *,
    max_request_bytes: int,
    max_upload_bytes: int,
    assets: Assets | None = None,
    clock: Clock = utc_now,
) -> LightPages:
    """Return what answers everything under /lite."""
    return LightPages(
        access,
        core.accounts,
        Routes(_entrance(core, access) + _chats(core, clock) + _own(core, access)),
        assets or Assets(),
        max_request_bytes=max_request_bytes,
        # What stands around the file in its form counts as much as any other body may.
        max_file_bytes=max_upload_bytes + max_request_bytes,
    )


def _entrance(core: ChatCore, access: BrowserAccess) -> list[Route]:
    signin = SignInPages(core.signin, core.second_steps, access)
    return [
        _public("GET", "/lite/signin", signin.show),
        _public("POST", "/lite/signin", signin.sign_in, signin.show),
        _public("GET", "/lite/signin/code", signin.show_step),
        _public("POST", "/lite/signin/code", signin.take_step, signin.show_step),
        _public("GET", "/lite/register", signin.show_registration),
        _public("POST", "/lite/register", signin.register, signin.show_registration),
        _public("POST", "/lite/signout", signin.sign_out),
    ]


def _chats(core: ChatCore, clock: Clock) -> list[Route]:
    chats = ChatPages(core.conversations, core.accounts, clock)
    directory = DirectoryPages(core.conversations, core.members)
    beginnings = BeginningPages(core.conversations, core.accounts, core.contacts)
    members = MemberPages(core.conversations, core.members)
    files = FilePages(core.conversations, core.uploads, core.messages)
    thread = ThreadPages(
        core.conversations,
        core.openings,
        core.browsing,
        core.messages,
        core.receipts,
        core.accounts,
        clock,
    )
    message = MessagePages(
        core.conversations,
        core.browsing,
        core.accounts,
        core.messages,
        core.reactions,
        core.pins,
        clock,
    )
    return [
        _route("GET", "/lite", chats.show),
        _route("GET", "/lite/", chats.show),
        _route("GET", "/lite/rooms", directory.show),
        _route("POST", "/lite/rooms/{id}/join", directory.join, directory.show),
        _route("GET", "/lite/new", beginnings.show),
        _route("POST", "/lite/new", beginnings.start_private, beginnings.show),
        _route("GET", "/lite/new/group", beginnings.show_group),
        _route("POST", "/lite/new/group", beginnings.start_group, beginnings.show_group),
        _route("GET", "/lite/new/room", beginnings.show_room),
        _route("POST", "/lite/new/room", beginnings.start_room, beginnings.show_room),
        _route("GET", _CHAT, thread.show),
        _route("POST", _CHAT, thread.send, thread.show),
        _route("GET", f"{_CHAT}/list", thread.show_list),
        _route("GET", f"{_CHAT}/members", members.show),
        _route("GET", f"{_CHAT}/leave", members.ask_to_leave),
        _route("POST", f"{_CHAT}/leave", members.leave, members.ask_to_leave),
        _route("GET", f"{_CHAT}/file", files.show),
        _route("POST", f"{_CHAT}/attach", files.show),
        Route(method="POST", path=f"{_CHAT}/file", view=files.send, again=files.show, is_file=True),
        _route("GET", "/lite/messages/{id}", message.find),
        _route("GET", _MESSAGE, message.show),
        _route("POST", f"{_MESSAGE}/edit", message.edit, message.show),
        _route("POST", f"{_MESSAGE}/delete", message.delete, message.show),
        _route("POST", f"{_MESSAGE}/react", message.react, message.show),
        _route("POST", f"{_MESSAGE}/pin", message.pin, message.show),
    ]


def _own(core: ChatCore, access: BrowserAccess) -> list[Route]:
    settings = SettingsPages(core.accounts, core.passwords, core.second_steps, access)
    return [
        _route("GET", "/lite/settings", settings.show),
        _route("POST", "/lite/settings/name", settings.rename, settings.show),
        _route("POST", "/lite/settings/theme", settings.set_theme, settings.show),
        _route("POST", "/lite/settings/password", settings.set_password, settings.show),
    ]


def _route(method: str, path: str, view: View, again: View | None = None) -> Route:
    return Route(method=method, path=path, view=view, again=again)


def _public(method: str, path: str, view: View, again: View | None = None) -> Route:
    return Route(method=method, path=path, view=view, again=again, is_public=True)
