"""What the campaign has seen, held against what is promised."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.handoff.campaign_people import Person
from tests.handoff.campaign_tool import Tool

# A person knows the open line within so many seconds (R65).
_KNOWS_THE_LINE = 10.0
_NOT_ACCEPTED = 5.0
_ENDS = ("handoff.closed", "handoff.returned", "handoff.withdrawn", "handoff.expired")


@dataclass
class Run:
    """What was seen, and what was wrong."""

    people: list[Person]
    tool: Tool
    kills: list[float] = field(default_factory=list)
    # From each kill to the moment when the gateway answered again.
    away: list[tuple[float, float]] = field(default_factory=list)
    left_in_outbox: int = 0
    dead: str = ""
    faults: list[str] = field(default_factory=list)
    measured: dict[str, Any] = field(default_factory=dict)

    def judge(self) -> None:
        """Hold what was seen against what was promised."""
        for check in (self._lost, self._events, self._words, self._redelivered, self._line):
            check()
        self.faults += self.tool.wrong
        needles = {needle for p in self.people for needle in p.needles if needle}
        needles |= {"Anne", "Bert", "Moulin", "Esneux", "stopp-vif", "je suis là"}
        wire = b"\n".join(a.body + a.headers for a in self.tool.attempts).decode()
        self.faults += [f"on the wire: {needle}" for needle in sorted(needles) if needle in wire]
        if self.left_in_outbox:
            self.faults.append(f"{self.left_in_outbox} events were never delivered")
        if "No dead letters." not in self.dead:
            self.faults.append(f"dead letters: {self.dead.strip()}")

    def _lost(self) -> None:
        self.faults += [f"visitor {p.number}: {p.refused}" for p in self.people if p.refused]
        self.faults += [f"visitor {p.number} waits in {p.state}" for p in self.people if p.stuck]
        asked = sum(not p.refused for p in self.people)
        told = sum("handoff.requested" in talk.events for talk in self.tool.talks.values())
        self.measured |= {"handoffs asked for": asked, "handoffs at the tool": told}
        if asked != told:
            self.faults.append(f"{asked} handoffs were asked for, {told} came to the tool")

    def _events(self) -> None:
        """Each change is told once; both counsellors pressed at once, one of them won."""
        for talk in self.tool.talks.values():
            told = {kind: len(ids) for kind, ids in talk.events.items()}
            ends = sum(told.get(kind, 0) for kind in _ENDS)
            if told.get("handoff.requested") != 1 or ends != 1:
                self.faults.append(f"{talk.id}: {told}")
            won = len(talk.winners)
            if told.get("handoff.claimed", 0) != won or won > 1 or (not won and talk.end != "gone"):
                self.faults.append(f"{talk.id}: claimed by {talk.winners}, {told}")
            if talk.winners and not talk.read and talk.end != "gone":
                self.faults.append(f"{talk.id}: couldn't be read")

    def _words(self) -> None:
        by_name: dict[str, list[str]] = {n: talk.said for n, talk in self.tool.talks.items()}
        for person in self.people:
            ids = [m["id"] for _, _, m in person.seen]
            entries = [entry for _, entry, _ in person.seen]
            if len(set(ids)) != len(ids) or len(set(entries)) != len(entries):
                self.faults.append(f"visitor {person.number}: a message came twice")
            names = {text.partition(" ")[0] for text in person.words}
            if len(names) > 1:
                self.faults.append(f"visitor {person.number}: words of {len(names)} talks")
            for name in names:
                if person.words != by_name.pop(name, None):
                    self.faults.append(f"visitor {person.number}: {person.words}")
                told = len(self.tool.talks[name].events.get("handoff.message", ()))
                if not person.answered <= told <= person.sent and not person.leaves:
                    self.faults.append(f"{name}: {told} words told, {person.sent} sent")
        for name, said in by_name.items():
            if said and self.tool.talks[name].end != "gone":
                self.faults.append(f"{name}: its words reached nobody")

    def _redelivered(self) -> None:
        """At least once: a second delivery under one id is for a kill in between, nothing else."""
        again = [times for times in self.tool.accepted.values() if len(times) > 1]
        self.measured["accepted once more, same id"] = len(again)
        for first, *others in again:
            if not any(first - 1 <= kill <= others[-1] for kill in self.kills):
                self.faults.append("an accepted event was sent again without a kill")

    def _away(self, asked: float) -> float:
        """Return for how long there was no gateway in the ten seconds after a request."""
        end = asked + _KNOWS_THE_LINE
        gone = 0.0
        for down, up in self.away:
            if down <= end and up >= asked:
                gone += up - max(down, asked)
                end += up - max(down, asked)
        return gone

    def _line(self) -> None:
        accepted: dict[str, float] = {n: t.requested_at for n, t in self.tool.talks.items()}
        late, slowest, told = 0, 0.0, 0.0
        for person in self.people:
            if person.refused or person.leaves:
                continue
            # While there is no gateway nobody can be told anything (the page shows the line then).
            limit = _KNOWS_THE_LINE + self._away(person.asked)
            line = person.line_after()
            if line is None or line > limit:
                self.faults.append(
                    f"visitor {person.number}: no line within {limit:.1f} s ({line})"
                )
            slowest = max(slowest, line or 0)
            name = person.words[0].partition(" ")[0] if person.words else ""
            waited = accepted[name] - person.asked if name else 0
            # Just before the tool is given up it may still have accepted.
            if waited > _NOT_ACCEPTED + 2 + self._away(person.asked):
                late += 1
                after = person.line_after(told=True)
                told = max(told, after or 0)
                if after is None or after > limit:
                    self.faults.append(
                        f"visitor {person.number}: accepted after {waited:.1f} s, told {after}"
                    )
        self.measured |= {
            "not accepted within 5 s": late,
            "… told so after, at most (s)": round(told, 1),
            "an open line seen after, at most (s)": round(slowest, 1),
        }


def report(run: Run) -> str:
    """Return what was measured, as lines."""
    fates = Counter(attempt.fate for attempt in run.tool.attempts)
    rows = {
        **run.measured,
        "events accepted": len(run.tool.accepted),
        "attempts": len(run.tool.attempts),
        **{f"… {fate}": number for fate, number in sorted(fates.items())},
        "kills": len(run.kills),
        "gateway away, at most (s)": round(max((up - down for down, up in run.away), default=0), 1),
        "words of counsellors": sum(len(person.words) for person in run.people),
        "talks with one winner of two": sum(len(t.winners) == 1 for t in run.tool.talks.values()),
    }
    lines = [f"{name:40}{value}" for name, value in rows.items()]
    return "\n".join([*lines, *(f"FAULT {fault}" for fault in run.faults)] or ["nothing"])
