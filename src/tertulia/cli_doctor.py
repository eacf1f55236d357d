"""`tertulia doctor`: whether a server can work as it is set, and what will not work."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import aiosmtplib
import click

from tertulia import logs
from tertulia.adapters.janus_words import JanusAway, JanusRefused
from tertulia.adapters.mail_smtp import SmtpCourier
from tertulia.adapters.sfu_janus import JanusSfu
from tertulia.adapters.turn_probe import TurnFailed, allocate
from tertulia.cli_ground import settings
from tertulia.composition import ice_servers
from tertulia.core.clock import utc_now
from tertulia.core.errors import Unavailable
from tertulia.core.ids import new_id
from tertulia.couriers import mail_courier
from tertulia.settings import Settings
from tertulia.storage.engine import open_database
from tertulia.storage.replica import is_answering
from tertulia.storage.stores import SqlStorage

State = Literal["fine", "note", "wrong"]

_COLOURS = {"fine": "green", "note": "yellow", "wrong": "red"}
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: fine, to be known, or wrong."""

    state: State
    title: str
    detail: str


Check = Callable[[Settings], Awaitable[Sequence[Finding]]]


@click.command()
def doctor() -> None:
    """Try out what is set, and say what is wrong and what will not work.

    Ends with exit code 1 where something is wrong. A server may run beside it.
    """
    known = settings()
    logs.configure_logs("critical")
    findings = asyncio.run(_look(known))
    for finding in findings:
        mark = click.style(f"{finding.state:5}", fg=_COLOURS[finding.state])
        click.echo(f"{mark}  {finding.title}: {finding.detail}")
    wrong = sum(finding.state == "wrong" for finding in findings)
    if wrong:
        raise click.ClickException(f"{wrong} of {len(findings)} need to be seen to.")


async def _look(known: Settings) -> list[Finding]:
    return [finding for check in CHECKS for finding in await check(known)]


async def database(known: Settings) -> Sequence[Finding]:
    """Whether the database answers."""
    opened = open_database(known.database_url, pool_size=1)
    try:
        await SqlStorage(opened, lambda _: None).check()
    except Unavailable as error:
        return [Finding("wrong", "Database", f"it does not answer: {error.__cause__ or error}")]
    finally:
        await opened.close()
    return [Finding("fine", "Database", "it answers")]


async def replica(known: Settings) -> Sequence[Finding]:
    """Whether the replica has all that the database has."""
    if known.read_database_url is None:
        return []
    opened = open_database(known.database_url, pool_size=1, replica_url=known.read_database_url)
    try:
        is_there = await is_answering(opened)
    except Unavailable:
        # What is wrong with the database itself was said before.
        return []
    finally:
        await opened.close()
    if not is_there:
        detail = "it does not answer, is behind the database, or is no replica: it is not asked"
        return [Finding("wrong", "READ_DATABASE_URL", detail)]
    return [Finding("fine", "READ_DATABASE_URL", "the replica has all that the database has")]


async def folder(known: Settings) -> Sequence[Finding]:
    """Whether VAR_DIR can be written to."""
    try:
        with tempfile.TemporaryFile(dir=known.var_dir):
            pass
    except OSError as error:
        return [Finding("wrong", "VAR_DIR", f"{known.var_dir} cannot be written: {error.strerror}")]
    return [Finding("fine", "VAR_DIR", f"{known.var_dir} can be written")]


async def secrets(known: Settings) -> Sequence[Finding]:
    """Whether each secret does one thing alone."""
    keys = (known.secret_key_base, known.app_jwt_secret, *known.vault_keys)
    if len(set(keys)) < len(keys):
        detail = "SECRET_KEY_BASE, APP_JWT_SECRET and VAULT_KEY have to be different"
        return [Finding("wrong", "Secrets", detail)]
    return [Finding("fine", "Secrets", "they are set, and different")]


async def address(known: Settings) -> Sequence[Finding]:
    """Whether browsers give the pages of this server what they give to safe ones."""
    site = urlsplit(known.frontend_url)
    if site.scheme != "https" and site.hostname not in _LOOPBACK:
        detail = (
            f"{known.frontend_url} is not https: browsers give its pages no microphone, no camera,"
            " no pushes and no passkeys"
        )
        return [Finding("wrong", "FRONTEND_URL", detail)]
    return [Finding("fine", "FRONTEND_URL", f"people come to {known.frontend_url}")]


async def mail(known: Settings) -> Sequence[Finding]:
    """Whether the mail server lets us in."""
    courier = mail_courier(known)
    if not isinstance(courier, SmtpCourier):
        detail = "no SMTP_HOST is set: mails are put into VAR_DIR, and nobody gets them"
        return [Finding("note", "Mail", detail)]
    try:
        await courier.try_out()
    except (OSError, TimeoutError, aiosmtplib.SMTPException) as error:
        return [Finding("wrong", "Mail", f"the mail server cannot be used: {error}")]
    return [Finding("fine", "Mail", "the mail server lets us in")]


async def relays(known: Settings) -> Sequence[Finding]:
    """Whether those behind strict firewalls will hear anybody."""
    found = ice_servers(known).offered_to(new_id(), utc_now())
    turn = [(server, url) for server in found if server.username for url in server.urls]
    if not turn:
        detail = (
            "no TURN_URLS are set: in voice channels people behind strict firewalls will neither"
            " hear nor be heard"
        )
        return [Finding("note", "TURN", detail)]
    return [
        await _relay(url, server.username or "", server.credential or "") for server, url in turn
    ]


async def _relay(url: str, username: str, credential: str) -> Finding:
    try:
        relay = await allocate(url, username, credential)
    except TurnFailed as failed:
        return Finding("wrong", f"TURN {url}", str(failed))
    return Finding("fine", f"TURN {url}", f"it relays, from {relay[0]}")


async def forwarding_server(known: Settings) -> Sequence[Finding]:
    """Whether voice channels may grow beyond a mesh."""
    if known.janus is None:
        detail = f"no JANUS_URL is set: no more than {known.voice_mesh_limit} fit into a channel"
        return [Finding("note", "Janus", detail)]
    try:
        version = await JanusSfu(known.janus.url, known.janus.secret).try_out()
    except (JanusAway, JanusRefused) as error:
        return [Finding("wrong", "Janus", f"it cannot be used: {error}")]
    return [Finding("fine", "Janus", f"it makes rooms for us, version {version}")]


CHECKS: Sequence[Check] = (
    database,
    replica,
    folder,
    secrets,
    address,
    mail,
    relays,
    forwarding_server,
)
"""What is tried, in this order."""
