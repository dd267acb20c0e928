"""One message cut into words, and the questions that ``match`` asks about each place in it."""

from __future__ import annotations

import re
from typing import NamedTuple

from .cues import Cues, Words
from .places import fold_word

CODE = re.compile(r"[1-9]\d{3}")
_TOKEN = re.compile(r"[^\W_]+")
_STOP = re.compile(r"[.!?;:\n]")
_APART = re.compile(r"[,()/|…–—]")


class Token(NamedTuple):
    """A word of the text, as written and folded, with its place in the text."""

    word: str
    raw: str
    start: int
    end: int
    opens: bool  # first of the text or of a sentence
    apart: bool  # after a comma, a bracket or the like


class Message:
    """The words of a message. Positions are indexes into ``tokens``."""

    def __init__(self, text: str, cues: Cues) -> None:
        """Cut ``text``; ``cues`` says which words are small ones."""
        self.text, self.cues = text, cues
        self.tokens: list[Token] = []
        end = 0
        for match in _TOKEN.finditer(text):
            gap = text[end : match.start()]
            opens = not self.tokens or (gap != " " and bool(_STOP.search(gap)))
            apart = opens or (gap != " " and bool(_APART.search(gap)))
            raw = match.group()
            self.tokens.append(Token(fold_word(raw), raw, *match.span(), opens, apart))
            end = match.end()
        capitals, small = sum(map(str.isupper, text)), sum(map(str.islower, text))
        self.shouts = capitals > 3 and capitals > 2 * small
        # Words that carry nothing: a message of only these and a name is an answer.
        self.trifling = [t.word in cues.trifles or bool(CODE.fullmatch(t.raw)) for t in self.tokens]
        self.content = self.trifling.count(False)

    def before(self, index: int, count: int, *, commas: bool = False) -> list[Token]:
        """Up to ``count`` tokens before ``index``, nearest first, in its sentence or its part."""
        found: list[Token] = []
        while index > 0 and len(found) < count:
            token = self.tokens[index]
            if token.opens or (token.apart and not commas):
                break
            index -= 1
            found.append(self.tokens[index])
        return found

    def alone(self, first: int, last: int) -> bool:
        """Nothing beside the name but words like "j'habite à" or "oui"."""
        return self.content == self.trifling[first : last + 1].count(False)

    def capital(self, index: int) -> bool:
        """A capital inside a sentence, where the message isn't written in capitals."""
        token = self.tokens[index]
        return token.raw[0].isupper() and not token.opens and not self.shouts

    def strong(self, index: int, signs: Words) -> bool:
        """One of ``signs`` before, with only small words between."""
        for token in self.before(index, 4):
            if token.word in signs:
                return True
            if token.word not in self.cues.fillers:
                return False
        return False

    def lives(self, index: int) -> bool:
        """ "j'habite Mol", without a small word between."""
        return any(token.word in self.cues.lives for token in self.before(index, 1))

    def weak(self, index: int) -> str:
        """``near`` after "à" or "in", ``of`` after "de" or "van", else empty."""
        for token in self.before(index, 1):
            lower = token.raw.lower()
            if lower in self.cues.near:
                return "near"
            if lower in self.cues.of:
                return "of"
        return ""

    def no_town(self, index: int) -> bool:
        """A person ("madame Forest"), a street, a province or a day of that name."""
        before = self.before(index, 4)
        saint = self.tokens[index].word in ("saint", "st", "sainte", "ste")
        if saint and before and before[0].word == "la":
            return True
        for token in before:
            if token.word in self.cues.no_town:
                return True
            if token.word not in self.cues.street_fillers:
                return False
        return False

    def beside_code(self, position: int, size: int) -> bool:
        """A number of four digits just before or after."""
        near = self.tokens[max(0, position - 1) : position]
        near += self.tokens[position + size : position + size + 1]
        return any(CODE.fullmatch(token.raw) for token in near)
