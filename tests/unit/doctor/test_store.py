"""A real Redis with a wrong configuration is found, and the cure is one that works."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot import settings
from bot.doctor import store
from bot.doctor.finding import Finding
from bot.redis_client import connect


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = connect(redis_url)
    yield client
    for name, value in (
        ("save", ""),
        ("appendonly", "no"),
        ("maxmemory-policy", "noeviction"),
        ("maxmemory", "512mb"),
        ("slowlog-log-slower-than", "-1"),
        ("requirepass", ""),
    ):
        await client.config_set(name, value)
    await client.aclose()


async def look(url: str) -> list[Finding]:
    return await store.look(settings.load({"REDIS_URL": url}))


async def test_the_redis_that_the_supervisor_starts_has_nothing_wrong(redis_url: str) -> None:
    assert await look(redis_url) == []


@pytest.mark.parametrize(
    ("name", "value", "severity", "says", "cure"),
    [
        ("save", "3600 1", "bad", "snapshots on disk", 'CONFIG SET save ""'),
        ("appendonly", "yes", "bad", "every change to disk", "CONFIG SET appendonly no"),
        ("maxmemory-policy", "allkeys-lru", "bad", "throws talks out", "noeviction"),
        ("maxmemory", "1mb", "warn", "of its memory", "Raise maxmemory"),
        ("slowlog-log-slower-than", "10000", "warn", "slow commands", "-1"),
    ],
)
async def test_a_wrong_switch(
    redis: Redis, redis_url: str, name: str, value: str, severity: str, says: str, cure: str
) -> None:
    if name == "maxmemory":
        await redis.set("filler", b"x" * 2_000_000, px=60_000)
    await redis.config_set(name, value)
    (found,) = await look(redis_url)
    await redis.delete("filler")
    assert found.severity == severity
    assert says in found.what
    assert cure in found.cure


async def test_somebody_reads_along(redis: Redis, redis_url: str) -> None:
    path = redis_url.removeprefix("unix://")
    reader = subprocess.Popen(
        ["python3", "-c", _MONITOR, path], stdout=subprocess.PIPE, stdin=subprocess.PIPE
    )
    try:
        assert reader.stdout
        reader.stdout.readline()
        (found,) = await look(redis_url)
        assert found.severity == "bad"
        assert "MONITOR" in found.what
    finally:
        reader.terminate()
        reader.wait(5)


_MONITOR = """
import socket, sys, time
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(b"MONITOR\\r\\n")
s.recv(10); print("on", flush=True); time.sleep(30)
"""


async def test_a_redis_that_may_not_be_asked(redis: Redis, redis_url: str) -> None:
    await redis.execute_command("ACL", "SETUSER", "small", "on", ">pw", "~*", "+@all", "-config")
    path = redis_url.removeprefix("unix://")
    found = await look(f"unix://small:pw@{path}")
    assert [f.severity for f in found] == ["warn"]
    assert "by hand" in found[0].cure
    await redis.execute_command("ACL", "DELUSER", "small")


async def test_a_wrong_password(redis: Redis, redis_url: str) -> None:
    path = redis_url.removeprefix("unix://")
    (found,) = await look(f"unix://nobody:wrong@{path}")
    assert (found.severity, "password" in found.what) == ("bad", True)
    assert "wrong" not in str(found)


async def test_no_redis_at_all_and_an_open_way_to_it() -> None:
    found = await look("redis://192.0.2.1:1")
    assert [f.severity for f in found] == ["warn", "bad", "bad"]
    assert "encrypted" in found[0].what
    assert "without a password" in found[1].what
    assert "can't be reached" in found[2].what
    (alone,) = await look("redis://:pw@127.0.0.1:1")
    assert "can't be reached" in alone.what


async def test_an_embedded_redis_that_sleeps_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
    (found,) = await store.look(settings.load({}))
    assert found.severity == "note"
