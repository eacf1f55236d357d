"""What the files of an export say, as values that become JSON.

Written for people and for programs: the same names as in the HTTP interface, times in UTC. Of what
somebody proves themselves with there are names and dates alone; no secret, digest or token.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tertulia.core.account_key import StoredIdentity, StoredWrap
from tertulia.core.file_names import safe_file_name, safe_name
from tertulia.core.message import Attachment, Message, Version
from tertulia.core.model import Account, Conversation, Kind, Member, Membership, Session
from tertulia.core.notify_rules import NotificationSettings
from tertulia.core.proofs import Authenticator, Identity, Passkey
from tertulia.core.scheduled import Scheduled

Words = dict[str, Any]

README = """\
This is a copy of your own data from Tertulia, made for {name} on {date}.

README.txt         this text
account.json       your profile: names, addresses, preferences, and how you sign in
avatar.webp        your picture, if you have one
sessions.json      the devices that are signed in, with their names, addresses and last use
identities.json    accounts elsewhere that you sign in with
passkeys.json      the names of your passkeys
encryption.json    since when you have keys for encrypted chats, and how they are found again
contacts.json      the people whom you keep as contacts
blocks.json        the people whom you have blocked
notifications.json what you want to be notified of
stars.json         the messages on which you have put a star
scheduled.json     your messages that wait for their time
conversations/     a folder for each of your conversations, named after its number and its name:
  conversation.json  what it is called, who is in it, since when you are, and how you keep it
  messages.jsonl     its messages, the oldest first, one JSON object on each line;
                     of a room, which anyone can read, your own messages alone
  files/             the files that you sent there yourself, each named after its id and its name

The files are text in UTF-8. Times are in UTC. A message that was deleted has no body.
One that is sealed has none either: it was end-to-end encrypted, and this server cannot read it,
nor the files that came with it. What you wrote before you edited a message is beside it.
Passwords, keys and tokens are not part of the copy: the server does not keep them in a form that
could be shown, or they would open your account to whoever finds this file.
"""


def readme(account: Account, at: datetime) -> bytes:
    """Return the text that says what is what."""
    return README.format(name=account.display_name, date=f"{at:%Y-%m-%d}").encode()


def encoded(words: Words | list[Words]) -> bytes:
    """Return a file of JSON that people can read."""
    return msgspec.json.format(msgspec.json.encode(words), indent=2) + b"\n"


def line(words: Words) -> bytes:
    """Return one line of a file that has a JSON object on each."""
    return msgspec.json.encode(words) + b"\n"


def account(account: Account, *, has_password: bool, app: Authenticator | None) -> Words:
    """Word a person for themselves."""
    profile = account.profile
    return {
        "id": account.id,
        "number": account.number,
        "email": account.email,
        "confirmed_at": account.confirmed_at,
        "phone": account.phone,
        "username": account.username,
        "display_name": account.display_name,
        "about": account.about,
        "is_admin": account.is_admin,
        "inserted_at": account.inserted_at,
        "updated_at": account.updated_at,
        "preferences": {
            "hidden": profile.hidden,
            "theme": profile.theme,
            "magnification": profile.magnification,
            "recents": profile.recents,
        },
        "has_password": has_password,
        "second_step": account.second_step,
        "authenticator_since": app and app.confirmed_at,
    }


def sessions(found: Iterable[Session]) -> list[Words]:
    """Word the devices that are signed in."""
    return [
        {
            "name": session.name,
            "address": session.address,
            "inserted_at": session.inserted_at,
            "last_used_at": session.last_used_at,
        }
        for session in found
    ]


def identities(found: Iterable[Identity]) -> list[Words]:
    """Word accounts at providers."""
    return [
        {
            "provider": identity.provider,
            "subject": identity.subject,
            "email": identity.email,
            "inserted_at": identity.inserted_at,
        }
        for identity in found
    ]


def passkeys(found: Iterable[Passkey]) -> list[Words]:
    """Word passkeys, which are no more than names here."""
    return [
        {
            "name": passkey.name,
            "inserted_at": passkey.inserted_at,
            "last_used_at": passkey.last_used_at,
        }
        for passkey in found
    ]


def own_keys(identity: StoredIdentity | None, wraps: Iterable[StoredWrap]) -> Words:
    """Word that somebody has keys of their own, and by what they are found again."""
    return {
        "identity": identity and {"version": identity.version, "inserted_at": identity.inserted_at},
        "wraps": [
            {"kind": wrap.kind, "label": wrap.label, "inserted_at": wrap.inserted_at}
            for wrap in wraps
        ],
    }


def notifications(settings: NotificationSettings) -> Words:
    """Word what somebody wants to hear of."""
    return asdict(settings)


def star(message: Message, at: datetime) -> Words:
    """Word that somebody has put a star on a message, which is not their own for that."""
    return {
        "message_id": message.id,
        "conversation_id": message.conversation_id,
        "seq": message.seq,
        "starred_at": at,
    }


def scheduled(found: Iterable[Scheduled]) -> list[Words]:
    """Word what waits to be sent."""
    return [
        {
            "id": one.id,
            "conversation_id": one.conversation_id,
            "body": one.body,
            "send_at": one.due_at,
            "inserted_at": one.inserted_at,
            "reply_to": one.reply_to,
            "attachments": list(map(attachment, one.attachments)),
            "silent": one.is_silent,
            "failure": one.failure,
        }
        for one in found
    ]


def people(found: Iterable[Account]) -> list[Words]:
    """Word other people by their names alone."""
    return [person(one) for one in found]


def person(account: Account) -> Words:
    """Word another person."""
    return {
        "id": account.id,
        "username": account.username,
        "display_name": account.display_name,
    }


def conversation(membership: Membership, present: Iterable[tuple[Member, Account]]) -> Words:
    """Word a conversation and one's own place in it; `present` are those to be named."""
    conversation, member = membership.conversation, membership.member
    return {
        "id": conversation.id,
        "number": conversation.number,
        "kind": conversation.kind,
        "encrypted": conversation.encrypted,
        "name": conversation.name,
        "alias": conversation.alias,
        "topic": conversation.topic,
        "description": conversation.description,
        "member_count": conversation.member_count,
        "inserted_at": conversation.inserted_at,
        "last_activity_at": conversation.last_activity_at,
        "own_role": member.role,
        "own_joined_at": member.joined_at,
        "own_read_seq": member.read_seq,
        "own_preferences": member.preferences,
        "members": [
            {**person(account), "role": other.role, "joined_at": other.joined_at}
            for other, account in present
        ],
    }


def message(message: Message, names: Mapping[UUID, str], versions: Sequence[Version]) -> Words:
    """Word a message; `names` are those of the people who sent messages.

    `versions` is what it said before, where that is the reader's own.
    """
    extras = message.extras
    return {
        "id": message.id,
        "seq": message.seq,
        "sender_id": message.sender_id,
        "sender_name": names.get(message.sender_id),
        "inserted_at": message.inserted_at,
        "edited_at": message.edited_at,
        "deleted_at": message.deleted_at,
        "pinned_at": message.pinned_at,
        "reply_to": message.reply_to,
        "body": message.body,
        "is_sealed": message.copy is not None,
        "versions": versions,
        "forwarded_from": extras.origin,
        "mentions": extras.mentions,
        "mentions_all": extras.mentions_all,
        "silent": extras.is_silent,
        "reactions": extras.reactions,
        "poll": extras.poll,
        "attachments": list(map(attachment, extras.attachments)),
    }


def attachment(attachment: Attachment) -> Words:
    """Word a file, without what only shows it."""
    return {
        "id": attachment.id,
        "name": attachment.name,
        "media_type": attachment.media_type,
        "size": attachment.size,
    }


def file_name(attachment: Attachment) -> str:
    """Return what a file is called among the others of its conversation."""
    return f"files/{attachment.id}-{safe_file_name(attachment.name)}"


def folder(conversation: Conversation, other: Account | None) -> str:
    """Return the folder of a conversation; `other` is the other one of a private chat."""
    name = conversation.alias or conversation.name or ""
    if conversation.kind is Kind.PRIVATE and other is not None:
        name = other.display_name
    return f"conversations/{conversation.number}-{safe_name(name, conversation.kind.value)}"
