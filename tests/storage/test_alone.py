"""Being alone at something: one node at a time, and another as soon as that one is gone."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from sqlalchemy import text

from tertulia.storage.engine import open_database
from tertulia.storage.stores import SqlStorage

if TYPE_CHECKING:
    from tests.storage.conftest import Shelf


async def test_one_at_a_time_is_at_it(shelf: Shelf) -> None:
    storage = shelf.storage
    async with storage.alone("baking") as first, storage.alone("baking") as second:
        assert (first, second) == (True, False)
    async with storage.alone("baking") as again:
        assert again


async def test_something_else_may_be_done_meanwhile(shelf: Shelf) -> None:
    async with shelf.storage.alone("baking"), shelf.storage.alone("brewing") as is_alone:
        assert is_alone


async def test_it_is_no_transaction_and_takes_no_connection_from_the_work(
    emptied_postgres_url: str,
) -> None:
    database = open_database(emptied_postgres_url, pool_size=1)
    storage = SqlStorage(database, lambda _: None)
    async with storage.alone("baking") as is_alone, storage.read() as work:
        assert is_alone
        assert await work.exports.waiting() == ()
    await database.close()


async def test_nodes_keep_each_other_from_it_until_one_is_cut_off(
    emptied_postgres_url: str,
) -> None:
    databases = [open_database(emptied_postgres_url, pool_size=1) for _ in range(2)]
    one, other = (SqlStorage(database, lambda _: None) for database in databases)
    async with AsyncExitStack() as holding:
        assert await holding.enter_async_context(one.alone("baking"))
        async with other.alone("baking") as is_alone:
            assert not is_alone
        async with databases[1].writer() as connection:
            await connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
            )
        async with other.alone("baking") as is_alone:
            assert is_alone
        # Whoever was cut off may go on with what needs no lock, and ends without a word.
    for database in databases:
        await database.close()
