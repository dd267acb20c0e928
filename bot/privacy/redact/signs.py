"""Whether one word is the name of a person: the lists, and the signs around it."""

from __future__ import annotations

import re

from .names import First, Names
from .surnames import Surnames
from .surroundings import Surroundings, phrase_set
from .view import Token, View

_SHORTEST_ALONE = 6
_DUTCH_ENDINGS = ("s", "tje", "ske", "ke", "je")
# "mijn Algerijnse moeder", "mon mari Tunisien": no names, for all their capitals.
_OF_A_COUNTRY = re.compile(
    r"(?:se|aan|ees|isch|ische|aine?|ienn?e?|oise?|aise?|ole|ique|ande?|iet)$"
)
_THE = frozenset({"le", "la", "de", "den", "het"})
# Relations that are surnames too, with a capital.
_ALSO_SURNAMES = ("petit", "klein", "jan")


class Signs:
    """Judges single words; the name's further words are found by `person`."""

    def __init__(self, view: View, names: Names, around: Surroundings) -> None:
        """Take the text, the lists and what is known of the words around."""
        self._view, self._names, self._around = view, names, around
        self._surnames = Surnames(view, names, around)

    def is_name(self, token: Token) -> bool:
        """Tell whether a word is (part of) a name by itself or by what stands around it."""
        index, word, around, names = token.index, token.folded, self._around, self._names
        if index in around.barred or len(word) < 2:
            return word == "d" and self._in_pieces(token)
        if self._told(token) or self._in_pieces(token):
            return True
        if word in names.brands and token.capital and around.after(index, "relation"):
            # "ma fille Mégane": a car too.
            return names.any_first(word) and not self._is_thing(token)
        if around.is_place(index) or word in names.brands or word in names.never:
            return False
        if token.text.lower() in names.accented:
            return False
        if around.is_title(index) and not names.listed(word):
            return False
        first = names.first(word)
        if first is First.SURE and not self._is_thing(token):
            return True
        if self._hyphened(token):
            return True
        if First.NO < first < First.SURE and self._evidence(token, first):
            return True
        if first < First.COMMON and names.surname(word) and self._surname_alone(token):
            return True
        return self._unlisted(token) or self._bent(word)

    def _in_pieces(self, token: Token) -> bool:
        """Tell whether a surname of pieces stands alone ("Van Damme de buurman", "dos santos")."""
        index, around, names = token.index, self._around, self._names
        end = self._surnames.whole(index) if names.particle(token.folded) else None
        if end is None or around.is_place(index):
            return False
        linked = around.before(index) in {"", *phrase_set("preposition")}
        does = linked and (around.before_verb(end) or self._presented(index, end))
        elided = token.folded == "d" and around.before(index) == ""
        proper = self._view.tokens[end].capital and self._view.capitals_mean_something
        if proper and (token.capital or elided):
            return does or not around.is_place(end)
        # "de man", "la porte": in small letters these are words.
        return token.folded not in phrase_set("determiner") and not token.capital and does

    def _is_thing(self, token: Token) -> bool:
        """Tell whether a sure name is the word that it is too ("une madeleine")."""
        if token.capital or self._around.before(token.index) not in phrase_set("article"):
            return False
        return self._names.ordinary(token)

    def is_doubtful(self, token: Token) -> bool:
        """Tell whether a model may be asked: an unknown capital, or a name that is a word too."""
        index, word, around = token.index, token.folded, self._around
        if index in around.barred or around.is_place(index) or len(word) < 3 or token.shouted:
            return False
        if word in self._names.brands or word in self._names.never or around.is_title(index):
            return False
        ambiguous = self._names.first(word) in (First.NOUN, First.COMMON)
        if around.capital(index, anywhere=True):
            return ambiguous or not self._names.ordinary(token)
        blocked = phrase_set("determiner") | phrase_set("no name after")
        return ambiguous and around.before(index) not in blocked

    def _told(self, token: Token) -> bool:
        """Tell whether "je m'appelle", "Mme", "dokter" says that a name stands here."""
        around, index = self._around, token.index
        return (
            (around.after(index, "naming") and self._named(token))
            or (around.after(index, "title") and self._titled(token, hard=True))
            or (around.after(index, "office") and self._titled(token, hard=False))
        )

    def _named(self, token: Token) -> bool:
        word, names = token.folded, self._names
        if names.any_first(word) or names.surname(word):
            return True
        if names.particle(word) or word in names.never or self._around.is_place(token.index):
            return False
        if self._around.capital(token.index, anywhere=True):
            return not token.shouted
        return not names.ordinary(token) and len(word) > 2

    def _titled(self, token: Token, hard: bool) -> bool:
        word, around, names = token.folded, self._around, self._names
        if re.search(r"['\-]", token.gap):
            return False
        if around.is_title(token.index):
            acts = hard and around.before_verb(token.index)
            return word in _ALSO_SURNAMES and (token.capital or acts)
        if around.is_place(token.index) and not hard:
            return False
        if token.capital and (self._view.capitals_mean_something or hard):
            if names.particle(word):
                after = self._surnames.end(token.index, told=True)
                return after is not None and not around.is_title(after)
            return not _is_function_word(word)
        if names.first(word) is First.SURE or names.surname(word):
            return True
        if names.particle(word):
            return self._surnames.end(token.index, told=False) is not None
        if not hard or not names.listed(word) or _is_function_word(word):
            return False
        # "mme petit m'a dit", "meneer bakker de directeur", but not "mevrouw even weg".
        following = around.next(token.index)
        pause = around.at_end(token.index) or around.before_verb(token.index, loosely=True)
        described = following is not None and following.folded in phrase_set("determiner")
        return (pause or described) and word not in phrase_set("verb")

    def _evidence(self, token: Token, first: First) -> bool:
        """Tell whether something says that a name that is also a word is meant as a name."""
        index, around = token.index, self._around
        if self._beside_a_name(index, first) or self._presented(index):
            return True
        related = around.after(index, "relation") and token.gap != "-"
        if first is First.PROPER:
            return False
        if first is First.COMMON:
            return related or self._unblocked(token)
        if first is First.WEAK:
            return around.capital(index) or (related and around.before_verb(index))
        if around.capital(index):
            return True
        if first is First.WORD:
            # "An heeft het gezien": at the start of a sentence the verb must help.
            begins = token.starts_sentence and around.before_verb(index)
            return begins or (related and (token.capital or around.before_verb(index)))
        return related or self._noun_as_name(token)

    def _noun_as_name(self, token: Token) -> bool:
        index, around = token.index, self._around
        if around.after(index, "introduction"):
            return around.at_end(index) or around.before_verb(index, loosely=True)
        before = around.before(index)
        acts = around.before_verb(index, loosely=before != "" or token.capital)
        if before in phrase_set("with"):
            return acts or before == "chez" or around.at_end(index)
        if before in ("de", "d"):
            # "le fils de rose", but not "na de storm".
            return self._of_somebody(index - 1) and (acts or around.at_end(index))
        if before in phrase_set("determiner") or not acts:
            return False
        linked = before == "" or before in phrase_set("preposition")
        return linked or around.after(index, "presentation")

    def _unblocked(self, token: Token) -> bool:
        """Tell whether nothing says that a common first name is meant as a word."""
        index, around = token.index, self._around
        if around.capital(index):
            return True
        if token.gap == "-" or re.search(r"\d", self._view.text[token.end : token.end + 2]):
            return False
        before = around.before(index)
        if before in ("de", "d"):
            return self._of_somebody(index - 1)
        # "marguerite des champs", "pierre par pierre".
        after = [t.folded for t in self._view.tokens[index + 1 : index + 3]]
        if after[:1] == ["des"] or after[1:] == [token.folded]:
            return False
        return before not in phrase_set("determiner") | phrase_set("no name after")

    def _of_somebody(self, index: int) -> bool:
        around = self._around
        return around.after(index, "relation") or around.after(index, "of a person")

    def _presented(self, index: int, last: int | None = None) -> bool:
        """Tell whether "mon père", "mijn dochter" follows a name that begins a sentence.

        `last` is the last token of a name of several words.
        """
        last = index if last is None else last
        after = self._view.tokens[last + 1 : last + 3]
        begins = self._view.tokens[index].starts_sentence
        return (
            len(after) == 2
            and (begins or self._around.after(index, "presentation"))
            and after[0].folded in phrase_set("own") | _THE
            and after[1].folded in phrase_set("relation")
        )

    def _hyphened(self, token: Token) -> bool:
        """Tell whether two first names are joined ("marie-france"), whatever else they are."""
        following = self._around.next(token.index)
        if following is None or following.gap != "-" or following.index in self._around.barred:
            return False
        return self._names.any_first(token.folded) and self._names.any_first(following.folded)

    def _beside_a_name(self, index: int, first: First) -> bool:
        """Tell whether a surname follows, or a sure first name is joined by a hyphen."""
        tokens, names = self._view.tokens, self._names
        token, following = tokens[index], self._around.next(index)
        if token.gap == "-" and index and names.first(tokens[index - 1].folded) is First.SURE:
            return True
        if following is None or following.gap not in (" ", "-"):
            return False
        if following.index in self._around.barred:
            return False
        word = following.folded
        capital = token.capital and following.capital
        if names.surname(word) and (capital or first >= First.NOUN):
            return True
        if following.gap == "-" and names.first(word) is First.SURE:
            return True
        if names.particle(word) and token.capital:
            end = self._surnames.end(index + 1, told=False)
            return end is not None and tokens[end].capital
        meant = capital and self._view.capitals_mean_something
        return meant and first > First.WEAK and names.surname_word(word)

    def _surname_alone(self, token: Token) -> bool:
        index, around = token.index, self._around
        if around.capital(index) or around.after(index, "relation"):
            return True
        long = len(token.folded) >= _SHORTEST_ALONE
        linked = around.before(index) in {"", *phrase_set("preposition")}
        return long and linked and around.before_verb(index)

    def _unlisted(self, token: Token) -> bool:
        """Tell whether a word that no list has is used as a name."""
        index, around = token.index, self._around
        if len(token.folded) < 3 or token.shouted:
            return False
        related = around.after(index, "relation")
        if self._names.ordinary(token):
            # "mijn nonkel Staf": a word, but its capital has no other reason here.
            proper = around.capital(index) and token.gap == " "
            return related and proper and _OF_A_COUNTRY.search(token.folded) is None
        if not around.capital(index):
            opens = token.starts_sentence and token.capital and self._row_follows(index)
            return opens or (related and len(token.folded) > 3 and around.before_verb(index))
        determined = around.before(index) in phrase_set("determiner") | phrase_set("to a place")
        return related or (not determined and around.before_verb(index))

    def _row_follows(self, index: int) -> bool:
        """Tell whether sure names follow in a row ("Xhulia, Malik et Sofia")."""
        following = self._around.next(index)
        if following is not None and following.gap == " " and following.folded in ("et", "en"):
            following = self._around.next(index + 1)
        elif following is not None and following.gap != ", ":
            return False
        return following is not None and self._names.first(following.folded) is First.SURE

    def _bent(self, word: str) -> bool:
        """Tell whether a word is a sure first name with a Dutch ending ("kevins", "jefke")."""
        if len(word) < 6 or self._names.listed(word) or self._names.known(word):
            return False
        return any(
            word.endswith(ending) and self._names.first(word[: -len(ending)]) is First.SURE
            for ending in _DUTCH_ENDINGS
        )


def _is_function_word(word: str) -> bool:
    small = phrase_set("determiner") | phrase_set("preposition")
    return word in small - {"petit", "petite", "belle", "beau"}
