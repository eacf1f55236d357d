"""The light pages as an ASGI application: who comes in, forms against forgery, what is refused.

A GET shows a page; a POST is a form, which does something and leads on to a page (303). Whoever is
not signed in is led to the sign-in page and back. Pages are not compressed: they hold a secret
beside what others wrote, and their compressed length would tell of it (the BREACH attack).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from litestar.datastructures import Cookie

from tertulia.core.accounts import Accounts
from tertulia.core.errors import NotFound, Refusal
from tertulia.gateways import csrf
from tertulia.gateways.asgi import Headers, Receive, Scope, Send, header, send_answer
from tertulia.gateways.browser_access import BrowserAccess
from tertulia.gateways.pages.lite import paths
from tertulia.gateways.pages.lite.assets import Assets
from tertulia.gateways.pages.lite.routes import Route, Routes
from tertulia.gateways.pages.lite.visit import (
    Answer,
    Gone,
    Page,
    See,
    TooLarge,
    Visit,
    visit_of,
)
from tertulia.gateways.pages.lite.writing import Writer
from tertulia.gateways.statuses import retry_after_s, status_of

log = logging.getLogger(__name__)

_CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "connect-src 'self'",
        "img-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)
_HEADERS: Headers = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"content-security-policy", _CONTENT_SECURITY_POLICY.encode()),
]
_STALE_FORM = "This page was open for too long, or the form came from elsewhere. Please try again."


class LightPages:
    """Answers everything under /lite."""

    def __init__(
        self,
        access: BrowserAccess,
        accounts: Accounts,
        routes: Routes,
        assets: Assets,
        *,
        max_request_bytes: int,
        max_file_bytes: int,
    ) -> None:
        self._access = access
        self._accounts = accounts
        self._routes = routes
        self._assets = assets
        self._writer = Writer(assets)
        self._max_request_bytes = max_request_bytes
        self._max_file_bytes = max_file_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path: str = scope["path"]
        file = self._assets.find(path) if scope["method"] == "GET" else None
        if file is not None:
            await file(scope, receive, send)
            return
        visit = visit_of(scope, receive)
        try:
            status, headers, body = self._worded(visit, await self._answer(visit))
        except Gone:
            log.debug("a browser went away in the middle of %s", path)
            return
        except Exception:
            log.exception("%s %s failed", scope["method"], path)
            mishap = error_page(500, "Something went wrong on the server.")
            status, headers, body = self._worded(visit, mishap)
        await send_answer(send, status, headers, body)

    async def _answer(self, visit: Visit) -> Answer:
        method: str = visit.scope["method"]
        self._know(visit)
        found = self._routes.find(method, visit.path)
        if found is None:
            if self._routes.knows(visit.path):
                return error_page(405, "This is not done in this way.")
            return error_page(404, "There is no such page.")
        route, visit.named = found
        try:
            if method != "GET":
                await self._take_form(visit, route)
            await self._enter(visit)
            if visit.who is None and not route.is_public:
                return _signed_out(visit)
            return await route.view(visit)
        except Refusal as refusal:
            return await _refused(visit, route, refusal)

    def _know(self, visit: Visit) -> None:
        """Have a browser hold a CSRF token, the one it has if that is good."""
        cookie = self._access.csrf_cookie(visit.cookies)
        visit.csrf_token = cookie.value or ""
        if visit.cookies.get(csrf.COOKIE) != visit.csrf_token:
            visit.kept.append(cookie)

    async def _take_form(self, visit: Visit, route: Route) -> None:
        """Read a form, of one with a file what stands before the file; raises Forbidden."""
        self._access.refuse_foreign(header(visit.scope, b"origin"), header(visit.scope, b"host"))
        if route.is_file:
            await visit.begin_file_form(self._max_file_bytes, self._max_request_bytes)
        else:
            await visit.read_form(self._max_request_bytes)
        self._access.refuse_forged(visit.cookies, visit.form.text(csrf.FIELD))

    async def _enter(self, visit: Visit) -> None:
        """Find out who comes, if it is anybody known; a session may be renewed by it."""
        try:
            visit.who, renewed = await self._access.enter(visit.cookies)
        except Refusal:
            return
        visit.kept.extend(renewed)
        visit.account = await self._accounts.me(visit.who)

    def _worded(self, visit: Visit, answer: Answer) -> tuple[int, Headers, bytes]:
        """Return an answer as status, headers and body."""
        if isinstance(answer, See):
            # What the view sets has the last word, and one name is set once.
            names = {cookie.key for cookie in answer.cookies}
            kept = [cookie for cookie in visit.kept if cookie.key not in names]
            headers = [(b"location", answer.path.encode()), (b"content-length", b"0")]
            return 303, headers + _cookie_headers([*kept, *answer.cookies]), b""
        words = {
            "account": visit.account,
            "theme": visit.account.profile.theme if visit.account else "auto",
            "csrf_token": visit.csrf_token,
            "refusal": visit.refusal,
            "form": visit.form,
            "path": visit.path,
            **answer.words,
        }
        body = self._writer.write(answer.template, words)
        headers = [*_HEADERS, (b"content-length", str(len(body)).encode())]
        if answer.refresh_s is not None:
            headers.append((b"refresh", str(answer.refresh_s).encode()))
        wait_s = visit.refusal and retry_after_s(visit.refusal)
        if wait_s:
            headers.append((b"retry-after", str(wait_s).encode()))
        return answer.status, headers + _cookie_headers(visit.kept), body


def error_page(status: int, detail: str, text: str = "") -> Page:
    """Return a page that says what is wrong, with what was typed in vain."""
    return Page(template="error.html", words={"detail": detail, "text": text}, status=status)


async def _refused(visit: Visit, route: Route, refusal: Refusal) -> Answer:
    """Show the page of a form with the reason, else a page that has nothing but the reason."""
    visit.refusal = refusal
    if refusal.code == "csrf_failed":
        # Whoever forged the form would see their text on a page of ours.
        return error_page(403, _STALE_FORM)
    if refusal.code == "encrypted":
        return Page(template="sealed.html", words={}, status=status_of(refusal))
    if route.again is not None and not isinstance(refusal, NotFound):
        try:
            page = await route.again(visit)
        except Refusal:
            pass
        else:
            return replace(page, status=status_of(refusal)) if isinstance(page, Page) else page
    status = 413 if isinstance(refusal, TooLarge) else status_of(refusal)
    return error_page(status, refusal.detail, visit.form.text("text"))


def _signed_out(visit: Visit) -> Answer:
    if visit.scope["method"] == "GET":
        query = visit.scope["query_string"].decode("latin-1")
        return See(paths.sign_in_then(f"{visit.path}?{query}" if query else visit.path))
    detail = "You are not signed in any more, so nothing was done."
    return error_page(401, detail, visit.form.text("text"))


def _cookie_headers(cookies: Sequence[Cookie]) -> Headers:
    return [cookie.to_encoded_header() for cookie in cookies]
