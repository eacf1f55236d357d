"""Who is in a chat, and leaving it: /lite/chats/{number}/members, /lite/chats/{number}/leave."""

from __future__ import annotations

from tertulia.core.conversations import Conversations
from tertulia.core.members import Members
from tertulia.core.model import Chat, Kind, Role
from tertulia.gateways.pages.lite import paths
from tertulia.gateways.pages.lite.naming import chat_name, name_of, shade
from tertulia.gateways.pages.lite.visit import Answer, Page, See, Visit

PER_PAGE = 40
_ROLES = {Role.OWNER: "Owner", Role.ADMIN: "Admin", Role.MEMBER: ""}


class MemberPages:
    """The people of a chat."""

    def __init__(self, conversations: Conversations, members: Members) -> None:
        self._conversations = conversations
        self._members = members

    async def show(self, visit: Visit) -> Answer:
        """List who is here, in order of joining."""
        chat = await self._chat(visit)
        token = visit.query.text("page") or None
        page = await self._members.page(visit.actor, chat.conversation.id, token, PER_PAGE)
        people = [
            {
                "name": name_of(account),
                "initial": name_of(account)[:1].upper(),
                "shade": shade(account.id),
                "username": account.username,
                "role": _ROLES[member.role],
                "is_me": account.id == visit.actor.account_id,
            }
            for member, account in page.items
        ]
        return Page(
            template="members.html", words={**_words(chat), "people": people, "more": page.token}
        )

    async def ask_to_leave(self, visit: Visit) -> Answer:
        """Ask once more."""
        return Page(template="leave.html", words=_words(await self._chat(visit)))

    async def leave(self, visit: Visit) -> Answer:
        """Leave a group or a room."""
        chat = await self._chat(visit)
        await self._members.leave(visit.actor, chat.conversation.id)
        return See(paths.HOME)

    async def _chat(self, visit: Visit) -> Chat:
        conversation = await self._conversations.known_as(visit.actor, visit.named["number"])
        return await self._conversations.get(visit.actor, conversation.id)


def _words(chat: Chat) -> dict[str, object]:
    conversation = chat.conversation
    return {
        "name": chat_name(chat),
        "here": paths.chat(conversation),
        "conversation": conversation,
        "is_private": conversation.kind is Kind.PRIVATE,
        "is_room": conversation.kind is Kind.ROOM,
    }
