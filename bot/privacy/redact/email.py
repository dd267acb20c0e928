"""E-mail addresses, also written out ("jean point dupont arobase gmail"). Services' own stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from .model import Found
from .numerals import is_number_word
from .view import View

_PROVIDERS = (
    "gmail|gmai|gmial|hotmail|hotmal|outlook|live|msn|yahoo|ymail|icloud|me|mac|aol|gmx|proton|"
    "protonmail|skynet|proximus|belgacom|telenet|pandora|scarlet|voo|base|orange|wanadoo|laposte|"
    "free|sfr|tele2allin|brutele|edpnet|mail|email|student|ulb|uclouvain|uliege|ugent|kuleuven"
)
_FREQUENT = "gmail|hotmail|outlook|yahoo|skynet|telenet|proximus|icloud|live"
_TLD = "com|be|fr|net|org|nl|eu|lu|de|info|it|es|uk|brussels|vlaanderen|me"
_DOT = r"[(\[]?(?:\.|point|punt|dot|pt|puntje)[)\]]?"
_JOIN = (
    "(?:point|punt|puntje|dot|tiret(?: du)? bas|tiret|streepje|koppelteken|underscore|"
    "streepje onder|onder streepje|trait bas|tiret en bas|min ?teken|laag streepje|"
    "liggend streepje|moins|min|onderstreepje|trait(?: d union)?|barre)"
)
_LOCAL = re.compile(r"[\w.+\-]{1,64}$")
# The second way: "hotmail . com".
_REAL = re.compile(
    r" ?@ ?[\w\-]{1,63}(?:(?:\.[\w\-]{1,63}){1,4}"
    rf"| ?\. ?(?:{_TLD})(?![^\W_]))?"
)
# What stands for the at sign and can mean nothing else: a word for it, or "at" in brackets.
_STRONG = re.compile(
    r" ?(?:[(\[{<] ?(?:at|a|arobase|apenstaartje) ?[)\]}>]|"
    r"(?<![^\W_])(?:arobase|arobas|arrobase|arobaze|arrobas|apenstaartje|apestaartje|apenstaart|"
    rf"aapenstaartje)(?![^\W_])) ?(?P<domain>[\w\-]{{2,40}}(?: ?{_DOT} ?[\w\-]{{2,40}}){{0,3}})"
)
_WEAK = re.compile(
    rf" (?:at|a|chez|bij|et|add) (?P<domain>(?:{_PROVIDERS})(?: ?{_DOT} ?(?:{_TLD}))?)(?![^\W_])"
)
_BARE = re.compile(rf"[ ,](?P<domain>(?:{_FREQUENT}) ?{_DOT} ?(?:{_TLD}))(?![^\W_])")
_BEFORE = re.compile(
    rf"(?:[\w.+\-]{{1,64}}(?: {_JOIN} | ?[(\[](?:{_JOIN}|\.)[)\]] ?)){{1,6}}[\w.+\-]{{1,64}}$"
)
_END = re.compile(rf"{_DOT} ?(?:{_TLD})$")
_REACH = 160
_LONGEST_NUMBER = 5


def find(view: View, services: Set[str] = frozenset()) -> Iterator[Found]:
    """Yield e-mail addresses.

    Args:
        view: the text.
        services: addresses that stay, in lower case.
    """
    for match in _REAL.finditer(view.folded):
        local = _LOCAL.search(view.folded, max(0, match.start() - 64), match.start())
        domain = match.group().strip(" @")
        complete = "." in domain or re.fullmatch(_PROVIDERS, domain)
        if local is None or not complete:
            continue
        if match.group().startswith(" ") and not re.match(rf"(?:{_PROVIDERS})\b", domain):
            continue
        start, end = local.start(), _trimmed(view, match.end())
        if view.folded[start:end].replace(" ", "") not in services:
            yield Found(start, end, "EMAIL")
    for pattern, strong in ((_STRONG, True), (_WEAK, False), (_BARE, False)):
        for match in pattern.finditer(view.folded):
            begin = _written_out(view, match.start())
            if begin is not None and (strong or _plausible(view, begin, match)):
                yield Found(begin, match.end("domain"), "EMAIL")


def _trimmed(view: View, end: int) -> int:
    while view.folded[end - 1] in ".-_":
        end -= 1
    return end


def _written_out(view: View, at: int) -> int | None:
    """Return where the part before the at sign begins."""
    # "jean point dupont quatre-vingt-deux": the number at the end belongs to it.
    first = view.index_at(at)
    end = at
    for token in reversed(view.tokens[max(0, first - _LONGEST_NUMBER) : first]):
        if not is_number_word(token.folded) or view.text[token.end : end].strip(" -"):
            break
        end = token.start
    spaced = view.folded[max(0, end - 1) : end] == " " and end < at
    long = _BEFORE.search(view.folded, max(0, at - _REACH), end - 1 if spaced else at)
    if long is None:
        long = _BEFORE.search(view.folded, max(0, at - _REACH), at)
    local = long or _LOCAL.search(view.folded, max(0, at - 64), at)
    return local.start() if local is not None else None


def _plausible(view: View, start: int, match: re.Match[str]) -> bool:
    """Tell whether "a gmail" really ends an address: the part before it must look like one."""
    local = view.folded[start : match.start()]
    dotted = re.search(rf"[\d._]|(?<= ){_JOIN} ", local) is not None
    ended = _END.search(match["domain"]) is not None
    return dotted or (ended and not match.group().lstrip().startswith(("chez", "bij", "a ", "et")))
