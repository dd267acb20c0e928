"""Named schools, homes, clubs and firms: the kind ("institut", "wzc", "garage") and its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from .context import pattern
from .lists import read_lines
from .model import Found
from .names import Names
from .towns import Towns
from .view import Token, View

JOIN = re.compile(r"[ '\-]| ?[&\-] ?|(?<=\bst)\. ?")
_OF = ("de", "d", "du", "van")
_SAINT = ("saint", "sainte", "st", "sint", "ste")
_SECTIONS = (
    "school", "proper school", "authority", "home", "hospital", "club", "firm", "letters"
)  # fmt: skip
# A school or a home is named because of somebody; a firm or a hospital may be a mere topic.
_MUST_BE_TIED = ("authority", "hospital", "club", "firm", "letters")
_LONGEST = 5
_REACH, _BETWEEN = 45, 36


@lru_cache(maxsize=1)
def words() -> dict[str, frozenset[str]]:
    """Return the sections of `institutions.txt`."""
    return {section: frozenset(parts) for section, parts in read_lines("institutions.txt").items()}


@lru_cache(maxsize=16)
def kinds(section: str) -> re.Pattern[str]:
    """Return a pattern for the phrases of a section, longest first."""
    ordered = sorted(words()[section], key=len, reverse=True)
    joined = "|".join(r"[\s'.\-]{1,2}".join(map(re.escape, p.split())) for p in ordered)
    return re.compile(rf"(?<![^\W_])(?:{joined})(?![^\W_])")


@lru_cache(maxsize=1)
def _flemish() -> tuple[re.Pattern[str], re.Pattern[str]]:
    ends = "|".join(sorted(words()["flemish school"], key=len, reverse=True))
    there = "|".join(sorted(words()["is there"], key=len, reverse=True))
    return (
        re.compile(rf"(?:{ends})$"),
        re.compile(
            rf"(?<!\w)(?:{there})(?: \w+){{0,3}} (?:op|in|naar|van|bij|aan|a|au|en)"
            r"(?: de| het| den)? $"
        ),
    )


@lru_cache(maxsize=1)
def _usual() -> re.Pattern[str]:
    """Return the pattern of what many schools and homes are called ("des tilleuls")."""
    called = "|".join(sorted(words()["usual name"], key=len, reverse=True))
    between = r"(?:(?:des?|du|d|les?|la|l|aux?|het|t|den|ter|ten|in)[ ']){0,2}"
    return re.compile(rf"{between}(?:{called})(?![^\W_])")


def find(view: View, towns: Towns, names: Names) -> Iterator[Found]:
    """Yield names of schools, homes and clubs, and of firms where somebody works."""
    finder = _Finder(view, towns, names)
    for section in _SECTIONS:
        for kind in kinds(section).finditer(view.folded):
            yield from finder.after_kind(kind.start(), kind.end(), section)
    yield from finder.saints()
    yield from finder.before_kind()
    yield from finder.in_one_word()


def goes_on(token: Token, names: Names) -> bool:
    """Tell whether a further word belongs to a name that has begun."""
    club = token.folded in words()["letters"]
    return token.capital or (token.shouted and (club or not names.ordinary(token)))


class _Finder:
    def __init__(self, view: View, towns: Towns, names: Names) -> None:
        self._view, self._towns, self._names = view, towns, names
        self._particles = words()["particle"]

    def after_kind(self, start: int, end: int, section: str) -> Iterator[Found]:
        view = self._view
        index = view.index_at(end)
        if index >= len(view.tokens):
            return
        # "crèche 't Zonnetje"
        gap = view.text[end : view.tokens[index].start]
        if gap != " '" and not JOIN.fullmatch(gap):
            return
        stop = self._name(view.tokens[index], section)
        if stop is None or (section in _MUST_BE_TIED and not self._tied(start)):
            return
        # "maison de repos" stays readable in what is put in: that somebody is old or ill matters.
        kind = view.text[start:end] if section == "home" else ""
        yield Found(start, stop, "EMPLOYER_OR_SCHOOL", kind)

    def before_kind(self) -> Iterator[Found]:
        """Yield "Jan Yperman Ziekenhuis": capitals before a kind that has its capital too."""
        tokens = self._view.tokens
        if not self._view.capitals_mean_something:
            return
        for token in tokens:
            if token.folded not in words()["named before"]:
                continue
            # In small letters two capitals must stand before it ("Thomas More hogeschool").
            least = 1 if token.capital else 2
            first = token.index
            while first and tokens[first].gap in (" ", "-") and tokens[first - 1].capital:
                first -= 1
            if token.index - first >= least and not tokens[first].starts_sentence:
                yield Found(tokens[first].start, token.end, "EMPLOYER_OR_SCHOOL")

    def in_one_word(self) -> Iterator[Found]:
        """Yield "Onze-Lieve-Vrouwcollege", "Barbaracollege"."""
        tokens, school = self._view.tokens, _flemish()[0]
        for token in tokens:
            head = school.sub("", token.folded)
            joined = token.gap == "-" and token.index > 0
            if len(head) < 3 or head == token.folded or self._names.known(token.folded):
                continue
            proper = token.capital and not token.starts_sentence
            if not (joined or proper) or not self._view.capitals_mean_something:
                continue
            first = token.index
            while first and tokens[first].gap == "-":
                first -= 1
            if tokens[first].capital:
                yield Found(tokens[first].start, token.end, "EMPLOYER_OR_SCHOOL")

    def _name(self, token: Token, section: str) -> int | None:
        """Return where a name that starts with `token` ends, or None when it is no name."""
        named = kinds("saints").match(self._view.folded, token.start) or self._proper(
            token, section
        )
        if section == "authority":
            named = False
        of_a_town = section in ("school", "letters", "authority", "club") and self._of_a_town(token)
        if not named and not of_a_town:
            usual = _usual().match(self._view.folded, token.start)
            if usual is not None and section in ("school", "home"):
                return usual.end()
            # "Atheneum Keerbergen", but not "naar school Gent".
            direct = section in ("proper school", "authority")
            towns = self._towns.at(self._view, token.index) if direct else 0
            return self._view.tokens[token.index + towns - 1].end if towns else None
        index, end, content = token.index, token.end, 0
        while index < len(self._view.tokens) and content < _LONGEST:
            current = self._view.tokens[index]
            if current is not token and JOIN.fullmatch(current.gap) is None:
                break
            if current.folded in self._particles and index + 1 < len(self._view.tokens):
                further = self._after_particle(index)
                if not further and (current is not token or not current.capital):
                    break
                end = current.end if current is token else end
                index += 1
                continue
            before = self._view.tokens[index - 1].folded if index else ""
            town = self._towns.at(self._view, index)
            if town and (before in _OF or section == "letters" or current.gap == "-"):
                return self._view.tokens[index + town - 1].end
            joined = current.gap == "-" or before in _SAINT
            # "Les P'tits Loups"
            cut = current.gap == "'" and len(self._view.tokens[index - 1].text) == 1
            if content and not (joined or cut) and not goes_on(current, self._names):
                break
            end = current.end
            content += 1
            index += 1
        return end if content else None

    def _after_particle(self, index: int) -> bool:
        """Tell whether a name goes on after the particles that start at a token."""
        tokens = self._view.tokens
        following = next(
            (t for t in tokens[index + 1 : index + 4] if t.folded not in self._particles),
            tokens[index + 1],
        )
        if JOIN.fullmatch(following.gap) is None:
            return False
        town = tokens[index].folded in _OF and self._towns.at(self._view, index + 1) > 0
        return goes_on(following, self._names) or town

    def _proper(self, token: Token, section: str) -> bool:
        """Tell whether a word can begin the name of an institution."""
        capitals = self._view.capitals_mean_something
        if token.folded in self._particles:
            for following in self._view.tokens[token.index + 1 : token.index + 4]:
                if JOIN.fullmatch(following.gap) is None:
                    return False
                if following.folded not in self._particles:
                    return following.capital and capitals
            return False
        if token.folded in words()["never named"] and not token.capital:
            return False
        place = self._towns.is_place(token.folded) and section != "letters"
        if token.capital and capitals:
            return not place
        unknown = not self._names.ordinary(token) and len(token.folded) > 3
        return unknown and section in ("firm", "club", "letters") and not place

    def _of_a_town(self, token: Token) -> bool:
        """Tell whether "communale de Hamoir", "royal de Verviers", "d'Esneux" follows."""
        tokens = self._view.tokens
        for index in range(token.index, min(token.index + 4, len(tokens))):
            current = tokens[index]
            if index > token.index and JOIN.fullmatch(current.gap) is None:
                return False
            if self._towns.at(self._view, index):
                return index > token.index and tokens[index - 1].folded in (*_OF, "te")
            if current.folded not in self._particles | words()["of a town"]:
                return False
        return False

    def _tied(self, start: int) -> bool:
        """Tell whether a word of work, sport or school stands shortly before."""
        folded = self._view.folded
        return any(
            start - match.end() < _BETWEEN and not re.search(r"[.!?;]", folded[match.end() : start])
            for section in ("work", "attends")
            for match in pattern(section).finditer(folded, max(0, start - _REACH), start)
        )

    def saints(self) -> Iterator[Found]:
        """Yield "Sint-Jozefscollege", and "Sint-Lievens" after "zit op"."""
        view = self._view
        school, there = _flemish()
        for saint in kinds("saints").finditer(view.folded):
            index = view.index_at(saint.end())
            if index >= len(view.tokens):
                return
            token = view.tokens[index]
            if token.gap not in (" ", "-", ". ", "."):
                continue
            if school.search(token.folded):
                yield Found(saint.start(), token.end, "EMPLOYER_OR_SCHOOL")
                continue
            before = view.folded[max(0, saint.start() - _REACH) : saint.start()]
            if self._towns.at(view, view.index_at(saint.start())) or not there.search(before):
                continue
            following = view.tokens[index + 1 : index + 2]
            last = following[0] if following and following[0].gap == "-" else token
            second = kinds("saints").match(view.folded, last.end + 1)
            if second is not None and view.text[last.end : second.start()] in (" ", "-"):
                last = view.tokens[min(view.index_at(second.end()), len(view.tokens) - 1)]
            yield Found(saint.start(), last.end, "EMPLOYER_OR_SCHOOL")
