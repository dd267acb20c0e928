"""What stands around a word: titles, relations, verbs; saints, pets, works, streets, towns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from .lists import phrases
from .names import Names
from .streets import street_topics
from .towns import Towns
from .view import Token, View

_NEAR = re.compile(r"[ '\".:,«“(\-]{1,4}")
_CLOSE = re.compile(r"[ '\-]{1,3}")
_PLACE_BEFORE = {
    "a",
    "te",
    "in",
    "naar",
    "vers",
    "sur",
    "pres",
    "depuis",
    "habite",
    "woon",
    "woont",
    "commune",
    "ville",
    "gemeente",
    "stad",
    "uit",
    "quitte",
    "rond",
    "buiten",
}
_OF_A_PLACE = {*_PLACE_BEFORE, "de", "d"}
_LONGEST_PHRASE = 5
_PET_LINKS = {
    "qui",
    "s",
    "appelle",
    "sappelle",
    "nomme",
    "c",
    "est",
    "heet",
    "die",
    "naam",
    "is",
    "genaamd",
    "noemt",
    "dat",
}
_OWN = {
    "mon",
    "ma",
    "notre",
    "nos",
    "son",
    "sa",
    "leur",
    "mijn",
    "onze",
    "ons",
    "zijn",
    "haar",
    "hun",
    "le",
    "la",
    "de",
    "het",
    "l",
    "un",
    "une",
    "een",
}
_EPONYMS = {
    "syndrome",
    "maladie",
    "ziekte",
    "syndroom",
    "echelle",
    "schaal",
    "loi",
    "wet",
    "affaire",
    "zaak",
    "effet",
}


@lru_cache(maxsize=32)
def phrase_set(section: str) -> frozenset[str]:
    """Return the phrases of a section, to look words up in."""
    return frozenset(phrases()[section])


@lru_cache(maxsize=32)
def _ends(section: str) -> frozenset[str]:
    return frozenset(phrase.split()[-1] for phrase in phrases()[section])


def _opens(token: Token, following: Token) -> bool:
    """Tell whether a word can still speak of the next one: "Mme. X", "dr. X", not "frère. X"."""
    if token.folded == "me":
        # "Me Delvaux" is a lawyer, "me" isn't.
        return token.text == "Me"
    return "." not in following.gap or len(token.folded) <= 4


class Surroundings:
    """Answers questions about the neighbours of a token."""

    def __init__(
        self, view: View, towns: Towns, names: Names, taken: Iterable[tuple[int, int]]
    ) -> None:
        """Look for what can't be a person.

        Args:
            view: the text.
            towns: names of places.
            names: lists of names and brands.
            taken: pieces of the text that other recognisers found.
        """
        self.view, self.tokens = view, view.tokens
        self._towns, self._names = towns, names
        self.barred: set[int] = set()
        self._places: set[int] = set()
        spans = sorted([*taken, *street_topics(view)])
        position = 0
        for start, end in spans:
            while position and self.tokens[position - 1].end > start:
                position -= 1
            while position < len(self.tokens) and self.tokens[position].end <= start:
                position += 1
            while position < len(self.tokens) and self.tokens[position].start < end:
                self.barred.add(position)
                position += 1
        self._bar_places()
        for token in self.tokens:
            if self._names.begins_public(token.folded):
                self._bar_public(token.index)
            if self._is_pet(token) or self._is_saint(token) or self._is_work(token):
                self.barred.add(token.index)

    def is_place(self, index: int) -> bool:
        """Tell whether a token is (part of) the name of a place."""
        return index in self._places

    def after(self, index: int, section: str) -> bool:
        """Tell whether a phrase of `section` stands right before a token."""
        words: list[str] = []
        ends = _ends(section)
        for back in range(1, min(_LONGEST_PHRASE, index) + 1):
            token, following = self.tokens[index - back], self.tokens[index - back + 1]
            if _NEAR.fullmatch(following.gap) is None:
                return False
            if back == 1 and (token.folded not in ends or not _opens(token, following)):
                return False
            words.insert(0, token.folded)
            if " ".join(words) in phrase_set(section):
                return True
        return False

    def before_verb(self, index: int, loosely: bool = False) -> bool:
        """Tell whether a token is followed by what a person does (`loosely`: or "et", "qui" …)."""
        following = self.next(index)
        if following is None or following.gap != " ":
            return False
        word = following.folded
        return word in phrase_set("verb") or (loosely and word in phrase_set("link"))

    def at_end(self, index: int) -> bool:
        """Tell whether a pause follows: the end, a comma, a full stop, a bracket, a number."""
        following = self.next(index)
        return following is None or re.fullmatch(r"\s+|[ '\-]*", following.gap) is None

    def is_title(self, index: int) -> bool:
        """Tell whether a token is a title, an office or a relation, and so not part of a name."""
        word = self.tokens[index].folded
        return any(word in phrase_set(section) for section in ("title", "office", "relation"))

    def next(self, index: int) -> Token | None:
        """Return the token after `index`."""
        return self.tokens[index + 1] if index + 1 < len(self.tokens) else None

    def before(self, index: int) -> str:
        """Return the folded word before a token; nothing at the start of a sentence."""
        if index == 0 or self.tokens[index].starts_sentence:
            return ""
        return self.tokens[index - 1].folded

    def capital(self, index: int, anywhere: bool = False) -> bool:
        """Tell whether a token has a capital that means something."""
        token = self.tokens[index]
        if not self.view.capitals_mean_something or (token.starts_sentence and not anywhere):
            return False
        return token.capital or (token.shouted and len(token.text) > 3)

    def _bar_places(self) -> None:
        index = 0
        while index < len(self.tokens):
            count = self._towns.at(self.view, index)
            token = self.tokens[index]
            before = self.before(index)
            begins = self._towns.begins(token.folded) and not self._names.any_first(token.folded)
            if not count and begins and before in _OF_A_PLACE:
                count = 1
            if not count:
                index += 1
                continue
            sure_name = count == 1 and self._names.first(token.folded) > 1
            if not sure_name or before in _PLACE_BEFORE or re.search(r"\d{4} $", token.gap):
                self._places.update(range(index, index + count))
            index += count

    def _bar_public(self, index: int) -> None:
        words: list[str] = []
        for token in self.tokens[index : index + _LONGEST_PHRASE]:
            words.append(token.folded)
            if " ".join(words) in self._names.public:
                self.barred.update(range(index, token.index + 1))

    def _is_saint(self, token: Token) -> bool:
        around = [t.folded for t in self.tokens[max(0, token.index - 1) : token.index + 2]]
        if token.folded == "lieve" and around[0] == "onze" and around[-1].startswith("vrouw"):
            return True
        if token.folded == "an" and self.before(token.index) in ("nouvel", "l", "jour"):
            return True
        if not token.index or _CLOSE.fullmatch(token.gap.replace(".", " ")) is None:
            return False
        return self.after(token.index, "saint") and not self.after(token.index, "title")

    def _is_pet(self, token: Token) -> bool:
        index = token.index
        for back in range(1, min(6, index) + 1):
            if _NEAR.fullmatch(self.tokens[index - back + 1].gap) is None:
                break
            word = self.tokens[index - back].folded
            if word in phrase_set("pet"):
                return True
            if word not in _PET_LINKS:
                break
        after = self.tokens[index + 1 : index + 4]
        while after and after[0].folded in ("c", "est", "cest", "is"):
            after = self.tokens[after[0].index + 1 : index + 5]
        return (
            len(after) >= 2
            and re.fullmatch(r" ?[,(] ?| ", after[0].gap) is not None
            and after[0].folded in _OWN
            and after[1].folded in phrase_set("pet")
        )

    def _is_work(self, token: Token) -> bool:
        """Tell whether a capital belongs to a title ("la série Dexter", "loi Salduz")."""
        if not token.text[0].isupper() or not token.index:
            return False
        before = self.tokens[token.index - 1]
        if before.folded in phrase_set("work of art") and re.fullmatch(
            r"[ '\"«“\-]{1,3}", token.gap
        ):
            return True
        if before.folded in ("de", "d", "van") and token.index > 1:
            return self.tokens[token.index - 2].folded in _EPONYMS
        return False
