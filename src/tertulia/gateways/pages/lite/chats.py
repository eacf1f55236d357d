"""The list of one's chats: /lite."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tertulia.core.accounts import Accounts
from tertulia.core.conversations import Conversations
from tertulia.core.message import Message
from tertulia.core.model import Chat, Kind
from tertulia.core.ports import Clock
from tertulia.gateways.pages.lite import paths
from tertulia.gateways.pages.lite.excerpts import one_line
from tertulia.gateways.pages.lite.naming import People, by_id, chat_name, moment, name_of, shade
from tertulia.gateways.pages.lite.visit import Answer, Page, Visit
from tertulia.gateways.times import time

PER_PAGE = 15
_MAX_SNIPPET_CHARS = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One chat in the list."""

    href: str
    name: str
    initial: str
    shade: int
    is_encrypted: bool
    is_room: bool
    unread: int
    mentions: int
    snippet: str
    time: str
    moment: str


class ChatPages:
    """What one sees first."""

    def __init__(self, conversations: Conversations, accounts: Accounts, clock: Clock) -> None:
        self._conversations = conversations
        self._accounts = accounts
        self._clock = clock

    async def show(self, visit: Visit) -> Answer:
        """List one's chats, the latest active first."""
        page = await self._conversations.page(
            visit.actor, visit.query.text("page") or None, PER_PAGE
        )
        senders = {chat.last_message.sender_id for chat in page.items if chat.last_message}
        people = by_id(await self._accounts.people(visit.actor, senders))
        words = {
            "chats": rows(page.items, people, visit, self._clock()),
            "older": page.token,
            "is_first": not visit.query.text("page"),
        }
        return Page(template="chats.html", words=words)


def rows(chats: Iterable[Chat], people: People, visit: Visit, now: datetime) -> list[Row]:
    """Return chats as rows of the list."""
    me = visit.actor.account_id
    found = []
    for chat in chats:
        conversation = chat.conversation
        name = chat_name(chat)
        sender = None
        if chat.last_message and conversation.kind is not Kind.PRIVATE:
            its_sender = chat.last_message.sender_id
            sender = "You" if its_sender == me else name_of(people.get(its_sender))
        found.append(
            Row(
                href=paths.chat(conversation) + paths.LATEST,
                name=name,
                initial=name[:1].upper(),
                shade=shade(chat.peer.id if chat.peer else conversation.id),
                is_encrypted=conversation.encrypted,
                is_room=conversation.kind is Kind.ROOM,
                unread=chat.unread,
                mentions=chat.mentions,
                snippet=snippet(chat.last_message, sender, encrypted=conversation.encrypted),
                time=time(conversation.last_activity_at),
                moment=moment(conversation.last_activity_at, now),
            )
        )
    return found


def snippet(message: Message | None, sender: str | None, *, encrypted: bool) -> str:
    """Return what was said last, in a few words."""
    if encrypted:
        return "Encrypted: open it in the full client"
    if message is None:
        return "Nothing was said yet"
    if message.deleted_at is not None:
        said = "Message deleted"
    elif message.body:
        said = one_line(message.body, _MAX_SNIPPET_CHARS)
    elif message.extras.poll is not None:
        said = f"Poll: {one_line(message.extras.poll.question, _MAX_SNIPPET_CHARS)}"
    else:
        said = "A file" if message.extras.attachments else "A message"
    return f"{sender}: {said}" if sender else said
