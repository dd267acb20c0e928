"""`helpline inbox`: what visitors have given, listed and wiped."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from bot import settings
from bot.learning.inbox import Inbox


def main(argv: Sequence[str], inbox: Inbox | None = None) -> int:
    """Run one part; return the exit code."""
    parser = argparse.ArgumentParser(prog="helpline inbox", description=__doc__)
    parts = parser.add_subparsers(dest="part")
    parts.add_parser("list", help="sentences, and how many are still held (the default)")
    parts.add_parser("wipe", help="delete all, held or not")
    part = parser.parse_args(argv).part
    config = settings.load()
    box = inbox or Inbox(config.state_dir)
    if part == "wipe":
        print(f"{box.wipe()} sentences deleted.")
        return 0
    for one in box.sentences():
        print(f"{one.week}  {one.language}  {one.text}  [{', '.join(one.guesses)}]"
              + (f" -> {one.decision}" if one.decision else ""))  # fmt: skip
    for week, number in sorted(box.waiting().items()):
        print(f"{week}  {number} held until three conversations have given something")
    if not config.learning:
        print("LEARNING is off: visitors aren't asked.")
    return 0
