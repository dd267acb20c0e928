"""A named firm that somebody works for, or a school or club that somebody goes to.

As a topic ("il boit devant le …") firms and schools stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from . import institutions
from .context import pattern
from .institutions import JOIN, goes_on, words
from .lists import phrases
from .model import Found
from .names import First, Names
from .towns import Towns
from .view import Token, View

# Dutch puts the verb last: "hij heeft altijd bij … gewerkt".
_WORKED = re.compile(r"(?<!\w)(?:bij|voor)(?: de| den| het)? (?=[^\W\d_]{2})")
_WORK_AFTER = re.compile(r"(?: [^\W_]+){0,2} (?:ge)?werk(?:t|te|en)?(?!\w)")
_STRONG = re.compile(r"(?:chez|bij|pour|voor)\s$")
_LONGEST = 5
_LONGEST_ACRONYM = 6
_MOST_LINKS = 3
_CHEZ = re.compile(r"(?<!\w)chez (?=[^\W\d_])")
_SHORTEST = 4
_OF = ("de", "d", "van")


@lru_cache(maxsize=2)
def _link(between: int) -> re.Pattern[str]:
    """Return the pattern of a link to a firm after so many words at most."""
    ordered = sorted(words()["link to work"], key=len, reverse=True)
    return re.compile(rf"(?:\s[^\W\d_]+){{0,{between}}}?\s(?:{'|'.join(ordered)})(?:\s|')")


# "je suis ergothérapeute à", "hij is lasser bij": the ends of words for trades.
_IS_SOMETHING = re.compile(
    r"(?<!\w)(?:suis|est|etait|etais|comme|devenue?|ben|is|was|als|word) (?:une? |een )?[a-z]{2,24}"
    r"(?:iste|eur|euse|rice|iere?|ien|ienne|logue|graphe|therapeute|nome|taire|ant|ante"
    r"|er|ster|ist|eur|ier|arts|man|vrouw|peut|aar|ice|urge)(?!\w)"
)


@lru_cache(maxsize=1)
def _trade() -> re.Pattern[str]:
    """Return the pattern of Dutch trades in one word ("buschauffeur")."""
    ends = "|".join(sorted(phrases()["work ends"], key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])[a-z]{{3,24}}(?:{ends})(?![^\W_])")


def find(view: View, towns: Towns, names: Names) -> Iterator[Found]:
    """Yield names of workplaces, schools, homes and clubs.

    Args:
        view: the text.
        towns: names of places; "il travaille à Liège" names no firm.
        names: brands, and what is an ordinary word.
    """
    yield from institutions.find(view, towns, names)
    yield from _Finder(view, towns, names).firms()


class _Finder:
    def __init__(self, view: View, towns: Towns, names: Names) -> None:
        self._view, self._towns, self._names = view, towns, names
        self._barred = frozenset(phrases()["not a place of work"])

    def firms(self) -> Iterator[Found]:
        view = self._view
        for section, signs in (
            ("work", pattern("work")),
            ("work", _trade()),
            ("work", _IS_SOMETHING),
            ("studies", pattern("studies")),
            ("plays", pattern("plays")),
        ):
            for work in signs.finditer(view.folded):
                position = work.end()
                # "werkt in de haven bij …": the first link may lead nowhere.
                for _ in range(_MOST_LINKS):
                    link = _link(1 if signs is _IS_SOMETHING else 4).match(view.folded, position)
                    token = self._starting_at(link.end()) if link is not None else None
                    if link is None or token is None:
                        break
                    end = self._after(section, token, _STRONG.search(link.group()) is not None)
                    if end is not None:
                        yield Found(token.start, end, "EMPLOYER_OR_SCHOOL")
                        break
                    position = token.start - 1
        yield from self._at_a_firm()
        for worked in _WORKED.finditer(view.folded):
            token = self._starting_at(worked.end())
            if token is None or self._is_none(token):
                continue
            end = self._firm(token, strong=True)
            if end is not None and _WORK_AFTER.match(view.folded, end):
                yield Found(token.start, end, "EMPLOYER_OR_SCHOOL")

    def _at_a_firm(self) -> Iterator[Found]:
        """Yield an unknown capital after "chez": a firm, if it isn't somebody's home."""
        for at in _CHEZ.finditer(self._view.folded):
            token = self._starting_at(at.end())
            if token is None or not token.capital or self._is_none(token):
                continue
            known = token.folded in self._names.brands or self._names.listed(token.folded)
            if known or len(token.folded) < _SHORTEST or self._names.ordinary(token):
                continue
            end = self._firm(token, strong=True)
            if end is not None:
                yield Found(token.start, end, "EMPLOYER_OR_SCHOOL")

    def _after(self, section: str, token: Token, strong: bool) -> int | None:
        """Return where the name ends that begins at a token after a word of work or study."""
        if self._is_none(token):
            return None
        if section == "plays" and token.folded not in words()["letters"]:
            return None
        return self._firm(token, strong) if section == "work" else self._joined(token)

    def _starting_at(self, place: int) -> Token | None:
        index = self._view.index_at(place)
        token = self._view.tokens[index] if index < len(self._view.tokens) else None
        return token if token is not None and token.start == place else None

    def _is_none(self, token: Token) -> bool:
        """Tell whether what follows "travaille à" is no firm: a place, "moi", an article."""
        place = self._towns.at(self._view, token.index) and token.folded not in self._names.brands
        if place and token.capital and self._view.folded[: token.start].endswith("chez "):
            # Nobody works "chez Liège": a firm is called so.
            place = False
        particle = token.folded in words()["particle"] and not token.capital
        return bool(place) or particle or token.folded in self._barred

    def _joined(self, token: Token) -> int | None:
        """Return where the name of a school or club ends: it must have its capitals."""
        if not self._has_capitals(token) or token.folded in self._names.brands:
            return None
        return self._firm(token, strong=True)

    def _has_capitals(self, token: Token) -> bool:
        acronym = token.shouted and len(token.text) <= _LONGEST_ACRONYM
        return self._view.capitals_mean_something and (token.capital or acronym)

    def _firm(self, token: Token, strong: bool) -> int | None:
        """Return where the name of a firm ends, or None when it is none."""
        brand = token.folded in self._names.brands
        capital = self._has_capitals(token)
        ordinary = self._names.ordinary(token)
        unknown = not ordinary and len(token.folded) > 3
        if not strong and self._names.first(token.folded) is First.SURE:
            # "la collègue de Monique"
            return None
        particle = self._view.tokens[token.index + 1 : token.index + 2]
        # "l'Aquarium de Liège" is one of a kind.
        of_a_town = (
            bool(particle) and particle[0].folded in _OF and self._goes_on_of(token, particle[0])
        )
        meant = capital and (brand or strong or of_a_town or not ordinary)
        if not meant and not (unknown and (brand or strong)) and not (brand and strong):
            return None
        end = token.end
        for following in self._view.tokens[token.index + 1 : token.index + _LONGEST]:
            initial = (
                following.gap in (".", ". ")
                and len(self._view.tokens[following.index - 1].text) == 1
            )
            if JOIN.fullmatch(following.gap) is None and not initial:
                break
            before = self._view.tokens[following.index - 1].folded
            town = self._towns.at(self._view, following.index)
            if following.folded in _OF and self._goes_on_of(token, following):
                continue
            if town and (before in _OF or following.gap == "-"):
                return self._view.tokens[following.index + town - 1].end
            if town and following.capital and self._has_capitals(token):
                # "FN Herstal" is one name; "chez nous à Herstal" isn't.
                end = self._view.tokens[following.index + town - 1].end
                break
            if town and not brand and not self._acronym_next(following.index):
                break
            further = goes_on(following, self._names) and self._view.capitals_mean_something
            if not further and following.gap.strip() not in ("-", "&"):
                break
            end = following.end
        return end

    def _goes_on_of(self, token: Token, particle: Token) -> bool:
        """Tell whether "de Waremme" follows, or, after letters, "de Hesbaye"."""
        if self._towns.at(self._view, particle.index + 1):
            return True
        after = self._view.tokens[particle.index + 1 : particle.index + 2]
        return token.shouted and bool(after) and after[0].capital

    def _acronym_next(self, index: int) -> bool:
        """Tell whether "FC" or the like follows a town ("Royal Spa FC")."""
        after = self._view.tokens[index + 1 : index + 2]
        return bool(after) and after[0].gap == " " and after[0].shouted
