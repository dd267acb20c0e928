"""Names of persons: lists, a guard against everyday words, trigger phrases, neighbours, and (for
French, once it is loaded) the named entities of spaCy as one more witness."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from .model import Found
from .names import First, Names
from .surroundings import Surroundings, phrase_set
from .towns import Towns
from .view import Token, View

Witness = Callable[[View], set[int]]

_COMPOUND = frozenset(
    [
        "jean",
        "jan",
        "marie",
        "maria",
        "anne",
        "ann",
        "pierre",
        "paul",
        "charles",
        "louis",
        "marc",
        "jose",
        "luc",
        "abdel",
        "mohamed",
        "mohammed",
        "fatima",
        "el",
        "abd",
    ]
)
_SPACE = re.compile(r" |-| - ")
_AND = {"et", "en", "e", "ou", "of"}
_SHORTEST_ALONE = 6
_TO_A_PLACE = {"in", "naar", "te", "uit", "aan", "vers", "dans", "sur", "a"}
_WITH = {
    "chez",
    "avec",
    "avc",
    "contre",
    "met",
    "bij",
    "tegen",
    "a",
    "pour",
    "par",
    "aan",
    "voor",
    "door",
}
_GENITIVE = ("s",)
_SMALL = ("tje", "ske", "ke", "je")


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
    for first, last in finder.groups(witness):
        end = view.tokens[last].end
        # The full stop of an initial ("Vanessa V.") goes with it.
        end += last > first and len(view.tokens[last].text) == 1 and view.text[end : end + 1] == "."
        yield Found(view.tokens[first].start, end, "PERSON")


class _Finder:
    def __init__(self, view: View, names: Names, around: Surroundings) -> None:
        self._view, self._names, self._around = view, names, around
        self._tokens = view.tokens

    def groups(self, witness: Witness | None) -> Iterator[tuple[int, int]]:
        """Yield the first and last token of each name."""
        seeds = {t.index for t in self._tokens if self._is_seed(t)}
        if witness is not None:
            doubtful = [t.index for t in self._tokens if t.index not in seeds and self._doubtful(t)]
            if doubtful:
                seeds |= witness(self._view) & {*doubtful}
        done = -1
        for index in sorted(seeds):
            if index <= done:
                continue
            first = self._to_the_left(index, done)
            last = self._to_the_right(first, index)
            yield first, last
            done = last
            second = self._also(last)
            while second > done:
                done = self._to_the_right(second, second)
                yield second, done
                second = self._also(done)

    def _is_seed(self, token: Token) -> bool:
        index, word, around, names = token.index, token.folded, self._around, self._names
        if index in around.barred or len(word) < 2:
            return False
        naming, title = around.after(index, "naming"), around.after(index, "title")
        if naming and self._named(token):
            return True
        if title and self._titled(token, hard=True):
            return True
        if around.after(index, "office") and self._titled(token, hard=False):
            return True
        if around.is_place(index) or word in names.brands or word in names.never:
            return False
        if token.text.lower() in names.accented:
            return False
        if self._is_title(index) and not names.listed(word):
            return False
        first = names.first(word)
        if first is First.SURE or (first is First.COMMON and self._unblocked(token)):
            return True
        if self._hyphened(token):
            return True
        if first is First.COMMON:
            return self._beside_a_name(index, first) or self._presented(index)
        if first is not First.NO and self._evidence(token, first):
            return True
        if names.surname(word) and self._surname_alone(token):
            return True
        return self._unlisted(token) or self._bent(word)

    def _named(self, token: Token) -> bool:
        word, names = token.folded, self._names
        if names.first(word) > First.WEAK or names.surname(word) or word in ("noel", "mars"):
            return True
        if names.particle(word) or word in names.never or self._around.is_place(token.index):
            return False
        if self._around.capital(token.index, anywhere=True):
            return not token.shouted
        return not names.ordinary(token) and len(word) > 2

    def _titled(self, token: Token, hard: bool) -> bool:
        word, around = token.folded, self._around
        if re.search(r"['\-]", token.gap):
            return False
        if word in phrase_set("title") | phrase_set("office") | phrase_set("relation"):
            return word in ("petit", "klein", "jan") and token.capital
        if around.is_place(token.index) and not hard:
            return False
        if token.capital and (self._view.capitals_mean_something or hard):
            if self._names.particle(word):
                after = self._surname_after_particles(token.index, True)
                return after is not None and not self._is_title(after)
            return not self._is_function_word(word)
        if self._names.first(word) is First.SURE or self._names.surname(word):
            return True
        if self._names.particle(word):
            return self._surname_after_particles(token.index, False) is not None
        if not hard or not self._names.listed(word) or self._is_function_word(word):
            return False
        following = around.next(token.index)
        pause = around.at_end(token.index) or around.before_verb(token.index, loosely=True)
        described = following is not None and following.folded in phrase_set("determiner")
        return (pause or described) and word not in phrase_set("verb")

    def _is_function_word(self, word: str) -> bool:
        return word in phrase_set("determiner") | phrase_set("preposition") - {
            "petit",
            "petite",
            "belle",
            "beau",
        }

    def _evidence(self, token: Token, first: First) -> bool:
        """Tell whether something says that a name that is also a word is meant as a name."""
        index, around = token.index, self._around
        if self._beside_a_name(index, first) or self._presented(index):
            return True
        if first is First.PROPER:
            return False
        related = around.after(index, "relation") and token.gap != "-"
        if first is First.WEAK:
            return around.capital(index) or (related and around.before_verb(index))
        if around.capital(index):
            return True
        if first is First.WORD:
            # "An heeft het gezien": at the start of a sentence the verb must help.
            begins = token.starts_sentence and around.before_verb(index)
            return begins or (related and (token.capital or around.before_verb(index)))
        if related:
            return True
        before = around.before(index)
        if around.after(index, "introduction"):
            return around.at_end(index) or around.before_verb(index, loosely=True)
        acts = around.before_verb(index, loosely=before != "" or token.capital)
        if before in _WITH:
            return acts or before == "chez" or around.at_end(index)
        if before in ("de", "d"):
            # "le fils de rose", but not "na de storm".
            of_somebody = around.after(index - 1, "relation") or around.after(
                index - 1, "of a person"
            )
            return of_somebody and (acts or around.at_end(index))
        if before in phrase_set("determiner"):
            return False
        return acts and (
            before == ""
            or before in phrase_set("preposition")
            or around.after(index, "presentation")
        )

    def _presented(self, index: int) -> bool:
        """Tell whether "mon père", "mijn dochter" follows a name that starts a sentence."""
        after = self._tokens[index + 1 : index + 3]
        return (
            len(after) == 2
            and (self._tokens[index].starts_sentence or self._around.after(index, "presentation"))
            and after[0].folded in phrase_set("own")
            and after[1].folded in phrase_set("relation")
        )

    def _unblocked(self, token: Token) -> bool:
        """Tell whether nothing says that a common first name is meant as a word."""
        index, around = token.index, self._around
        if around.capital(index) or around.after(index, "relation"):
            return True
        if re.search(r"\d", self._view.text[token.end : token.end + 2]):
            return False
        before = around.before(index)
        if before in ("de", "d"):
            return around.after(index - 1, "relation") or around.before(index - 1) in phrase_set(
                "of a person"
            )
        return before not in phrase_set("determiner") | phrase_set("no name after")

    def _hyphened(self, token: Token) -> bool:
        """Tell whether two first names are joined ("marie-france"), whatever else they are."""
        following = self._around.next(token.index)
        if following is None or following.gap != "-" or following.index in self._around.barred:
            return False
        return self._names.any_first(token.folded) and self._names.any_first(following.folded)

    def _beside_a_name(self, index: int, first: First) -> bool:
        """Tell whether a surname follows, or a sure first name is joined by a hyphen."""
        following = self._around.next(index)
        token = self._tokens[index]
        if (
            following is not None
            and following.index not in self._around.barred
            and following.gap in (" ", "-")
        ):
            capital = token.capital and following.capital
            if self._names.surname(following.folded) and (capital or first >= First.NOUN):
                return True
            if following.gap == "-" and self._names.first(following.folded) is First.SURE:
                return True
            if self._names.particle(following.folded) and token.capital:
                found = self._surname_after_particles(index + 1, False)
                return found is not None and self._tokens[found].capital
            if (
                capital
                and first > First.WEAK
                and self._names.surname_word(following.folded)
                and self._view.capitals_mean_something
            ):
                return True
        return (
            token.gap == "-"
            and index > 0
            and self._names.first(self._tokens[index - 1].folded) is First.SURE
        )

    def _surname_alone(self, token: Token) -> bool:
        index, around = token.index, self._around
        if around.capital(index) or around.after(index, "relation"):
            return True
        long = len(token.folded) >= _SHORTEST_ALONE
        return (
            long
            and around.before_verb(index)
            and (around.before(index) in {"", *phrase_set("preposition")})
        )

    def _unlisted(self, token: Token) -> bool:
        """Tell whether a capital word that no list and no dictionary has is used as a name."""
        index, around = token.index, self._around
        if not around.capital(index) or token.shouted or len(token.folded) < 3:
            return False
        if around.after(index, "relation"):
            return True
        determined = around.before(index) in phrase_set("determiner") | _TO_A_PLACE
        return not determined and around.before_verb(index)

    def _bent(self, word: str) -> bool:
        """Tell whether a word is a sure first name with a Dutch ending ("kevins", "jefke")."""
        if len(word) < 6 or self._names.listed(word) or self._names.known(word):
            return False
        return any(
            word.endswith(ending) and self._names.first(word[: -len(ending)]) is First.SURE
            for ending in (*_GENITIVE, *_SMALL)
        )

    def _doubtful(self, token: Token) -> bool:
        """Tell whether a model may be asked: a capital that nobody knows, or a name that is a word."""
        index, word, around = token.index, token.folded, self._around
        if index in around.barred or around.is_place(index) or len(word) < 3:
            return False
        if word in self._names.brands or word in self._names.never or token.shouted:
            return False
        if self._is_title(index):
            return False
        if around.capital(index, anywhere=True):
            return not self._names.ordinary(token) or self._names.first(word) in (
                First.NOUN,
                First.COMMON,
            )
        if around.before(index) in phrase_set("determiner"):
            return False
        return self._names.first(word) in (First.NOUN, First.COMMON)

    def _free(self, index: int) -> bool:
        return index not in self._around.barred and 0 <= index < len(self._tokens)

    def _to_the_left(self, index: int, done: int) -> int:
        while index - 1 > done and self._free(index - 1):
            before, token = self._tokens[index - 1], self._tokens[index]
            word = before.folded
            if _SPACE.fullmatch(token.gap) is None or word in self._names.never:
                break
            if self._is_title(index - 1):
                break
            if self._names.particle(word):
                capital = before.capital and self._view.capitals_mean_something
                joined = word + token.folded
                if not (capital and token.capital) and (
                    word == "ben" or not self._names.surname(joined)
                ):
                    break
                index -= 1
                continue
            if token.gap == "-" and (before.capital or self._names.listed(word)):
                index -= 1
                continue
            if self._around.is_place(index - 1) or word in self._names.brands or not before.capital:
                break
            if not self._view.capitals_mean_something or (
                self._names.ordinary(before) and not self._names.listed(word)
            ):
                break
            if before.starts_sentence and not (
                self._names.surname(token.folded) or self._names.surname(word)
            ):
                break
            if self._names.first(word) in (First.NO, First.PROPER) and self._names.ordinary(before):
                break
            index -= 1
        return index

    def _is_title(self, index: int) -> bool:
        word = self._tokens[index].folded
        return word in phrase_set("title") | phrase_set("office") | phrase_set("relation")

    def _to_the_right(self, first: int, index: int) -> int:
        told = any(self._around.after(first, s) for s in ("naming", "title", "introduction"))
        if self._names.particle(self._tokens[index].folded):
            after = self._surname_after_particles(index, told)
            if after is not None:
                index = after
        while index - first < 5:
            following = self._around.next(index)
            if following is None or not self._free(following.index):
                return index
            joined = (
                following.gap == "'"
                and self._tokens[index].folded in ("d", "o")
                and following.capital
            )
            if _SPACE.fullmatch(following.gap) is None and not joined:
                return index
            after = self._continues(following, index, told)
            if after is None:
                return index
            index = after
        return index

    def _continues(self, token: Token, before: int, told: bool) -> int | None:
        """Return the last token that goes on with the name, from `token` on; None: the name ends."""
        index, word, names = token.index, token.folded, self._names
        capital = token.capital and self._view.capitals_mean_something
        if len(word) == 1:
            dotted = self._view.text[token.end : token.end + 1] == "."
            return index if token.capital and dotted else self._particles(token, told)
        if word in names.never:
            return (
                index if told and capital and names.listed(word) else self._particles(token, told)
            )
        first = names.first(word)
        if token.gap == "-" and (token.capital or first > First.WEAK or names.surname(word)):
            return index
        if first is First.SURE or names.surname(word):
            return index if not self._around.is_place(index) or capital else None
        if first in (First.NOUN, First.COMMON) and self._tokens[before].folded in _COMPOUND:
            return index
        if capital and (first > First.WEAK or names.surname_word(word)):
            return index
        if names.particle(word):
            return self._particles(token, told)
        if (
            capital
            and not names.ordinary(token)
            and not self._around.is_place(index)
            and word not in names.brands
        ):
            return index
        wordy = names.surname_word(word) and not self._around.is_place(index)
        if told and wordy and word not in phrase_set("verb") and self._around.at_end(index):
            return index
        return None

    def _particles(self, token: Token, told: bool) -> int | None:
        return (
            self._surname_after_particles(token.index, told)
            if self._names.particle(token.folded)
            else None
        )

    def _surname_after_particles(self, index: int, told: bool) -> int | None:
        """Return the token of a surname that particles from `index` on begin ("van den Broeck")."""
        pieces: list[str] = []
        start = index
        while index < len(self._tokens) and len(pieces) < 4:
            token = self._tokens[index]
            if pieces and re.fullmatch(r" |-|'", token.gap) is None:
                return None
            if pieces and not self._names.particle(token.folded):
                break
            pieces.append(token.folded)
            index += 1
        else:
            return None
        token = self._tokens[index]
        if not self._free(index) or (token.folded in self._names.never and not token.capital):
            return None
        capital = token.capital and self._view.capitals_mean_something
        if capital and self._tokens[start].capital:
            return index
        if capital and not self._around.is_place(index) and not self._is_title(index):
            listed = self._names.listed(token.folded) or self._names.surname(
                "".join(pieces) + token.folded
            )
            return index if listed or not self._names.ordinary(token) else None
        joined = "".join(pieces) + token.folded
        ordinary = self._names.ordinary(token) or self._around.is_place(index)
        if self._names.surname(joined) or self._names.surname_word(joined):
            return index if told or not ordinary else None
        foreign = not {*pieces} <= {"de", "la", "le", "l", "d", "du", "des", "te", "t", "a"}
        return index if foreign and not ordinary and len(token.folded) > 3 else None

    def _also(self, last: int) -> int:
        """Return the next name of a row ("Sofiane, jade et Xhulia"), or `last` at its end."""
        following = self._tokens[last + 1 : last + 3]
        if not following:
            return last
        if following[0].gap == ", ":
            second = following[0]
        elif following[0].folded in _AND and following[0].gap == " " and len(following) == 2:
            second = following[1]
            if second.gap != " ":
                return last
        else:
            return last
        index, word = second.index, second.folded
        if not self._free(index) or word in self._names.never or word in self._names.brands:
            return last
        if self._around.is_place(index):
            return last
        if self._names.first(word) >= First.NOUN:
            return index
        if second.shouted or not self._around.capital(index) or self._names.ordinary(second):
            return last
        return index
