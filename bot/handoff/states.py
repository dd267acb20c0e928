"""Who may speak: the state machine of a handoff, as one pure table.

Redis applies a rule in one step (`bot.handoff.scripts`); nothing else changes a state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class State(str, Enum):
    """Where a conversation stands between the assistant and a counsellor."""

    NONE = "none"
    ASKED = "asked"
    WAITING = "waiting"
    ACTIVE = "active"
    CLOSED = "closed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"


class Verb(str, Enum):
    """What can be done to a handoff."""

    ASK = "ask"
    DECLINE = "decline"
    REQUEST = "request"
    CLAIM = "claim"
    RELEASE = "release"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    CLOSE = "close"
    RETURN = "return"


class Event(str, Enum):
    """What a team's tool is told; nothing before consent (R18), one for each change (R70)."""

    REQUESTED = "handoff.requested"
    CLAIMED = "handoff.claimed"
    MESSAGE = "handoff.message"
    RETURNED = "handoff.returned"
    WITHDRAWN = "handoff.withdrawn"
    EXPIRED = "handoff.expired"
    CLOSED = "handoff.closed"


# After these, nothing of the words remains and a new request may follow.
OVER = frozenset({State.CLOSED, State.EXPIRED, State.WITHDRAWN, State.RETURNED})
# While these last, somebody waits or speaks: words are kept sealed for the counsellor.
LIVE = frozenset({State.WAITING, State.ACTIVE})
_MAY_ASK = OVER | {State.NONE}


@dataclass(frozen=True)
class Rule:
    """From which states a verb leads where, and what is told outside."""

    origins: frozenset[State]
    target: State
    event: Event | None


TABLE: Mapping[Verb, Rule] = {
    # Nothing leaves before the yes: asking and declining tell nobody.
    Verb.ASK: Rule(_MAY_ASK, State.ASKED, None),
    Verb.DECLINE: Rule(frozenset({State.ASKED}), State.NONE, None),
    Verb.REQUEST: Rule(_MAY_ASK | {State.ASKED}, State.WAITING, Event.REQUESTED),
    Verb.CLAIM: Rule(frozenset({State.WAITING}), State.ACTIVE, Event.CLAIMED),
    # Back to the queue, at the same place: asked for again.
    Verb.RELEASE: Rule(frozenset({State.ACTIVE}), State.WAITING, Event.REQUESTED),
    Verb.WITHDRAW: Rule(LIVE, State.WITHDRAWN, Event.WITHDRAWN),
    Verb.EXPIRE: Rule(frozenset({State.WAITING}), State.EXPIRED, Event.EXPIRED),
    Verb.CLOSE: Rule(frozenset({State.ACTIVE}), State.CLOSED, Event.CLOSED),
    Verb.RETURN: Rule(frozenset({State.ACTIVE}), State.RETURNED, Event.RETURNED),
}


def step(state: State, verb: Verb) -> State | None:
    """Return the state after `verb`, or None when it isn't allowed in `state`."""
    rule = TABLE[verb]
    return rule.target if state in rule.origins else None
