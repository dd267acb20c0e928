"""The real gateway as a process to be killed, without the language model."""

from __future__ import annotations

import sys
from functools import partial

from aiohttp import web

from bot import settings
from bot.gateway import app as gateway_app
from bot.handoff import wire
from tests.fakes.handoff import assess
from tests.fakes.handoff_gateway import PATIENCE, QuickRedactor


def main() -> int:
    """Serve until killed."""
    gateway_app.Redactor = QuickRedactor  # type: ignore[assignment,misc]
    gateway_app.running = partial(wire.running, assess=assess, patience=PATIENCE)  # type: ignore[assignment]
    config = settings.load()
    web.run_app(
        gateway_app.build(config), host=config.host, port=config.port, print=lambda *_: None
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
