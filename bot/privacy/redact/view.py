"""A message as the recognisers see it: plain characters, each of which knows where it came from.

Letters written in pieces, full-width digits, odd hyphens and invisible characters would hide a name
or a number; offsets are mapped back to Unicode code points of what was typed.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

_SPACES = {"\u00a0", "\u202f", "\u2007", "\u2009", "\t"}
_OTHER = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "t", "ħ": "h"}
_SIGNS = {"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "‐": "-", "‑": "-", "–": "-", "—": "-"}
_LIGATURES = {"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "ß": "ss"}
_WORD = re.compile(r"[^\W\d_]+")
# After these the next capital is only the start of a sentence.
_BOUNDARY = re.compile(r"[.!?…:;\n\"«»“”(\[*•|]|(?:^|\s)-\s")
_MOST_LETTERS = 4
_REPEATED = re.compile(r"(.)\1{2,}")


@lru_cache(maxsize=4096)
def fold_letter(letter: str) -> str:
    """Return one lower-case letter without its accent."""
    lower = letter.lower()
    plain = unicodedata.normalize("NFKD", _OTHER.get(lower, lower))
    return _OTHER.get(plain[:1], plain[:1]) or letter


def fold_word(word: str) -> str:
    """Return a word in lower case without accents; ligatures become two letters."""
    return "".join(fold_letter(c) for letter in word for c in _plain(letter))


@lru_cache(maxsize=4096)
def _plain(letter: str) -> str:
    """Return what stands for one character in the view; nothing for what can't be seen."""
    if letter in _SIGNS:
        return _SIGNS[letter]
    if letter in _LIGATURES:
        return _LIGATURES[letter]
    category = unicodedata.category(letter)
    if letter in _SPACES or category in ("Cc", "Zs", "Zl", "Zp"):
        return "\n" if letter == "\n" else " "
    if category == "Cf":
        return ""
    if category in ("Cs", "Co", "Cn"):
        return "\ufffd"
    plain = unicodedata.normalize("NFKC", letter)
    # One Arabic ligature becomes eighteen letters: a way to make a short text long.
    return plain if len(plain) <= _MOST_LETTERS else letter


@dataclass(frozen=True)
class Token:
    """One word (letters only) of a view."""

    index: int
    text: str
    folded: str
    start: int
    end: int
    gap: str
    starts_sentence: bool

    @property
    def capital(self) -> bool:
        """Whether it is written like a name: "Kevin", "McLean", an initial."""
        return self.text[0].isupper() and (len(self.text) == 1 or not self.text.isupper())

    @property
    def shouted(self) -> bool:
        """Whether it is all capitals, and more than an initial."""
        return len(self.text) > 1 and self.text.isupper()


class View:
    """A text, its plain form, and the way back."""

    def __init__(self, original: str) -> None:
        """Make the view; the time needed grows with the length."""
        self.original = original
        if original.isascii() and original.isprintable():
            self.text = original
            self._starts: list[int] | range = range(len(original))
            self._ends: list[int] | range = range(1, len(original) + 1)
        else:
            self.text, self._starts, self._ends = _build(original)
        self.folded = "".join(map(fold_letter, self.text))
        self.tokens = self._cut()
        self._token_starts = [token.start for token in self.tokens]
        # In a text that shouts, or has a capital at each word, a capital says nothing.
        words = [t for t in self.tokens if len(t.text) > 2]
        big = sum(t.text[0].isupper() for t in words)
        self.capitals_mean_something = big * 3 <= len(words) * 2 + 4 and not all(
            t.shouted for t in words[:3]
        )

    def _cut(self) -> list[Token]:
        tokens: list[Token] = []
        end = 0
        for match in _WORD.finditer(self.text):
            gap = self.text[end : match.start()]
            folded = self.folded[match.start() : match.end()]
            tokens.append(
                Token(
                    len(tokens),
                    match.group(),
                    _REPEATED.sub(r"\1", folded),
                    match.start(),
                    match.end(),
                    gap,
                    not tokens or _BOUNDARY.search(gap) is not None,
                )
            )
            end = match.end()
        return tokens

    def index_at(self, place: int) -> int:
        """Return the index of the first token that starts at `place` or later."""
        return bisect_left(self._token_starts, place)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where a piece of the view stands in the original text."""
        return self._starts[start], self._ends[end - 1]


def _build(original: str) -> tuple[str, list[int], list[int]]:
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for place, letter in enumerate(original):
        if unicodedata.combining(letter) and letters:
            joined = unicodedata.normalize("NFC", letters[-1] + letter)
            if len(joined) == 1:
                letters[-1] = joined
            ends[-1] = place + 1
            continue
        for plain in _plain(letter):
            letters.append(plain)
            starts.append(place)
            ends.append(place + 1)
    return "".join(letters), starts, ends
