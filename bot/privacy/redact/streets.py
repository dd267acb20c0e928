"""Where the name of a street begins and ends, in French ("rue …") and in Dutch ("…straat")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from .lists import read_lines
from .names import First, names
from .numerals import is_number_word
from .view import Token, View

_CLOSE = re.compile(r"[ '.\-]{1,3}")
_TWO_WORDS = ("grand", "rond", "petite", "vieille")
_NOT_BEFORE_STRAAT = ("de", "een", "mijn", "onze", "deze", "die", "op")
_ADJECTIVES = (
    "vieux",
    "vieille",
    "haute",
    "haut",
    "basse",
    "petit",
    "petite",
    "grand",
    "grande",
    "nouvelle",
    "longue",
)
_ARTICLES = ("de", "het", "van", "ter", "ten", "achter")
_GO_ON = ("de", "du", "des", "d", "l", "la", "sur")
_LONGEST_NAME = 7
_LEADS_TO, _TO = ("steenweg", "baan", "weg", "straatweg"), ("op", "naar", "van", "tot")


@dataclass(frozen=True)
class Street:
    """A street's name in a view; `sure` when even without a number it can be nothing else."""

    start: int
    end: int
    sure: bool


@lru_cache(maxsize=1)
def lists() -> dict[str, frozenset[str]]:
    """Return the sections of `streets.txt`."""
    return {name: frozenset(parts) for name, parts in read_lines("streets.txt").items()}


@lru_cache(maxsize=1)
def number() -> re.Pattern[str]:
    """Return the pattern of a house number after a street ("12b", "n° 12/4"), group `number`."""
    units = "|".join(sorted(lists()["unit"], key=len, reverse=True))
    return re.compile(
        r"[\s,]{0,3}(?:(?:n ?°|nr\.?|nummer|numero|num\.?|no\.?|n\.) ?)?"
        r"(?P<number>\d{1,4}(?: ?(?:bis|ter))?(?:[a-z](?![a-z\d]))?"
        r"(?:[/\-](?:\d{1,4}[a-z]?(?!\d)|[a-z](?![a-z\d])))?)"
        rf"(?!\d|[.,:]\d|[hu€%]\d{{0,2}}\b| ?(?:(?:{units})\b|[€%])"
        # "4e étage", "2de verdiep"
        r"|(?:de|ste|er|e|eme|ieme)? (?:etage|verdiep))"
    )


@lru_cache(maxsize=2)
def _ending(section: str) -> re.Pattern[str]:
    endings = "|".join(sorted(lists()[section], key=len, reverse=True))
    return re.compile(rf"[a-z]{{2,28}}(?:{endings})$")


def street_at(view: View, token: Token) -> Street | None:
    """Return the street whose kind ("rue", "…straat") stands at a token, or None."""
    return _french(view, token) or _dutch(view, token)


def street_topics(view: View) -> Iterator[tuple[int, int]]:
    """Yield the places of names of streets, so that "rue Jean Jaurès" isn't taken for a person."""
    for token in view.tokens:
        street = street_at(view, token)
        if street is not None:
            yield street.start, street.end


def _numbered(view: View, end: int) -> bool:
    return number().match(view.folded, end) is not None


def _french(view: View, token: Token) -> Street | None:
    word, index = token.folded, token.index
    after = view.tokens[index + 1] if index + 1 < len(view.tokens) else None
    if word in _TWO_WORDS and after is not None:
        if f"{word} {after.folded}" not in lists()["french"]:
            return None
        # "Grand-Rue 12" has no further name.
        return Street(token.start, _name_end(view, index + 2, after.end), True)
    if word not in lists()["french"]:
        return None
    if word == "r" and after is not None and not after.gap.startswith("."):
        return None
    previous = view.tokens[index - 1] if index else None
    adjective = previous is not None and previous.folded in _ADJECTIVES and token.gap in (" ", "-")
    if previous is not None and adjective and token.capital and _numbered(view, token.end):
        # "Vieux Thier 16", "Haute Voie 3"
        return Street(previous.start, token.end, False)
    sure = word in lists()["sure"]
    end = _name_end(view, index + 1, token.end)
    if end == token.end or ((len(word) <= 2 or not sure) and not _numbered(view, end)):
        return None
    return Street(token.start, end, sure)


def _name_end(view: View, index: int, end: int) -> int:
    """Return where the name of a French street ends: particles and a few words."""
    content = 0
    for token in view.tokens[index : index + _LONGEST_NAME]:
        if _CLOSE.fullmatch(token.gap) is None:
            break
        if token.folded in lists()["particle"] and not (
            token.folded in ("a", "et", "en") and content
        ):
            if not _particle_goes_on(view, token, content):
                break
            continue
        stops = token.folded in lists()["stop"] and not token.capital
        if stops or (content and is_number_word(token.folded)):
            break
        if content and not _word_goes_on(view, token):
            break
        content += 1
        end = token.end
    return end


def _particle_goes_on(view: View, token: Token, content: int) -> bool:
    """Tell whether a name follows a particle ("rue de la …")."""
    if token.folded in ("a", "et", "en") or token.index + 1 >= len(view.tokens):
        return False
    following = view.tokens[token.index + 1]
    stops = following.folded in lists()["stop"] and not following.capital
    if stops or not _CLOSE.fullmatch(following.gap):
        return False
    return not content or token.gap == "-" or following.capital or token.folded in _GO_ON


def _word_goes_on(view: View, token: Token) -> bool:
    """Tell whether a further word belongs to the name: a capital, a hyphen, a number ahead."""
    if token.capital or token.shouted or token.gap in ("-", "'"):
        return True
    if view.tokens[token.index - 1].folded in lists()["particle"] or _numbered(view, token.end):
        return True
    for later in view.tokens[token.index + 1 : token.index + 3]:
        if _CLOSE.fullmatch(later.gap) is None or later.folded in lists()["stop"]:
            return False
        if _numbered(view, later.end):
            return True
    return False


def _dutch(view: View, token: Token) -> Street | None:
    word = token.folded
    sure = _ending("dutch sure").match(word) is not None
    if word in _LEADS_TO and token.capital:
        # "Steenweg op Gierle 200"
        to = view.tokens[token.index + 1 : token.index + 3]
        if len(to) == 2 and to[0].folded in _TO and to[1].capital and _numbered(view, to[1].end):
            return Street(token.start, to[1].end, True)
    whole = not sure and word in lists()["whole dutch"] and token.capital
    if whole and not _numbered(view, token.end):
        return None
    if not sure and not whole and (_ending("dutch").match(word) is None or names().listed(word)):
        if word not in lists()["spaced dutch"] or not token.index:
            return None
        if view.tokens[token.index - 1].folded in _NOT_BEFORE_STRAAT:
            return None
    previous = view.tokens[token.index - 1].folded if token.index else ""
    a_name = word.startswith("van") or names().first(previous) is First.SURE
    if not sure and a_name and not _numbered(view, token.end):
        # "Loïc Vanderbeek", "Sofie Groenveld"
        return None
    start = token.start
    for before in reversed(view.tokens[max(0, token.index - 4) : token.index]):
        gap = view.text[before.end : start]
        if _CLOSE.fullmatch(gap) is None:
            break
        article = before.folded in _ARTICLES and not before.capital
        linked = before.folded in lists()["before dutch"] and not article
        proper = before.capital and not before.starts_sentence and view.capitals_mean_something
        if not (linked or proper or gap == "-"):
            break
        start = before.start
    if view.folded[max(0, start - 3) : start] in ("'s ", "'t "):
        start -= 3
    if not sure and not (token.capital or _numbered(view, token.end)):
        return None
    return Street(start, token.end, sure)
