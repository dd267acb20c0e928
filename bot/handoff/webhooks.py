"""`helpline webhooks`: events that no tool has accepted, listed and sent again by hand (R68)."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime, timezone

from bot.handoff.ledger import DeadLetter, Ledger
from bot.handoff.outbox import replay
from bot.redis_client import connect
from bot.settings import Settings, load


def main(arguments: Sequence[str]) -> int:
    """Run `list`, `replay` or `start`; return the exit code (1: there was nothing of the kind)."""
    parser = argparse.ArgumentParser(prog="helpline webhooks", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("list", help="dead letters, endpoints that are off, what was refused")
    again = commands.add_parser("replay", help="send dead letters again, under their ids")
    again.add_argument("ids", nargs="*", help="which; all when none is named")
    start = commands.add_parser("start", help="send to an endpoint again that had answered 410")
    start.add_argument("endpoint", help="its short name, as 'list' shows it")
    args = parser.parse_args(arguments)
    settings = load()
    ledger = Ledger(settings.state_dir)
    try:
        if args.command == "list":
            return _list(ledger)
        if args.command == "replay":
            return _replay(settings, ledger, args.ids)
        return _start(ledger, args.endpoint)
    finally:
        ledger.close()


def _line(letter: DeadLetter) -> str:
    when = datetime.fromtimestamp(letter.at, tz=timezone.utc).strftime("%Y-%m-%d %H:%M")
    return f"{when}  {letter.id}  {letter.type}  endpoint {letter.endpoint}  {letter.reason}"


def _list(ledger: Ledger) -> int:
    dead, stopped = ledger.dead(), ledger.stopped()
    for letter in dead:
        print(_line(letter))
    for endpoint in stopped:
        print(f"endpoint {endpoint} is off (410); 'helpline webhooks start {endpoint}' ends it")
    for name, number in sorted(ledger.counts().items()):
        print(f"{name}: {number}")
    if not dead:
        print("No dead letters.")
    return 0


def _replay(settings: Settings, ledger: Ledger, ids: Sequence[str]) -> int:
    async def send() -> list[DeadLetter]:
        redis = connect(settings.redis_url)
        try:
            return await replay(redis, ledger, ids)
        finally:
            await redis.aclose()

    sent = asyncio.run(send())
    for letter in sent:
        print(f"{letter.id} goes out again")
    if not sent:
        print("No such dead letter.", file=sys.stderr)
    return 0 if sent else 1


def _start(ledger: Ledger, endpoint: str) -> int:
    if endpoint not in ledger.stopped():
        print(f"The endpoint {endpoint!r} isn't off.", file=sys.stderr)
        return 1
    ledger.restart(endpoint)
    print("It hears of handoffs again.")
    return 0
