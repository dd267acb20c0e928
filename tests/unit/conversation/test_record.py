"""The record of a conversation: sealed, mortal, and erased for good (real Redis)."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot import keyspace
from bot.conversation import mailbox
from bot.conversation.lock import LockTimeoutError, hold
from bot.conversation.record import Records, public_key
from bot.privacy.seal import derive_keys, new_token
from bot.redis_client import connect

SECRET = "mon voisin s'appelle Albéric Vandenabeele"


async def test_it_is_sealed_and_has_a_time_to_live(redis_url: str) -> None:
    redis = connect(redis_url)
    keys = derive_keys(new_token())
    records = Records(redis, idle_seconds=3600, max_seconds=86400)
    record = await records.create(keys, "fr")
    record.heard("visitor", SECRET)
    assert await records.save(keys, record)
    stored = await redis.get(keyspace.record(keys.id))
    assert SECRET.encode() not in stored
    assert b"Vandenabeele" not in stored
    assert 0 < await redis.ttl(keyspace.record(keys.id)) <= 3600
    loaded = await records.load(keys)
    assert loaded is not None
    assert [(w["from"], w["text"]) for w in loaded.words] == [("visitor", SECRET)]
    await redis.aclose()


async def test_the_day_after_the_first_word_it_is_over_however_much_one_talks(
    redis_url: str,
) -> None:
    redis = connect(redis_url)
    keys = derive_keys(new_token())
    records = Records(redis, idle_seconds=3600, max_seconds=86400)
    record = await records.create(keys, "nl")
    record.created = time.time() - 86400 + 30
    await records.save(keys, record)
    assert await records.load(keys) is not None
    assert await redis.ttl(keyspace.record(keys.id)) <= 30
    record.created = time.time() - 86401
    await redis.set(keyspace.record(keys.id), records._sealed(keys, record))
    assert await records.load(keys) is None
    assert not await redis.exists(keyspace.record(keys.id))
    await redis.aclose()


async def test_what_is_erased_cannot_come_back(redis_url: str) -> None:
    redis = connect(redis_url)
    keys = derive_keys(new_token())
    records = Records(redis, 3600, 86400)
    record = await records.create(keys, "fr")
    for name in keyspace.all_keys(keys.id):
        if not await redis.exists(name):
            await redis.set(name, "x") if "e:" not in name else await redis.xadd(name, {"s": "x"})
    assert await records.erase(keys)
    assert await redis.keys(f"*{keys.id}*") == []
    # A turn that was under way writes nothing, and nothing can be posted any more.
    assert not await records.save(keys, record)
    assert not await mailbox.post(redis, keys.id, public_key(record), {"text": "?"})
    assert await redis.keys(f"*{keys.id}*") == []
    assert not await records.erase(keys)
    await redis.aclose()


async def test_what_waits_for_the_visitor_is_sealed_and_read_in_order(redis_url: str) -> None:
    redis = connect(redis_url)
    keys = derive_keys(new_token())
    records = Records(redis, 3600, 86400)
    record = await records.create(keys, "fr")
    for number in range(3):
        assert await mailbox.post(
            redis, keys.id, public_key(record), {"text": f"{SECRET} {number}"}
        )
    raw = await redis.xrange(keyspace.events(keys.id))
    assert not any(b"Vandenabeele" in fields[b"s"] for _, fields in raw)
    assert 0 < await redis.pttl(keyspace.events(keys.id)) <= 3_600_000
    found = await mailbox.read(redis, keys, "0")
    assert [m["text"][-1] for _, m in found] == ["0", "1", "2"]
    later = await mailbox.read(redis, keys, found[0][0])
    assert [m["text"][-1] for _, m in later] == ["1", "2"]
    await redis.aclose()


async def test_a_lock_lives_as_long_as_its_holder_and_not_much_longer(redis_url: str) -> None:
    redis = connect(redis_url)
    async with hold(redis, "g:test", lifetime=0.3):
        await asyncio.sleep(0.8)
        with pytest.raises(LockTimeoutError):
            async with hold(redis, "g:test", wait=0.1):
                pass
    # A holder that was killed renews nothing.
    await redis.set("g:test", b"dead", px=300)
    start = time.monotonic()
    async with hold(redis, "g:test", wait=2):
        assert time.monotonic() - start < 1
    await redis.aclose()


async def test_one_holder_at_a_time(redis_url: str) -> None:
    redis = connect(redis_url)
    async with hold(redis, "g:test"):
        with pytest.raises(LockTimeoutError):
            async with hold(redis, "g:test", wait=0.1):
                pass
    async with hold(redis, "g:test", wait=0.1):
        assert await redis.exists("g:test")
    assert not await redis.exists("g:test")
    await redis.aclose()
