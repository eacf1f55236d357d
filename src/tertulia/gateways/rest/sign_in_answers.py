"""What everyone gets who comes in: themselves, their conversations, the people there, tokens."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from litestar import Response
from msgspec import Struct

from tertulia.core.accounts import Accounts
from tertulia.core.conversations import Conversations
from tertulia.core.entrance import Admission, SecondStep
from tertulia.core.model import Account, Actor, Chat
from tertulia.core.paging import MAX_PAGE_SIZE
from tertulia.gateways import objects
from tertulia.gateways.rest.access import Access
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.errors import SecondStepRequired


class AuthObject(Struct, frozen=True):
    """The answer to signing up, in and on.

    `conversations` are the latest hundred. `users` are the others in one's private chats and groups
    and, of rooms, those who sent the last message. `auth_token` and `access_token` are the same.
    """

    user: objects.Me
    conversations: list[objects.OwnConversation]
    users: list[objects.User]
    auth_token: str
    access_token: str
    token_type: Literal["bearer"]
    refresh_token: str


class SignInAnswers:
    """Words the answer and the cookies for somebody who came in."""

    def __init__(self, accounts: Accounts, conversations: Conversations, access: Access) -> None:
        self._accounts = accounts
        self._conversations = conversations
        self._access = access

    async def welcome(self, request: ApiRequest, admission: Admission) -> Response[AuthObject]:
        """Return the auth object and the cookies that keep its tokens.

        Raises SecondStepRequired where the first proof alone does not let anybody in.
        """
        if isinstance(admission, SecondStep):
            raise SecondStepRequired(admission)
        signed_in = admission
        page = await self._conversations.page(signed_in.actor, None, MAX_PAGE_SIZE)
        people = await self._people(signed_in.actor, page.items)
        answer = AuthObject(
            user=objects.me(signed_in.account),
            conversations=[objects.own_conversation(chat) for chat in page.items],
            users=objects.users(people),
            auth_token=signed_in.access_token,
            access_token=signed_in.access_token,
            token_type="bearer",  # noqa: S106, a kind of token and no token
            refresh_token=signed_in.refresh_token or "",
        )
        cookies = [*self._access.keep(signed_in), self._access.csrf_cookie(request)]
        return Response(answer, cookies=cookies)

    async def _people(self, actor: Actor, chats: Collection[Chat]) -> tuple[Account, ...]:
        known = await self._accounts.acquaintances(actor.account_id)
        senders = {chat.last_message.sender_id for chat in chats if chat.last_message}
        return await self._accounts.people(actor, {*known, *senders} - {actor.account_id})
