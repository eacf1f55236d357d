"""For whom a message is sealed: for exactly those who are there, no one less and no one more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from tertulia.core import texts
from tertulia.core.errors import Conflict

MAX_COPY_CHARS = 65_536
MAX_SEALED_REACTION_CHARS = 4096
"""Each reader of a message reads all reactions to it."""


def copies(given: Mapping[UUID, str]) -> dict[UUID, str]:
    """Check the texts of what is sealed; Invalid `required` or `too_long` otherwise."""
    return {
        account_id: texts.sealed(text, "encrypted_messages", MAX_COPY_CHARS)
        for account_id, text in given.items()
    }


def reactions(given: Mapping[UUID, str]) -> dict[UUID, str]:
    """Check the texts of a reaction in the same way."""
    return {
        account_id: texts.sealed(text, "encrypted_reactions", MAX_SEALED_REACTION_CHARS)
        for account_id, text in given.items()
    }


def unsuited_to_send(given: Collection[UUID], have_keys: Mapping[UUID, bool]) -> Conflict | None:
    """Return why this cannot be sent to these members, each of whom has keys or not, if so."""
    return missing_keys(have_keys.values()) or unsuited(given, have_keys)


def missing_keys(have_keys: Iterable[bool]) -> Conflict | None:
    """Return that nothing can be sealed for some of these people yet, if so."""
    if all(have_keys):
        return None
    return Conflict("Somebody here has no keys yet.", code="missing_keys")


def unsuited(given: Collection[UUID], expected: Collection[UUID]) -> Conflict | None:
    """Return why these recipients are not the ones there have to be, if they are not."""
    if not set(given).issubset(expected):
        return Conflict("Somebody among these is no member.", code="too_many_recipients")
    if len(given) < len(expected):
        return Conflict("Each member needs a copy.", code="not_enough_recipients")
    return None
