"""What takes seconds to load: the patterns of danger, and the French model that finds names."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.gateway import keys

# Redaction works without the model too, but less well; a person isn't kept longer than this.
_LONGEST_SECONDS = 8.0


async def until_warm(app: web.Application) -> None:
    """Wait, just after a start, until words can be taken; others are served meanwhile.

    Without this the first words would load everything inside the event loop: nothing would be
    delivered or shown to anybody until then.
    """
    await asyncio.wait({app[keys.REDACTOR_READY]}, timeout=_LONGEST_SECONDS)
