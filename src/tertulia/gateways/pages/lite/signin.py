"""Coming in and going out: /lite/signin, its second step, /lite/register, /lite/signout."""

from __future__ import annotations

from tertulia.core.entrance import Admission, SecondStep
from tertulia.core.second_steps import SecondSteps
from tertulia.core.signin import SignIn
from tertulia.gateways.browser_access import BrowserAccess
from tertulia.gateways.pages.lite import paths
from tertulia.gateways.pages.lite.visit import Answer, Page, See, Visit


class SignInPages:
    """How people come in and go out."""

    def __init__(self, signin: SignIn, second_steps: SecondSteps, access: BrowserAccess) -> None:
        self._signin = signin
        self._second_steps = second_steps
        self._access = access

    async def show(self, visit: Visit) -> Answer:
        """Ask who comes; whoever is in already goes on."""
        return self._form(visit, "signin.html")

    async def sign_in(self, visit: Visit) -> Answer:
        """Come in by e-mail or username and password, or be asked for a second step."""
        name = visit.form.text("name").strip()
        is_email = "@" in name
        admission = await self._signin.with_password(
            email=name if is_email else None,
            username=None if is_email else name,
            password=visit.form.text("password"),
            device=visit.device,
        )
        return self._admit(visit, admission)

    async def show_step(self, visit: Visit) -> Answer:
        """Ask for the second step once more; without a first one begin there."""
        token = visit.form.text("token")
        if not token or (visit.refusal and visit.refusal.code == "invalid_token"):
            return self._form(visit, "signin.html")
        return _step(visit, token, has_code=True)

    async def take_step(self, visit: Visit) -> Answer:
        """Come in with a code of the app, or with a recovery code."""
        signed_in = await self._second_steps.finish(
            visit.form.text("token"), visit.form.text("code"), visit.device
        )
        return self._admit(visit, signed_in)

    async def show_registration(self, visit: Visit) -> Answer:
        """Ask for what makes an account."""
        return self._form(visit, "register.html")

    async def register(self, visit: Visit) -> Answer:
        """Make an account and come in with it."""
        form = visit.form
        signed_in = await self._signin.register(
            form.text("email"),
            form.text("password"),
            form.text("display_name") or None,
            form.text("username") or None,
            visit.device,
        )
        return self._admit(visit, signed_in)

    async def sign_out(self, visit: Visit) -> Answer:
        """End this session, however long its access token is expired."""
        token = self._access.refresh_token(visit.cookies)
        if token is not None:
            await self._signin.sign_out_token(token)
        elif visit.who is not None:
            await self._signin.sign_out(visit.who)
        visit.kept.clear()
        return See(paths.SIGN_IN, tuple(self._access.forget()))

    def _form(self, visit: Visit, template: str) -> Answer:
        if visit.who is not None and visit.refusal is None:
            return See(_next(visit))
        return Page(template=template, words={"next": _next(visit)})

    def _admit(self, visit: Visit, admission: Admission) -> Answer:
        if isinstance(admission, SecondStep):
            has_code = not {"totp", "recovery_code"}.isdisjoint(admission.methods)
            return _step(visit, admission.token, has_code=has_code)
        return See(_next(visit), tuple(self._access.keep(admission)))


def _step(visit: Visit, token: str, *, has_code: bool) -> Page:
    words = {"token": token, "has_code": has_code, "next": _next(visit)}
    return Page(template="second_step.html", words=words)


def _next(visit: Visit) -> str:
    return paths.local(visit.form.text("next") or visit.query.text("next"))
