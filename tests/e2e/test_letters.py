"""A mail that was promised arrives, though the mail server was down and the server was killed."""

from __future__ import annotations

import email
import email.policy
import re
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.adapters.smtp_server import Mailbox, smtp_server
from tests.e2e.server_process import ServerProcess
from tests.ports import free_port
from tests.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engines import Engines

pytestmark = pytest.mark.timeout(120)

PERSON = {"email": "ana@example.org", "password": "correct horse battery", "display_name": "Ana"}


async def test_a_mail_outlives_the_mail_server_and_the_server(
    tmp_path: Path, engines: Engines, ground: dict[str, str]
) -> None:
    smtp_port = free_port()
    server = ServerProcess(
        tmp_path,
        {
            **ground,
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(smtp_port),
            "SMTP_SECURITY": "none",
            "FROM_EMAIL": "chat@example.org",
        },
    )
    await server.start()
    try:
        async with httpx.AsyncClient(base_url=server.url) as http:
            answer = await http.post("/auth/register", json=PERSON)
        assert answer.status_code == 200
        await server.kill()
        assert b"/confirm-email#" not in engines.dump(ground)
        await server.start()
        with smtp_server(Mailbox(), port=smtp_port) as mailbox:
            # The claim of a delivery that the kill cut off runs out after a minute.
            await until(lambda: bool(mailbox.taken), within_s=90, what="the mail arrives")
            (to, content), *more = mailbox.taken
        assert (to, more) == ("ana@example.org", [])
        token = _token_in(content)
        headers = {"authorization": f"Bearer {answer.json()['access_token']}"}
        async with httpx.AsyncClient(base_url=server.url) as http:
            confirmed = await http.post("/auth/confirm", json={"token": token})
            assert confirmed.status_code == 204
            me = await http.get("/api/me", headers=headers)
            assert me.json()["confirmed_at"]
    finally:
        await server.stop()


def _token_in(content: bytes) -> str:
    mail = email.message_from_bytes(content, policy=email.policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"/confirm-email#(\S+)", body.get_content())
    assert found
    return found[1]
