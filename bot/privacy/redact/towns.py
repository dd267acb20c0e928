"""Names of communes and villages in a text, for addresses that keep their town."""

from __future__ import annotations

import re

from bot.directory.model import Directory
from bot.directory.places import HARD, PLAIN
from bot.language import Supported

from .names import names
from .view import View

# Sections of this many words exist ("Saint-Georges-sur-Meuse").
_LONGEST = 5


class Towns:
    """Looks places up in the directory; without one, nothing is a place."""

    def __init__(self, directory: Directory | None) -> None:
        """Keep the directory's index of places."""
        self._directory = directory
        self._names = directory.places.names if directory is not None else {}
        # Cities and countries that are no commune of ours; they are never an address's town.
        self._far = names().places
        self._words = frozenset(n for n in self._names if " " not in n) | self._far
        self._first = frozenset(n.split()[0] for n in self._names if " " in n)

    def is_place(self, folded: str) -> bool:
        """Tell whether one folded word is the name of a commune or of a village."""
        return folded in self._words

    def at(self, view: View, index: int) -> int:
        """Return how many tokens from `index` on are the name of a place; 0 when they are none."""
        if index >= len(view.tokens):
            return 0
        best = 0
        words: list[str] = []
        for token in view.tokens[index : index + _LONGEST]:
            if words and re.fullmatch(r"[ '\-]{1,3}", token.gap) is None:
                break
            words.append(token.folded)
            if " ".join(words) in self._names:
                best = len(words)
        return best or int(view.tokens[index].folded in self._far)

    def begins(self, folded: str) -> bool:
        """Tell whether a word begins the name of a place ("Comblain")."""
        return (
            len(folded) > 3 and folded in self._first and folded not in ("saint", "sint", "sainte")
        )

    def is_plain(self, view: View, index: int, count: int) -> bool:
        """Tell whether that name is no everyday word ("naast", "spa") in small letters."""
        first = view.tokens[index]
        name = " ".join(token.folded for token in view.tokens[index : index + count])
        place = self._names.get(name)
        if first.capital or place is None or place.strictness == PLAIN:
            return True
        return place.strictness < HARD and not names().ordinary(first)

    def commune(self, name: str, language: Supported) -> str:
        """Return what the placeholder says: the commune of a place or of a postal code.

        A name that several communes have, or that nobody knows, stays as it was written.

        Args:
            name: as written, with or without a postal code before it.
            language: of the conversation.
        """
        if self._directory is None:
            return ""
        code = re.search(r"\d{4}", name)
        words = " ".join(re.findall(r"[^\W\d_]+", name)).lower()
        place = self._names.get(View(words).folded) if words else None
        ids = place.communes if place is not None else ()
        if code is not None:
            by_code = self._directory.places.codes.get(code.group(), ())
            ids = tuple(i for i in ids if i in by_code) or by_code or ids
        if len(ids) == 1:
            return str(self._directory.communes[ids[0]].name[language])
        return re.sub(r"^\W*\d{4}\W*", "", name).strip() if place is not None else ""


def is_code(word: str) -> bool:
    """Tell whether four digits can be a Belgian postal code."""
    return re.fullmatch(r"[1-9]\d{3}", word) is not None
