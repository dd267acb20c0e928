"""Coming back later without a name: four words open, once, what was kept for the team (R89).

What is kept is sealed under a key from the words (argon2id) and from a secret that lives in the
gateways' memory only: a copy of Redis, of the disk and of the configuration gives nobody a way to
try words. It holds no word of the talk: only the summary and the facts that the queue needs.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
import secrets
import unicodedata
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from redis.asyncio import Redis

from bot import keyspace
from bot.handoff.pepper import Pepper
from bot.language import Supported
from bot.privacy.seal import SealError, seal, unseal
from bot.yaml_files import DATA

NUMBER = 4
LONGEST_MS = 72 * 3600 * 1000
# Without knowing who tries: by talk, and for all of a network together.
TRIES_A_TALK = 5
TRIES_A_NETWORK = 120
_HOUR = 3600
_NOT_LETTERS = re.compile(r"[^a-z]+")
# RFC 9106, second recommended option: 64 MiB, three passes, four lanes.
_TIME, _MEMORY, _LANES = 3, 65536, 4
# One at a time: whoever tries words can't take the gateway's memory.
_pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="words")


@lru_cache(maxsize=2)
def word_list(language: Supported, folder: Path = DATA) -> tuple[str, ...]:
    """Return the words of `data/comeback.<language>.txt`, without its comment lines."""
    lines = (folder / f"comeback.{language}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@lru_cache(maxsize=2)
def known(language: Supported) -> frozenset[str]:
    """Return the same words as they are compared."""
    return frozenset(word for line in word_list(language) for word in typed(line))


def draw(language: Supported) -> list[str]:
    """Return four different words, drawn by the machine."""
    found: list[str] = []
    while len(found) < NUMBER:
        word = secrets.choice(word_list(language))
        if word not in found:
            found.append(word)
    return found


def typed(text: str) -> list[str]:
    """Return the words of a text as they are compared: small letters, no accents, no signs."""
    plain = (
        unicodedata.normalize("NFKD", text.lower().replace("œ", "oe"))
        .encode("ascii", "ignore")
        .decode()
    )
    return [word for word in _NOT_LETTERS.split(plain) if word]


def may_try(moments: list[float], now: float) -> list[float] | None:
    """Return a talk's tries of the last hour with this one, None when there were too many.

    Args:
        moments: of earlier tries, Unix seconds.
        now: Unix seconds.
    """
    recent = [moment for moment in moments if now - moment < _HOUR]
    return [*recent, now] if len(recent) < TRIES_A_TALK else None


class Comeback:
    """Keeps notes, and gives each of them back once."""

    def __init__(self, redis: Redis, pepper: Pepper) -> None:
        """Use a Redis and the gateways' secret."""
        self._redis: Any = redis
        self._pepper = pepper

    async def ready(self) -> bool:
        """Tell whether notes can be kept now."""
        return await self._pepper.value() is not None

    async def keep(
        self, language: Supported, note: Mapping[str, Any], milliseconds: int
    ) -> tuple[list[str], str] | None:
        """Keep a note.

        Args:
            language: of the words.
            note: what the counsellor gets after a new yes.
            milliseconds: how long it is kept; 72 hours at most.

        Returns:
            The four words and the name of the note (to forget it), None when it can't be kept.
        """
        words = draw(language)
        opened = await self.derive(typed(" ".join(words)))
        if opened is None:
            return None
        name, key = opened
        place = keyspace.kept(name)
        sealed = seal(key, json.dumps(note, ensure_ascii=False).encode(), place)
        await self._redis.set(place, sealed, px=min(milliseconds, LONGEST_MS))
        return words, name

    async def take(self, text: str) -> dict[str, Any] | None:
        """Return the note that these words open, and forget it.

        None for wrong, used and expired words alike. The caller has counted the try.
        """
        words = typed(text)
        if len(words) != NUMBER:
            return None
        opened = await self.derive(words)
        if opened is None:
            return None
        name, key = opened
        place = keyspace.kept(name)
        sealed = await self._redis.getdel(place)
        try:
            note: dict[str, Any] = json.loads(unseal(key, sealed or b"", place))
        except SealError:
            return None
        return note

    async def forget(self, name: str) -> None:
        """Delete a note."""
        await self._redis.delete(keyspace.kept(name))

    async def counted(self, network: str) -> bool:
        """Count a try in a network; False when there were too many in this hour."""
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(keyspace.tries(network), 0, ex=_HOUR, nx=True)
            pipe.incr(keyspace.tries(network))
            _, number = await pipe.execute()
        return int(number) <= TRIES_A_NETWORK

    async def derive(self, words: list[str]) -> tuple[str, bytes] | None:
        """Return the name and the key that words lead to; None while the secret isn't known."""
        pepper = await self._pepper.value()
        if pepper is None:
            return None
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_pool, _stretch, pepper, " ".join(words))


def _stretch(pepper: bytes, words: str) -> tuple[str, bytes]:
    """Return the name and the key of the note that words lead to."""
    salt = hmac.new(pepper, b"helpline words salt", hashlib.sha256).digest()
    raw = hash_secret_raw(words.encode(), salt, _TIME, _MEMORY, _LANES, hash_len=32, type=Type.ID)
    name = hmac.new(pepper, b"name " + raw, hashlib.sha256).hexdigest()[:32]
    return name, hmac.new(pepper, b"key " + raw, hashlib.sha256).digest()
