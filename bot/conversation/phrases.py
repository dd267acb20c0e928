"""Short words read beside what was asked or shown, and signs of who writes: `data/dialogue.yml`.

Pure functions over the words of a message, without a model: what is asked decides what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.rasa_parts.text import fold
from bot.yaml_files import DATA, read_yaml

_WORD = re.compile(r"\w+")
# A longer message says more than yes, no or "the hours?".
_LONGEST = 16
_GAP = r"(?:\w+ ){0,4}?"
_NUMBERS = {"<adult>": r"(?:1[89]|[2-9]\d|10\d)", "<old>": r"(?:6[5-9]|[789]\d|10\d)"}

Words = tuple[str, ...]


def words_of(text: str) -> list[str]:
    """Return the words of a text in plain form: `J'ai peur !` gives j, ai, peur."""
    return _WORD.findall(fold(text))


class Phrases:
    """The file, ready to compare."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Take the content of the file; both languages count in every message."""
        small = {kind: _phrases(lists) for kind, lists in data["small"].items()}
        self._small = small
        self._whole = {
            kind: (_phrases(lists), small[kind]) for kind, lists in data["whole"].items()
        }
        self._signs = {kind: _sign(lists) for kind, lists in data["anywhere"].items()}

    @classmethod
    def load(cls, path: Path = DATA / "dialogue.yml") -> Phrases:
        """Read the file."""
        return cls(read_yaml(path))

    def meanings(self, text: str) -> frozenset[str]:
        """Return what a short message may mean, by its whole: yes, no, hours, …; often nothing."""
        words = words_of(text)
        if not 0 < len(words) <= _LONGEST:
            return frozenset()
        return frozenset(
            kind
            for kind, (phrases, small) in self._whole.items()
            if _made_of(words, phrases, small)
        )

    def signs(self, text: str) -> frozenset[str]:
        """Return the signs that stand somewhere in a message: hurt_me, elder, adult, …"""
        line = " ".join(words_of(text)) + " "
        return frozenset(kind for kind, sign in self._signs.items() if sign.search(line))

    def place_in(self, text: str) -> str:
        """Return an answer to "which commune?" without the small words before the place."""
        words = words_of(text)
        start, before = 0, -1
        while start != before:
            before = start
            for phrase in self._small["place"]:
                if tuple(words[start : start + len(phrase)]) == phrase:
                    start += len(phrase)
                    break
        return " ".join(words[start:])


def _phrases(lists: Mapping[str, Iterable[str]]) -> frozenset[Words]:
    return frozenset(tuple(words_of(phrase)) for phrases in lists.values() for phrase in phrases)


def _made_of(words: list[str], phrases: frozenset[Words], small: frozenset[Words]) -> bool:
    """Whether the words can be cut into phrases and small words, with one phrase at least."""
    # For each place: reached without (False) or with (True) a phrase before it.
    reached: list[set[bool]] = [{False}, *(set() for _ in words)]
    longest = max(map(len, phrases | small))
    for start in range(len(words)):
        for end in range(start + 1, min(start + longest, len(words)) + 1):
            part = tuple(words[start:end])
            if part in phrases and reached[start]:
                reached[end].add(True)
            elif part in small:
                reached[end] |= reached[start]
    return True in reached[-1]


def _sign(lists: Mapping[str, Any]) -> re.Pattern[str]:
    patterns = [_pattern(phrase) for language in ("fr", "nl") for phrase in lists[language]]
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})")


def _pattern(phrase: str) -> str:
    """Return the pattern of a phrase over words that are each followed by one space."""
    made = ""
    for token in phrase.split():
        if token == "...":  # noqa: S105 - the notation's gap
            made += _GAP
        elif token in _NUMBERS:
            made += _NUMBERS[token] + " "
        else:
            words = [re.escape(word).replace(r"\*", r"\w*") for word in token.split("|")]
            made += f"(?:{'|'.join(words)}) "
    return made


@lru_cache(maxsize=1)
def phrases() -> Phrases:
    """Return the file's phrases, read once."""
    return Phrases.load()
