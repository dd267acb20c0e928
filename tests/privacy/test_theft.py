"""A thief has Redis, the disk and the configuration, but no token: nothing opens (R13, R35)."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot import keyspace
from bot.conversation import mailbox
from bot.privacy.seal import ConversationKeys, SealError, derive_keys, unseal, unseal_from
from bot.redis_client import connect
from tests.dsl import Talk
from tests.privacy import places
from tests.privacy.needles import Finder, Needles
from tests.stack import ROOT, Stack

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
needles = Needles()
# The labels are in the source, which is public: a thief knows them.
LABELS = (
    b"helpline conversation id",
    b"helpline gateway key",
    b"helpline rasa key",
    b"helpline x25519 private key",
    b"",
)


def loot(stack: Stack) -> dict[bytes, list[bytes]]:
    """Return all that the thief carries away: Redis, the state, the environment, the log."""
    carried = dict(places.redis_content(places.client(stack)))
    for path in (stack.folder / "state").rglob("*"):
        carried[f"file {path.name}".encode()] = [path.read_bytes()]
    for name in (".env", "endpoints.yml", "credentials.yml", "bot/settings.py"):
        if (ROOT / name).exists():
            carried[f"file {name}".encode()] = [(ROOT / name).read_bytes()]
    for pid, part in places.processes(stack).items():
        held = Path(f"/proc/{pid}/environ")
        if os.access(held, os.R_OK):
            carried[f"environment of {part} {pid}".encode()] = held.read_bytes().split(b"\0")
    carried[b"log"] = [stack.log.encode()]
    return carried


def keys_from(carried: dict[bytes, list[bytes]]) -> set[bytes]:
    """Return every key of 32 bytes that could be made of what was stolen."""
    secrets: set[bytes] = set()
    for name, values in carried.items():
        secrets |= {name, *name.split(b":")}
        if name.startswith((b"environment", b"file")):
            for value in values:
                secrets |= {value, value.partition(b"=")[2]} if len(value) < 200 else set()
        else:
            # Pieces of what Redis holds, as they stand, on the usual boundaries.
            for value in values:
                secrets |= {value[at : at + 32] for at in (0, 1, 13, len(value) - 32) if at >= 0}
    found: set[bytes] = set()
    for secret in secrets:
        for raw in (secret, *_decoded(secret)):
            found |= {raw[:32], raw[-32:], hashlib.sha256(raw).digest()}
            if raw:
                found |= {
                    HKDF(algorithm=SHA256(), length=32, salt=None, info=label).derive(raw)
                    for label in LABELS
                }
    return {key for key in found if len(key) == 32}


def _decoded(secret: bytes) -> Iterator[bytes]:
    padded = secret + b"=" * (-len(secret) % 4)
    with suppress(ValueError):
        yield base64.b64decode(padded, validate=True)
    with suppress(ValueError):
        yield base64.urlsafe_b64decode(padded)
    with suppress(ValueError):
        yield bytes.fromhex(secret.decode())


def opened(carried: dict[bytes, list[bytes]], keys: set[bytes]) -> list[str]:
    """Return what a set of keys opens of what was stolen."""
    found = []
    for name, values in carried.items():
        place = name.decode("latin-1")
        for value in values:
            if value[:1] != b"\x01" or len(value) < 45:
                continue
            for key in keys:
                try:
                    found.append(unseal(key, value, place).decode())
                except (SealError, zlib.error):
                    continue
    return found


async def _talk(stack: Stack, http: aiohttp.ClientSession) -> tuple[Talk, ConversationKeys]:
    talk = await Talk(stack.url, "fr", http).start()
    await talk.say(f"je m'appelle {needles.name(1)}")
    await talk.say(needles.sentence(1, "fr"))
    keys = derive_keys(talk.token)
    redis = connect(f"unix://{stack.redis_socket}")
    said = {"text": needles.sentence(2, "fr")}
    assert await mailbox.post(redis, keys.id, keys.public_key, said)
    await redis.aclose()
    return talk, keys


async def test_without_the_token_nothing_opens(stack: Stack, http: aiohttp.ClientSession) -> None:
    _, keys = await _talk(stack, http)
    carried = loot(stack)
    own = {keyspace.record(keys.id), keyspace.turns(keys.id), keyspace.events(keys.id)}
    assert own <= {name.decode("latin-1") for name in carried}
    finder = Finder(needles)
    for name, values in carried.items():
        for value in (name, *values):
            assert not list(finder.search(value, "the loot"))
            # Nor under a compression that only looks like a seal.
            for start in range(min(64, len(value))):
                try:
                    plain = zlib.decompressobj(-15 if start % 2 else 15).decompress(value[start:])
                except zlib.error:
                    continue
                assert not list(finder.search(plain, "the loot, decompressed"))
    guesses = keys_from(carried)
    assert len(guesses) > 100
    assert opened(carried, guesses) == []


async def test_with_the_token_everything_opens(stack: Stack, http: aiohttp.ClientSession) -> None:
    """The test above means something only if the words are really there."""
    _, keys = await _talk(stack, http)
    carried = loot(stack)
    found = opened(carried, {keys.gateway_key, keys.rasa_key})
    assert len(found) == 2
    sentence = needles.sentence(1, "fr")
    word = next(w for w in sentence.split() if needles.core in w)
    assert all(word in text for text in found)
    record = json.loads(next(text for text in found if text.startswith("{")))
    assert record["language"] == "fr"
    # The name was taken out before anything was sealed.
    assert not any(needles.name(1) in text for text in found)
    (entry,) = _letters(carried, keys)
    assert json.loads(entry)["text"] == needles.sentence(2, "fr")


def _letters(carried: dict[bytes, list[bytes]], keys: ConversationKeys) -> list[bytes]:
    """Return what waits for the visitor, opened with the token's private key."""
    place, found = keyspace.events(keys.id), []
    for value in carried[place.encode()]:
        try:
            found.append(unseal_from(keys.private_key, value, place))
        except (SealError, ValueError):
            continue
    return found


async def test_the_token_of_another_opens_nothing(
    stack: Stack, http: aiohttp.ClientSession
) -> None:
    await _talk(stack, http)
    carried = loot(stack)
    other, _ = await _talk(stack, http)
    keys = derive_keys(other.token)
    assert opened(carried, {keys.gateway_key, keys.rasa_key}) == []


async def test_nothing_secret_is_readable_by_others(stack: Stack) -> None:
    for path in [stack.folder / "state", *(stack.folder / "state").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, f"{path} can be read by others"
    socket = stack.redis_socket
    assert socket.stat().st_mode & 0o077 == 0
    assert socket.parent.stat().st_mode & 0o077 == 0


async def test_what_was_stolen_before_stays_shut_after_erasing(
    stack: Stack, http: aiohttp.ClientSession
) -> None:
    """The token dies with the page: nobody can be made to open an old copy."""
    talk, keys = await _talk(stack, http)
    async with http.delete(f"{stack.url}/api/v1/conversations", headers=talk.headers) as answer:
        assert answer.status == 204
    carried = loot(stack)
    assert not [name for name in carried if keys.id.encode() in name]
    assert talk.token.encode() not in b"".join(v for values in carried.values() for v in values)
