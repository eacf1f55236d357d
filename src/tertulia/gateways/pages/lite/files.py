"""Sending a file into a chat: /lite/chats/{number}/file."""

from __future__ import annotations

from secrets import token_urlsafe

from tertulia.core.conversations import Conversations
from tertulia.core.errors import Invalid
from tertulia.core.ids import parse_id
from tertulia.core.messages import Messages
from tertulia.core.uploads import Uploads
from tertulia.gateways.forms import file_field
from tertulia.gateways.pages.lite import paths
from tertulia.gateways.pages.lite.naming import chat_name
from tertulia.gateways.pages.lite.visit import Answer, Page, See, Visit

_FILE = "file"


class FilePages:
    """Bringing a file, with words if one likes."""

    def __init__(self, conversations: Conversations, uploads: Uploads, messages: Messages) -> None:
        self._conversations = conversations
        self._uploads = uploads
        self._messages = messages

    async def show(self, visit: Visit) -> Answer:
        """Ask for a file; what was typed in the chat comes along."""
        conversation = await self._conversations.known_as(visit.actor, visit.named["number"])
        chat = await self._conversations.get(visit.actor, conversation.id)
        words = {
            "name": chat_name(chat),
            "here": paths.chat(conversation),
            "reply_to": visit.form.text("reply_to"),
            "client_ref": visit.form.text("client_ref") or token_urlsafe(12),
        }
        return Page(template="file.html", words=words)

    async def send(self, visit: Visit) -> Answer:
        """Take the file and send it."""
        actor, form = visit.actor, visit.form
        conversation = await self._conversations.known_as(actor, visit.named["number"])
        name = form.text(_FILE)
        if visit.events is None or not name:
            raise Invalid("Choose a file first.", code="required", attr=_FILE)
        await self._uploads.require_may_bring(actor, conversation.id)
        draft = await self._uploads.take(actor, file_field(visit.events))
        attachment = await self._uploads.complete(actor, conversation.id, name, draft)
        reply_to = form.text("reply_to")
        await self._messages.send(
            actor,
            conversation.id,
            form.text("text"),
            client_ref=form.text("client_ref") or None,
            reply_to=parse_id(reply_to, "reply_to") if reply_to else None,
            attachments=[attachment.id],
        )
        return See(paths.chat(conversation) + paths.LATEST)
