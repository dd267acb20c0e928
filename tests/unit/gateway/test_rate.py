"""Limits that follow nobody."""

from __future__ import annotations

import hashlib
from itertools import count

from aiohttp.test_utils import make_mocked_request

from bot.gateway.rate import Limiter, visitor_address


class Clock:
    """A clock that the test moves."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def solve(challenge: str, bits: int) -> str:
    """Do the work that a page does."""
    for nonce in count():
        digest = hashlib.sha256(f"{challenge}:{nonce}".encode()).digest()
        if int.from_bytes(digest[:4], "big") >> (32 - bits) == 0:
            return f"{challenge}:{nonce}"
    raise AssertionError


def test_a_burst_passes_and_a_flood_waits() -> None:
    clock = Clock()
    limiter = Limiter(2, 10, clock)
    assert all(limiter.turn("a") is None for _ in range(20))
    refused = limiter.turn("a")
    assert refused is not None
    assert refused.retry_after == 1
    assert limiter.turn("b") is None
    clock.now += 1
    assert limiter.turn("a") is None


def test_newcomers_of_one_address_must_work_and_others_need_not() -> None:
    clock = Clock()
    limiter = Limiter(2, 3, clock)
    assert all(limiter.newcomer("192.0.2.1", None) is None for _ in range(3))
    refused = limiter.newcomer("192.0.2.1", None)
    assert refused is not None
    assert refused.challenge
    assert refused.bits
    assert limiter.newcomer("192.0.2.2", None) is None
    proof = solve(refused.challenge, refused.bits)
    assert limiter.newcomer("192.0.2.1", proof) is None
    # Once only, not another's, not a made-up one, and not for ever.
    assert limiter.newcomer("192.0.2.1", proof) is not None
    assert limiter.newcomer("192.0.2.1", "1.x.y:5") is not None
    fresh = limiter.newcomer("192.0.2.1", None)
    assert fresh is not None
    late = solve(str(fresh.challenge), int(fresh.bits or 0))
    clock.now += 121
    assert limiter.newcomer("192.0.2.1", None) is None
    for _ in range(3):
        limiter.newcomer("192.0.2.1", None)
    assert limiter.newcomer("192.0.2.1", late) is not None


def test_no_address_stays_in_memory() -> None:
    limiter = Limiter(2, 3)
    limiter.newcomer("192.0.2.77", None)
    assert "192.0.2.77" not in repr(vars(limiter))


def test_only_a_trusted_proxy_says_who_comes() -> None:
    request = make_mocked_request("GET", "/", headers={"X-Forwarded-For": "203.0.113.9, 10.0.0.5"})
    request = request.clone(remote="10.0.0.1")
    assert visitor_address(request, ()) == "10.0.0.1"
    assert visitor_address(request, ("10.0.0.0/8",)) == "203.0.113.9"
    assert visitor_address(request, ("10.0.0.1",)) == "10.0.0.5"
