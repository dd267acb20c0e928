"""`GET /desk/api/events`: who is next, and every word of one's own talks, as they come.

A Server-Sent Event `state` is the whole state, sent when it has changed. `words` brings what came
since, under an id that says for each talk how far the page has read: after a broken connection the
page goes on from there, at this gateway or another, without a lost or a doubled word.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from typing import Any

from aiohttp import web
from redis.exceptions import RedisError

from bot.desk import dangers, next_person
from bot.desk import keys as desk_keys
from bot.desk.accounts import Account
from bot.desk.page import language_of
from bot.desk.session import session_of
from bot.desk.talks import keep
from bot.desk.workspace import (
    COUNTS,
    MEMORY,
    claimer,
    service_of,
)
from bot.gateway import keys
from bot.handoff.case import Case
from bot.handoff.service import HandoffService
from bot.handoff.states import State

# The bell rings for everything that happens at this gateway: it is heard so often, no oftener.
_BETWEEN_LOOKS = 0.25
_HEARTBEAT = 15.0
# An address rings no bell; it is looked for so often once it was asked for.
_FOR_ADDRESS = 2.0
_TYPING_MS = 6_000
_CURSOR = re.compile(r"([0-9a-f]{32}):(\d{1,20}-\d{1,20})")


def cursor_of(text: str) -> dict[str, str]:
    """Return how far each talk was read, as the id of an event says it."""
    return dict(_CURSOR.findall(text))


class Watcher:
    """One open page of a counsellor."""

    def __init__(self, request: web.Request, account: Account, read: dict[str, str]) -> None:
        """Watch for one account; `read` is how far its page has come."""
        self._request, self._account, self._read = request, account, read
        self._service: HandoffService = service_of(request)
        self._told: dict[str, Any] = {}
        # What the page has open: its end is told, also when it came during a break.
        self._held: set[str] = set(read)
        # What the alarms of each talk were about, since this page connected.
        self._kinds: dict[str, list[str]] = {}
        self.waits_for_address = False

    async def news(self) -> list[bytes]:
        """Return what the page doesn't know yet, as events."""
        account = self._request.config_dict[desk_keys.ACCOUNTS].get(self._account.id)
        if account is None:
            return []
        self._account = account
        held = await self._service.held_by(account.alias)
        found: list[bytes] = []
        talks: list[dict[str, Any]] = []
        new: list[dict[str, Any]] = []
        for case in held:
            keep(self._request.config_dict[MEMORY].held, account, case, self._service.topic(case))
            passed = await self._service.fetch(
                case.id, self._read.get(case.id, ""), alias=account.alias
            )
            if passed is None or passed["state"] != State.ACTIVE.value:
                continue
            if case.risk in dangers.HEAVY:
                self._kinds[case.id] = dangers.seen_in(
                    passed["words"], self._service.assess, self._kinds.get(case.id, ())
                )
            talks.append(await self._talk(case, passed))
            if passed["words"]:
                new.append({"talk": case.id, "words": passed["words"]})
        names = {case.id for case in held}
        ended = [await self._ending(name) for name in sorted(self._held - names)]
        self._held |= names
        paused = self._request.config_dict[MEMORY].paused.get(account.id, 0)
        now = {"talks": talks, "paused": paused, **await self._queue()}
        # The state comes first: words of a talk that the page doesn't know have no place.
        if now != self._told:
            found.append(_event("state", now, self._cursor()))
            self._told = now
        # Each id covers what was sent up to its own event: a break after any of them loses nothing.
        for data in new:
            self._read[data["talk"]] = data["words"][-1]["id"]
            found.append(_event("words", data, self._cursor()))
        for data in ended:
            self._held.discard(data["talk"])
            self._kinds.pop(data["talk"], None)
            self._read.pop(data["talk"], None)
            found.append(_event("ended", data, self._cursor()))
        self.waits_for_address = any(case.address_asked for case in held)
        return found

    async def _talk(self, case: Case, passed: dict[str, Any]) -> dict[str, Any]:
        service = self._service
        fresh = service.store.now() - case.writes < _TYPING_MS
        kept = bool(case.address_asked and await service.store.address(case))
        return {
            "id": case.id,
            "network": next_person.network_label(self._request, case.network),
            "language": case.language,
            "risk": case.risk,
            "minor": case.minor,
            "share": case.share,
            "trial": case.trial,
            "claimed": case.claimed,
            "took": case.took,
            "typing": case.writes if fresh else 0,
            "asked_address": case.address_asked,
            "has_address": kept,
            "proposed": case.proposed,
            "kinds": [
                dangers.kinds().name(kind, language_of(self._request))
                for kind in self._kinds.get(case.id, ())
            ],
            "topic": next_person.topic_label(self._request, passed["topic"]),
            "summary": passed["summary"],
            "sealed": bool(passed.get("sealed")),
        }

    async def _queue(self) -> dict[str, Any]:
        account = self._account
        waiting, mine = await next_person.waiting_for(self._request, account)
        rows = [next_person.row(self._request, account, one) for one in mine]
        found: dict[str, Any] = {"next": rows[:1]}
        if account.supervises:
            found["next"] = rows
            found["number"] = len(waiting)
            found["debriefs"] = self._debriefs()
        return found

    def _debriefs(self) -> list[dict[str, str]]:
        today = self._request.config_dict[keys.CLOCK]().date()
        accounts = self._request.config_dict[desk_keys.ACCOUNTS]
        asked = self._request.config_dict[COUNTS].debriefs(today)
        found = [(accounts.get(name), day) for name, day in asked]
        return [{"id": a.id, "alias": a.alias, "day": day} for a, day in found if a]

    async def _ending(self, name: str) -> dict[str, str]:
        case = await self._service.store.find(name)
        if case is not None and case.state is State.WITHDRAWN:
            # Who leaves altogether withdraws first: a moment later nothing is there any more.
            await asyncio.sleep(0.5)
            case = await self._service.store.find(name)
        return {"talk": name, "how": case.state.value if case else "left"}

    def _cursor(self) -> str:
        """Return how far the page is; also of a talk in which nothing was said yet."""
        return ",".join(f"{name}:{self._read.get(name, '0-0')}" for name in sorted(self._held))


async def events(request: web.Request) -> web.StreamResponse:
    """`GET /desk/api/events?after=…`."""
    account = claimer(request, active=False)
    session = session_of(request, active=False)
    after = request.headers.get("Last-Event-ID") or request.query.get("after", "")
    watcher = Watcher(request, account, cursor_of(after))
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
    )
    await response.prepare(request)
    # Who closes the page isn't an error.
    left = contextlib.suppress(ConnectionResetError)
    with left, request.config_dict[keys.BELLS].listen("desk") as rung:
        while session is not None and session_of(request, active=False) is session:
            rung.clear()
            try:
                for event in await watcher.news():
                    await response.write(event)
            except RedisError:
                # The page connects again, and goes on where it was.
                break
            patience = _FOR_ADDRESS if watcher.waits_for_address else _HEARTBEAT
            if not await _wait(rung, session.ended, patience):
                await response.write(b"event: beat\ndata: {}\n\n")
            await asyncio.sleep(_BETWEEN_LOOKS)
        else:
            await response.write(b"event: over\ndata: {}\n\n")
    return response


async def _wait(rung: asyncio.Event, ended: asyncio.Event, patience: float) -> bool:
    """Wait until something has happened; False when nothing has."""
    waiting = [asyncio.ensure_future(rung.wait()), asyncio.ensure_future(ended.wait())]
    try:
        done, _ = await asyncio.wait(waiting, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        return bool(done)
    finally:
        for task in waiting:
            task.cancel()


def _event(name: str, data: dict[str, Any], number: str = "") -> bytes:
    text = json.dumps(data, ensure_ascii=False)
    return f"{f'id: {number}{chr(10)}' if number else ''}event: {name}\ndata: {text}\n\n".encode()


def add_routes(app: web.Application) -> None:
    """Add the stream."""
    app.router.add_get("/api/events", events)
