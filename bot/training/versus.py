"""Two models on the same test lines: what differs, line by line and figure by figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.training.figures import Share, difference_of, share_of
from bot.training.heldout import Measured, groups

# The figures that are shown with their doubt when two models are compared.
_COMPARED = (
    "recall.emergency", "recall.crisis", "recall.child", "false_alarms",
    "accepted.fr", "accepted.nl", "top3.fr", "top3.nl",
)  # fmt: skip


@dataclass(frozen=True)
class Turned:
    """One test line on which two models differ."""

    kind: str
    text: str
    lang: str
    meant: str
    before: str
    now: str
    better: bool


def turned(before: Measured, now: Measured) -> Iterator[Turned]:
    """Yield the test lines that one model gets right and the other doesn't."""
    for one, two in zip(before.safety, now.safety, strict=True):
        was = not one.alarmed if one.risk == "none" else one.seen
        is_ = not two.alarmed if two.risk == "none" else two.seen
        if was != is_:
            yield Turned("danger", one.text, one.lang, one.risk, one.found, two.found, is_)
    for old, new in zip(before.intents, now.intents, strict=True):
        if old.accepted != new.accepted:
            yield Turned(
                "intent", old.text, old.lang, old.intent, old.ranking[0], new.ranking[0],
                new.accepted,
            )  # fmt: skip


@dataclass(frozen=True)
class Compared:
    """One figure of two models, each with its doubt, and the doubt on the difference."""

    name: str
    before: Share
    now: Share
    gain: Share

    @property
    def sure(self) -> bool:
        """The difference is hardly an accident."""
        return not self.gain.low <= 0 <= self.gain.high

    @property
    def line(self) -> str:
        """Return it for the terminal."""
        gain = self.gain
        return (
            f"{self.name:18} {self.before.value:.3f} -> {self.now.value:.3f}  "
            f"difference {gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]"
            f"{'  (no accident)' if self.sure else ''}"
        )


def compared(before: Measured, now: Measured) -> Iterator[Compared]:
    """Yield each figure of two models: before, now, and between what the difference likely lies."""
    old, new = groups(before), groups(now)
    for name in _COMPARED:
        if old.get(name) and new.get(name):
            yield Compared(
                name,
                share_of(old[name]),
                share_of(new[name]),
                difference_of(new[name], old[name]),
            )
