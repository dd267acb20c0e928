"""The run that this part is judged by: hundreds of handoffs, a tool that fails, kill -9.

`python -m tests.handoff.campaign --handoffs 500` is `make handoffs`. The whole assistant runs as
its users start it. A tool written from the specification fails three times of ten; the gateway is
killed every 20 s, and the supervisor starts it again. No handoff may be lost, no event may come
under two ids, no word of a counsellor may be lost or doubled, and whoever isn't answered at once
must know the line that is open.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bot.redis_client import connect
from tests.handoff.campaign_people import Person
from tests.handoff.campaign_tool import Tool
from tests.stack import Stack, running

# A person knows the open line within so many seconds (R65).
_KNOWS_THE_LINE = 10.0
_NOT_ACCEPTED = 5.0
_DRAINED_WITHIN = 120.0
_ENDS = ("handoff.closed", "handoff.returned", "handoff.withdrawn", "handoff.expired")
_SHARES = ("words", "summary", "summary", "nothing")


@dataclass
class Run:
    """What was seen, and what was wrong."""

    people: list[Person]
    tool: Tool
    kills: list[float] = field(default_factory=list)
    away: list[float] = field(default_factory=list)
    left_in_outbox: int = 0
    dead: str = ""
    faults: list[str] = field(default_factory=list)
    measured: dict[str, Any] = field(default_factory=dict)

    def judge(self) -> None:
        """Hold what was seen against what was promised."""
        for check in (self._lost, self._events, self._words, self._redelivered, self._line):
            check()
        self.faults += self.tool.wrong
        needles = {needle for p in self.people for needle in p.needles if needle}
        needles |= {"Anne", "Bert", "Moulin", "Esneux", "stopp-vif", "je suis là"}
        wire = b"\n".join(a.body + a.headers for a in self.tool.attempts).decode()
        self.faults += [f"on the wire: {needle}" for needle in sorted(needles) if needle in wire]
        if self.left_in_outbox:
            self.faults.append(f"{self.left_in_outbox} events were never delivered")
        if "No dead letters." not in self.dead:
            self.faults.append(f"dead letters: {self.dead.strip()}")

    def _lost(self) -> None:
        self.faults += [f"visitor {p.number}: {p.refused}" for p in self.people if p.refused]
        self.faults += [f"visitor {p.number} waits in {p.state}" for p in self.people if p.stuck]
        asked = sum(not p.refused for p in self.people)
        told = sum("handoff.requested" in talk.events for talk in self.tool.talks.values())
        self.measured |= {"handoffs asked for": asked, "handoffs at the tool": told}
        if asked != told:
            self.faults.append(f"{asked} handoffs were asked for, {told} came to the tool")

    def _events(self) -> None:
        """Each change is told once; both counsellors pressed at once, one of them won."""
        for talk in self.tool.talks.values():
            told = {kind: len(ids) for kind, ids in talk.events.items()}
            ends = sum(told.get(kind, 0) for kind in _ENDS)
            if told.get("handoff.requested") != 1 or ends != 1:
                self.faults.append(f"{talk.id}: {told}")
            if told.get("handoff.claimed", 0) != len(talk.winners) or len(talk.winners) > 1:
                self.faults.append(f"{talk.id}: claimed by {talk.winners}, {told}")
            if talk.winners and not talk.read and talk.end != "gone":
                self.faults.append(f"{talk.id}: couldn't be read")

    def _words(self) -> None:
        by_name: dict[str, list[str]] = {n: talk.said for n, talk in self.tool.talks.items()}
        for person in self.people:
            ids = [m["id"] for _, _, m in person.seen]
            entries = [entry for _, entry, _ in person.seen]
            if len(set(ids)) != len(ids) or len(set(entries)) != len(entries):
                self.faults.append(f"visitor {person.number}: a message came twice")
            names = {text.partition(" ")[0] for text in person.words}
            if len(names) > 1:
                self.faults.append(f"visitor {person.number}: words of {len(names)} talks")
            for name in names:
                if person.words != by_name.pop(name, None):
                    self.faults.append(f"visitor {person.number}: {person.words}")
                told = len(self.tool.talks[name].events.get("handoff.message", ()))
                if not person.answered <= told <= person.sent and not person.leaves:
                    self.faults.append(f"{name}: {told} words told, {person.sent} sent")
        for name, said in by_name.items():
            if said and self.tool.talks[name].end != "gone":
                self.faults.append(f"{name}: its words reached nobody")

    def _redelivered(self) -> None:
        """At least once: a second delivery under one id is for a kill in between, nothing else."""
        again = [times for times in self.tool.accepted.values() if len(times) > 1]
        self.measured["accepted once more, same id"] = len(again)
        for first, *others in again:
            if not any(first - 1 <= kill <= others[-1] for kill in self.kills):
                self.faults.append("an accepted event was sent again without a kill")

    def _line(self) -> None:
        accepted: dict[str, float] = {n: t.requested_at for n, t in self.tool.talks.items()}
        late, slowest, told = 0, 0.0, 0.0
        for person in self.people:
            if person.refused or person.leaves:
                continue
            line = person.line_after()
            if line is None or line > _KNOWS_THE_LINE:
                self.faults.append(f"visitor {person.number}: no line within 10 s ({line})")
            slowest = max(slowest, line or 0)
            name = person.words[0].partition(" ")[0] if person.words else ""
            if name and accepted[name] - person.asked > _NOT_ACCEPTED + 1.5:
                late += 1
                after = person.line_after(told=True)
                told = max(told, after if after is not None else 99)
                if after is None or after > _KNOWS_THE_LINE:
                    waited = accepted[name] - person.asked
                    self.faults.append(
                        f"visitor {person.number}: accepted after {waited:.1f} s, told {after}"
                    )
        self.measured |= {
            "not accepted within 5 s": late,
            "… told so after, at most (s)": round(told, 1),
            "an open line seen after, at most (s)": round(slowest, 1),
        }


def gateway_pid(stack: Stack) -> int | None:
    """Return the process of the gateway that the supervisor started, None while there is none."""
    children = Path(f"/proc/{stack.process.pid}/task")
    for listed in children.glob("*/children"):
        for pid in listed.read_text().split():
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"bot.gateway" in command:
                return int(pid)
    return None


async def _kill(run: Run, stack: Stack, every: float, least: int, done: asyncio.Event) -> None:
    """Kill the gateway again and again, until all is done and it was killed often enough."""
    async with aiohttp.ClientSession() as http:
        while not (done.is_set() and len(run.kills) >= least):
            await asyncio.sleep(every)
            pid = gateway_pid(stack)
            if pid is None:
                run.faults.append("the gateway wasn't started again in time")
                continue
            os.kill(pid, signal.SIGKILL)
            killed = time.monotonic()
            run.kills.append(killed)
            await asyncio.sleep(0.3)
            while True:
                try:
                    async with http.get(f"{stack.url}/healthz"):
                        break
                except (aiohttp.ClientError, OSError):
                    await asyncio.sleep(0.1)
            run.away.append(time.monotonic() - killed)


async def _drained(stack: Stack) -> int:
    """Wait until nothing is left to deliver; return how many events are."""
    redis: Any = connect(f"unix://{stack.redis_socket}")
    try:
        deadline = time.monotonic() + _DRAINED_WITHIN
        while True:
            left = 0
            for key in await redis.keys("outbox:*"):
                left += await redis.xlen(key)
            if not left or time.monotonic() > deadline:
                return left
            await asyncio.sleep(1)
    finally:
        await redis.aclose()


async def campaign(
    folder: Path, *, handoffs: int, every: float, kills: int, rate: float, seed: int
) -> Run:
    """Run it and judge it.

    Args:
        folder: for what the assistant leaves.
        handoffs: how many visitors ask for a person.
        every: seconds between two kills.
        kills: how many at least.
        rate: visitors a second.
        seed: of what is drawn.
    """
    draw, tool = random.Random(seed), Tool(seed)
    await tool.open()
    environment = {**tool.configuration, "RATE_NEW_CONVERSATIONS": "100000"}
    with running(folder, **environment) as stack:
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(
            connector=connector, timeout=aiohttp.ClientTimeout(total=30)
        ) as http:
            people = [
                Person(
                    number,
                    stack.url,
                    http,
                    share=_SHARES[number % len(_SHARES)],
                    language=("fr", "nl")[number % 2],
                    leaves=draw.random() < 0.1,
                )
                for number in range(handoffs)
            ]
            run, done = Run(people, tool), asyncio.Event()
            await tool.work(stack.url)
            killing = asyncio.create_task(_kill(run, stack, every, kills, done))
            lives = []
            for person in people:
                lives.append(asyncio.create_task(person.live()))
                await asyncio.sleep(draw.expovariate(rate))
            await asyncio.gather(*lives)
            done.set()
            await killing
            run.left_in_outbox = await _drained(stack)
            run.dead = (await asyncio.to_thread(stack.helpline, "webhooks", "list")).stdout
            await tool.close()
    run.judge()
    return run


def report(run: Run) -> str:
    """Return what was measured, as lines."""
    fates = Counter(attempt.fate for attempt in run.tool.attempts)
    rows = {
        **run.measured,
        "events accepted": len(run.tool.accepted),
        "attempts": len(run.tool.attempts),
        **{f"… {fate}": number for fate, number in sorted(fates.items())},
        "kills": len(run.kills),
        "gateway away, at most (s)": round(max(run.away, default=0), 1),
        "words of counsellors": sum(len(person.words) for person in run.people),
        "talks with one winner of two": sum(len(t.winners) == 1 for t in run.tool.talks.values()),
    }
    lines = [f"{name:40}{value}" for name, value in rows.items()]
    return "\n".join([*lines, *(f"FAULT {fault}" for fault in run.faults)] or ["nothing"])


def main() -> int:
    """Run it from the command line; the exit code is 1 when something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--handoffs", type=int, default=500)
    parser.add_argument("--every", type=float, default=20, help="seconds between two kills")
    parser.add_argument("--rate", type=float, default=3, help="visitors a second")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="handoffs") as folder:
        run = asyncio.run(
            campaign(
                Path(folder),
                handoffs=args.handoffs,
                every=args.every,
                kills=2,
                rate=args.rate,
                seed=args.seed,
            )
        )
    print(report(run))
    print("nothing lost, nothing doubled" if not run.faults else f"{len(run.faults)} faults")
    return 1 if run.faults else 0


if __name__ == "__main__":
    sys.exit(main())
