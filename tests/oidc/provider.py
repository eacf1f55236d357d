"""The npm package `oidc-provider` in a process of its own, and a person before its pages."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import httpx

from scripts.web_client import WEB
from tests.node import node_path
from tests.ports import free_port

SCRIPT = Path(__file__).parent / "provider.mjs"
CLIENT_ID = "tertulia"
CLIENT_SECRET = "a secret between the two"
PATIENCE_S = 30.0
MAX_STEPS = 12

_FORM = re.compile(r'<form[^>]*action="([^"]+)"')


@dataclass(frozen=True)
class RunningProvider:
    """A provider that is running."""

    port: int

    @property
    def issuer(self) -> str:
        """How it is known."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """The settings of a server that takes its word."""
        return {
            "OIDC_PROVIDERS": "work",
            "OIDC_WORK_ISSUER": self.issuer,
            "OIDC_WORK_CLIENT_ID": CLIENT_ID,
            "OIDC_WORK_CLIENT_SECRET": CLIENT_SECRET,
            "OIDC_WORK_TITLE": "Work",
        }

    async def sign_in(self, url: str, login: str) -> str:
        """Go to the provider as a browser would, sign in, and return where it leads back to."""
        async with httpx.AsyncClient(timeout=PATIENCE_S) as browser:
            answer = await browser.get(url)
            for _ in range(MAX_STEPS):
                if answer.is_redirect:
                    url = urljoin(str(answer.url), answer.headers["location"])
                    if not url.startswith(self.issuer):
                        return url
                    answer = await browser.get(url)
                    continue
                answer.raise_for_status()
                form = _FORM.search(answer.text)
                assert form, answer.text
                prompt = "login" if 'name="login"' in answer.text else "consent"
                fields = {"prompt": prompt, "login": login, "password": "any"}
                answer = await browser.post(urljoin(str(answer.url), form[1]), data=fields)
        raise AssertionError("the provider does not come to an end")


@asynccontextmanager
async def oidc_provider(redirect_uris: Sequence[str]) -> AsyncIterator[RunningProvider]:
    """Run a provider that sends people back to these addresses alone."""
    port = free_port()
    config = {"port": port, "redirectUris": list(redirect_uris), "web": str(WEB)}
    process = await asyncio.create_subprocess_exec(
        node_path(),
        str(SCRIPT),
        json.dumps(config),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            while (await process.stdout.readline()).strip() != b"ready":
                assert process.returncode is None, "the provider did not start"
        yield RunningProvider(port)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
