"""What can be joined: one module for each kind of topic, one small function for each event."""

from __future__ import annotations

from collections.abc import Callable

from tertulia.core.errors import NotFound
from tertulia.gateways.phoenix.channels.channel import Caller, Channel
from tertulia.gateways.phoenix.channels.conversation import ConversationChannel
from tertulia.gateways.phoenix.channels.system import SystemChannel
from tertulia.gateways.phoenix.channels.user import UserChannel
from tertulia.gateways.phoenix.channels.voice import VoiceChannel

_KINDS: dict[str, Callable[[Caller, str], Channel]] = {
    "system": SystemChannel,
    "user": UserChannel,
    "conversation": ConversationChannel,
    "voice": VoiceChannel,
}


def channel_for(caller: Caller, topic: str) -> Channel:
    """Return the channel that serves a topic; NotFound `unmatched topic` where none does."""
    kind, _, name = topic.partition(":")
    make = _KINDS.get(kind)
    if make is None:
        raise NotFound("There is no such topic.", code="unmatched topic")
    return make(caller, name)
