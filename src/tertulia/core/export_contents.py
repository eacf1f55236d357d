"""Which files an export has, read page by page: no whole history is ever in memory.

Each page is a question of its own, and asks whether the person is still in the conversation: what
somebody has left is theirs no longer, not even in the middle of an export.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from tertulia.core import export_words
from tertulia.core.blobs import Blobs
from tertulia.core.errors import NotFound
from tertulia.core.message import Attachment, Message, Version
from tertulia.core.model import Account, Kind, Member, Membership
from tertulia.core.ports import Storage, Work

MESSAGES_AT_ONCE = 500
STARS_AT_ONCE = 500


class Archive(Protocol):
    """Files under names with slashes between folders, on their way into one."""

    async def add(self, name: str, content: bytes) -> None:
        """Put a small file in."""

    async def add_chunks(self, name: str, chunks: AsyncIterator[bytes]) -> None:
        """Put a file in that comes in parts."""

    async def keep(self, key: str) -> int:
        """End it, store it as the blob of this new key, durably, and return its length."""


class Archives(Protocol):
    """Where archives come from."""

    def begin(self) -> AbstractAsyncContextManager[Archive]:
        """Begin one, which is gone after the block unless it was kept."""


async def add_account(
    storage: Storage, archive: Archive, account_id: UUID, at: datetime
) -> Account:
    """Put in what is known of a person beside their conversations."""
    async with storage.browse() as work:
        account = await work.accounts.get(account_id)
        credentials = await work.accounts.credentials(account_id=account_id)
        files: dict[str, export_words.Words | list[export_words.Words]] = {
            "account.json": export_words.account(
                account,
                has_password=credentials is not None and credentials.password_hash is not None,
                app=await work.second_steps.authenticator(account_id),
            ),
            "sessions.json": export_words.sessions(await work.sessions.living(account_id)),
            "identities.json": export_words.identities(await work.identities.of(account_id)),
            "passkeys.json": export_words.passkeys(await work.passkeys.of(account_id)),
            "encryption.json": export_words.own_keys(
                await work.account_keys.identity(account_id),
                await work.account_keys.wraps(account_id),
            ),
            "contacts.json": await _people(
                work, account_id, await work.relations.contacts(account_id)
            ),
            "blocks.json": await _people(
                work, account_id, await work.relations.blocked(account_id)
            ),
            "notifications.json": export_words.notifications(
                await work.notification_settings.get(account_id)
            ),
            "stars.json": await _stars(work, account_id),
            "scheduled.json": export_words.scheduled(await work.scheduled.of(account_id, None)),
        }
    await archive.add("README.txt", export_words.readme(account, at))
    for name, words in files.items():
        await archive.add(name, export_words.encoded(words))
    return account


async def add_conversation(
    storage: Storage, blobs: Blobs, archive: Archive, account_id: UUID, conversation_id: UUID
) -> None:
    """Put in one conversation; nothing happens for one that the person has left meanwhile."""
    try:
        async with storage.browse() as work:
            membership = await work.conversations.for_member(account_id, conversation_id)
            present = await _present(work, membership)
    except NotFound:
        return
    others = [account for member, account in present if member.account_id != account_id]
    folder = export_words.folder(membership.conversation, others[0] if others else None)
    words = export_words.conversation(membership, present)
    await archive.add(f"{folder}/conversation.json", export_words.encoded(words))
    own_files: dict[UUID, Attachment] = {}
    await archive.add_chunks(f"{folder}/messages.jsonl", _lines(storage, membership, own_files))
    for each in own_files.values():
        chunks = await _file(storage, blobs, account_id, each)
        if chunks is not None:
            await archive.add_chunks(f"{folder}/{export_words.file_name(each)}", chunks)


async def _people(
    work: Work, account_id: UUID, people: tuple[UUID, ...]
) -> list[export_words.Words]:
    return export_words.people(await work.accounts.seen_by(account_id, people))


async def _stars(work: Work, account_id: UUID) -> list[export_words.Words]:
    stars: list[export_words.Words] = []
    before: tuple[datetime, UUID] | None = None
    while page := await work.stars.page(account_id, before=before, limit=STARS_AT_ONCE):
        stars += [export_words.star(message, at) for message, at in page]
        message, at = page[-1]
        before = at, message.id
    return stars


async def _present(work: Work, membership: Membership) -> tuple[tuple[Member, Account], ...]:
    # Who else is in a room is said by the room, to whoever looks.
    if membership.conversation.kind is Kind.ROOM:
        return ()
    return await work.members.people(membership.conversation.id)


async def _lines(
    storage: Storage, membership: Membership, own_files: dict[UUID, Attachment]
) -> AsyncIterator[bytes]:
    """Read the messages, and note down which files the person sent with them, each once."""
    account_id, conversation = membership.member.account_id, membership.conversation
    names: dict[UUID, str] = {}
    after_seq: int | None = None
    while True:
        async with storage.browse() as work:
            try:
                await work.conversations.for_member(account_id, conversation.id)
            except NotFound:
                return
            page = await _page(work, membership, after_seq)
            unknown = {message.sender_id for message in page} - names.keys()
            senders = await work.accounts.seen_by(account_id, unknown)
            own = [message for message in page if message.sender_id == account_id]
            versions = await _versions(work, own)
        names |= {sender.id: sender.display_name for sender in senders}
        own_files |= {each.id: each for message in own for each in message.extras.attachments}
        yield b"".join(
            export_words.line(export_words.message(one, names, versions.get(one.id, ())))
            for one in page
        )
        if len(page) < MESSAGES_AT_ONCE:
            return
        after_seq = page[-1].seq


async def _page(work: Work, membership: Membership, after_seq: int | None) -> tuple[Message, ...]:
    conversation_id = membership.conversation.id
    if membership.conversation.kind is Kind.ROOM:
        return await work.messages.sent_by(
            conversation_id,
            membership.member.account_id,
            after_seq=after_seq,
            limit=MESSAGES_AT_ONCE,
        )
    return await work.messages.page(
        conversation_id,
        copies_of=membership.copies_of,
        after_seq=after_seq,
        order="asc",
        limit=MESSAGES_AT_ONCE,
    )


async def _versions(work: Work, messages: list[Message]) -> dict[UUID, tuple[Version, ...]]:
    edited = [message.id for message in messages if message.edited_at is not None]
    return {message_id: await work.versions.of(message_id) for message_id in edited}


async def _file(
    storage: Storage, blobs: Blobs, account_id: UUID, attachment: Attachment
) -> AsyncIterator[bytes] | None:
    """Return a file in parts; None where somebody else brought it, or it went with its message."""
    try:
        async with storage.browse() as work:
            upload = await work.uploads.own(account_id, attachment.id)
    except NotFound:
        return None
    return await blobs.chunks(upload.blob)
