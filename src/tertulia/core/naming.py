"""Whom messages name beside those who sent them, for whoever reads a page of them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from tertulia.core.message import Message
from tertulia.core.model import Actor, History, Page
from tertulia.core.ports import Work

REACTED_NAMED = 3
"""How many of those who gave one emoji are named at once; the others are looked up when asked."""


def named_in(messages: Iterable[Message]) -> set[UUID]:
    """Return who sent, first said and is mentioned in messages, and the first who reacted."""
    named: set[UUID] = set()
    for message in messages:
        extras = message.extras
        named.add(message.sender_id)
        named.update(extras.mentions)
        if extras.origin is not None:
            named.add(extras.origin.sender_id)
        for reaction in extras.reactions:
            named.update(reaction.account_ids[:REACTED_NAMED])
        if message.copy is not None:
            # Which of them gave which emoji, the server does not know.
            named.update(each.account_id for each in message.copy.reactions)
    return named


async def history(work: Work, actor: Actor, messages: Page[Message]) -> History:
    """Put the people whom a page names beside it, as this reader sees them."""
    people = await work.accounts.seen_by(actor.account_id, named_in(messages.items))
    return History(messages=messages, people=people)
