"""Addresses of pages and profiles, handles and account names. The services' own sites stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from .context import pattern
from .lists import read_words
from .model import Found
from .names import Names
from .view import View

_TLD = "com|be|org|net|fr|nl|eu|info|brussels|vlaanderen|gent|lu|tv|io|me|app|chat|ly|gg|co|de|link"
_URL = re.compile(
    r"(?:https?://|www\.|(?<![\w@.\-])(?:t|m|x)\.(?:me|com)/)[^\s<>\"]{2,300}|"
    rf"(?<![\w@.\-])(?:[a-z0-9\-]{{2,40}}\.){{1,4}}(?:{_TLD})(?![\w\-.]*@)(?![\w\-])"
    r"(?:/[^\s<>\"]{0,300})?"
)
_SPOKEN = re.compile(
    rf"(?<!\w)[\w\-]{{2,40}} (?:point|punt|dot) (?:{_TLD}) "
    r"(?:slash|barre oblique|schuine streep) [\w.\-]{2,40}"
    r"(?: (?:slash|point|punt|dot|tiret|streepje) [\w\-]{1,40}){0,6}"
)
_HANDLE = re.compile(r"(?<![\w@.])@[a-z_][\w.\-]{2,40}|(?<![\w])@\d[\w.]*[a-z_][\w.]*")
_TAGGED = re.compile(r"(?<!\w)[\w.\-]{2,32}#\d{3,5}(?!\w)")
# "xx_jordy_xx2800": nobody writes so but a name of an account.
_UNDERSCORED = re.compile(r"(?<![\w@./\-])(?=[\w.]{0,40}[a-z])[a-z0-9]{1,30}_[\w.]{2,40}(?![\w@])")
_SHORTEST = 6
_MOST_WORDS = 4
_REACH = 60
# "zwarte_wolf77 op snapchat"
_ODD_BEFORE = re.compile(
    r"(?<![\w@.])(?=[\w.]*[a-z])(?=[\w.]*[\d_])[a-z0-9_][\w.]{3,40} "
    r"(?:sur|op|via|dans|in) (?:mon |mijn )?$"
)
_GAP = re.compile(r"[\s'\"(=:,]{0,4}")
# What follows the name of a network and is no account: hours, ages, ranks.
_COUNTED = re.compile(r"\d{1,2}[hu]\d{0,2}|\d+(?:e|er|ste|de|ans?|jr)")
# "Jess Lasirène 22", and no age or hour.
_NUMBER_OF_A_NAME = re.compile(r" \d{2,4}(?!\w|[ ]?(?:ans|jaar|euro|fois|keer|uur|h)\b)")
_ACCOUNT = re.compile(r"[a-z0-9_][\w.\-]{2,40}")
# Bare names of sites that everybody uses say nothing about a person.
_COMMON = read_words("sites.txt")
_OFFICIAL = re.compile(
    r"(?:[\w\-]+\.)*(?:belgium\.be|fgov\.be|gov\.be|vlaanderen\.be|wallonie\.be|brussels\.be|"
    r"just\.be|police\.be|politie\.be|violencessexuelles\.be|europa\.eu)"
)
_PLACES = {"@home", "@work", "@school", "@thuis", "@werk", "@maison", "@all", "@everyone"}


def find(view: View, names: Names, services: Set[str] = frozenset()) -> Iterator[Found]:
    """Yield links and handles.

    Args:
        view: the text.
        names: what is an ordinary word, and so no account's name.
        services: hosts that stay ("awel.be").
    """
    for match in _URL.finditer(view.folded):
        end = _end(view, match)
        if not _stays(view.folded[match.start() : end], services):
            yield Found(match.start(), end, "URL_HANDLE")
    for match in _SPOKEN.finditer(view.folded):
        yield Found(match.start(), match.end(), "URL_HANDLE")
    for match in _HANDLE.finditer(view.folded):
        if match.group() not in _PLACES:
            end = match.end() - len(match.group()) + len(match.group().rstrip(".-"))
            yield Found(match.start(), end, "URL_HANDLE")
    for match in _TAGGED.finditer(view.folded):
        yield Found(match.start(), match.end(), "URL_HANDLE")
    for match in _UNDERSCORED.finditer(view.folded):
        name = match.group().rstrip("._")
        if len(name) >= _SHORTEST and "_" in name:
            yield Found(match.start(), match.start() + len(name), "URL_HANDLE")
    yield from _accounts(view, names)


def _end(view: View, match: re.Match[str]) -> int:
    end = match.end()
    while view.folded[end - 1] in ".,;:!?)]}'-…" and end > match.start() + 1:
        end -= 1
    return end


def _stays(url: str, services: Set[str]) -> bool:
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", url)
    host, _, path = bare.partition("/")
    host = host.split(":")[0]
    if any(host == s or host.endswith(f".{s}") for s in services) or _OFFICIAL.fullmatch(host):
        return True
    return host in _COMMON and not path


def _shown_name(view: View, start: int) -> int | None:
    """Return where a profile's name of several capital words ends ("fb : Jess La Sirène")."""
    first = view.index_at(start)
    last = first
    for token in view.tokens[first : first + _MOST_WORDS]:
        if not token.capital or (token.index > first and token.gap not in (" ", "-")):
            break
        last = token.index + 1
    several = last - first > 1 and view.tokens[first].start == start
    if not several or not view.capitals_mean_something:
        return None
    end = view.tokens[last - 1].end
    number = _NUMBER_OF_A_NAME.match(view.folded, end)
    return number.end() if number is not None else end


def _accounts(view: View, names: Names) -> Iterator[Found]:
    """Yield names of accounts after "mon insta c'est", "mijn snap:"."""
    for network in pattern("network").finditer(view.folded):
        before = _ODD_BEFORE.search(view.folded, max(0, network.start() - _REACH), network.start())
        if before is not None and not _COUNTED.fullmatch(before.group().split(" ")[0]):
            end = before.start() + before.group().index(" ")
            yield Found(before.start(), end, "URL_HANDLE")
        position, sign = network.end(), False
        for _ in range(4):
            gap = _GAP.match(view.folded, position)
            assert gap is not None
            sign = sign or ":" in gap.group() or "=" in gap.group()
            position = gap.end()
            said = pattern("said of a handle").match(view.folded, position)
            if said is None or (said.end() < len(view.folded) and view.folded[said.end()] in "._"):
                break
            sign = sign or said.group() not in ("sur", "op")
            position = said.end()
        match = _ACCOUNT.match(view.folded, position)
        if match is None or position == network.end():
            continue
        shown = _shown_name(view, position) if sign else None
        if shown is not None:
            yield Found(position, shown, "URL_HANDLE")
            continue
        name = match.group().rstrip(".-")
        odd = re.search(r"\d|_|\w\.\w", name) is not None and re.search(r"[a-z]", name) is not None
        if name in names.brands or _COUNTED.fullmatch(name):
            continue
        if odd or (
            sign
            and len(name) > 3
            and not names.known(name)
            and "'" not in view.folded[match.end() : match.end() + 1]
        ):
            yield Found(match.start(), match.start() + len(name), "URL_HANDLE")
