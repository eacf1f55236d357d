"""One person's socket, on which any number of channels are joined.

For as long as it is open its person counts as online, unless hidden.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from uuid import UUID

from tertulia.core.chat import ChatCore
from tertulia.core.errors import Invalid, Refusal
from tertulia.core.model import Account, Actor, Conversation
from tertulia.core.ports import Clock
from tertulia.gateways.events import words
from tertulia.gateways.events.dialect import EventsDialect, frame, refusal
from tertulia.gateways.events.protocol import (
    AddReaction,
    Command,
    DeleteMessage,
    JoinChannel,
    LeaveChannel,
    Ping,
    RemoveReaction,
    Send,
    StatusUpdate,
    Typing,
    Unreadable,
    UpdateMessage,
    parse,
)
from tertulia.gateways.flood import PushRate
from tertulia.gateways.numbers import Numbers
from tertulia.gateways.plain_socket import PlainSocket
from tertulia.gateways.tasks import Tasks
from tertulia.gateways.times import time
from tertulia.realtime.connection import Connection
from tertulia.realtime.hub import Hub
from tertulia.realtime.topic import AccountTopic, CircleTopic, ConversationTopic, Topic, TownTopic

MAX_CHANNELS = 500
"""How many channels one socket may have joined."""


@dataclass(frozen=True, slots=True)
class Enter:
    """Come online: what every socket asks for first, by itself."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all sockets of the gateway have in common."""

    core: ChatCore
    hub: Hub
    dialect: EventsDialect
    numbers: Numbers
    rate: PushRate
    tasks: Tasks
    clock: Clock


class EventsSocket(PlainSocket[Command | Enter | Unreadable]):
    """The hub's Handler for one connection."""

    __slots__ = ("_actor", "_by_name", "_channels", "_here", "_person", "_presence_ref", "_typing")

    def __init__(self, connection: Connection, actor: Actor, here: Surroundings) -> None:
        super().__init__(connection, here.rate, here.tasks)
        self._actor = actor
        self._here = here
        self._channels: dict[UUID, Conversation] = {}
        # The same by all that they go by.
        self._by_name: dict[str, Conversation] = {}
        self._typing: set[UUID] = set()
        self._presence_ref: str | None = None
        self._person: Account | None = None

    def parse(self, text: str) -> Command | Unreadable:
        """Read one message; what cannot be read is refused in its turn, with its `requestId`."""
        try:
            return parse(text)
        except Unreadable as unreadable:
            return unreadable

    async def do(self, command: Command | Enter | Unreadable) -> None:
        """Do what was asked for and answer it; what comes of it everyone is told by the hub."""
        match command:
            case Enter():
                await self._enter()
            case Unreadable(reason=reason):
                self._answer_refusal(
                    Invalid(reason.detail, code=reason.code, attr=reason.attr), command.request_id
                )
            case _:
                try:
                    await self._act(command)
                except Refusal as refused:
                    self._answer_refusal(refused, command.request_id)

    def word(self, refusal_: Refusal) -> bytes:
        """Word a refusal of something that was not even begun."""
        return refusal(refusal_)

    def was_cut(self, topic: Topic) -> None:
        """Say that somebody hears no more of a channel, which is theirs no more."""
        if isinstance(topic, ConversationTopic) and topic.id in self._channels:
            self._say("CHANNEL_LEFT", self._forget(topic.id))

    def leave(self) -> None:
        """Go offline, and type no more."""
        if self._presence_ref is not None:
            self._here.core.presence.leave(self._presence_ref)
            self._presence_ref = None
        for conversation_id in list(self._channels):
            self._forget(conversation_id)
        for conversation_id in self._typing:
            stop = self._here.core.typists.stop(self._actor, conversation_id)
            self._tasks.start(stop)

    async def _enter(self) -> None:
        core, hub, account_id = self._here.core, self._here.hub, self._actor.account_id
        self._person = await core.accounts.me(self._actor)
        if self._is_closed:
            return
        self._presence_ref = core.presence.join(account_id, self._person.profile.hidden)
        topics = (TownTopic(), CircleTopic(account_id), AccountTopic(account_id))
        subscriptions = [hub.subscribe(self.connection, topic) for topic in topics]
        await hub.followed(*subscriptions)
        online = await core.presence.statuses(await core.presence.state(account_id))
        now = time(self._here.clock())
        self._say("connection_established", {"userId": account_id, "timestamp": now})
        for each, status in online.items():
            self.connection.send(self._here.dialect.status(each, status))
        for subscription in subscriptions:
            subscription.open()

    async def _act(self, command: Command) -> None:
        match command:
            case Ping():
                self._say("pong", {"timestamp": time(self._here.clock())}, command.request_id)
            case StatusUpdate():
                await self._set_status(command)
            case _:
                await self._act_in(await self._channel(command), command)

    async def _channel(self, command: _InChannel) -> Conversation:
        joined = self._by_name.get(command.channel)
        if joined is not None and not isinstance(command, JoinChannel):
            # Whether the person may still do it here, the core asks for each act.
            return joined
        return await self._here.core.conversations.known_as(self._actor, command.channel)

    async def _act_in(self, channel: Conversation, command: _InChannel) -> None:
        match command:
            case JoinChannel():
                await self._join(channel, command.request_id)
            case LeaveChannel():
                self._leave(channel, command.request_id)
            case Send():
                await self._send(channel, command)
            case Typing():
                await self._type(channel, command)
            case _:
                await self._change(channel, command)
                self._done(command.request_id)

    def _change(
        self,
        channel: Conversation,
        command: UpdateMessage | DeleteMessage | AddReaction | RemoveReaction,
    ) -> Awaitable[object]:
        core, actor, message_id = self._here.core, self._actor, command.message_id
        where = channel.id
        match command:
            case UpdateMessage(content=content):
                return core.messages.edit(actor, message_id, content, conversation_id=where)
            case DeleteMessage():
                return core.messages.delete(actor, message_id, conversation_id=where)
            case AddReaction(emoji=emoji):
                return core.reactions.react(actor, message_id, emoji, conversation_id=where)
            case RemoveReaction(emoji=emoji):
                return core.reactions.unreact(actor, message_id, emoji, conversation_id=where)

    async def _join(self, channel: Conversation, request_id: str | None) -> None:
        if self._is_closed:
            # What begins now would not be ended by anybody.
            return
        if channel.id not in self._channels:
            if len(self._channels) >= MAX_CHANNELS:
                raise Invalid("No more channels can be joined on one socket.", code="too_many")
            self._here.numbers.enter(channel)
            self._channels[channel.id] = channel
            self._by_name |= dict.fromkeys(_names(channel), channel)
        subscription = self._here.hub.subscribe(self.connection, ConversationTopic(channel.id))
        try:
            await self._here.hub.followed(subscription)
            # From here on nothing is missed; before, somebody may have been removed.
            now = await self._here.core.conversations.known_as(self._actor, str(channel.id))
        except BaseException:
            self._here.hub.unsubscribe(subscription)
            self._forget(channel.id)
            raise
        joined = {"channel_id": now.number, **self._named(now), "headSeq": now.head_seq}
        self._say("channel_joined", joined, request_id)
        subscription.open(now.head_seq)

    def _leave(self, channel: Conversation, request_id: str | None) -> None:
        subscription = self.connection.subscriptions.get(ConversationTopic(channel.id))
        if subscription is not None:
            self._here.hub.unsubscribe(subscription)
        self._forget(channel.id)
        self._say("channel_left", self._named(channel), request_id)

    async def _send(self, channel: Conversation, command: Send) -> None:
        message = await self._here.core.messages.send(
            self._actor,
            channel.id,
            command.content,
            client_ref=command.client_ref,
            reply_to=command.parent_id,
            attachments=command.attachments,
        )
        sender = None if self._person is None else self._person.face
        worded = words.message(message, str(channel.number), sender)
        said = {**self._named(channel), "message": worded, "client_ref": message.client_ref}
        self._say("message_sent", said, command.request_id)

    async def _type(self, channel: Conversation, command: Typing) -> None:
        typists = self._here.core.typists
        if command.typing:
            await typists.start(self._actor, channel.id)
            self._typing.add(channel.id)
        else:
            await typists.stop(self._actor, channel.id)
            self._typing.discard(channel.id)
        self._done(command.request_id)

    async def _set_status(self, command: StatusUpdate) -> None:
        core = self._here.core
        is_hidden = command.status == "offline"
        await core.accounts.set_profile(self._actor, hidden=is_hidden)
        if command.status != "offline":
            await core.presence.set_status(self._actor.account_id, command.status)
        self._done(command.request_id)

    def _forget(self, conversation_id: UUID) -> dict[str, object]:
        channel = self._channels.pop(conversation_id, None)
        if channel is None:
            return {}
        for name in _names(channel):
            del self._by_name[name]
        self._here.numbers.leave(conversation_id)
        return self._named(channel)

    def _named(self, channel: Conversation) -> dict[str, object]:
        return {"channelId": str(channel.number), "conversationId": channel.id}

    def _done(self, request_id: str | None) -> None:
        # Everyone hears what was done; only who asked by name is answered besides.
        if request_id is not None:
            self._say("done", {}, request_id)

    def _say(self, name: str, said: dict[str, object], request_id: str | None = None) -> None:
        self.connection.send(frame(name, said, request_id))

    def _answer_refusal(self, refused: Refusal, request_id: str | None) -> None:
        self._note(refused)
        self.connection.send(refusal(refused, request_id))


def _names(channel: Conversation) -> tuple[str, str]:
    return str(channel.number), str(channel.id)


_InChannel = (
    JoinChannel
    | LeaveChannel
    | Send
    | UpdateMessage
    | DeleteMessage
    | AddReaction
    | RemoveReaction
    | Typing
)
