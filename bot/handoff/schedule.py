"""What is due while somebody waits: pure, from the case and the moment."""

from __future__ import annotations

from enum import Enum

from bot.handoff.case import Case
from bot.handoff.states import State

# Milliseconds. A person doesn't wait for retries (R65); signs of life at least every two minutes
# (R73); a claim without a word goes back (R76).
NOT_ACCEPTED = 5_000
UNCLAIMED = 90_000
SUPERVISOR = 180_000
EXPIRES = 300_000
SIGN_OF_LIFE = 110_000
SILENT_CLAIM = 120_000


class Due(Enum):
    """One thing to do."""

    WARN = "the team's tool didn't accept it: name the open line, show it at the desk"
    SECOND = "nobody has claimed it: tell the person, alarm a second counsellor"
    SUPERVISOR = "still nobody: alarm the supervisor"
    SIGN = "a sign of life"
    EXPIRE = "nobody came: name the open line"
    RELEASE = "claimed without a word: back to the queue"


def due(case: Case, now: int, has_tool: bool) -> list[Due]:
    """Return what must be done now.

    Args:
        case: as it stands.
        now: the moment, in milliseconds.
        has_tool: whether a tool had to accept the request.
    """
    if case.state is State.ACTIVE:
        silent = not case.spoke and now - case.claimed >= SILENT_CLAIM
        return [Due.RELEASE] if silent else []
    if case.state is not State.WAITING:
        return []
    waited = now - case.since
    if waited >= EXPIRES:
        return [Due.EXPIRE]
    found = []
    if has_tool and not case.accepted and not case.warned and now - case.asked >= NOT_ACCEPTED:
        found.append(Due.WARN)
    if waited >= SUPERVISOR and case.alarm == 1:
        found.append(Due.SUPERVISOR)
    if waited >= UNCLAIMED and case.alarm == 0:
        found.append(Due.SECOND)
    elif now - case.sign >= SIGN_OF_LIFE:
        found.append(Due.SIGN)
    return found
