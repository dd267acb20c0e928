"""What an alarm is about, in words that repeat none of the visitor's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bot.language import SUPPORTED, Supported
from bot.safety.risk import Risk
from bot.texts import DATA, TextsError, read_yaml

# Alarms that are named; what is merely raised has no box.
HEAVY = frozenset({"emergency", "crisis", "child"})
_SHOWN = 3


class Kinds:
    """The kinds of danger that the desk has names for."""

    def __init__(self, path: Path = DATA / "desk-dangers.yml") -> None:
        """Read them.

        Raises:
            TextsError: a kind has no name in one of the languages, or a pattern stands twice.
        """
        self.by_pattern: dict[str, str] = {}
        self.names: dict[str, Mapping[str, str]] = {}
        for kind in read_yaml(path)["kinds"]:
            if set(kind["name"]) != set(SUPPORTED):
                raise TextsError(f"{path}: {kind['id']} needs a name in fr and nl.")
            self.names[kind["id"]] = kind["name"]
            for pattern in kind["patterns"]:
                if pattern in self.by_pattern:
                    raise TextsError(f"{path}: {pattern} stands in two kinds.")
                self.by_pattern[pattern] = kind["id"]

    def of(self, signs: Iterable[str]) -> list[str]:
        """Return the kinds that patterns speak of, each once; unknown patterns have none."""
        found = (self.by_pattern.get(sign) for sign in signs)
        return list(dict.fromkeys(kind for kind in found if kind))

    def name(self, kind: str, language: Supported) -> str:
        """Return a kind in words."""
        return self.names[kind][language]


@cache
def kinds() -> Kinds:
    """Return them, read once."""
    return Kinds()


def seen_in(
    words: Iterable[Mapping[str, Any]], assess: Callable[[str], Risk], before: Iterable[str] = ()
) -> list[str]:
    """Return the kinds of danger in a visitor's words, the newest first, a few at most.

    Args:
        words: as a counsellor reads them; only the visitor's are looked at.
        assess: sees danger in a text.
        before: what was seen earlier in the same talk.
    """
    found = list(before)
    for word in words:
        if word["from"] == "visitor":
            risk = assess(str(word["text"]))
            new = kinds().of(risk.signs) if risk.level in HEAVY else []
            found = [*new, *(kind for kind in found if kind not in new)]
    return found[:_SHOWN]
