"""Surnames of several pieces: "van den Broeck", "El Idrissi", "de la Croix"."""

from __future__ import annotations

import re

from .names import Names
from .surroundings import Surroundings
from .view import View

_BETWEEN = re.compile(r"[ '\-]")
# Articles and prepositions of French: a name needs more than these before an unknown word.
_FRENCH = frozenset(["de", "la", "le", "l", "d", "du", "des", "te", "t", "a"])
_MOST = 3


class Surnames:
    """Finds where a surname ends that begins with particles."""

    def __init__(self, view: View, names: Names, around: Surroundings) -> None:
        """Take the text, the lists and what is known of the words around."""
        self._view, self._names, self._around = view, names, around

    def whole(self, index: int) -> int | None:
        """Return the token that ends a listed surname of pieces that begins at `index`, or None."""
        tokens, pieces = self._view.tokens, ""
        for token in tokens[index : index + _MOST + 2]:
            if pieces and not _BETWEEN.fullmatch(token.gap):
                return None
            pieces += token.folded
            if not self._names.particle(token.folded):
                known = self._names.surname(pieces) and token.index not in self._around.barred
                return token.index if known and token.index > index else None
        return None

    def end(self, index: int, told: bool) -> int | None:
        """Return the token that ends a surname whose first particle is at `index`, or None.

        Args:
            index: of a particle.
            told: whether something before says that a name stands here; then a word that is also
                an ordinary one may end it.
        """
        tokens = self._view.tokens
        pieces: list[str] = []
        start = index
        while index < len(tokens) and (not pieces or self._names.particle(tokens[index].folded)):
            if len(pieces) > _MOST or (pieces and not _BETWEEN.fullmatch(tokens[index].gap)):
                return None
            pieces.append(tokens[index].folded)
            index += 1
        if index >= len(tokens) or not _BETWEEN.fullmatch(tokens[index].gap):
            return None
        token = tokens[index]
        if index in self._around.barred or token.folded in self._names.brands:
            return None
        if token.folded in self._names.never and not token.capital:
            return None
        capital = token.capital and self._view.capitals_mean_something
        if capital and tokens[start].capital:
            return index
        place = self._around.is_place(index)
        joined = "".join(pieces) + token.folded
        if capital and not place and not self._around.is_title(index):
            listed = self._names.listed(token.folded) or self._names.surname(joined)
            return index if listed or not self._names.ordinary(token) else None
        ordinary = place or self._names.ordinary(token)
        if self._names.surname(joined) or self._names.surname_word(joined):
            return index if told or not ordinary else None
        foreign = not {*pieces} <= _FRENCH
        return index if foreign and not ordinary and len(token.folded) > 3 else None
