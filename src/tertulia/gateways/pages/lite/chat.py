"""One chat: /lite/chats/{number}, its latest messages and older ones, and sending into it.

?before=120   what was said before a seq
?after=120    what was said after a seq
?at=120       what was said around a seq
?reply=120    the latest, with an answer to that message begun
?watch=1      the latest, the newest first, which asks for itself again every 15 seconds
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_urlsafe

from tertulia.core.accounts import Accounts
from tertulia.core.browsing import Browsing
from tertulia.core.conversations import Conversations
from tertulia.core.errors import Invalid
from tertulia.core.ids import parse_id
from tertulia.core.message import Message
from tertulia.core.messages import Messages
from tertulia.core.model import Account, Chat
from tertulia.core.opening import Openings
from tertulia.core.paging import encode_token
from tertulia.core.ports import Clock
from tertulia.core.receipts import Receipts
from tertulia.gateways.pages.lite import paths
from tertulia.gateways.pages.lite.naming import by_id, chat_name
from tertulia.gateways.pages.lite.thread import (
    BLANK,
    PAGE_SIZE,
    Quote,
    fitting,
    quote_of,
    thread,
)
from tertulia.gateways.pages.lite.visit import Answer, Page, See, Visit

WATCH_S = 15
_MAX_SEQ = 2**53
_MAX_DIGITS = 16


@dataclass(frozen=True, slots=True)
class _Part:
    """Messages of a chat, the oldest first, and whether there are others on either side."""

    messages: Sequence[Message]
    people: Sequence[Account]
    has_older: bool
    has_newer: bool


class ThreadPages:
    """Reading and writing in one chat."""

    def __init__(
        self,
        conversations: Conversations,
        openings: Openings,
        browsing: Browsing,
        messages: Messages,
        receipts: Receipts,
        accounts: Accounts,
        clock: Clock,
    ) -> None:
        self._conversations = conversations
        self._openings = openings
        self._browsing = browsing
        self._messages = messages
        self._receipts = receipts
        self._accounts = accounts
        self._clock = clock

    async def show(self, visit: Visit) -> Answer:
        """Show messages; to see the latest is to have read them."""
        words = await self._words(visit, await self._chat(visit))
        if visit.query.text("watch"):
            return Page(template="watch.html", words=words, refresh_s=WATCH_S)
        return Page(template="chat.html", words=words)

    async def show_list(self, visit: Visit) -> Answer:
        """Show the latest messages and nothing around them, for a script that was not there."""
        words = await self._words(visit, await self._chat(visit))
        return Page(template="messages.html", words=words)

    async def send(self, visit: Visit) -> Answer:
        """Send a message, or go on to a file that shall go with it."""
        conversation = await self._conversations.known_as(visit.actor, visit.named["number"])
        form = visit.form
        reply_to = form.text("reply_to")
        await self._messages.send(
            visit.actor,
            conversation.id,
            form.text("text"),
            client_ref=form.text("client_ref") or None,
            reply_to=parse_id(reply_to, "reply_to") if reply_to else None,
        )
        return See(paths.chat(conversation) + paths.LATEST)

    async def _chat(self, visit: Visit) -> Chat:
        """Return the chat that an address names; Conflict `encrypted` where it is not open."""
        conversation = await self._conversations.known_as(visit.actor, visit.named["number"])
        return await self._conversations.get(visit.actor, conversation.id)

    async def _words(self, visit: Visit, chat: Chat) -> dict[str, object]:
        query = visit.query
        is_latest = not any(map(query.text, ("before", "after", "at")))
        part = await self._part(visit, chat)
        me = visit.actor.account_id
        entries = thread(
            part.messages,
            by_id(part.people),
            me,
            self._clock(),
            read_seq=chat.member.read_seq if is_latest else None,
        )
        shown = fitting(entries, newest=not query.text("after"))
        if is_latest and (chat.unread or chat.member.preferences.marked_unread):
            head = chat.conversation.head_seq
            await self._receipts.read(visit.actor, chat.conversation.id, head)
        has_older = part.has_older or shown[:1] != entries[:1]
        has_newer = part.has_newer or shown[-1:] != entries[-1:]
        return {
            "chat": chat,
            "name": chat_name(chat),
            "here": paths.chat(chat.conversation),
            "entries": shown,
            "older": shown[0].seq if has_older and shown else None,
            "newer": shown[-1].seq if has_newer and shown else None,
            "is_latest": is_latest,
            "reply": await self._reply(visit, chat),
            "reply_to": visit.form.text("reply_to"),
            "now": int(self._clock().timestamp()),
            "blank": BLANK,
            "client_ref": visit.form.text("client_ref") or token_urlsafe(12),
        }

    async def _part(self, visit: Visit, chat: Chat) -> _Part:
        query, actor, place = visit.query, visit.actor, chat.conversation.id
        if query.text("at"):
            found = await self._browsing.around(actor, place, PAGE_SIZE, seq=_seq(visit, "at"))
            return _Part(
                found.messages,
                found.people,
                found.older_token is not None,
                found.newer_token is not None,
            )
        if query.text("after"):
            # The token of a page of history names the seq after which the page begins.
            token = encode_token(_seq(visit, "after"))
            page = await self._openings.history(actor, place, token, PAGE_SIZE, "asc")
            rows = page.messages
            return _Part(rows.items, page.people, has_older=True, has_newer=bool(rows.token))
        before = query.text("before")
        token = encode_token(_seq(visit, "before")) if before else ""
        page = await self._openings.history(actor, place, token or None, PAGE_SIZE, "desc")
        rows = page.messages
        return _Part(rows.items[::-1], page.people, bool(rows.token), has_newer=bool(before))

    async def _reply(self, visit: Visit, chat: Chat) -> tuple[str, Quote] | None:
        """Return the id of the message that is answered, and how it is quoted."""
        place, reply_to = chat.conversation.id, visit.form.text("reply_to")
        if reply_to:
            page = await self._browsing.message(visit.actor, parse_id(reply_to, "reply_to"))
            message, people = page.messages.items[0], page.people
        elif visit.query.text("reply"):
            seq = _seq(visit, "reply")
            message = await self._browsing.numbered(visit.actor, place, seq)
            people = await self._accounts.people(visit.actor, [message.sender_id])
        else:
            return None
        href = paths.place(chat.conversation, message.seq, PAGE_SIZE)
        return str(message.id), quote_of(message, by_id(people), href)


def _seq(visit: Visit, name: str) -> int:
    text = visit.query.text(name)
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS
    if not is_number or int(text) > _MAX_SEQ:
        raise Invalid("There is no such place in this chat.", attr=name)
    return int(text)
