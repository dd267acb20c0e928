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
from pathlib import Path
from typing import Any

import aiohttp

from bot.redis_client import connect
from tests.handoff.campaign_judge import Run, report
from tests.handoff.campaign_people import Person
from tests.handoff.campaign_tool import Tool
from tests.stack import Stack, running

_DRAINED_WITHIN = 120.0
_SHARES = ("words", "summary", "summary", "nothing")


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
            run.away.append((killed, time.monotonic()))


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
