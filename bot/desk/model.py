"""What an account of the desk is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

Role = Literal["counsellor", "supervisor", "maintainer"]
Regime = Literal["secrecy", "reports"]
# first: the first supervisor; invite: a new account; secret: a new password and second factor.
LinkKind = Literal["first", "invite", "secret"]
ROLES: tuple[Role, ...] = ("counsellor", "supervisor", "maintainer")
REGIMES: tuple[Regime, ...] = ("secrecy", "reports")


class TakenError(ValueError):
    """An alias, a sign-in name or an outside identity belongs to somebody already."""


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in. `limit`: how many talks at once; `commune`: where they work."""

    id: str
    alias: str
    role: Role
    regime: Regime
    organisation: str
    networks: tuple[str, ...]
    languages: tuple[str, ...]
    minors: bool
    commune: str
    limit: int

    @property
    def claims(self) -> bool:
        """Whether this person may read and take over talks: only under professional secrecy."""
        return self.regime == "secrecy" and self.role != "maintainer"

    @property
    def supervises(self) -> bool:
        """Whether the supervisor's pages are for this person."""
        return self.role == "supervisor"


@dataclass(frozen=True)
class Profile:
    """What the supervisor decides about an account; the alias is the person's own choice."""

    role: Role = "counsellor"
    regime: Regime = "secrecy"
    organisation: str = ""
    networks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("fr", "nl")
    minors: bool = False
    commune: str = ""
    limit: int = 2


@dataclass(frozen=True)
class Secrets:
    """What is needed to sign in: hashes and the second factor's secret. None: not by this way."""

    password: str | None
    totp: str | None
    step: int


@dataclass(frozen=True)
class Link:
    """A one-time link that is still good."""

    kind: LinkKind
    account: str | None
    profile: Profile


@dataclass(frozen=True)
class Pending:
    """A one-time link that waits to be used, as the supervisor sees it.

    `made` is in seconds since 1970; `inviter` is an alias, "" for the machine's command line;
    `note` is what the inviter wrote to remember for whom it is.
    """

    id: str
    kind: LinkKind
    account: str | None
    profile: Profile
    made: int
    inviter: str
    note: str


@dataclass(frozen=True)
class Sheet:
    """The emergency sheet: who decides, who calls 112, where it is recorded."""

    decides: str = ""
    calls: str = ""
    recorded: str = ""

    @property
    def complete(self) -> bool:
        """Whether nothing is left open."""
        return all((self.decides, self.calls, self.recorded))


def read_profile(stored: str | None) -> Profile:
    """Return a profile as it was stored (JSON)."""
    raw: dict[str, Any] = json.loads(stored or "{}")
    for name in ("networks", "languages"):
        if name in raw:
            raw[name] = tuple(raw[name])
    return Profile(**raw)
