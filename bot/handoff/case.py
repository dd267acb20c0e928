"""A handoff as Redis keeps it, read into types."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from bot.handoff.states import LIVE, State
from bot.language import Supported

Share = Literal["words", "summary", "nothing"]
SHARES: tuple[Share, ...] = ("words", "summary", "nothing")
# From the gravest; the queue follows this order (R74), nothing else does (R3).
RISKS = ("emergency", "crisis", "child", "raised", "none")
URGENT = frozenset({"emergency", "crisis"})
# Larger than any moment in milliseconds for thousands of years, and exact in a double.
_RANK = 10**14


def score(risk: str, asked: int) -> int:
    """Return the place in the queue: by risk, then by time (the moment of asking, in ms)."""
    rank = RISKS.index(risk) if risk in RISKS else len(RISKS) - 1
    return rank * _RANK + asked


@dataclass(frozen=True)
class Case:
    """What is known of a handoff without a key; moments are milliseconds since 1970."""

    conversation_id: str
    state: State = State.NONE
    id: str = ""
    number: int = 0
    network: str = ""
    language: Supported = "fr"
    risk: str = "none"
    minor: bool = False
    share: Share = "nothing"
    public_key: bytes = b""
    asked: int = 0
    since: int = 0
    sign: int = 0
    alias: str = ""
    claimed: int = 0
    tool: bool = False
    spoke: bool = False
    typing: int = 0
    heard: int = 0
    # Seen at the desk; accepted by a tool; told that the tool didn't answer; whom it has alarmed.
    desk: bool = False
    accepted: bool = False
    warned: bool = False
    alarm: int = 0
    # A human stretch ended and the assistant hasn't been told yet.
    human: bool = False
    address_asked: bool = False
    # Made to try the desk out: no tool hears of it. For whom a transfer was meant, once agreed.
    trial: bool = False
    # The last entry of the mailbox that the visitor's page took; when the visitor last typed.
    took: str = ""
    writes: int = 0
    # The person wants nobody from some commune; which one is sealed.
    elsewhere: bool = False
    # Accounts of the desk that may know this person: ids, each between commas.
    known: str = ""
    proposed: str = ""
    meant_for: str = ""
    wrapped: Mapping[str, bytes] = field(default_factory=dict)
    facts: bytes = b""

    @property
    def live(self) -> bool:
        """Whether somebody waits or speaks."""
        return self.state in LIVE

    @property
    def urgent(self) -> bool:
        """Whether there is grave danger."""
        return self.risk in URGENT


def read(conversation_id: str, stored: Mapping[bytes, bytes]) -> Case:
    """Return the case that a hash holds; of state `none` when there is none."""

    def text(name: str) -> str:
        return stored.get(name.encode(), b"").decode()

    def number(name: str) -> int:
        return int(text(name) or 0)

    return Case(
        conversation_id=conversation_id,
        state=State(text("state") or "none"),
        id=text("id"),
        number=number("n"),
        network=text("network"),
        language=cast(Supported, text("language") or "fr"),
        risk=text("risk") or "none",
        minor=text("minor") == "1",
        share=cast(Share, text("share") or "nothing"),
        public_key=base64.b64decode(text("public")),
        asked=number("asked"),
        since=number("since"),
        sign=number("sign"),
        alias=text("alias"),
        claimed=number("claimed"),
        tool=text("tool") == "1",
        spoke=text("spoke") == "1",
        typing=number("typing"),
        heard=number("heard"),
        desk=text("desk") == "1",
        accepted=text("accepted") == "1",
        warned=text("warned") == "1",
        alarm=number("alarm"),
        human=text("human") == "1",
        address_asked=text("address") == "1",
        trial=text("trial") == "1",
        took=text("took"),
        writes=number("writes"),
        elsewhere=text("elsewhere") == "1",
        known=text("known"),
        proposed=text("proposed"),
        meant_for=text("for"),
        wrapped={
            name[2:].decode(): value for name, value in stored.items() if name.startswith(b"k:")
        },
        facts=stored.get(b"facts", b""),
    )
