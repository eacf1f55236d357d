"""Text messages over Twilio's REST interface (its page "Messages resource", version 2010-04-01)."""

from __future__ import annotations

import asyncio

import httpx

from tertulia.adapters.letter_texts import LetterTexts
from tertulia.adapters.tls import trusted_authorities
from tertulia.core.letters import Letter
from tertulia.core.post import Undeliverable

TIMEOUT_S = 15.0


class TwilioCourier:
    """A Courier that has Twilio send each letter.

    The interface knows no idempotency key, so a message whose answer was lost is sent twice: both
    have the same code.
    """

    def __init__(
        self,
        *,
        url: str,
        account_sid: str,
        auth_token: str,
        sender: str,
        texts: LetterTexts,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._path = f"{url}/2010-04-01/Accounts/{account_sid}/Messages.json"
        self._auth = httpx.BasicAuth(account_sid, auth_token)
        # A messaging service's id begins with MG; everything else is a number or a name.
        self._sender = {"MessagingServiceSid" if sender.startswith("MG") else "From": sender}
        self._texts = texts
        self._timeout_s = timeout_s

    async def deliver(self, letter: Letter, letter_id: str) -> None:  # noqa: ARG002, the port's
        """Send a letter; Undeliverable where Twilio says that this message never can be sent."""
        form = {"To": letter.to, "Body": self._texts.message(letter), **self._sender}
        # All in all: the client's own begins anew with every byte that trickles in.
        within = asyncio.timeout(self._timeout_s)
        async with (
            within,
            httpx.AsyncClient(verify=trusted_authorities(), timeout=self._timeout_s) as http,
        ):
            answer = await http.post(self._path, data=form, auth=self._auth)
        # 400 is about this message; 401, 403 and 429 are about the account, which can be mended.
        if answer.status_code == httpx.codes.BAD_REQUEST:
            raise Undeliverable(f"refused with {_code_of(answer)}")
        answer.raise_for_status()


def _code_of(answer: httpx.Response) -> object:
    try:
        body = answer.json()
    except ValueError:
        return "no reason"
    return body.get("code") if isinstance(body, dict) else "no reason"
