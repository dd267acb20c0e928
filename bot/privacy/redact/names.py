"""What is known of a word as a name: the frozen lists, and the dictionaries that guard them."""

from __future__ import annotations

from enum import IntEnum
from threading import Lock

from simplemma import is_known

from .lists import read_lines, read_sections, read_words
from .view import Token

_INSIDE = frozenset(
    [
        "van",
        "vande",
        "vanden",
        "vander",
        "ven",
        "de",
        "den",
        "der",
        "d",
        "du",
        "des",
        "del",
        "lo",
        "li",
        "dal",
        "dalla",
        "degli",
        "dei",
        "della",
        "dello",
        "dela",
        "di",
        "da",
        "do",
        "dos",
        "das",
        "la",
        "le",
        "el",
        "al",
        "ben",
        "bin",
        "ibn",
        "bel",
        "ait",
        "ould",
        "ten",
        "ter",
        "te",
        "t",
        "von",
        "zu",
        "mac",
        "mc",
        "abu",
        "abou",
        "st",
        "saint",
        "san",
    ]
)


class First(IntEnum):
    """How surely a word is a first name."""

    NO = 0
    WEAK = 1
    PROPER = 2
    WORD = 3
    NOUN = 4
    COMMON = 5
    SURE = 6


class Names:
    """First names, surnames and everyday words, all folded."""

    def __init__(self) -> None:
        """Read the lists (some 60,000 words, about 50 ms)."""
        reviewed = read_sections("reviewed.txt")
        everyday = read_sections("everyday.txt")
        self.never = everyday["never"]
        self.places = everyday["places"]
        self.public = frozenset(read_lines("public.txt")["public"])
        self._public_first = frozenset(name.split()[0] for name in self.public)
        self.accented = everyday["with an accent"]
        self.brands = read_words("brands.txt")
        self._chat = read_words("chat_words.txt")
        self._first = dict.fromkeys(read_words("first_names_weak.txt"), First.WEAK)
        self._first.update(dict.fromkeys(read_words("first_names.txt"), First.SURE))
        self._first.update(dict.fromkeys(read_words("first_names_near.txt"), First.NOUN))
        self._first.update(dict.fromkeys(reviewed["nickname"], First.SURE))
        kinds = {
            "common": First.COMMON, "noun": First.NOUN, "word": First.WORD, "proper": First.PROPER
        }  # fmt: skip
        for section, kind in kinds.items():
            self._first.update(dict.fromkeys(reviewed[section], kind))
        self._surnames = read_words("surnames.txt")
        self._surname_words = read_words("surnames_words.txt")

    def first(self, word: str) -> First:
        """Return how surely a folded word is a first name."""
        return First.NO if word in self.never else self._first.get(word, First.NO)

    def listed(self, word: str) -> bool:
        """Tell whether a folded word is on any list, even one that is an everyday word too."""
        return (
            self._first.get(word, First.NO) > First.WEAK
            or word in self._surnames
            or word in self._surname_words
        )

    def any_first(self, word: str) -> bool:
        """Tell whether a folded word is a first name of any kind, everyday words included."""
        return self._first.get(word, First.NO) > First.WEAK

    def surname(self, word: str) -> bool:
        """Tell whether a folded word (pieces written together) is a surname and no other word."""
        return word in self._surnames and word not in self.never

    def surname_word(self, word: str) -> bool:
        """Tell whether a folded word is a surname and a word or place too."""
        return word in self._surname_words and word not in self.never

    def known(self, word: str, written: str = "") -> bool:
        """Tell whether a word is an ordinary word of French, Dutch or of chat.

        Args:
            word: folded.
            written: with its accents; the dictionaries have them.
        """
        if word in self.never or word in self._chat or _in_dictionary(word):
            return True
        return written != "" and written.lower() != word and _in_dictionary(written.lower())

    def ordinary(self, token: Token) -> bool:
        """Tell whether a word of a text is an ordinary word, looked up with its accents too."""
        return self.known(token.folded, token.text)

    def begins_public(self, word: str) -> bool:
        """Tell whether somebody whom everybody knows has a name that begins with a folded word."""
        return word in self._public_first

    def particle(self, word: str) -> bool:
        """Tell whether a folded word may stand inside a surname ("van", "el")."""
        return word in _INSIDE


# Not cached: the words that nobody knows are names, and would stay in memory.
def _in_dictionary(word: str) -> bool:
    return bool(is_known(word, ("fr", "nl")))


_lock = Lock()
_names: list[Names] = []


def names() -> Names:
    """Return the lists, read once (also when several threads ask at the same time)."""
    with _lock:
        if not _names:
            _names.append(Names())
        return _names[0]
