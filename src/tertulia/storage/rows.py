"""Reading rows as the core's values: which columns to ask for, and what they mean in order."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tertulia.core.message import PLAIN, Message
from tertulia.core.model import (
    Account,
    Conversation,
    Kind,
    Member,
    Notify,
    Preferences,
    Profile,
    Role,
)
from tertulia.storage.extras import read_extras
from tertulia.storage.tables import accounts, conversations, members, messages

if TYPE_CHECKING:
    from collections.abc import Sequence

ACCOUNT_COLUMNS = (
    accounts.c.id,
    accounts.c.number,
    accounts.c.email,
    accounts.c.username,
    accounts.c.display_name,
    accounts.c.avatar,
    accounts.c.confirmed_at,
    accounts.c.hidden,
    accounts.c.theme,
    accounts.c.magnification,
    accounts.c.recents,
    accounts.c.inserted_at,
    accounts.c.updated_at,
    accounts.c.phone,
    accounts.c.about,
    accounts.c.is_admin,
    accounts.c.second_step,
    accounts.c.disabled_at,
    accounts.c.deleted_at,
)

CONVERSATION_COLUMNS = (
    conversations.c.id,
    conversations.c.number,
    conversations.c.kind,
    conversations.c.encrypted,
    conversations.c.name,
    conversations.c.alias,
    conversations.c.topic,
    conversations.c.description,
    conversations.c.head_seq,
    conversations.c.member_count,
    conversations.c.inserted_at,
    conversations.c.updated_at,
    conversations.c.last_activity_at,
    conversations.c.picture,
    conversations.c.slow_mode_s,
)

MEMBER_COLUMNS = (
    members.c.conversation_id,
    members.c.account_id,
    members.c.role,
    members.c.joined_at,
    members.c.joined_seq,
    members.c.changed_seq,
    members.c.read_seq,
    members.c.read_at,
    members.c.left_at,
    members.c.silenced_at,
    members.c.notify,
    members.c.muted_until,
    members.c.pinned_at,
    members.c.archived_at,
    members.c.marked_unread,
)

MESSAGE_COLUMNS = (
    messages.c.id,
    messages.c.conversation_id,
    messages.c.seq,
    messages.c.changed_seq,
    messages.c.sender_id,
    messages.c.client_ref,
    messages.c.body,
    messages.c.reply_to,
    messages.c.inserted_at,
    messages.c.edited_at,
    messages.c.deleted_at,
    messages.c.pinned_at,
    messages.c.extras,
)


def account_of(row: Sequence[Any]) -> Account:
    """Read the values of ACCOUNT_COLUMNS."""
    (
        account_id,
        number,
        email,
        username,
        display_name,
        avatar,
        confirmed_at,
        hidden,
        theme,
        magnification,
        recents,
        inserted_at,
        updated_at,
        phone,
        about,
        is_admin,
        second_step,
        disabled_at,
        deleted_at,
    ) = row
    return Account(
        id=account_id,
        number=number,
        email=email,
        username=username,
        display_name=display_name,
        avatar=avatar,
        confirmed_at=confirmed_at,
        profile=Profile(
            hidden=hidden,
            theme=theme,
            magnification=magnification,
            recents=_recents_of(recents),
        ),
        inserted_at=inserted_at,
        updated_at=updated_at,
        phone=phone,
        about=about,
        is_admin=is_admin,
        second_step=second_step,
        disabled_at=disabled_at,
        deleted_at=deleted_at,
    )


def conversation_of(row: Sequence[Any]) -> Conversation:
    """Read the values of CONVERSATION_COLUMNS."""
    (
        conversation_id,
        number,
        kind,
        encrypted,
        name,
        alias,
        topic,
        description,
        head_seq,
        member_count,
        inserted_at,
        updated_at,
        last_activity_at,
        picture,
        slow_mode_s,
    ) = row
    return Conversation(
        id=conversation_id,
        number=number,
        kind=Kind(kind),
        encrypted=encrypted,
        name=name,
        alias=alias,
        topic=topic,
        description=description,
        head_seq=head_seq,
        member_count=member_count,
        inserted_at=inserted_at,
        updated_at=updated_at,
        last_activity_at=last_activity_at,
        picture=picture,
        slow_mode_s=slow_mode_s,
    )


def member_of(row: Sequence[Any]) -> Member:
    """Read the values of MEMBER_COLUMNS."""
    (
        conversation_id,
        account_id,
        role,
        joined_at,
        joined_seq,
        changed_seq,
        read_seq,
        read_at,
        left_at,
        silenced_at,
        *preferences,
    ) = row
    return Member(
        conversation_id=conversation_id,
        account_id=account_id,
        role=Role(role),
        joined_at=joined_at,
        joined_seq=joined_seq,
        changed_seq=changed_seq,
        read_seq=read_seq,
        read_at=read_at,
        left_at=left_at,
        silenced_at=silenced_at,
        preferences=preferences_of(preferences),
    )


def preferences_of(row: Sequence[Any]) -> Preferences:
    """Read how a member keeps a conversation, from the last five of MEMBER_COLUMNS."""
    notify, muted_until, pinned_at, archived_at, marked_unread = row
    return Preferences(
        notify=None if notify is None else Notify(notify),
        muted_until=muted_until,
        pinned_at=pinned_at,
        archived_at=archived_at,
        marked_unread=marked_unread,
    )


def message_of(row: Sequence[Any]) -> Message:
    """Read the values of MESSAGE_COLUMNS."""
    (
        message_id,
        conversation_id,
        seq,
        changed_seq,
        sender_id,
        client_ref,
        body,
        reply_to,
        inserted_at,
        edited_at,
        deleted_at,
        pinned_at,
        extras,
    ) = row
    return Message(
        id=message_id,
        conversation_id=conversation_id,
        seq=seq,
        changed_seq=changed_seq,
        sender_id=sender_id,
        client_ref=client_ref,
        body=body,
        reply_to=reply_to,
        inserted_at=inserted_at,
        edited_at=edited_at,
        deleted_at=deleted_at,
        pinned_at=pinned_at,
        extras=PLAIN if extras is None else read_extras(extras),
    )


# Most people have the same: none.
@lru_cache(maxsize=1024)
def _recents_of(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))
