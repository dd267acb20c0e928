"""The key pairs of the gateways that live: fresh at each start, private halves in memory only."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot import keyspace

LIFETIME_SECONDS = 60
_REFRESH_SECONDS = 15
_MAC_BYTES = 32


@dataclass(frozen=True)
class GatewayKey:
    """The public half of a live gateway's pair."""

    id: str
    public: bytes


class GatewayKeys:
    """This gateway's pair, and what is known of the others'."""

    def __init__(self, redis: Redis, internal_token: str) -> None:
        """Draw a pair.

        Args:
            redis: where public halves are published.
            internal_token: the secret that the gateways share: a public key that somebody else
                put into Redis isn't sealed to. Without one, only the own key counts.
        """
        self._redis: Any = redis
        self._secret = (internal_token or secrets.token_urlsafe(32)).encode()
        pair = X25519PrivateKey.generate()
        self.private = pair.private_bytes_raw()
        self.public = pair.public_key().public_bytes_raw()
        self.id = _name(self.public)

    async def publish(self) -> None:
        """Tell the other gateways that this one lives."""
        now = time.time()
        member = self.public + self._mac(self.public)
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.zadd(keyspace.gateways(), {member: now + LIFETIME_SECONDS})
            pipe.zremrangebyscore(keyspace.gateways(), "-inf", now)
            pipe.expire(keyspace.gateways(), LIFETIME_SECONDS)
            await pipe.execute()

    async def withdraw(self) -> None:
        """Tell the others that this one stops: nothing more is sealed to it."""
        await self._redis.zrem(keyspace.gateways(), self.public + self._mac(self.public))

    async def live(self) -> list[GatewayKey]:
        """Return the keys of all live gateways, this one among them."""
        found = {self.id: GatewayKey(self.id, self.public)}
        for member in await self._redis.zrangebyscore(keyspace.gateways(), time.time(), "+inf"):
            public, mac = member[:-_MAC_BYTES], member[-_MAC_BYTES:]
            if hmac.compare_digest(mac, self._mac(public)):
                found[_name(public)] = GatewayKey(_name(public), public)
        return list(found.values())

    async def run(self) -> None:
        """Publish again and again until cancelled."""
        while True:
            try:
                await self.publish()
            except (RedisError, OSError):
                await asyncio.sleep(1)
                continue
            await asyncio.sleep(_REFRESH_SECONDS)

    def vouch(self, what: bytes) -> bytes:
        """Return a MAC by which the other gateways know that one of them wrote this."""
        return hmac.new(self._secret, b"helpline gateway says " + what, hashlib.sha256).digest()

    def _mac(self, public: bytes) -> bytes:
        return hmac.new(self._secret, b"helpline gateway key " + public, hashlib.sha256).digest()


def _name(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:16]
