"""What the doctor says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# bad: correct it before people write. warn: look at it soon. note: nothing to do today.
Severity = Literal["bad", "warn", "note"]


@dataclass(frozen=True)
class Finding:
    """One thing that was seen: what is wrong, and the cure."""

    severity: Severity
    what: str
    cure: str = ""

    def __str__(self) -> str:
        return f"{self.what} {self.cure}".rstrip()


def bad(what: str, cure: str) -> Finding:
    """Say what must be corrected first."""
    return Finding("bad", what, cure)


def warn(what: str, cure: str) -> Finding:
    """Say what should be looked at soon."""
    return Finding("warn", what, cure)


def note(what: str, cure: str = "") -> Finding:
    """Say what is worth knowing."""
    return Finding("note", what, cure)
