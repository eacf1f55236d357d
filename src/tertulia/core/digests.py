"""Mails to people who have been away: what waits for them, once for each absence.

Whoever asked for it, and has done nothing on any device for as long as they said, gets one mail
with their unread private chats and mentions; the next one only after they have been back. Noting
that it was sent and putting it into the outbox are one transaction, so that no node sends a second
one. Each mail carries a token that stops them, for mail programs to show a button (RFC 8058).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from tertulia.core import limits
from tertulia.core.errors import Invalid, NotFound
from tertulia.core.letters import Letter, LetterKind
from tertulia.core.limits import Limits, place_of
from tertulia.core.model import Chat, Kind, Notify
from tertulia.core.notice_texts import excerpt
from tertulia.core.notification_stores import Absentee
from tertulia.core.notify_rules import NotificationSettings, is_muted, wanted
from tertulia.core.ports import Clock, Storage, Work
from tertulia.core.post import Post
from tertulia.core.repeating import repeat

log = logging.getLogger(__name__)

PERIOD_S = 300.0
MAX_CHATS = 10
MAX_EXCERPT_CHARS = 140
KEPT = timedelta(days=1)
"""How long delivery is tried: what waited then is no news later."""
_LOOKED_AT = 100
_AT_ONCE = 100
_SIGNATURE_BYTES = 16


class Digests:
    """Writes to people who have been away."""

    def __init__(
        self, storage: Storage, post: Post, doors: Limits, clock: Clock, *, secret: str
    ) -> None:
        """Sign the tokens that stop digests with `secret`."""
        self._storage = storage
        self._post = post
        self._doors = doors
        self._clock = clock
        self._secret = secret.encode()

    async def run(self) -> None:
        """Look every few minutes, for ever."""
        await repeat(
            self.send_due,
            PERIOD_S,
            log,
            outage="the database cannot be asked who has been away",
            failure="digests could not be sent",
        )

    async def send_due(self) -> int:
        """Write to everyone who is due a digest; return how many letters that makes."""
        now, written, after = self._clock(), 0, None
        while True:
            async with self._storage.read() as work:
                absentees = await work.notification_settings.absentees(
                    now, after=after, limit=_AT_ONCE
                )
            for absentee in absentees:
                written += await self._write(absentee, now)
            if len(absentees) < _AT_ONCE:
                return written
            after = absentees[-1].account.id

    def token_of(self, account_id: UUID) -> str:
        """Return what stops somebody's digests, and nothing else."""
        return base64.urlsafe_b64encode(account_id.bytes + self._signature(account_id)).decode()

    async def unsubscribe(self, token: str, address: str) -> None:
        """Stop the digests of whoever the token is for; Invalid `invalid_token` otherwise."""
        await self._doors.take(limits.TOKENS_FROM, place_of(address))
        account_id = self._account_of(token)
        async with self._storage.begin() as work:
            try:
                await work.accounts.locked(account_id)
            except NotFound:
                raise _bad_token() from None
            settings = await work.notification_settings.get(account_id)
            if settings.digest_after_h is not None:
                stopped = replace(settings, digest_after_h=None)
                await work.notification_settings.put(account_id, stopped)

    async def _write(self, absentee: Absentee, now: datetime) -> bool:
        account, settings = absentee.account, absentee.settings
        async with self._storage.begin() as work:
            chats = await _waiting_for(work, account.id, settings, now)
            if not chats or account.email is None:
                return False
            if not await work.notification_settings.claim_digest(absentee, now):
                return False
            await self._post.drop(
                work,
                Letter(
                    channel="mail",
                    kind=LetterKind.DIGEST,
                    to=account.email,
                    words={
                        "name": account.display_name,
                        "chats": _listed(chats, shows_text=settings.shows_text),
                    },
                    path="/",
                    unsubscribe=f"/api/digest/unsubscribe?token={self.token_of(account.id)}",
                    expires_at=now + KEPT,
                ),
            )
        return True

    def _signature(self, account_id: UUID) -> bytes:
        said = b"digest " + account_id.bytes
        return hmac.digest(self._secret, said, "sha256")[:_SIGNATURE_BYTES]

    def _account_of(self, token: str) -> UUID:
        try:
            value = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
            account_id = UUID(bytes=value[:_SIGNATURE_BYTES])
        except (ValueError, binascii.Error):
            raise _bad_token() from None
        if not hmac.compare_digest(value[_SIGNATURE_BYTES:], self._signature(account_id)):
            raise _bad_token()
        return account_id


async def _waiting_for(
    work: Work, account_id: UUID, settings: NotificationSettings, now: datetime
) -> list[Chat]:
    """Return the chats that somebody would want to know of: private ones, and mentions."""
    found = await work.conversations.chats(account_id, before=None, limit=_LOOKED_AT)
    return [chat for chat in found if _counts(chat, settings, now)]


def _counts(chat: Chat, settings: NotificationSettings, now: datetime) -> bool:
    preferences = chat.member.preferences
    wants = wanted(chat.conversation.kind, settings, preferences)
    if is_muted(preferences, now) or wants is Notify.NOTHING:
        return False
    is_private = chat.conversation.kind is Kind.PRIVATE and wants is Notify.ALL
    return chat.mentions > 0 or (is_private and chat.unread > 0)


def _listed(chats: Sequence[Chat], *, shows_text: bool) -> str:
    paragraphs = [_told(chat, shows_text=shows_text) for chat in chats[:MAX_CHATS]]
    more = len(chats) - MAX_CHATS
    if more > 0:
        paragraphs.append(f"And {more} more.")
    return "\n\n".join(paragraphs)


def _told(chat: Chat, *, shows_text: bool) -> str:
    """Say in one line what waits in a chat; where text is shown, with the latest message."""
    is_private = chat.conversation.kind is Kind.PRIVATE
    count = chat.unread if is_private else chat.mentions
    what = "message" if is_private else "mention"
    title = chat.peer.display_name if chat.peer else chat.conversation.alias or "A conversation"
    line = f"{title}: {count} new {what}{'' if count == 1 else 's'}"
    last = chat.last_message
    if is_private and shows_text and last is not None and last.sender_id != chat.member.account_id:
        line += f": “{' '.join(excerpt(last, MAX_EXCERPT_CHARS).split())}”"
    return line


def _bad_token() -> Invalid:
    return Invalid("This link stops nothing.", code="invalid_token", attr="token")
