"""The private servers of the tests themselves."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.services import PostgresCluster, RedisServer

ROOT = Path(__file__).parents[1]


async def test_every_test_gets_an_empty_database_of_its_own(
    postgres_url: str, postgres_cluster: PostgresCluster
) -> None:
    other_url = postgres_cluster.url(postgres_cluster.create_database())

    assert [await _tables_after_making_one(url) for url in (postgres_url, other_url)] == [1, 1]


async def test_a_database_can_be_made_after_a_template(
    postgres_url: str, postgres_cluster: PostgresCluster
) -> None:
    await _tables_after_making_one(postgres_url)
    template = postgres_url.partition("?")[0].rpartition("/")[2]

    copy_url = postgres_cluster.url(postgres_cluster.create_database(template))

    assert await _count_tables(copy_url) == 1


def test_every_test_gets_an_empty_redis(redis_url: str, redis_server: RedisServer) -> None:
    path = urlsplit(redis_url).path
    assert _ask_redis(path, "SET key value") == "+OK"
    assert _ask_redis(path, "DBSIZE") == ":1"

    redis_server.empty()

    assert _ask_redis(path, "DBSIZE") == ":0"


@pytest.mark.parametrize("kind", [PostgresCluster, RedisServer], ids=["postgres", "redis"])
def test_a_stopped_server_leaves_neither_process_nor_folder(
    kind: type[PostgresCluster | RedisServer],
) -> None:
    service = kind()
    processes = _with_children(service.pid)

    service.stop()

    assert not [process for process in processes if process.is_running()]
    assert not service.folder.exists()


@pytest.mark.parametrize("kind", ["PostgresCluster", "RedisServer"])
def test_a_server_ends_with_the_process_that_started_it(kind: str) -> None:
    code = (
        f"from tests.services import {kind}; service = {kind}();"
        "print(service.pid, service.folder, flush=True); input()"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as starter:
        assert starter.stdout
        pid, folder = starter.stdout.readline().decode().split()
        processes = _with_children(int(pid))

        starter.kill()

    _, alive = psutil.wait_procs(processes, timeout=30)
    shutil.rmtree(folder)
    assert not alive


async def _tables_after_making_one(url: str) -> int:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE thing (id integer)"))
    await engine.dispose()
    return await _count_tables(url)


async def _count_tables(url: str) -> int:
    engine = create_async_engine(url)
    query = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    async with engine.connect() as connection:
        count = (await connection.execute(text(query))).scalar_one()
    await engine.dispose()
    return int(count)


def _ask_redis(path: str, command: str) -> str:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        connection.sendall(f"{command}\r\n".encode())
        return connection.recv(64).decode().strip()


def _with_children(pid: int) -> list[psutil.Process]:
    server = psutil.Process(pid)
    return [server, *server.children(recursive=True)]
