"""Which channels of Redis an event is published on: one for each topic, and one that all hear."""

from __future__ import annotations

from tertulia.core.events import ConversationEnded, ConversationRead, Event
from tertulia.core.voice_events import CallEnded, CallStarted
from tertulia.realtime.topic import (
    AccountTopic,
    CircleTopic,
    ConversationTopic,
    Topic,
    TownTopic,
    VoiceSessionTopic,
    VoiceTopic,
    topics_of,
)

NODES = "nodes"
"""What every node hears: that on which nodes act, whoever listens there."""

MAX_CHANNELS = 3
"""What is said on more topics than this is published once, for every node, instead of on each.

A sealed message of a group holds a copy for each of its members, so on each one's channel it would
grow with the square of them.
"""


_KINDS = {
    ConversationTopic: "conversation",
    AccountTopic: "account",
    CircleTopic: "circle",
    VoiceTopic: "voice",
}


def channel_of(topic: Topic) -> str:
    """Name the channel of a topic."""
    match topic:
        case TownTopic():
            return "town"
        case VoiceSessionTopic():
            return f"voice:{topic.id}:{topic.session}"
        case _:
            return f"{_KINDS[type(topic)]}:{topic.id}"


def channels_of(event: Event) -> tuple[str, ...]:
    """Name the channels of an event; there is at least one."""
    topics = topics_of(event)
    # Reading takes back what was pushed, on the node that pushed it; an end closes subscriptions;
    # a call is answered by any node.
    is_acted_on = isinstance(event, ConversationEnded | ConversationRead | CallStarted | CallEnded)
    if is_acted_on or not topics or len(topics) > MAX_CHANNELS:
        return (NODES,)
    return tuple(channel_of(topic) for topic in topics)
