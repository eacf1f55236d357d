"""Putting a conversation of the town into slow mode."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from tests.core.town import Town


async def slow_down(town: Town, conversation_id: UUID, slow_mode_s: int) -> None:
    """Have plain members wait so long between two messages."""
    owner = next(iter(await town.roles(conversation_id)))
    async with town.storage.begin() as work:
        membership = await work.conversations.for_member(owner, conversation_id)
        await work.conversations.update(replace(membership.conversation, slow_mode_s=slow_mode_s))
