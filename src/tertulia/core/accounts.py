"""People: their names, their preferences, and finding one another."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from tertulia.core import limits, texts
from tertulia.core.errors import Invalid
from tertulia.core.events import AccountChanged, DisplayNameChanged, PersonChanged
from tertulia.core.ids import new_id
from tertulia.core.limits import Limits
from tertulia.core.model import Account, Actor, Page, Profile, Theme
from tertulia.core.paging import cut, decode_token
from tertulia.core.ports import Clock, Storage, Work
from tertulia.core.presence_events import VisibilityChanged

MAX_RECENTS = 50
MAX_RECENT_CHARS = 200
THEMES: tuple[Theme, ...] = ("day", "night", "auto")


class Accounts:
    """Accounts, as their owners change them and as others find them."""

    def __init__(self, storage: Storage, doors: Limits, clock: Clock) -> None:
        self._storage = storage
        self._doors = doors
        self._clock = clock

    async def me(self, actor: Actor) -> Account:
        """Return one's own account."""
        async with self._storage.read() as work:
            return await work.accounts.get(actor.account_id)

    async def rename(
        self,
        actor: Actor,
        *,
        display_name: str | None = None,
        username: str | None = None,
        about: str | None = None,
    ) -> Account:
        """Go by another display name or username, or say something else of oneself."""
        async with self._storage.begin() as work:
            old = await work.accounts.locked(actor.account_id)
            new = old
            if display_name is not None:
                new = replace(new, display_name=texts.display_name(display_name))
            if username is not None:
                new = replace(new, username=texts.new_username(username))
            if about is not None:
                new = replace(new, about=texts.about(about))
            return await change_account(work, old, new, self._clock())

    async def set_profile(
        self,
        actor: Actor,
        *,
        hidden: bool | None = None,
        theme: str | None = None,
        magnification: float | None = None,
        recents: Sequence[str] | None = None,
    ) -> Account:
        """Change some of one's preferences."""
        async with self._storage.begin() as work:
            old = await work.accounts.locked(actor.account_id)
            profile = old.profile
            if hidden is not None:
                profile = replace(profile, hidden=hidden)
            if theme is not None:
                profile = replace(profile, theme=_theme(theme))
            if magnification is not None:
                profile = replace(profile, magnification=_magnification(magnification))
            if recents is not None:
                profile = replace(profile, recents=_recents(recents))
            if hidden is not None:
                # Said even where the profile stays: a connection may have come hidden by itself.
                work.announce(VisibilityChanged(account_id=old.id, hidden=hidden))
            return await change_account(work, old, replace(old, profile=profile), self._clock())

    async def search(self, actor: Actor, text: str, token: str | None, size: int) -> Page[Account]:
        """Find other people; an empty text finds everyone. RateLimited for who asks too often."""
        wanted = texts.search(text, "search")
        (after_number,) = decode_token(token, int) or (0,)
        await self._doors.take(limits.SEARCHES_OF, str(actor.account_id))
        async with self._storage.read() as work:
            found = await work.accounts.search(
                actor.account_id, wanted, after_number=after_number, limit=size + 1
            )
        return cut(found, size, lambda person: (person.number,))

    async def people(self, actor: Actor, account_ids: Collection[UUID]) -> tuple[Account, ...]:
        """Return these accounts, as the asking person may see them."""
        async with self._storage.read() as work:
            return await work.accounts.seen_by(actor.account_id, account_ids)

    async def acquaintances(self, account_id: UUID) -> frozenset[UUID]:
        """Return everyone with whom a person shares a private chat or a group."""
        async with self._storage.read() as work:
            return await work.accounts.acquaintances(account_id)


def new_account(
    at: datetime, *, email: str, username: str | None, display_name: str | None
) -> Account:
    """Return an account for somebody who has none yet; the display name defaults to the address.

    Raises Invalid.
    """
    address = texts.email(email)
    return Account(
        id=new_id(),
        number=0,
        email=address,
        username=texts.new_username(username) if username else None,
        display_name=address if display_name is None else texts.display_name(display_name),
        avatar=None,
        confirmed_at=None,
        profile=Profile(),
        inserted_at=at,
        updated_at=at,
    )


async def change_account(work: Work, old: Account, new: Account, at: datetime) -> Account:
    """Store what became of an account whose row is held, and tell those whom it concerns."""
    if new == old:
        return old
    new = replace(new, updated_at=at)
    await work.accounts.update(new)
    work.announce(AccountChanged(account=new))
    if new.display_name != old.display_name:
        work.announce(DisplayNameChanged(account_id=new.id, display_name=new.display_name))
    if _looks(new) != _looks(old):
        work.announce(PersonChanged(person=without_address(new)))
    return new


def _looks(account: Account) -> tuple[object, ...]:
    """Return what others see of an account."""
    return (
        account.display_name,
        account.username,
        account.avatar,
        account.about,
        account.deleted_at,
    )


async def require_people(
    work: Work, account_ids: Collection[UUID], *, attr: str = "user_ids"
) -> None:
    """Raise Invalid if any of these accounts does not exist; none goes before the work ends."""
    found = await work.accounts.held(account_ids)
    living = [person for person in found if person.deleted_at is None]
    if len(living) != len(set(account_ids)):
        raise Invalid("There is no such person.", code="not_found", attr=attr)


def without_address(person: Account) -> Account:
    """Return an account without what only acquaintances see."""
    return replace(person, email=None, phone=None)


def _theme(text: str) -> Theme:
    for theme in THEMES:
        if theme == text:
            return theme
    raise Invalid("A theme is day, night or auto.", attr="theme")


def _magnification(value: float) -> float:
    if not (math.isfinite(value) and 0.7 <= value <= 1.4):
        raise Invalid("The magnification is between 0.7 and 1.4.", attr="magnification")
    return value


def _recents(pages: Sequence[str]) -> tuple[str, ...]:
    if len(pages) > MAX_RECENTS:
        raise Invalid(f"At most {MAX_RECENTS} pages are kept.", code="too_long", attr="recents")
    return tuple(texts.line(page, "recents", MAX_RECENT_CHARS) for page in pages)
