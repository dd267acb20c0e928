"""From a message to plain words: accents, typos, SMS spelling and dialect don't hide a threat.

The tables are in data/safety/spellings.yml. A word keeps its place in the message, and may have
several readings: the one that is written and the guesses of what was meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA
from simplemma import is_known

_DROPPED = {"Mn", "Cf", "Cs", "Co", "Sk"}
# One token: letters and digits, with the signs that people put inside a word to mask it.
_TOKEN = re.compile(r"[^\W_]+(?:[*@$€]+[^\W_]+)*|(?P<stop>[.!?]+(?=\s|$))|[^\w\s]")
_REPEATED = re.compile(r"(.)\1{2,}")
# From this length on, a word that nobody knows is compared with the words of the patterns.
_SHORT, _LONG = 4, 7
_GLUED = 8
_LONGEST_PIECE = 16
_LONGEST_WORD = 40


@dataclass(frozen=True)
class Word:
    """One word of a message.

    `readings[0]` is what is written, once folded; the others are guesses.
    `start` and `end` say where it stands in the message.
    """

    readings: tuple[str, ...]
    start: int
    end: int
    sentence: int


@dataclass(frozen=True)
class Spellings:
    """The spelling tables of one language (each value is one or more plain words)."""

    words: Mapping[str, str]
    letters: Mapping[str, str]
    common: frozenset[str] = frozenset()

    @classmethod
    def of(cls, table: Mapping[str, Any], language: str) -> Spellings:
        """Build from the contents of data/safety/spellings.yml."""
        own = table[language]
        return cls(
            {str(key): str(value) for key, value in own["words"].items()},
            {str(key): str(value) for key, value in table["letters"].items()},
            frozenset(str(own["common"]).split()),
        )


@dataclass
class Vocabulary:
    """The words and beginnings of words that the patterns of one language look for."""

    words: set[str] = field(default_factory=set)
    stems: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Sort what guesses need by length, once."""
        self._long: dict[int, list[str]] = {}
        for word in sorted(self.words):
            self._long.setdefault(len(word), []).append(word)
        self._short = sorted(word for word in self.words if 2 <= len(word) < _SHORT)
        self._stems: dict[int, list[str]] = {}
        for stem in sorted(self.stems):
            if len(stem) >= _SHORT:
                self._stems.setdefault(len(stem), []).append(stem)

    def has(self, word: str) -> bool:
        """Tell whether a pattern could match `word` as it is."""
        return word in self.words or any(word[:n] in self.stems for n in range(3, len(word) + 1))

    def guesses(self, word: str) -> list[str]:
        """Return the words (and beginnings) that an unknown `word` may be a misspelling of."""
        if len(word) < _SHORT:
            if len(word) < 2:
                return []
            near = _near(word, self._short, 1, limit=None)
            return [hit[0] for hit in near if len(hit[0]) <= len(word)]
        allowed = 1 if len(word) < _LONG else 2
        lengths = range(max(_SHORT, len(word) - allowed), len(word) + allowed + 1)
        alike = [other for length in lengths for other in self._long.get(length, ())]
        found = [hit[0] for hit in _near(word, alike, allowed)]
        if len(word) == _SHORT:
            found += [hit[0] for hit in _near(word, self._short, 1)]
        for length, stems in self._stems.items():
            if length <= len(word) + 1:
                beginning = word[:length]
                far = 1 if length < _LONG else allowed
                found += [hit[0] for hit in _near(beginning, stems, far)]
        return found


def _near(word: str, choices: list[str], far: int, limit: int | None = 4) -> list[Any]:
    return process.extract(word, choices, scorer=OSA.distance, score_cutoff=far, limit=limit)


@lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    plain = unicodedata.normalize("NFKD", letter.lower())
    kept = "".join(c for c in plain if unicodedata.category(c) not in _DROPPED)
    return {"œ": "oe", "æ": "ae", "’": "'", "‘": "'", "ʼ": "'", "´": "'", "…": ","}.get(kept, kept)


class Normaliser:
    """Cuts text into plain words of one language."""

    def __init__(self, spellings: Spellings) -> None:
        """Take the tables of one language."""
        self._table = {key: tuple(value.split()) for key, value in spellings.words.items()}
        self._letters = spellings.letters
        self._common = frozenset(_fold(word)[0] for word in spellings.common)
        # The pieces that glued words are cut into: what is written together in haste is everyday.
        self._everyday = self._common | {word for words in self._table.values() for word in words}

    def plain(self, text: str) -> list[str]:
        """Return the words of a phrase of the notation: folded and spelt out, without guesses."""
        return [word.readings[0] for word in self.words(text, None)]

    def words(self, text: str, vocabulary: Vocabulary | None) -> list[Word]:
        """Return the words of a message.

        Args:
            text: up to 2,000 characters; the time needed grows with the length.
            vocabulary: what the patterns look for; without it nothing is guessed.
        """
        folded, places = _fold(text)
        tokens: list[tuple[str, int, int, int]] = []
        sentence = 0
        for match in _TOKEN.finditer(folded):
            if match["stop"]:
                # Two or three full stops are a hesitation: the sentence goes on.
                sentence += match["stop"] not in {"..", "..."}
            else:
                token = _REPEATED.sub(r"\1\1", match[0])
                # Said four times or forty is the same.
                if [before[0] for before in tokens[-3:]] != [token] * 3:
                    tokens.append((token, *match.span(), sentence))
        result: list[Word] = []
        # A word that comes back is looked up once a message, and forgotten with the message.
        known: dict[str, list[tuple[str, ...]]] = {}
        for token, start, end, number in _join_letters(tokens):
            place = (places[start], places[end - 1] + 1)
            written = text[place[0] : place[1]].lower()
            if written not in known:
                known[written] = self._read(token, written, vocabulary)
            result += [Word(readings, *place, number) for readings in known[written]]
        return result

    def _read(
        self, token: str, written: str, vocabulary: Vocabulary | None
    ) -> list[tuple[str, ...]]:
        """Return the words that one token stands for, each with its readings."""
        known = self._table.get(token)
        if known is not None:
            return [(word,) for word in known]
        if not any(c.isalnum() for c in token):
            return []
        if vocabulary is None or token in vocabulary.words:
            return [(token,)]
        if not vocabulary.has(token):
            respelt = self._respell(token)
            if respelt != token and (respelt in self._table or vocabulary.has(respelt)):
                return [(word,) for word in self._table.get(respelt, (respelt,))]
        if token.isdigit() or token in self._common or self._exists(written):
            return [(token,)]
        pieces = self._unglue(token, vocabulary)
        if pieces:
            return [(piece,) for piece in pieces]
        return [tuple(dict.fromkeys([token, *vocabulary.guesses(token[:_LONGEST_WORD])]))]

    @staticmethod
    def _exists(written: str) -> bool:
        return len(written) <= _LONGEST_WORD and is_known(written, ("fr", "nl"))

    def _respell(self, token: str) -> str:
        """Undo signs and digits that stand for letters, and letters that are held down."""
        swapped = "".join(self._letters.get(c, c) for c in token)
        if any(c.isalpha() for c in token) and swapped != token:
            return swapped
        return re.sub(r"(.)\1", r"\1", token)

    def _unglue(self, token: str, vocabulary: Vocabulary) -> list[str]:
        """Cut words that are written together; nothing when some part stays unknown."""
        if len(token) < _GLUED:
            return []
        # best[i]: (pieces so far, where the last piece starts), the fewest pieces win.
        best: list[tuple[float, int] | None] = [(0.0, 0)] + [None] * len(token)
        for end in range(1, len(token) + 1):
            for start in range(max(0, end - _LONGEST_PIECE), end):
                before = best[start]
                if before is None:
                    continue
                piece = token[start:end]
                cost = self._cost(piece, vocabulary)
                current = best[end]
                if cost and (current is None or before[0] + cost < current[0]):
                    best[end] = (before[0] + cost, start)
        if best[-1] is None or best[-1][0] > len(token) / 2.4:
            return []
        pieces: list[str] = []
        end = len(token)
        while end:
            step = best[end]
            assert step is not None
            pieces.append(token[step[1] : end])
            end = step[1]
        words: list[str] = []
        for piece in reversed(pieces):
            words += self._table.get(piece, (piece,))
        return words

    def _cost(self, piece: str, vocabulary: Vocabulary) -> float:
        if len(piece) == 1:
            return 1.6 if piece in self._table or piece in {"a", "y"} else 0.0
        if piece in vocabulary.words or piece in self._everyday or piece in self._table:
            return 1.0
        for cut in range(max(3, len(piece) - 4), len(piece) + 1):
            if piece[:cut] in vocabulary.stems:
                return 1.3
        return 0.0


def _fold(text: str) -> tuple[str, list[int]]:
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        folded = _fold_letter(letter) if letter > "\x1f" else " "
        letters.append(folded)
        places += [place] * len(folded)
    return "".join(letters), places


def _join_letters(
    tokens: Iterable[tuple[str, int, int, int]],
) -> list[tuple[str, int, int, int]]:
    """Join runs of four or more single letters ("c o u t e a u") into one token."""
    result: list[tuple[str, int, int, int]] = []
    run: list[tuple[str, int, int, int]] = []

    def flush() -> None:
        letters = [token for token in run if token[0].isalpha()]
        if len(letters) >= 4:
            joined = "".join(token[0] for token in letters)
            result.append((joined, run[0][1], run[-1][2], run[0][3]))
        else:
            result.extend(run)
        run.clear()

    for token in tokens:
        single = len(token[0]) == 1
        if single and (token[0].isalpha() or (run and token[0] in ".-*_ ")):
            run.append(token)
        else:
            flush()
            result.append(token)
    flush()
    return result


__all__ = ["Normaliser", "Spellings", "Vocabulary", "Word"]
