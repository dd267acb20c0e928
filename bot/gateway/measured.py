"""The door for Prometheus: its own port on the loopback, and what is looked up when it asks."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from datetime import date
from typing import Any

from aiohttp import web
from prometheus_client import Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from redis.exceptions import RedisError

from bot import keyspace
from bot.directory.check import RECHECK_AFTER
from bot.directory.model import Directory
from bot.doctor.machine import running_model
from bot.gateway import keys
from bot.handoff.case import RISKS, score
from bot.language import SUPPORTED
from bot.metrics import Metrics
from bot.training.model import model_path

METRICS = web.AppKey("metrics", Metrics)
_log = logging.getLogger(__name__)


class Gauges:
    """What is looked up in the moment when Prometheus asks."""

    def __init__(self, app: web.Application, metrics: Metrics) -> None:
        """Take the gateway and what it counts."""
        self._app, self._metrics = app, metrics
        self._made: dict[str, Gauge] = {}
        for name, text, labels in (
            ("part_up", "1: this part answers", ["part"]),
            ("off", "1: the assistant was switched off, people see the card of numbers", []),
            ("queue", "People who wait for a counsellor", ["network"]),
            ("waiting_longest_seconds", "How long the first of them has waited", ["network"]),
            ("waiting_mean_seconds", "How long people waited lately", ["network"]),
            ("counsellors", "Counsellors who are there", ["network"]),
            ("webhooks_waiting", "Events that no tool has accepted yet", []),
            ("webhooks_dead", "Events that were given up (kept 30 days)", []),
            ("webhooks_stopped", "Tools that want no more events", []),
            ("webhooks_refused", "Incoming events with a wrong signature, since ever", []),
            ("directory_facts", "Numbers by when a person checked them", ["checked"]),
            ("directory_hidden", "Numbers hidden because visitors found them wrong", []),
            ("directory_oldest_check_days", "Days since the oldest check of a number", []),
            ("model", "Always 1; the model's fingerprint and the mode", ["fingerprint", "mode"]),
        ):
            self._made[name] = Gauge(f"helpline_{name}", text, labels, registry=metrics.registry)

    def _set(self, name: str, value: float, *labels: str) -> None:
        gauge = self._made[name]
        (gauge.labels(*labels) if labels else gauge).set(value)

    async def answer(self, request: web.Request) -> web.Response:
        """`GET /metrics`."""
        await self._look()
        text = generate_latest(self._metrics.registry)
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _look(self) -> None:
        app = self._app
        self._set("off", float(app[keys.STATE].assistant_off))
        self._set("part_up", float(await app[keys.RASA].ready()), "rasa")
        self._set("part_up", float(app[keys.REDACTOR_READY].done()), "redaction")
        try:
            await self._queues()
            self._set("part_up", 1, "redis")
        except (RedisError, OSError):
            self._set("part_up", 0, "redis")
            # What was known before is no longer true.
            for name in ("queue", "waiting_longest_seconds", "counsellors"):
                self._made[name].clear()
        await self._ledger()
        self._facts(app[keys.DIRECTORY], app[keys.CLOCK]().date())
        model = await asyncio.to_thread(running_model) or model_path()
        self._made["model"].clear()
        fingerprint = model.name.removeprefix("helpline-").removesuffix(".tar.gz")
        self._set("model", 1, fingerprint, app[keys.SETTINGS].mode)

    async def _queues(self) -> None:
        service, now = self._app[keys.HANDOFF], int(time.time() * 1000)
        redis: Any = self._app[keys.REDIS]
        for network in service.teams.networks:
            length, longest, mean, present = 0, 0.0, 0.0, 0
            for language in SUPPORTED:
                queue = keyspace.queue(network, language)
                length += await redis.zcard(queue)
                for risk in RISKS:
                    # The place in the queue is the risk's rank, then the moment of asking.
                    low, high = score(risk, 0), score(risk, 10**14 - 1)
                    first = await redis.zrangebyscore(
                        queue, low, high, start=0, num=1, withscores=True
                    )
                    longest = max([longest, *((now - (at - low)) / 1000 for _, at in first)])
                known = await redis.get(keyspace.waited(network, language))
                mean = max(mean, float(known or 0))
                present = max(present, await service.presence.number(network, language, now))
            self._set("queue", length, network)
            self._set("waiting_longest_seconds", longest, network)
            self._set("waiting_mean_seconds", mean, network)
            self._set("counsellors", present, network)
        waiting = [await redis.xlen(keyspace.outbox(e.id)) for e in service.teams.endpoints]
        self._set("webhooks_waiting", sum(waiting))

    async def _ledger(self) -> None:
        ledger = self._app[keys.HANDOFF].ledger
        for name, look in (
            ("webhooks_dead", lambda: len(ledger.dead())),
            ("webhooks_stopped", lambda: len(ledger.stopped())),
            ("webhooks_refused", lambda: ledger.counts().get("webhooks_in_refused", 0)),
        ):
            counted: Callable[[], int] = look
            self._set(name, await ledger.later(counted))

    def _facts(self, directory: Directory, today: date) -> None:
        days = [
            (today - date.fromisoformat(service.checked["date"])).days
            if service.checked.get("date")
            else None
            for service in directory.services
            if service.phone or service.sms
        ]
        known = [day for day in days if day is not None]
        self._set("directory_facts", len(days) - len(known), "never")
        self._set("directory_facts", sum(d <= RECHECK_AFTER.days for d in known), "fresh")
        self._set("directory_facts", sum(d > RECHECK_AFTER.days for d in known), "stale")
        self._set("directory_oldest_check_days", max(known, default=0))
        self._set("directory_hidden", self._app[keys.DOUBTS].hidden)


async def serving(app: web.Application) -> AsyncIterator[None]:
    """Serve the measurements on `METRICS_PORT` of the loopback while the gateway runs.

    A port that is taken doesn't stop the gateway: people come first.
    """
    inner = web.Application()
    inner.router.add_get("/metrics", Gauges(app, app[METRICS]).answer)
    runner = web.AppRunner(inner, access_log=None)
    await runner.setup()
    port = app[keys.SETTINGS].metrics_port
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
    except OSError:
        _log.error("METRICS_PORT can't be used: nothing is measured")
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            await runner.cleanup()
