"""Number plates: Belgian of all series, and of the neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .context import around, pattern
from .model import Found
from .view import View

_EDGE, _END = r"(?<![\w\-])", r"(?![\w\-])"
_NEW = re.compile(rf"{_EDGE}[1-9](?P<s>[ .\-]?)[a-z]{{3}}[ .\-]?\d{{3}}{_END}")
_OLD = re.compile(
    rf"{_EDGE}(?:[a-z]{{3}}(?P<s>[ .\-]?)\d{{3}}|\d{{3}}(?P<t>[ .\-]?)[a-z]{{3}}){_END}"
)
# French (AB-123-CD), Dutch of all series.
_SHAPES = ("AA-000-AA", "AA-000-A", "A-000-AA", "0-AAA-00", "00-AAA-0", "00-AA-AA", "AA-AA-00")
_FOREIGN = re.compile(
    rf"{_EDGE}(?:{'|'.join(s.replace('A', '[a-z]').replace('0', '[0-9]') for s in _SHAPES)}){_END}"
)
_DIGIT = "un|deux|trois|quatre|cinq|six|sept|huit|neuf|een|twee|drie|vier|vijf|zes|zeven|acht|negen"
_DASH = r" (?:tiret|trait|streepje|koppelteken|min) | ?- ?|[ .]"
_SPOKEN = re.compile(rf"(?<!\w)(?:{_DIGIT}|\d)(?:{_DASH})[a-z]{{3}}(?:{_DASH})\d{{3}}(?!\w)")
_LOOSE = re.compile(
    r"(?<!\w)(?=[\w\-]{0,9}\d)(?=[\w\-]{0,9}[a-z])[a-z0-9]{1,4}(?:[ \-]?[a-z0-9]{1,4}){0,2}(?!\w)"
)
_SAID = re.compile(
    r"[\s:=]{1,3}(?:est |c est |c'est |is |: ?|numero |nummer |de son auto |van zijn auto )?"
)
# "ART 398", "BUS 377": three letters and three digits that are no plate.
_NOT = {
    "art", "bus", "tec", "bmw", "gsm", "sms", "app", "bte", "box", "max", "min", "les", "des",
    "num", "eur", "usd", "vol", "chp",
}  # fmt: skip


def find(view: View) -> Iterator[Found]:
    """Yield number plates."""
    for match in _NEW.finditer(view.folded):
        # "2 ans 150": with spaces and in small letters it must be said to be a plate.
        shown = view.text[match.start() : match.end()]
        if match["s"] != " " or shown == shown.upper() or _said(view, match):
            yield Found(match.start(), match.end(), "PLATE")
    for match in _OLD.finditer(view.folded):
        shown = view.text[match.start() : match.end()]
        letters = re.sub(r"[^a-z]", "", match.group())
        dashed = (match["s"] or match["t"]) == "-" and shown == shown.upper()
        if letters not in _NOT and (dashed or _said(view, match)):
            yield Found(match.start(), match.end(), "PLATE")
    for match in _FOREIGN.finditer(view.folded):
        shown = view.text[match.start() : match.end()]
        if shown == shown.upper() or _said(view, match):
            yield Found(match.start(), match.end(), "PLATE")
    yield from _after_the_word(view)


def _said(view: View, match: re.Match[str]) -> bool:
    return around(view, match.start(), match.end(), "plate", 40)


def _after_the_word(view: View) -> Iterator[Found]:
    for word in pattern("plate").finditer(view.folded):
        said = _SAID.match(view.folded, word.end())
        if said is None:
            continue
        spoken = _SPOKEN.match(view.folded, said.end())
        if spoken is not None:
            yield Found(spoken.start(), spoken.end(), "PLATE")
            continue
        match = _LOOSE.match(view.folded, said.end())
        if match is not None and len(re.sub(r"[^a-z0-9]", "", match.group())) >= 5:
            yield Found(match.start(), match.end(), "PLATE")
