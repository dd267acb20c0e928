"""Streets with a number (and box, postal code, town). A street that is only talked about stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from .context import pattern
from .model import Found
from .names import names
from .numerals import is_number_word
from .streets import lists, number, street_at
from .towns import Towns, is_code
from .view import View

_BEFORE = re.compile(
    r"(?<![\w.,/])(?P<number>\d{1,4}(?: ?bis|[a-z](?![a-z]))?(?:[/\-]\d{1,3})?),? {1,2}"
    r"(?:de la |de l'|du |a la |dans la )?$"
)
_SAID_BEFORE = re.compile(r"(?:le |au |du )?(?P<number>[a-z]{2,12}(?:[ \-](?:et )?[a-z]{2,9})?) $")
_NOT_A_HOUSE = re.compile(r"(?:bus|ligne|lijn|tram|tec|art|article|artikel)\s$")
# "une rue", "deux places": too common to be house numbers.
_SMALL = frozenset(["un", "une", "deux", "trois", "een", "twee", "drie"])
_BETWEEN = re.compile(r"[\s,.(\-]{0,4}(?:(?:a|in|te|op|et)\s)?")
_CODE = re.compile(
    r"[\s,.(\-]{0,4}(?:(?:a|in|te)\s)?(?:b[ \-])?(?P<code>[1-9]\d{3})(?!\d)[\s,\-]{0,3}"
)
# After a capital word; years are no house numbers.
_HOUSE_AND_TOWN = re.compile(
    r"(?<=[^\W\d_]) (?P<number>(?!(?:19|20)\d\d\b)\d{1,4}[a-zA-Z]?)(?:, ?| - | )(?:[1-9]\d{3},? )?"
    r"(?=[^\W\d_])"
)
# "33 A": only a capital, since "a" is a word.
_LETTER = re.compile(r"(?<=\d) [A-HK-Z](?![\w'’.])")
_PRICE = re.compile(r"\s?(?:euro|€|eur\b)")
_LINK_HOME = r"\s(?:(?:au|a|dans|en|in|op|de|sur)\s)?(?:(?:la|le|l'|de|het|den)\s?)?"
_AT_HOME = re.compile(rf"[\s:]{{0,2}}|{_LINK_HOME}|(?:{_LINK_HOME})?[:,]\s?")
# After these a house number must follow: "je viens rue X", "on vit rue X" says too little.
_WEAK_HOME = frozenset(["suis", "vis", "vit", "viens", "venez", "sommes", "zitten"])
_REACH = 45


@lru_cache(maxsize=1)
def _box() -> re.Pattern[str]:
    words = "|".join(sorted(lists()["box"], key=len, reverse=True))
    return re.compile(
        rf"[\s,./\-]{{0,3}}(?:{words})\.?\s?(?:nr\.? ?|n° ?)?"
        r"(?:\d{1,4}[a-z]?(?:\.\d{1,3})?|[a-z])(?![\w°])"
    )


def find(view: View, towns: Towns) -> Iterator[Found]:
    """Yield addresses; `detail` holds the postal code and the town, as written."""
    done = 0
    for token in view.tokens:
        if token.start < done:
            continue
        street = street_at(view, token)
        if street is None:
            continue
        found = _with_number(view, street.start, street.end, towns)
        if found is None and street.sure:
            found = _at_home(view, street.start, street.end, towns)
        if found is not None:
            done = found.end
            yield found
    yield from _of_no_kind(view, towns)
    yield from _before_a_town(view, towns)


def _with_number(view: View, start: int, end: int, towns: Towns) -> Found | None:
    match = number().match(view.folded, end)
    if match is not None and not _is_code_of_town(view, match, towns):
        return _whole(view, start, match.end(), towns)
    before = _BEFORE.search(view.folded, max(0, start - 24), start)
    if before is not None and not _NOT_A_HOUSE.search(
        view.folded[max(0, before.start() - 9) : before.start()]
    ):
        return _whole(view, before.start("number"), end, towns)
    after = _said_after(view, end)
    if after is not None:
        return _whole(view, start, after, towns)
    said = _SAID_BEFORE.search(view.folded, max(0, start - 30), start)
    if said is None or said["number"] in _SMALL:
        return None
    words = re.split(r"[ \-]", said["number"])
    if all(is_number_word(word) or word == "et" for word in words):
        return _whole(view, said.start("number"), end, towns)
    return None


def _is_code_of_town(view: View, match: re.Match[str], towns: Towns) -> bool:
    """Tell whether a number after a street is the postal code of a town, and no house number."""
    index = view.index_at(match.end())
    if not is_code(match["number"]) or index >= len(view.tokens):
        return False
    between = view.text[match.end() : view.tokens[index].start]
    return not between.strip(" -") and towns.at(view, index) > 0


def _said_after(view: View, end: int) -> int | None:
    """Return where a house number in words ends ("rue haute douze")."""
    index = view.index_at(end)
    last = None
    for token in view.tokens[index : index + 3]:
        if not is_number_word(token.folded) or token.gap.strip(" ,-"):
            break
        last = token
    return last.end if last is not None and last.folded not in _SMALL else None


def _at_home(view: View, start: int, end: int, towns: Towns) -> Found | None:
    """Return a street without a number, where somebody says that they live in it."""
    for home in pattern("home").finditer(view.folded, max(0, start - _REACH), start):
        if _AT_HOME.fullmatch(view.folded, home.end(), start):
            return None if home.group() in _WEAK_HOME else _whole(view, start, end, towns)
    return None


def _of_no_kind(view: View, towns: Towns) -> Iterator[Found]:
    """Yield "Coupure Links 23" after "ik woon": a street that doesn't say that it is one."""
    if not view.capitals_mean_something:
        return
    for home in pattern("home").finditer(view.folded):
        first = view.index_at(home.end())
        while first < len(view.tokens) and view.tokens[first].folded in lists()["to the home"]:
            first += 1
        last = first
        for token in view.tokens[first : first + 4]:
            if not token.capital or (token.index > first and token.gap not in (" ", "-", "'")):
                break
            last = token.index + 1
        if last == first or towns.at(view, first):
            continue
        start, end = view.tokens[first].start, view.tokens[last - 1].end
        match = number().match(view.folded, end)
        if match is not None and view.text[home.end() : start].strip(" :'").count(" ") < 2:
            yield _whole(view, start, match.end(), towns)


def _before_a_town(view: View, towns: Towns) -> Iterator[Found]:
    """Yield "En Neuvice 33, Liège", "Visserij 12 9000 Gent": capitals, a number, and a town."""
    if not view.capitals_mean_something:
        return
    for match in _HOUSE_AND_TOWN.finditer(view.text):
        index = view.index_at(match.end())
        last = view.index_at(match.start("number")) - 1
        at_once = index < len(view.tokens) and view.tokens[index].start == match.end()
        if last < 0 or not at_once or not towns.at(view, index):
            continue
        # "J'ai 29 ans": no capital before the number, and no house after it.
        if not view.tokens[last].capital or not number().match(view.folded, view.tokens[last].end):
            continue
        first = last
        while (
            first and view.tokens[first].gap in (" ", "-", "'") and view.tokens[first - 1].capital
        ):
            first -= 1
        token = view.tokens[first]
        ends = {token.folded, view.tokens[last].folded}
        street = view.tokens[last].folded not in names().never | names().brands
        if token.capital and street and not ends & lists()["no street"]:
            yield _whole(view, token.start, match.end("number"), towns)


def _whole(view: View, start: int, end: int, towns: Towns) -> Found:
    """Add a letter, box, postal code and town where they belong to the address."""
    letter = _LETTER.match(view.text, end)
    if letter is not None and view.capitals_mean_something:
        end = letter.end()
    for _ in range(2):
        box = _box().match(view.folded, end)
        if box is None:
            break
        end = box.end()
    code = _CODE.match(view.folded, end)
    if code is not None and not _PRICE.match(view.folded, code.end("code")):
        return _with_code(view, start, code, towns)
    between = _BETWEEN.match(view.folded, end)
    assert between is not None
    index = view.index_at(between.end())
    count = towns.at(view, index)
    if not count:
        return Found(start, _unknown_town(view, index, between.group()) or end, "ADDRESS")
    if view.tokens[index].start != between.end() or view.tokens[index].starts_sentence:
        return Found(start, end, "ADDRESS")
    if not between.group().strip() and not towns.is_plain(view, index, count):
        return Found(start, end, "ADDRESS")
    stop = view.tokens[index + count - 1].end
    return Found(start, stop, "ADDRESS", view.text[between.end() : stop])


def _unknown_town(view: View, index: int, between: str) -> int | None:
    """Return where a town ends that no list has: a capital after "à", "in", "te"."""
    token = view.tokens[index] if index < len(view.tokens) else None
    said = re.search(r"(?:a|in|te)\s$", between) is not None
    if token is None or not said or not token.capital or not view.capitals_mean_something:
        return None
    return token.end


def _with_code(view: View, start: int, code: re.Match[str], towns: Towns) -> Found:
    index = view.index_at(code.end("code"))
    count = towns.at(view, index)
    stop = code.end("code")
    if count:
        stop = view.tokens[index + count - 1].end
    elif index < len(view.tokens):
        # A town that nobody knows, or misspelt.
        following = view.tokens[index]
        proper = following.capital or following.shouted
        close = not view.text[code.end("code") : following.start].strip(" ,-")
        if proper and view.capitals_mean_something and close:
            stop = following.end
    return Found(start, stop, "ADDRESS", view.text[code.start("code") : stop])
