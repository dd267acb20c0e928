"""Measurements for Prometheus: counts and durations; never a word, an id or an address.

How many turns there are and how long they take is shown as it happens: an operator must see at once
that people get no answers. What talks are *about* (topic, danger, not understood, a person asked
for) is shown per finished hour only, counts talks and not messages, and a number grows in steps of
at least five: fewer wait, in memory, for later hours. So no step is one person's.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import Counter as Tally
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily

from bot.handoff.case import RISKS
from bot.texts import texts

LEAST = 5
_HOUR = 3600
_BUCKETS = (0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_RISK_KEY = "utter_risk_"
_RISKS = frozenset(RISKS) - {"none"}
_FALLBACK = "nlu_fallback"
# Families of hidden cells: what a talk can be counted as, and under which label.
_FAMILIES = {
    "topics": ("topic", "Talks about a topic"),
    "risks": ("risk", "Talks in which the assistant saw a danger"),
    "fallbacks": ("what", "Talks with a message that the assistant didn't understand"),
    "handoffs": ("state", "Talks in which a person was asked for, or spoke"),
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Cells:
    """Counts talks by cell: finished hours only, in steps of at least five.

    A talk is remembered as a keyed hash until its cell is shown; the key lies in this process's
    memory and changes when nothing waits any more.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """Take the clock, in seconds since 1970."""
        self._clock = clock
        self._hour = self._now()
        self._open: dict[tuple[str, str], set[bytes]] = {}
        self._waiting: dict[tuple[str, str], set[bytes]] = {}
        self._shown: Tally[tuple[str, str]] = Tally()
        self._key = secrets.token_bytes(32)

    def _now(self) -> int:
        return int(self._clock() // _HOUR)

    def add(self, conversation_id: str, family: str, name: str) -> None:
        """Count a talk in a cell, once however often it comes there."""
        self._finish()
        mark = hmac.digest(self._key, conversation_id.encode(), hashlib.sha256)[:12]
        self._open.setdefault((family, name), set()).add(mark)

    def shown(self) -> dict[tuple[str, str], int]:
        """Return what may be seen: (family, name) and how many talks since the start."""
        self._finish()
        return dict(self._shown)

    def _finish(self) -> None:
        now = self._now()
        if now == self._hour:
            return
        self._hour = now
        for cell, marks in self._open.items():
            self._waiting.setdefault(cell, set()).update(marks)
        self._open = {}
        for cell in [c for c, marks in self._waiting.items() if len(marks) >= LEAST]:
            self._shown[cell] += len(self._waiting.pop(cell))
        if not self._waiting:
            self._key = secrets.token_bytes(32)


class Metrics:
    """What one gateway counts; `registry` is what Prometheus reads."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """Take the clock, in seconds since 1970."""
        self.registry = CollectorRegistry()
        self.cells = Cells(clock)
        # A name from outside could carry anything: only what the files name is counted.
        self._topics = frozenset(texts().labels)
        self._seconds = Histogram(
            "helpline_turn_seconds",
            "Seconds until a message was answered",
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._turns = Counter(
            "helpline_turns", "Messages by what became of them", ["result"], registry=self.registry
        )
        self._starts = Counter(
            "helpline_conversations",
            "New conversations by what became of them",
            ["result"],
            registry=self.registry,
        )
        self._cards = Counter(
            "helpline_failed_turns",
            "Messages that got the card of numbers because the assistant failed",
            registry=self.registry,
        )
        for result in ("answered", "refused", "too_many", "failed"):
            self._turns.labels(result)
            self._starts.labels(result)
        self.registry.register(self)  # type: ignore[arg-type]

    def collect(self) -> Iterable[CounterMetricFamily]:
        """Give the hidden cells, as Prometheus' library asks for them."""
        shown = self.cells.shown()
        for family, (label, text) in _FAMILIES.items():
            made = CounterMetricFamily(
                f"helpline_{family}", f"{text} (finished hours, in steps of five)", labels=[label]
            )
            for (of, name), number in shown.items():
                if of == family:
                    made.add_metric([name], number)
            yield made

    def answered(self, conversation_id: str, raw: Iterable[Mapping[str, Any]]) -> None:
        """Count what a turn was about.

        Args:
            conversation_id: the pseudonymous id; only a keyed hash of it is kept, in memory.
            raw: the answers as Rasa gave them; only the answer's key and the intent are read.
        """
        for answer in raw:
            custom = answer.get("custom") or {}
            intent, key = str(custom.get("intent") or ""), str(custom.get("key") or "")
            if intent == _FALLBACK:
                self.cells.add(conversation_id, "fallbacks", "not_understood")
            elif intent in self._topics:
                self.cells.add(conversation_id, "topics", intent)
            risk = key[len(_RISK_KEY) :].partition("_")[0] if key.startswith(_RISK_KEY) else ""
            if risk in _RISKS:
                self.cells.add(conversation_id, "risks", risk)

    def failed(self) -> None:
        """Count a turn that got the card of numbers instead of an answer."""
        self._cards.inc()

    def handoff(self, conversation_id: str, state: str) -> None:
        """Count a talk in which a person was asked for (`waiting`) or speaks (`active`)."""
        if state in {"waiting", "active"}:
            self.cells.add(conversation_id, "handoffs", state)

    def took(self, request: web.Request, status: int, seconds: float) -> None:
        """Count one request of a visitor; other addresses aren't counted."""
        if request.method != "POST":
            return
        if request.path == "/api/v1/messages":
            self._turns.labels(_result(status)).inc()
            if status == 200:
                self._seconds.observe(seconds)
        elif request.path == "/api/v1/conversations":
            self._starts.labels(_result(status)).inc()


def _result(status: int) -> str:
    if status < 400:
        return "answered"
    if status == 429:
        return "too_many"
    return "refused" if status < 500 else "failed"


def middleware(metrics: Metrics) -> Any:
    """Return what measures each request of the gateway."""

    @web.middleware
    async def measure(request: web.Request, handler: Handler) -> web.StreamResponse:
        began, status = time.perf_counter(), 500
        try:
            response = await handler(request)
            status = response.status
            return response
        except web.HTTPException as error:
            status = error.status
            raise
        finally:
            metrics.took(request, status, time.perf_counter() - began)

    return measure
