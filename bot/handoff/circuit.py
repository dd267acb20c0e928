"""Patience with an endpoint: pauses that it asks for, and a circuit that opens when it fails."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """How deliveries behave; seconds."""

    timeout: float = 15.0
    first_pause: float = 0.5
    longest_pause: float = 60.0
    # After so many failures in a row only a probe goes out, every `probe` seconds.
    failures: int = 10
    probe: float = 5.0
    # A gateway that says nothing for so long is dead: another one takes over what it had in hand.
    lease: float = 5.0
    longest_retry_after: float = 3600.0
    parallel: int = 16
    in_hand: int = 500

    def pause(self, attempt: int) -> float:
        """Return how long to wait after the attempt with this number (0 is the first)."""
        longest: float = min(self.longest_pause, self.first_pause * 2.0**attempt)
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret


class Circuit:
    """One endpoint's state, as this gateway sees it."""

    def __init__(self, patience: Patience, clock: Callable[[], float]) -> None:
        """Start closed; `clock` gives seconds that never go back."""
        self._patience, self._clock = patience, clock
        self._failures = 0
        self._slow = 0
        self._next_probe = 0.0
        self._paused_until = 0.0
        self._news = asyncio.Event()

    @property
    def open(self) -> bool:
        """Whether only probes go out."""
        return self._failures >= self._patience.failures

    async def turn(self) -> None:
        """Wait until an attempt may go out; `take` it then, for all who wait come here at once."""
        while (seconds := self._closed_for(self._clock())) > 0:
            await self._wait(seconds)

    def take(self) -> bool:
        """Begin an attempt now; False when it must wait for its turn after all."""
        now = self._clock()
        if self._closed_for(now) > 0:
            return False
        if self.open:
            self._next_probe = now + self._patience.probe
        return True

    def succeeded(self) -> None:
        """Note a success: everything flows again."""
        self._failures = self._slow = 0
        self.wake()

    def failed(self, *, slow: bool = False, retry_after: float | None = None) -> None:
        """Note a failure.

        Args:
            slow: it asks for less (429, 502, 504).
            retry_after: it says for how long (seconds).
        """
        now = self._clock()
        self._failures += 1
        if self._failures == self._patience.failures:
            self._next_probe = now + self._patience.probe
        if retry_after is not None:
            pause = min(retry_after, self._patience.longest_retry_after)
            self._paused_until = max(self._paused_until, now + pause)
        elif slow:
            self._slow += 1
            self._paused_until = max(self._paused_until, now + self._patience.pause(self._slow))

    def wake(self) -> None:
        """Let all who wait look again."""
        # A new event each time: who begins to wait while this one rings still hears it.
        rung, self._news = self._news, asyncio.Event()
        rung.set()

    def _closed_for(self, now: float) -> float:
        """Return the seconds until an attempt may go out."""
        return max(self._paused_until, self._next_probe if self.open else now) - now

    async def _wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._news.wait(), seconds)
        except asyncio.TimeoutError:
            return
