"""A whole handoff without gateway and Rasa: real Redis, real texts, a clock that tests turn."""

from __future__ import annotations

import base64
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from bot.conversation import mailbox
from bot.conversation.record import Record, Records
from bot.directory.hours import BRUSSELS
from bot.directory.load import load_directory
from bot.directory.model import Directory
from bot.handoff.gateway_keys import GatewayKeys
from bot.handoff.ledger import Ledger
from bot.handoff.presence import Presence
from bot.handoff.service import HandoffService
from bot.handoff.signing import Signer
from bot.handoff.store import Store
from bot.handoff.sweeper import Sweeper
from bot.handoff.teams import Endpoint, Team, Teams, endpoint_id
from bot.handoff.voice import Voice
from bot.language import Supported
from bot.privacy.seal import ConversationKeys, derive_keys, new_token
from bot.redis_client import connect
from bot.safety.risk import Risk
from bot.state import State
from bot.texts import DATA, texts

NETWORK = "stopp-vif"
# A Wednesday, ten in the morning.
START = datetime(2026, 11, 25, 10, 0, tzinfo=BRUSSELS).timestamp()


def secret() -> str:
    """Return a new secret, as the specification writes it."""
    return "whsec_" + base64.b64encode(os.urandom(32)).decode()


def endpoint(url: str, secrets: str | None = None, **more: Any) -> Endpoint:
    """Return an endpoint that is told of all networks."""
    return Endpoint(endpoint_id(url), url, Signer.of(secrets or secret()), **more)


def assess(text: str) -> Risk:
    """See danger in the word "couteau", a wish in "mourir", a child in "mon prof"."""
    if "couteau" in text:
        return Risk("emergency", True, None, ["couteau"], ("arme_en_main",))
    if "mourir" in text:
        return Risk("crisis", True, None, ["mourir"], ("veux_mourir",))
    child = "mon prof" in text or "mijn leerkracht" in text
    return Risk("none", False, "child" if child else None, [])


@lru_cache(maxsize=1)
def _directory() -> Directory:
    return load_directory(DATA / "directory", "demo")


async def at_rest(redis: Redis) -> bytes:
    """Return everything that Redis holds, names and values."""
    found = b""
    for key in await redis.keys("*"):
        kind = await redis.type(key)
        read = {
            b"string": redis.get,
            b"hash": redis.hgetall,
            b"stream": redis.xrange,
            b"zset": lambda k: redis.zrange(k, 0, -1, withscores=True),
        }[kind]
        found += key + _flat(await read(key))
    return found


def _flat(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, dict):
        return b"".join(_flat(part) for pair in value.items() for part in pair)
    if isinstance(value, (list, tuple)):
        return b"".join(_flat(part) for part in value)
    return str(value).encode()


@dataclass
class World:
    """Everything that a handoff needs; `now` is turned by hand."""

    redis: Redis
    records: Records
    service: HandoffService
    sweeper: Sweeper
    now: list[float] = field(default_factory=lambda: [START])

    async def person(
        self, language: Supported = "fr", *said: str
    ) -> tuple[ConversationKeys, Record]:
        """Start a conversation in which something was said."""
        keys = derive_keys(new_token())
        record = await self.records.create(keys, language)
        for text in said:
            record.heard("visitor", text)
        await self.records.save(keys, record)
        return keys, record

    async def counsellor(self, who: str = "c1", **more: Any) -> None:
        """Let a counsellor sit at the desk, which was tried out before."""
        self.service.set_tested(NETWORK)
        await self.service.presence.seen(
            who, [NETWORK], ["fr", "nl"], self.service.store.now(), **more
        )

    async def waiting(self, *said: str, share: Any = "words", **more: Any) -> Any:
        """Return somebody who waits: keys, record, case."""
        await self.counsellor()
        keys, record = await self.person("fr", *said)
        case = await self.service.case(keys.id)
        assert case is not None
        case = await self.service.request(keys, record, case, share, **more)
        await self.records.save(keys, record)
        return keys, record, case

    async def letters(self, keys: ConversationKeys) -> list[dict[str, Any]]:
        """Return all that was left for a visitor."""
        return [message for _, message in await mailbox.read(self.redis, keys, "0")]

    def later(self, seconds: float) -> None:
        """Turn the clock."""
        self.now[0] += seconds


@asynccontextmanager
async def world(
    redis_url: str, folder: Path, endpoints: tuple[Endpoint, ...] = (), **teams: Any
) -> AsyncIterator[World]:
    """Build one on an empty Redis."""
    redis = connect(redis_url)
    await redis.flushdb()
    now = [START]

    def clock() -> datetime:
        return datetime.fromtimestamp(now[0], BRUSSELS)

    switches, ledger = State(folder), Ledger(folder)
    team = Team(id="desk", hours="24/7", **teams)
    service = HandoffService(
        store=Store(redis, lambda: now[0]),
        gateway_keys=GatewayKeys(redis, "internal"),
        presence=Presence(redis),
        teams=Teams({NETWORK: (team,)}, endpoints),
        ledger=ledger,
        switches=switches,
        voice=Voice(texts(), _directory(), clock),
        assess=assess,
        redact=lambda text, language, record: text.replace("Karim", "[name]"),
        network=NETWORK,
        clock=clock,
    )
    await service.gateway_keys.publish()
    made = World(redis, Records(redis, 3600, 86400), service, Sweeper(service), now)
    try:
        yield made
    finally:
        await redis.aclose()
        ledger.close()
        switches.close()
