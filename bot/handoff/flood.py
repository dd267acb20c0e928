"""How much may come in: a bucket that fills again with time, for each name."""

from __future__ import annotations

from collections.abc import Callable

_KEPT = 10_000


class Buckets:
    """Counts what comes in, by name; forgets full buckets."""

    def __init__(self, burst: float, per_second: float, clock: Callable[[], float]) -> None:
        """Take how many may come at once, how many a second after that, and a clock (seconds)."""
        self._burst, self._rate, self._clock = burst, per_second, clock
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, name: str) -> bool:
        """Take one; False when there is none left."""
        now = self._clock()
        left, then = self._left.get(name, (self._burst, now))
        left = min(self._burst, left + (now - then) * self._rate)
        if left < 1:
            return False
        if len(self._left) >= _KEPT:
            self._forget(now)
        self._left[name] = (left - 1, now)
        return True

    def _forget(self, now: float) -> None:
        full = [
            n for n, (left, t) in self._left.items() if left + (now - t) * self._rate >= self._burst
        ]
        for name in full or list(self._left)[: _KEPT // 2]:
            del self._left[name]
