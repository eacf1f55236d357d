"""One message and what may be done with it: /lite/chats/{number}/{seq}."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from tertulia.core import message_policy
from tertulia.core.accounts import Accounts
from tertulia.core.browsing import Browsing
from tertulia.core.conversations import Conversations
from tertulia.core.errors import NotFound, Refusal
from tertulia.core.ids import parse_id
from tertulia.core.message import Message
from tertulia.core.messages import Messages
from tertulia.core.model import Account, Chat, Membership
from tertulia.core.naming import named_in
from tertulia.core.pins import Pins
from tertulia.core.ports import Clock
from tertulia.core.reactions import Reactions
from tertulia.gateways.pages.lite import paths
from tertulia.gateways.pages.lite.naming import People, by_id, chat_name, day, name_of
from tertulia.gateways.pages.lite.thread import PAGE_SIZE, whole
from tertulia.gateways.pages.lite.visit import Answer, Page, See, Visit

EMOJI = ("👍", "❤️", "😂", "😮", "😢", "🙏")
"""What is offered to react with."""
_MAX_NAMES = 20


class MessagePages:
    """Looking at one message, and changing it."""

    def __init__(
        self,
        conversations: Conversations,
        browsing: Browsing,
        accounts: Accounts,
        messages: Messages,
        reactions: Reactions,
        pins: Pins,
        clock: Clock,
    ) -> None:
        self._conversations = conversations
        self._browsing = browsing
        self._accounts = accounts
        self._messages = messages
        self._reactions = reactions
        self._pins = pins
        self._clock = clock

    async def show(self, visit: Visit) -> Answer:
        """Show a message whole, with what this person may do with it."""
        chat, message = await self._found(visit)
        named = named_in([message])
        for reaction in message.extras.reactions:
            named.update(reaction.account_ids[:_MAX_NAMES])
        people = by_id(await self._accounts.people(visit.actor, named))
        entry = whole(message, people, visit.actor.account_id)
        words = {
            "name": chat_name(chat),
            "here": paths.chat(chat.conversation),
            "place": paths.place(chat.conversation, message.seq, PAGE_SIZE),
            "entry": entry,
            "day": day(message.inserted_at, self._clock()),
            "body": message.body or "",
            "reactors": reactors(message, people),
            "offered": offered(message, visit.actor.account_id),
            **allowed(chat, message),
        }
        return Page(template="message.html", words=words)

    async def find(self, visit: Visit) -> Answer:
        """Go to a message that only its id names."""
        found = await self._browsing.message(visit.actor, parse_id(visit.named["id"], "id"))
        message = found.messages.items[0]
        chat = await self._conversations.get(visit.actor, message.conversation_id)
        return See(paths.place(chat.conversation, message.seq, PAGE_SIZE))

    async def edit(self, visit: Visit) -> Answer:
        """Give one's own message another text."""
        chat, message = await self._found(visit)
        await self._messages.edit(visit.actor, message.id, visit.form.text("text"))
        return _back(chat, message)

    async def delete(self, visit: Visit) -> Answer:
        """Delete a message for everyone."""
        chat, message = await self._found(visit)
        await self._messages.delete(visit.actor, message.id)
        return _back(chat, message)

    async def react(self, visit: Visit) -> Answer:
        """Give an emoji, or take it back where one has given it."""
        chat, message = await self._found(visit)
        await self._reactions.toggle(visit.actor, message.id, visit.form.text("emoji"))
        return _back(chat, message)

    async def pin(self, visit: Visit) -> Answer:
        """Pin a message for everyone, or unpin it."""
        chat, message = await self._found(visit)
        act = self._pins.unpin if message.pinned_at else self._pins.pin
        await act(visit.actor, message.id)
        return _back(chat, message)

    async def _found(self, visit: Visit) -> tuple[Chat, Message]:
        seq = visit.named["seq"]
        if not (seq.isascii() and seq.isdecimal() and len(seq) < 16):
            raise NotFound("There is no such message.")
        conversation = await self._conversations.known_as(visit.actor, visit.named["number"])
        chat = await self._conversations.get(visit.actor, conversation.id)
        return chat, await self._browsing.numbered(visit.actor, conversation.id, int(seq))


def allowed(chat: Chat, message: Message) -> dict[str, bool]:
    """Return what the core would let this person do with a message."""
    place = Membership(conversation=chat.conversation, member=chat.member)
    is_there = message.deleted_at is None
    return {
        "may_edit": _lets(lambda: message_policy.may_edit(place, message)),
        "may_delete": is_there and _lets(lambda: message_policy.may_delete(place, message)),
        "may_react": _lets(lambda: message_policy.may_react(place, message)),
        "may_pin": is_there and _lets(lambda: message_policy.may_pin(place)),
    }


def offered(message: Message, me: UUID) -> list[tuple[str, bool]]:
    """Return the emoji to react with, the usual ones first, and whether one has given each."""
    given = {each.emoji: me in each.account_ids for each in message.extras.reactions}
    return [(emoji, given.get(emoji, False)) for emoji in dict.fromkeys([*EMOJI, *given])]


def reactors(message: Message, people: People) -> list[tuple[str, str]]:
    """Return each emoji with the names of those who gave it."""
    return [
        (each.emoji, _names([people.get(id) for id in each.account_ids], len(each.account_ids)))
        for each in message.extras.reactions
    ]


def _names(people: list[Account | None], count: int) -> str:
    names = [name_of(person) for person in people[:_MAX_NAMES]]
    others = count - len(names)
    return ", ".join(names) + (f" and {others} more" if others else "")


def _lets(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except Refusal:
        return False
    return True


def _back(chat: Chat, message: Message) -> See:
    return See(paths.place(chat.conversation, message.seq, PAGE_SIZE))
