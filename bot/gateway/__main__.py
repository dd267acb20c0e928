"""The gateway as a process of its own."""

from __future__ import annotations

import sys

from aiohttp import web

from bot import settings
from bot.directory.model import DirectoryError
from bot.privacy.silence import forget_regularly, harden_process, quiet_logging


def main() -> int:
    """Serve until stopped; return 2 when the configuration or a data file is broken."""
    harden_process()
    try:
        config = settings.load()
        from bot.gateway.app import build

        app = build(config)
    except (ValueError, DirectoryError) as error:
        print(error, file=sys.stderr)
        return 2
    quiet_logging()
    forget_regularly()
    web.run_app(
        app,
        host=config.host,
        port=config.port,
        access_log=None,
        print=lambda *_: None,
        shutdown_timeout=2,
        handle_signals=True,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
