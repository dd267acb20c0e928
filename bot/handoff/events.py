"""What a team's tool is told: thin, without a word of the talk or anything of the person (R66)."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timezone

from bot.handoff.states import Event


@dataclass(frozen=True)
class Outgoing:
    """One event; its id and body stay the same over all attempts."""

    type: str
    id: str
    body: str


def outgoing(event: Event, handoff_id: str, moment: float, **more: object) -> Outgoing:
    """Make an event.

    Args:
        event: what happened.
        handoff_id: the opaque id.
        moment: when, Unix seconds.
        more: further data: `urgent` and `share` of a request.
    """
    stamp = datetime.fromtimestamp(moment, tz=timezone.utc).isoformat(timespec="milliseconds")
    body = {
        "type": event.value,
        "timestamp": stamp.replace("+00:00", "Z"),
        "data": {"handoff_id": handoff_id, **more},
    }
    return Outgoing(
        type=event.value,
        # No dot inside: the id is part of what is signed, delimited by dots.
        id=f"msg_{secrets.token_hex(16)}",
        body=json.dumps(body, separators=(",", ":")),
    )
