"""The key of the turn under way: it travels with the turn, and is kept nowhere."""

from __future__ import annotations

from contextvars import ContextVar


class TurnRefusedError(BaseException):
    """No key, or a wrong one: the turn must stop.

    A `BaseException`, because Rasa's `FailSafeTrackerStore` swallows ordinary exceptions of a
    tracker store and goes on in the memory of the process, without expiry and without a seal.
    """


TURN_KEY: ContextVar[bytes | None] = ContextVar("helpline_turn_key", default=None)


def current_key() -> bytes:
    """Return the AES key of this turn.

    Raises:
        TurnRefusedError: the turn came without a key.
    """
    key = TURN_KEY.get()
    if key is None:
        raise TurnRefusedError("no key")
    return key
