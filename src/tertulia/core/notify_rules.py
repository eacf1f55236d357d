"""Whether somebody is notified of a message: every rule about it, in one place and pure.

What somebody chose for a conversation goes before what they chose for its kind. Whoever has muted a
conversation hears of nothing there, not even of their own name: that is what muting is for. A
silent message notifies nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tertulia.core.message import Message
from tertulia.core.model import Kind, Notify, Preferences


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationSettings:
    """What somebody wants to hear of when they are not looking.

    `shows_text` says that notices and digests may quote what was written. A digest is mailed after
    `digest_after_h` hours of absence, or never.
    """

    notify_private: Notify = Notify.ALL
    notify_groups: Notify = Notify.ALL
    notify_rooms: Notify = Notify.MENTIONS
    shows_text: bool = True
    has_sound: bool = True
    digest_after_h: int | None = None

    def of(self, kind: Kind) -> Notify:
        """Return what is wanted of conversations of a kind."""
        match kind:
            case Kind.PRIVATE:
                return self.notify_private
            case Kind.GROUP:
                return self.notify_groups
            case Kind.ROOM:
                return self.notify_rooms


USUAL = NotificationSettings()
"""The settings of whoever has chosen nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A message as one person sees it: is it theirs, and does it speak to them?"""

    is_own: bool = False
    is_silent: bool = False
    is_mentioned: bool = False
    mentions_all: bool = False
    is_reply_to_own: bool = False


def occasion_of(
    message: Message, account_id: UUID, replied_senders: Mapping[UUID, UUID]
) -> Occasion:
    """Return what a message is to somebody; `replied_senders` has who wrote what it replies to."""
    replied = replied_senders.get(message.reply_to) if message.reply_to else None
    return Occasion(
        is_own=message.sender_id == account_id,
        is_silent=message.extras.is_silent,
        is_mentioned=account_id in message.extras.mentions,
        mentions_all=message.extras.mentions_all,
        is_reply_to_own=replied == account_id,
    )


def notifies(
    kind: Kind,
    settings: NotificationSettings,
    preferences: Preferences,
    occasion: Occasion,
    now: datetime,
) -> bool:
    """Whether somebody is notified of a message in a conversation of this kind."""
    if occasion.is_own or occasion.is_silent or is_muted(preferences, now):
        return False
    match wanted(kind, settings, preferences):
        case Notify.ALL:
            return True
        case Notify.MENTIONS:
            return occasion.is_mentioned or occasion.mentions_all or occasion.is_reply_to_own
        case Notify.NOTHING:
            return False


def wanted(kind: Kind, settings: NotificationSettings, preferences: Preferences) -> Notify:
    """Return what somebody wants of one conversation, muting aside."""
    return settings.of(kind) if preferences.notify is None else preferences.notify


def is_muted(preferences: Preferences, now: datetime) -> bool:
    """Whether a conversation is muted now."""
    return preferences.muted_until is not None and preferences.muted_until > now
