"""The action server, on loopback, and silent."""

from __future__ import annotations

import sys

from bot.privacy.silence import (
    forget_regularly,
    harden_process,
    quiet_logging,
    quiet_warnings,
)

harden_process()
quiet_warnings()


def serve(port: int) -> None:
    """Serve the actions until stopped.

    Args:
        port: on 127.0.0.1.
    """
    from rasa_sdk.endpoint import create_app

    import actions
    from actions import facts
    from bot.texts import texts

    quiet_logging()
    forget_regularly()
    # Read everything now: not while the first frightened person waits.
    facts.directory(), facts.plan(), texts()
    create_app(actions).run("127.0.0.1", port, workers=1, access_log=False)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
