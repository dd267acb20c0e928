"""Names of persons: lists, a guard against everyday words, signs, neighbours.

For French, once it is loaded, the named entities of spaCy are one more witness.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from .model import Found
from .names import First, Names
from .signs import Signs
from .surnames import Surnames
from .surroundings import Surroundings, phrase_set
from .towns import Towns
from .view import Token, View

Witness = Callable[[View], set[int]]


_SPACE = re.compile(r" |-| - ")
_AND = frozenset({"et", "en", "e", "ou", "of"})
_LONGEST = 5


def find(
    view: View,
    names: Names,
    towns: Towns,
    taken: Iterable[tuple[int, int]] = (),
    witness: Witness | None = None,
) -> Iterator[Found]:
    """Yield names of persons, without their titles.

    Args:
        view: the text.
        names: the lists.
        towns: names of places, which are no persons.
        taken: pieces of the text that other recognisers found.
        witness: gives the tokens that a model takes for persons; asked only when the lists doubt.
    """
    finder = _Finder(view, names, Surroundings(view, towns, names, taken))
    for first, last in finder.names(witness):
        end = view.tokens[last].end
        # The full stop of an initial ("Vanessa V.") goes with it.
        end += last > first and len(view.tokens[last].text) == 1 and view.text[end : end + 1] == "."
        yield Found(view.tokens[first].start, end, "PERSON")


class _Finder:
    def __init__(self, view: View, names: Names, around: Surroundings) -> None:
        self._view, self._names, self._around = view, names, around
        self._tokens = view.tokens
        self._signs = Signs(view, names, around)
        self._surnames = Surnames(view, names, around)

    def names(self, witness: Witness | None) -> Iterator[tuple[int, int]]:
        """Yield the first and last token of each name."""
        seeds = {t.index for t in self._tokens if self._signs.is_name(t)}
        if witness is not None:
            others = (t for t in self._tokens if t.index not in seeds)
            doubtful = {t.index for t in others if self._signs.is_doubtful(t)}
            if doubtful:
                seeds |= witness(self._view) & doubtful
        done = -1
        for index in sorted(seeds):
            if index <= done:
                continue
            first = self._to_the_left(index, done)
            done = self._to_the_right(first, index)
            yield first, done
            further = self._next_in_row(done)
            while further is not None:
                done = self._to_the_right(further, further)
                yield further, done
                further = self._next_in_row(done)

    def _free(self, index: int) -> bool:
        return index not in self._around.barred and 0 <= index < len(self._tokens)

    def _to_the_left(self, index: int, done: int) -> int:
        while index - 1 > done and self._free(index - 1) and self._precedes(index):
            index -= 1
        return index

    def _precedes(self, index: int) -> bool:
        """Tell whether the token before `index` belongs to the name that begins there."""
        before, token, names = self._tokens[index - 1], self._tokens[index], self._names
        word = before.folded
        if token.gap == "'" and len(word) == 1:
            # "M'Hamed", "D'Angelo"; in small letters only where a list has it.
            elided = before.capital and token.capital and word in "dmno"
            return elided or (word in "mn" and names.first(word + token.folded) is First.SURE)
        if _SPACE.fullmatch(token.gap) is None or word in names.never:
            return False
        if self._around.is_title(index - 1):
            return False
        capital = before.capital and self._view.capitals_mean_something
        if names.particle(word):
            joined = word != "ben" and names.surname(word + token.folded)
            return (capital and token.capital) or joined
        if token.gap == "-" and (before.capital or names.listed(word)):
            return True
        if self._around.is_place(index - 1) or word in names.brands or not capital:
            return False
        if names.surname(word) or (names.surname_word(word) and not before.starts_sentence):
            return True
        if names.ordinary(before) and names.first(word) in (First.NO, First.PROPER):
            return False
        begins = before.starts_sentence and names.ordinary(before)
        return not begins or names.surname(token.folded)

    def _to_the_right(self, first: int, index: int) -> int:
        told = any(self._around.after(first, s) for s in ("naming", "title", "introduction"))
        if self._names.particle(self._tokens[index].folded):
            index = self._surnames.end(index, told) or self._surnames.whole(index) or index
        while index - first < _LONGEST:
            following = self._around.next(index)
            if following is None or not self._free(following.index):
                return index
            elided = self._tokens[index].folded in ("d", "o") and following.capital
            if not _SPACE.fullmatch(following.gap) and not (following.gap == "'" and elided):
                return index
            further = self._continues(following, index, told)
            if further is None:
                return index
            index = further
        return index

    def _continues(self, token: Token, before: int, told: bool) -> int | None:
        """Return the last token that goes on with the name from `token` on; None: it has ended."""
        index, word, names = token.index, token.folded, self._names
        capital = token.capital and self._view.capitals_mean_something
        if len(word) == 1 and token.gap == " ":
            sign = self._view.text[token.end : token.end + 1]
            alone = token.capital and sign != "'" and word not in "aioy"
            if alone or (token.capital and sign == ".") or (sign == "." and word not in "ay"):
                return index
        if len(word) == 1 or word in names.never:
            listed = told and capital and names.listed(word)
            return index if listed else self._particles(token, told)
        first, place = names.first(word), self._around.is_place(index)
        if token.gap == "-" and (token.capital or first > First.WEAK or names.surname(word)):
            return index
        if first is First.SURE or names.surname(word):
            return index if capital or not place else None
        if first in (First.NOUN, First.COMMON) and self._tokens[before].folded in phrase_set(
            "first of two"
        ):
            return index
        if capital and (first > First.WEAK or names.surname_word(word)):
            return index
        if names.particle(word):
            return self._particles(token, told)
        if place or word in names.brands:
            return None
        if capital and not names.ordinary(token):
            return index
        wordy = told and names.surname_word(word) and word not in phrase_set("verb")
        return index if wordy and self._around.at_end(index) else None

    def _particles(self, token: Token, told: bool) -> int | None:
        if not self._names.particle(token.folded):
            return None
        return self._surnames.end(token.index, told)

    def _next_in_row(self, last: int) -> int | None:
        """Return the next name of a row ("Sofiane, jade et Xhulia"), or None at its end."""
        following = self._tokens[last + 1 : last + 3]
        if following and following[0].gap == ", ":
            second = following[0]
        elif len(following) == 2 and following[0].folded in _AND and following[0].gap == " ":
            second = following[1]
            if second.gap != " ":
                return None
        else:
            return None
        index, word = second.index, second.folded
        if not self._free(index) or word in self._names.never or word in self._names.brands:
            return None
        if self._around.is_place(index):
            return None
        if self._names.first(word) >= First.NOUN:
            return index
        proper = self._around.capital(index) and not second.shouted
        return index if proper and not self._names.ordinary(second) else None
