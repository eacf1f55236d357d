"""People who prove themselves by more than a password over HTTP: by an app, or by a passkey."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
import pyotp

from tertulia.core.clock import utc_now
from tertulia.gateways.rest.app import openapi_document
from tests.authenticator import SoftwareKey
from tests.gateways.rest.conftest import PASSWORD, Json, body, refusal

if TYPE_CHECKING:
    import httpx

    from tests.gateways.rest.conftest import Person

PASSWORD_BODY = {"password": PASSWORD}

DOCUMENT: Json = msgspec.json.decode(openapi_document())
_STATUSES = {
    (method.upper(), re.compile(re.sub(r"\{\w+\}", "[^/]+", path))): set(operation["responses"])
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
}


@dataclass
class App:
    """An authenticator app in use, and the recovery codes that came with it."""

    secret: str
    codes: list[str]

    def code(self) -> str:
        """Return the code of the next half a minute, which is within the drift and not used."""
        return pyotp.TOTP(self.secret).at(utc_now() + timedelta(seconds=30))


def is_documented(answer: httpx.Response) -> bool:
    """Tell whether the OpenAPI document has the status of an answer."""
    asked = answer.request
    (statuses,) = [
        statuses
        for (method, path), statuses in _STATUSES.items()
        if method == asked.method and path.fullmatch(asked.url.path)
    ]
    return str(answer.status_code) in statuses


def refused(answer: httpx.Response) -> tuple[int, str, str | None]:
    """Do as `refusal` does, for an answer that the OpenAPI document must tell of."""
    said = refusal(answer)
    assert is_documented(answer), answer.status_code
    return said


async def use_app(person: Person) -> App:
    """Have somebody use an authenticator app from now on."""
    begun = body(await person.http.post("/api/security/totp", json=PASSWORD_BODY))
    code = pyotp.TOTP(begun["secret"]).at(utc_now())
    confirmed = body(await person.http.post("/api/security/totp/confirm", json={"code": code}))
    return App(begun["secret"], confirmed["recovery_codes"])


async def use_passkey(person: Person, name: str | None = "Laptop") -> tuple[SoftwareKey, Json]:
    """Have somebody make a passkey; return the key and what the server says of it."""
    key = SoftwareKey()
    begun = body(await person.http.post("/api/passkeys/options", json=PASSWORD_BODY))
    asked = {"token": begun["token"], "credential": key.create(begun["options"])}
    if name is not None:
        asked["name"] = name
    return key, body(await person.http.post("/api/passkeys", json=asked))


async def first_step(client: httpx.AsyncClient, username: str = "ana") -> Json:
    """Sign in by password, which must not be enough; return what goes on."""
    login = {"username": username, "password": PASSWORD}
    answer = await client.post("/auth/login", json=login)
    assert answer.status_code == 401
    assert is_documented(answer)
    return dict(answer.json()["second_step"])
