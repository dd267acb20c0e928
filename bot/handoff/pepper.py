"""A secret that all gateways share and that exists in their memory only.

A gateway that starts gets it from one that runs, sealed to its public key; when the last one stops,
it is gone, and with it whatever it protected.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot import keyspace
from bot.handoff.gateway_keys import GatewayKeys
from bot.privacy.seal import SealError, seal_to, unseal_from

_BYTES = 32
_PAUSE_SECONDS = 5.0
_LIFETIME_SECONDS = 15 * 60
# KEYS: pepper. ARGV: the tag that must stand there ("": none), the new tag, lifetime, fields and
# values. Only one of several gateways that start at once begins a new secret.
_BEGIN = """
if (redis.call('HGET', KEYS[1], 'tag') or '') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'tag', ARGV[2])
for i = 4, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""
# KEYS: pepper. ARGV: the tag that must stand there, lifetime, fields and values.
_ADD = """
if redis.call('HGET', KEYS[1], 'tag') ~= ARGV[1] then return 0 end
for i = 3, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
"""


class Pepper:
    """The secret, as this gateway holds it."""

    def __init__(self, redis: Redis, gateways: GatewayKeys) -> None:
        """Take what it is shared by; nothing is drawn yet."""
        self._redis: Any = redis
        self._gateways = gateways
        self._value = b""
        self._begin = redis.register_script(_BEGIN)
        self._add = redis.register_script(_ADD)

    async def value(self) -> bytes | None:
        """Return the secret (32 bytes), None while another gateway hasn't passed it on yet."""
        await self.share()
        if not self._value:
            # Two gateways began at once: the other's secret counts.
            await self.share()
        return self._value or None

    async def run(self) -> None:
        """Pass the secret on to gateways that come, until cancelled."""
        while True:
            try:
                await self.share()
            except (RedisError, OSError):
                await asyncio.sleep(1)
                continue
            await asyncio.sleep(_PAUSE_SECONDS)

    async def share(self) -> None:
        """Take the secret over, or draw one when no gateway has any; seal it to newcomers."""
        kept = await self._redis.hgetall(keyspace.pepper())
        tag, live = kept.get(b"tag", b""), await self._gateways.live()
        others = [g.id for g in live if g.id != self._gateways.id and g.id.encode() in kept]
        if tag and tag != self._tag(self._value):
            found = self._opened(kept.get(self._gateways.id.encode()))
            if found:
                self._value = found
            elif others:
                # One that has it seals it to this gateway within seconds.
                self._value = b""
                return
        if not tag or (not others and tag != self._tag(self._value)):
            self._value = self._value or secrets.token_bytes(_BYTES)
            done = await self._begin(
                keys=[keyspace.pepper()],
                args=[tag, self._tag(self._value), _LIFETIME_SECONDS, *self._sealed(live)],
            )
            self._value = self._value if done else b""
            return
        missing = [g for g in live if g.id.encode() not in kept]
        done = await self._add(
            keys=[keyspace.pepper()],
            args=[self._tag(self._value), _LIFETIME_SECONDS, *self._sealed(missing)],
        )
        self._value = self._value if done else b""

    def _sealed(self, gateways: Any) -> list[Any]:
        plain = self._value + self._gateways.vouch(self._value)
        return [
            part
            for gateway in gateways
            for part in (gateway.id, seal_to(gateway.public, plain, keyspace.pepper()))
        ]

    def _opened(self, sealed: bytes | None) -> bytes:
        if sealed is None:
            return b""
        try:
            plain = unseal_from(self._gateways.private, sealed, keyspace.pepper())
        except SealError:
            return b""
        value, mac = plain[:_BYTES], plain[_BYTES:]
        # Public keys are public: what somebody else has put there isn't ours.
        return value if hmac.compare_digest(mac, self._gateways.vouch(value)) else b""

    def _tag(self, value: bytes) -> bytes:
        """Return what tells one secret from another and says nothing of it."""
        return self._gateways.vouch(b"tag " + value)[:8].hex().encode() if value else b""
