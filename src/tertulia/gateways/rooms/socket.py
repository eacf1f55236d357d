"""One person's socket in one conversation.

Whoever comes is told who else is there, and from then on all that happens. Their own coming is told
to the others alone: it is said before the newcomer listens.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

from tertulia.core.chat import ChatCore
from tertulia.core.errors import Forbidden, Invalid, NotFound, Refusal
from tertulia.core.message import Message
from tertulia.core.model import Actor, Conversation, Face
from tertulia.gateways.flood import PushRate
from tertulia.gateways.malformed import Malformed
from tertulia.gateways.plain_socket import PlainSocket
from tertulia.gateways.rooms.dialect import RoomDialect
from tertulia.gateways.rooms.protocol import (
    Command,
    Delete,
    Edit,
    React,
    Send,
    Type,
    parse,
)
from tertulia.gateways.tasks import Tasks
from tertulia.gateways.turning_away import NOT_ALLOWED, close_code
from tertulia.realtime.connection import Connection
from tertulia.realtime.hub import Hub
from tertulia.realtime.topic import AccountTopic, ConversationTopic, Topic


@dataclass(frozen=True, slots=True)
class Enter:
    """Come in: what every socket asks for first, by itself."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who came, as whom, and to which conversation."""

    actor: Actor
    person: Face
    conversation: Conversation


class RoomSocket(PlainSocket[Command | Enter]):
    """The hub's Handler for one connection."""

    __slots__ = ("_core", "_dialect", "_hub", "_is_typing", "_said_until", "_visit")

    def __init__(
        self,
        core: ChatCore,
        hub: Hub,
        connection: Connection,
        visit: Visit,
        dialect: RoomDialect,
        rate: PushRate,
        tasks: Tasks,
    ) -> None:
        super().__init__(connection, rate, tasks)
        self._core = core
        self._hub = hub
        self._visit = visit
        self._dialect = dialect
        self._is_typing = False
        # Up to here messages were said before this socket listened, or at its own asking.
        self._said_until = 0

    def parse(self, text: str) -> Command:
        """Read one message."""
        try:
            return parse(text)
        except Malformed as error:
            raise Invalid(error.detail, code=error.code, attr=error.attr) from None

    async def do(self, command: Command | Enter) -> None:
        """Do what was asked for; what comes of it everyone is told by the hub."""
        if isinstance(command, Enter):
            await self._enter()
            return
        try:
            await self._act(command)
        except Refusal as refusal:
            self._note(refusal)
            self.connection.send(self._dialect.refusal(refusal, self._visit.person, command))

    def word(self, refusal: Refusal) -> bytes:
        """Word a refusal of something that was not even begun."""
        return self._dialect.refusal(refusal, self._visit.person)

    def was_cut(self, _: Topic) -> None:
        """Say goodbye to somebody who may not be here any more."""
        self._refuse(Forbidden("You are in this conversation no more.", code="ended"))
        self.connection.close(NOT_ALLOWED, "ended")
        # At once, however long they take to close.
        self.leave()

    def leave(self) -> None:
        """Be a visitor and type no more."""
        visit = self._visit
        self._core.visitors.leave(visit.actor, visit.conversation.id, self)
        if self._is_typing:
            self._tasks.start(self._stop_typing())

    @property
    def _id(self) -> UUID:
        return self._visit.conversation.id

    async def _enter(self) -> None:
        try:
            await self._come_in()
        except Refusal as refusal:
            self._refuse(refusal)
            self.connection.close(close_code(refusal), refusal.code)
        finally:
            # Who went meanwhile has been counted again.
            if self._is_closed:
                self.leave()

    async def _come_in(self) -> None:
        await self._core.visitors.enter(self._visit.actor, self._id, self)
        # The hub says at the end of this turn what was announced in it, so that the newcomer's own
        # coming has been said when they begin to listen.
        await asyncio.sleep(0)
        if not self._is_closed:
            await self._listen()

    async def _listen(self) -> None:
        actor = self._visit.actor
        own = self._hub.subscribe(self.connection, AccountTopic(actor.account_id))
        here = self._hub.subscribe(self.connection, ConversationTopic(self._id))
        await self._hub.followed(own, here)
        conversation = await self._core.conversations.known_as(actor, str(self._id))
        if self._is_closed:
            return
        others = await self._core.visitors.enter(actor, self._id, self)
        self._said_until = conversation.head_seq
        self.connection.send(self._dialect.online(others))
        # First what is told to the person: with the end of a conversation comes the end of `here`.
        own.open()
        here.open(conversation.head_seq)

    async def _act(self, command: Command) -> None:
        match command:
            case Send():
                await self._send(command)
            case Edit():
                message = await self._numbered(command.id)
                await self._core.messages.edit(
                    self._visit.actor, message.id, command.text, conversation_id=self._id
                )
            case Delete():
                message = await self._numbered(command.id)
                await self._core.messages.delete(
                    self._visit.actor, message.id, conversation_id=self._id
                )
            case React():
                message = await self._numbered(command.id)
                await self._core.reactions.toggle(
                    self._visit.actor, message.id, command.emoji, conversation_id=self._id
                )
            case Type(is_typing=True):
                await self._core.typists.start(self._visit.actor, self._id)
                self._is_typing = True
            case Type():
                await self._stop_typing()

    async def _send(self, command: Send) -> None:
        reply_to = command.reply_to
        if isinstance(reply_to, int):
            reply_to = await self._replied(reply_to)
        message = await self._core.messages.send(
            self._visit.actor,
            self._id,
            command.text,
            client_ref=command.client_ref,
            reply_to=reply_to,
            attachments=command.attachments,
        )
        if message.seq <= self._said_until:
            # It was sent before under the same `client_ref`, and nobody is told of it again.
            account = await self._core.accounts.me(self._visit.actor)
            self.connection.send(self._dialect.message(message, account.face))
        self._said_until = max(self._said_until, message.seq)
        if self._is_typing:
            await self._stop_typing()

    async def _stop_typing(self) -> None:
        self._is_typing = False
        await self._core.typists.stop(self._visit.actor, self._id)

    async def _numbered(self, seq: int) -> Message:
        return await self._core.browsing.numbered(self._visit.actor, self._id, seq)

    async def _replied(self, seq: int) -> UUID:
        try:
            return (await self._numbered(seq)).id
        except NotFound:
            raise Invalid("There is no such message to reply to.", attr="reply_to") from None
