"""Limits that follow nobody (R34): buckets in memory, and a small proof of work under flood.

An address is seen only as a keyed hash; the key lives in this process's memory and is replaced
every ten minutes, and the counts with it. Nothing is written anywhere.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

PROOF_HEADER = "X-Proof-Of-Work"
_KEY_SECONDS = 600.0
_CHALLENGE_SECONDS = 120.0
_BURST_SECONDS = 10
_BITS = 16
_GUESSES = 10
_MOST_BUCKETS = 50_000


@dataclass(frozen=True)
class Refused:
    """Too many at once: when to come back (seconds), and what to solve to be let in now."""

    retry_after: int
    challenge: str | None = None
    bits: int | None = None


class Limiter:
    """Counts turns of a conversation and newcomers of an address, for this process."""

    def __init__(
        self,
        turns_per_second: int,
        newcomers_per_minute: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Set the limits; a burst of ten seconds' worth of turns is let through."""
        self._turns, self._newcomers, self._clock = turns_per_second, newcomers_per_minute, clock
        self._buckets: dict[str, tuple[float, float]] = {}
        self._counts: dict[bytes, tuple[float, int]] = {}
        self._solved: dict[str, float] = {}
        self._renew()

    def _renew(self) -> None:
        self._key = secrets.token_bytes(32)
        self._key_made = self._clock()
        self._counts.clear()
        self._solved.clear()

    def turn(self, conversation_id: str) -> Refused | None:
        """Count one turn of a conversation; say when to come back if there are too many."""
        now = self._clock()
        size = float(self._turns * _BURST_SECONDS)
        left, seen = self._buckets.get(conversation_id, (size, now))
        left = min(size, left + (now - seen) * self._turns)
        if left < 1:
            self._buckets[conversation_id] = (left, now)
            return Refused(retry_after=1)
        if len(self._buckets) >= _MOST_BUCKETS:
            # Full buckets say nothing: those of talks that have been quiet can go.
            self._buckets = {
                k: (n, t) for k, (n, t) in self._buckets.items() if now - t < _BURST_SECONDS
            }
        self._buckets[conversation_id] = (left - 1, now)
        return None

    def newcomer(self, address: str, proof: str | None) -> Refused | None:
        """Count one new conversation of an address; under flood, ask for a proof of work.

        Args:
            address: of the visitor; not kept.
            proof: what the page has solved: `challenge:nonce`, or None.
        """
        now = self._clock()
        if now - self._key_made > _KEY_SECONDS:
            self._renew()
        name = hmac.digest(self._key, address.encode(), "sha256")[:16]
        start, count = self._counts.get(name, (now, 0))
        if now - start >= 60:
            start, count = now, 0
        self._counts[name] = (start, count + 1)
        if count < self._newcomers or self._proved(proof, now):
            return None
        return Refused(max(1, int(60 - (now - start))), self._challenge(now), _BITS)

    def guess(self, address: str) -> Refused | None:
        """Count one try of words from an address; refuse more than ten in some minutes.

        Args:
            address: of the visitor; not kept.
        """
        now = self._clock()
        if now - self._key_made > _KEY_SECONDS:
            self._renew()
        name = hmac.digest(self._key, b"guess " + address.encode(), "sha256")[:16]
        start, count = self._counts.get(name, (now, 0))
        if count >= _GUESSES:
            return Refused(max(1, int(_KEY_SECONDS - (now - self._key_made))))
        self._counts[name] = (start, count + 1)
        return None

    def _challenge(self, now: float) -> str:
        body = f"{now:.3f}.{secrets.token_urlsafe(9)}"
        return f"{body}.{self._seal(body)}"

    def _seal(self, body: str) -> str:
        return hmac.digest(self._key, b"challenge " + body.encode(), "sha256").hex()[:32]

    def _proved(self, proof: str | None, now: float) -> bool:
        # A header can carry any bytes; what isn't ASCII can't be compared, and isn't ours.
        if not proof or not proof.isascii():
            return False
        challenge, _, nonce = proof.rpartition(":")
        body, _, mark = challenge.rpartition(".")
        if not body or len(nonce) > 40 or not hmac.compare_digest(mark, self._seal(body)):
            return False
        made = float(body.rpartition(".")[0])
        if not 0 <= now - made <= _CHALLENGE_SECONDS or challenge in self._solved:
            return False
        digest = hashlib.sha256(f"{challenge}:{nonce}".encode()).digest()
        if int.from_bytes(digest[:4], "big") >> (32 - _BITS):
            return False
        self._solved = {c: t for c, t in self._solved.items() if now - t < _CHALLENGE_SECONDS}
        self._solved[challenge] = now
        return True


def too_many(refused: Refused) -> web.Response:
    """Return the answer that says so: when to come back, and under flood what to solve."""
    answer: dict[str, Any] = {"error": "too_many", "detail": "Too many at once; wait a little."}
    if refused.challenge:
        answer |= {"challenge": refused.challenge, "bits": refused.bits}
    headers = {"Retry-After": str(refused.retry_after)}
    return web.json_response(answer, status=429, headers=headers)


def visitor_address(request: web.Request, trusted: Sequence[str]) -> str:
    """Return the visitor's address: the peer's, or what a trusted proxy says of it.

    Args:
        request: the request.
        trusted: addresses or networks of proxies whose `X-Forwarded-For` counts.
    """
    peer = request.remote or ""
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    hops = [*(part for part in forwarded if part), peer]
    for address in reversed(hops):
        if not _is_trusted(address, trusted):
            return address
    return hops[0]


def _is_trusted(address: str, trusted: Sequence[str]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
        return any(parsed in ipaddress.ip_network(network, strict=False) for network in trusted)
    except ValueError:
        return False
