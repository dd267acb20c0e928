"""The whole examination, and how it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot import settings
from bot.directory.hours import BRUSSELS
from bot.directory.load import load_directory
from bot.doctor import content, front, machine, store
from bot.doctor.finding import Finding
from bot.texts import DATA, texts

_TITLES = {
    "bad": "Correct this before people write:",
    "warn": "Look at this soon:",
    "note": "Good to know:",
}


def examine(config: settings.Settings, now: datetime) -> list[Finding]:
    """Return all that was seen, in the order in which it was looked at.

    Args:
        config: the configuration.
        now: the moment in Belgium.

    Raises:
        DirectoryError, TextsError: a data file can't be read at all.
    """
    folder = DATA / "directory"
    directory = load_directory(folder, config.mode)
    return [
        *front.configured(config),
        *asyncio.run(_asked(config)),
        *machine.swap(),
        *machine.core_dumps(),
        *machine.clock(),
        *machine.files(config, settings.ROOT / ".env"),
        *machine.proxies(),
        *content.numbers(folder, now),
        *content.hours(directory, now),
        *content.desk(config, directory, now),
        *content.left_over(config.state_dir),
        *content.model(machine.running_model()),
    ]


async def _asked(config: settings.Settings) -> list[Finding]:
    public = await front.public(config.public_url) if config.public_url else []
    return [*await store.look(config), *await front.gateway(config), *public]


def told(found: list[Finding], blockers: list[str], mode: str) -> str:
    """Return the report: what to correct first, what soon, what blocks live mode."""
    lines = []
    for severity, title in _TITLES.items():
        said = [str(finding) for finding in found if finding.severity == severity]
        if said:
            lines += [title, *(f"  - {line}" for line in said), ""]
    if blockers:
        title = "Hidden in live mode:" if mode == "live" else "What stands before live mode:"
        lines += [title, *(f"  {n}. {line}" for n, line in enumerate(blockers, 1)), ""]
    if exit_code(found) == 0:
        lines.append("Nothing to correct.")
    return "\n".join(lines).rstrip()


def exit_code(found: list[Finding]) -> int:
    """Return 2 when something must be corrected first, 1 to look at soon, 0 otherwise."""
    severities = {finding.severity for finding in found}
    return 2 if "bad" in severities else 1 if "warn" in severities else 0


def main(say: Callable[[str], None] = print) -> int:
    """`helpline doctor`: print the report; return its exit code.

    Raises:
        SettingsError, DirectoryError, TextsError: these alone must be corrected first.
    """
    config, now = settings.load(), datetime.now(BRUSSELS)
    found = examine(config, now)
    # What nobody has checked is visible in the demonstration only.
    whole = load_directory(DATA / "directory", "demo")
    say(told(found, content.live_blockers(whole, texts(), config, now), config.mode))
    return exit_code(found)
