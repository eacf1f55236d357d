"""Encrypting again what the vault sealed, on both databases."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select

from tertulia.adapters.vault import FernetVault
from tertulia.core import rotation
from tertulia.core.ids import new_id
from tertulia.core.moderation import Invite
from tertulia.core.proofs import Authenticator
from tertulia.core.rotation import Progress, Rotation
from tertulia.storage.encryption_tables import metadata
from tertulia.storage.sealed import SqlSealedTexts, sealed_columns
from tests import examples as eg
from tests.storage.conftest import open_shelf

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.storage.conftest import Shelf

OLD, NEW, LOST = "o" * 32, "n" * 32, "l" * 32


async def _letter(shelf: Shelf, seal: Callable[[str], str]) -> None:
    async with shelf.storage.begin() as work:
        await work.letters.add(eg.waiting_letter(sealed=seal("letters.sealed")))


async def _authenticator(shelf: Shelf, seal: Callable[[str], str]) -> None:
    ana = await shelf.account()
    secret = seal("authenticators.sealed_secret")
    async with shelf.storage.begin() as work:
        await work.second_steps.put_authenticator(
            Authenticator(account_id=ana.id, sealed_secret=secret, confirmed_at=None)
        )


async def _invite(shelf: Shelf, seal: Callable[[str], str]) -> None:
    ana = await shelf.account()
    conversation = await shelf.conversation(ana)
    async with shelf.storage.begin() as work:
        await work.invites.add(
            Invite(
                id=new_id(),
                conversation_id=conversation.id,
                digest=new_id().bytes * 2,
                sealed_token=seal("invites.sealed_token"),
                created_by=ana.id,
                inserted_at=eg.NOON,
            )
        )


async def _encryption_keys(shelf: Shelf, seal: Callable[[str], str]) -> None:
    ana = await shelf.account()
    conversation = await shelf.conversation(ana, encrypted=True)
    await _row(
        shelf,
        "encryption_keys",
        conversation_id=conversation.id,
        account_id=ana.id,
        seq=2,
        public_key=seal("encryption_keys.public_key"),
        private_key=seal("encryption_keys.private_key"),
        inserted_at=eg.NOON,
    )


async def _account_keys(shelf: Shelf, seal: Callable[[str], str]) -> None:
    await _row(
        shelf,
        "account_keys",
        account_id=(await shelf.account()).id,
        public_key=seal("account_keys.public_key"),
        private_key=seal("account_keys.private_key"),
        version=1,
        inserted_at=eg.NOON,
    )


async def _key_wrap(shelf: Shelf, seal: Callable[[str], str]) -> None:
    await _row(
        shelf,
        "key_wraps",
        id=new_id(),
        account_id=(await shelf.account()).id,
        kind="recovery",
        wrapped=seal("key_wraps.wrapped"),
        inserted_at=eg.NOON,
    )


async def _handover(shelf: Shelf, seal: Callable[[str], str]) -> None:
    await _row(
        shelf,
        "handovers",
        id=new_id(),
        account_id=(await shelf.account()).id,
        session_id=new_id(),
        device="Firefox",
        messages=seal("handovers.messages"),
        expires_at=eg.NOON,
    )


async def _row(shelf: Shelf, table: str, **values: Any) -> None:
    async with shelf.database.writer() as connection:
        await connection.execute(insert(metadata.tables[table]).values(values))
        await connection.commit()


# Something in every table that has sealed texts, each of which says in what column it is.
FILLERS = {
    "letters": _letter,
    "authenticators": _authenticator,
    "invites": _invite,
    "encryption_keys": _encryption_keys,
    "account_keys": _account_keys,
    "key_wraps": _key_wrap,
    "handovers": _handover,
}


async def fill(shelf: Shelf, seal: Callable[[str], str], times: int = 1) -> None:
    """Store so many rows with sealed texts in every table that has some."""
    for filler in FILLERS.values():
        for _ in range(times):
            await filler(shelf, seal)


async def stored(shelf: Shelf) -> list[tuple[str, str]]:
    """Return each sealed text in the database beside `table.column`."""
    found = []
    async with shelf.database.reader() as connection:
        for table, columns in sealed_columns().items():
            for column in columns:
                texts = await connection.scalars(select(column))
                found += [(f"{table}.{column.name}", text) for text in texts if text is not None]
    return found


def rotating(shelf: Shelf, *keys: str) -> Rotation:
    """Return a rotation over the database with these keys."""
    return Rotation(SqlSealedTexts(shelf.database), FernetVault(keys))


def unheard(_: Progress) -> None:
    """Hear of progress, and care not."""


def test_there_is_something_to_try_with_for_every_table() -> None:
    assert set(FILLERS) == set(sealed_columns())


async def test_everything_is_sealed_under_the_first_key_and_says_the_same(shelf: Shelf) -> None:
    await fill(shelf, FernetVault([OLD]).seal, 3)
    heard: list[tuple[str, int]] = []
    done = await rotating(shelf, NEW, OLD).run(lambda at: heard.append((at.table, at.looked_at)))
    assert heard == [(table, 3) for table in sealed_columns()]
    assert (done.renewed, done.current, done.closed, done.busy) == (3 * len(FILLERS), 0, {}, 0)
    new = FernetVault([NEW])
    found = await stored(shelf)
    assert [new.unseal(text) for _, text in found] == [place for place, _ in found]
    assert {place for place, _ in found} == {
        f"{table}.{column.name}"
        for table, columns in sealed_columns().items()
        for column in columns
    }


async def test_what_is_under_the_first_key_already_is_not_written(shelf: Shelf) -> None:
    await fill(shelf, FernetVault([NEW]).seal)
    before = await stored(shelf)
    done = await rotating(shelf, NEW, OLD).run(unheard)
    assert (done.renewed, done.current) == (0, len(FILLERS))
    assert await stored(shelf) == before


async def test_it_goes_on_where_it_was_interrupted(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 4)
    await fill(shelf, FernetVault([OLD]).seal, 10)

    def interrupt(progress: Progress) -> None:
        if progress.table == "letters" and progress.looked_at == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await rotating(shelf, NEW, OLD).run(interrupt)
    new = FernetVault([NEW])
    renewed = sum(new.reseal(text) is None for _, text in await stored(shelf) if _opens(new, text))
    assert 8 <= renewed < 10 * len(FILLERS)
    done = await rotating(shelf, NEW, OLD).run(unheard)
    assert (done.current, done.renewed) == (renewed, 10 * len(FILLERS) - renewed)
    assert all(_opens(new, text) for _, text in await stored(shelf))


async def test_what_no_key_opens_stays_and_is_counted_and_the_rest_goes_on(shelf: Shelf) -> None:
    await _letter(shelf, FernetVault([LOST]).seal)
    lost = await stored(shelf)
    await _letter(shelf, FernetVault([OLD]).seal)
    done = await rotating(shelf, NEW, OLD).run(unheard)
    assert (done.renewed, done.current, done.closed) == (1, 0, {"letters": 1})
    found = await stored(shelf)
    assert len(found) == 2
    assert lost[0] in found


async def test_a_row_that_somebody_is_changing_is_waited_for_without_holding_others(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "PAUSE_S", 0.01)
    monkeypatch.setattr(rotation, "TRIES", 1_000)
    old = FernetVault([OLD]).seal
    await _letter(shelf, old)
    await _letter(shelf, old)
    async with shelf.storage.begin() as work:
        (held,) = await work.letters.claim(eg.NOON, eg.NOON, 1)
        running = asyncio.create_task(rotating(shelf, NEW, OLD).run(unheard))
        await asyncio.sleep(0.1)
        assert not running.done()
        # The one who holds it writes what was there: nothing of either is lost.
        await work.letters.drop(held.id)
        again = FernetVault([NEW, OLD]).seal("written meanwhile")
        await work.letters.add(eg.waiting_letter(sealed=again))
    done = await running
    assert done.busy == 0
    new = FernetVault([NEW])
    said = sorted(new.unseal(text) for _, text in await stored(shelf))
    assert said == ["letters.sealed", "written meanwhile"]


async def test_a_row_that_is_held_for_ever_is_told_of(
    emptied_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "PAUSE_S", 0.01)
    # On SQLite whoever writes holds the whole file, and is waited for.
    async with open_shelf(emptied_postgres_url) as shelf:
        for _ in range(2):
            await _letter(shelf, FernetVault([OLD]).seal)
        async with shelf.storage.begin() as work:
            await work.letters.claim(eg.NOON, eg.NOON, 1)
            done = await rotating(shelf, NEW, OLD).run(unheard)
        assert (done.renewed, done.busy) == (1, 1)
        assert (await rotating(shelf, NEW, OLD).run(unheard)).renewed == 1


def test_only_columns_of_this_type_are_found() -> None:
    texts = {column.name for column in metadata.tables["letters"].c}
    assert {column.name for column in sealed_columns()["letters"]} == {"sealed"} < texts


def _opens(vault: FernetVault, sealed: str) -> bool:
    try:
        vault.unseal(sealed)
    except ValueError:
        return False
    return True
