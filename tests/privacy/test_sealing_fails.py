"""If sealing fails, nothing goes on in clear: the turn is refused (R86)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import keyspace
from bot.conversation.record import Records
from bot.privacy.seal import ConversationKeys, derive_keys, new_token
from bot.rasa_parts import tracker_store
from bot.rasa_parts.turn_key import TURN_KEY, TurnRefusedError
from bot.redis_client import connect

SAID = "mon voisin s'appelle Alberic"


@pytest.fixture
def keys() -> Iterator[ConversationKeys]:
    """The keys of a conversation, one of them as the key of the turn under way."""
    made = derive_keys(new_token())
    token = TURN_KEY.set(made.rasa_key)
    yield made
    TURN_KEY.reset(token)


def _stores(redis_url: str) -> tuple[tracker_store.SealedTrackerStore, FailSafeTrackerStore]:
    sealed = tracker_store.SealedTrackerStore(Domain.empty(), redis_url=redis_url)
    # As Rasa wraps it: an ordinary exception makes it go on in the memory of the process.
    return sealed, FailSafeTrackerStore(sealed)


def _tracker(keys: ConversationKeys) -> DialogueStateTracker:
    return DialogueStateTracker.from_events(keys.id, [UserUttered(SAID)])


async def _open(redis_url: str, keys: ConversationKeys) -> None:
    redis = connect(redis_url)
    await Records(redis, 60, 60).create(keys, "fr")
    await redis.aclose()


def _kept_in_memory(safe: FailSafeTrackerStore) -> bool:
    fallback = safe.fallback_tracker_store
    return bool(getattr(fallback, "store", {}))


async def test_it_saves_and_opens_when_all_is_well(redis_url: str, keys: ConversationKeys) -> None:
    _, safe = _stores(redis_url)
    await _open(redis_url, keys)
    await safe.save(_tracker(keys))
    found = await safe.retrieve(keys.id)
    assert found is not None
    assert found.latest_message.text == SAID


@pytest.mark.parametrize("fault", [ValueError, TypeError, MemoryError, OverflowError])
@pytest.mark.parametrize("what", ["seal", "_shorten"])
async def test_a_fault_while_sealing_refuses_the_turn(
    what: str,
    fault: type[Exception],
    redis_url: str,
    keys: ConversationKeys,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, safe = _stores(redis_url)
    await _open(redis_url, keys)

    def fail(*_: object) -> bytes:
        raise fault(SAID)

    monkeypatch.setattr(tracker_store, what, fail)
    with pytest.raises(TurnRefusedError) as caught:
        await safe.save(_tracker(keys))
    assert SAID not in str(caught.value)
    assert not _kept_in_memory(safe)
    redis = connect(redis_url)
    assert not await redis.exists(keyspace.turns(keys.id))
    await redis.aclose()


@pytest.mark.parametrize("key", [None, b"short", b"x" * 33])
async def test_a_key_that_is_none_refuses_the_turn(
    key: bytes | None, redis_url: str, keys: ConversationKeys
) -> None:
    _, safe = _stores(redis_url)
    await _open(redis_url, keys)
    TURN_KEY.set(key)
    with pytest.raises(TurnRefusedError):
        await safe.save(_tracker(keys))
    assert not _kept_in_memory(safe)


@pytest.mark.parametrize("stored", [b"\x01" + b"x" * 60, b"{}", b""])
async def test_what_cannot_be_opened_refuses_the_turn(
    stored: bytes, redis_url: str, keys: ConversationKeys
) -> None:
    _, safe = _stores(redis_url)
    await _open(redis_url, keys)
    redis = connect(redis_url)
    await redis.set(keyspace.turns(keys.id), stored, ex=60)
    await redis.aclose()
    with pytest.raises(TurnRefusedError):
        await safe.retrieve(keys.id)


async def test_what_is_sealed_but_not_a_talk_refuses_the_turn(
    redis_url: str, keys: ConversationKeys
) -> None:
    """Written by another version, say: it isn't taken for a person who has just come."""
    _, safe = _stores(redis_url)
    await _open(redis_url, keys)
    place = keyspace.turns(keys.id)
    redis = connect(redis_url)
    await redis.set(place, tracker_store.seal(keys.rasa_key, b'{"x"', place), ex=60)
    await redis.aclose()
    with pytest.raises(TurnRefusedError):
        await safe.retrieve(keys.id)


async def test_without_redis_the_turn_is_refused(keys: ConversationKeys) -> None:
    _, safe = _stores("unix:///nonexistent/redis.sock")
    with pytest.raises(TurnRefusedError):
        await safe.save(_tracker(keys))
    with pytest.raises(TurnRefusedError):
        await safe.retrieve(keys.id)
    assert not _kept_in_memory(safe)


async def test_an_erased_talk_is_not_written_again(redis_url: str, keys: ConversationKeys) -> None:
    _, safe = _stores(redis_url)
    with pytest.raises(TurnRefusedError):
        await safe.save(_tracker(keys))
    assert not _kept_in_memory(safe)
