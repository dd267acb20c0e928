"""What stands in the text instead: the same person gets the same number within a conversation.

The record of a conversation holds no names: a name is looked up by a keyed hash (BLAKE2b with a
random salt of that conversation), so that a record says only that a name came back.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

from bot.language import Supported

from .lists import read_lines
from .view import fold_word

_SALT = "salt"
_COUNT = "count"
_PARTICLES = {"van", "de", "den", "der", "d", "la", "le", "el", "di", "da", "du", "des", "ben"}


@lru_cache(maxsize=2)
def _texts(language: Supported) -> dict[str, str]:
    lines = read_lines("placeholders.txt")[language]
    # Commas part phrases in the other lists; here the one in "[adres, {town}]" is put back.
    joined = ", ".join(lines)
    return dict(re.findall(r"([A-Z_]+) = (\[[^\]]*\])", joined))


def placeholder(
    kind: str, language: Supported, *, number: int = 0, town: str = "", home: str = ""
) -> str:
    """Return what stands for a piece of the text.

    Args:
        kind: the type of what was found.
        language: of the conversation.
        number: of the person.
        town: of an address.
        home: what sort of home a named one is ("maison de repos").
    """
    texts = _texts(language)
    if home:
        return texts["HOME"].format(home=home)
    if kind == "ADDRESS" and town:
        return texts["ADDRESS_IN"].format(town=town)
    return texts[kind].format(n=number)


class Numbering:
    """Gives persons their numbers, and remembers them in a mapping that can be kept as JSON."""

    def __init__(self, known: MutableMapping[str, Any]) -> None:
        """Use (and fill) the mapping of a conversation; a fresh one may be empty."""
        self._known = known
        if _SALT not in known:
            known[_SALT] = secrets.token_hex(16)
            known[_COUNT] = 0

    def number(self, name: str) -> int:
        """Return the number of a person.

        "Kevin" and "Kevin Dubois" are one person, and so are "Kevin Dubois" and "Mme Dubois" where
        nobody else is called so; two full names that differ are two persons.

        Args:
            name: as written.
        """
        words = re.findall(r"[^\W\d_]+", fold_word(name))
        whole = self._key("whole", words)
        if whole in self._known:
            return int(self._known[whole])
        parts = [self._key("part", [word]) for word in self._ends(words)]
        number = None
        if len(words) == 1:
            number = self._known.get(parts[0])
        else:
            # A full name takes over the number of a first name (or surname) that stood alone.
            alone = (self._known.get(self._key("whole", [word])) for word in self._ends(words))
            number = next((n for n in alone if n is not None and not self._has_full(n)), None)
        if number is None:
            self._known[_COUNT] += 1
            number = self._known[_COUNT]
        self._known[whole] = number
        for part in parts:
            self._known.setdefault(part, number)
        if len(words) > 1:
            self._known[self._full(int(number))] = True
        return int(number)

    def _ends(self, words: list[str]) -> list[str]:
        """Return the first name and the last word of a name."""
        if len(words) < 2:
            return words
        last = words[-1]
        return [words[0]] if last in _PARTICLES else [words[0], last]

    def _has_full(self, number: int) -> bool:
        return self._full(number) in self._known

    @staticmethod
    def _full(number: int) -> str:
        return f"full {number}"

    def _key(self, kind: str, words: list[str]) -> str:
        salt = bytes.fromhex(self._known[_SALT])
        text = f"{kind} {' '.join(words)}".encode(errors="replace")
        return hashlib.blake2b(text, key=salt, digest_size=8).hexdigest()
