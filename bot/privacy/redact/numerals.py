"""Numbers said in words, French and Dutch, turned into the digits that one would dial."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .view import View

_FR_UNITS = {
    "zero": 0, "zerro": 0, "zro": 0, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4,
    "quatr": 4, "katre": 4, "quattre": 4, "cinq": 5, "cinque": 5, "cink": 5, "six": 6, "sept": 7,
    "huit": 8, "neuf": 9,
}  # fmt: skip
_FR_TEENS = {
    "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
}  # fmt: skip
_FR_TENS = {
    "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
    "septante": 70, "huitante": 80, "octante": 80, "nonante": 90,
}  # fmt: skip
_NL_UNITS = {
    "nul": 0, "nulle": 0, "een": 1, "ene": 1, "twee": 2, "twe": 2, "drie": 3, "dri": 3, "vier": 4,
    "vijf": 5, "vyf": 5, "zes": 6, "zeven": 7, "zeve": 7, "acht": 8, "negen": 9, "nege": 9,
}  # fmt: skip
_NL_TEENS = {
    "tien": 10, "elf": 11, "twaalf": 12, "dertien": 13, "veertien": 14, "vijftien": 15,
    "zestien": 16, "zeventien": 17, "achttien": 18, "negentien": 19,
}  # fmt: skip
_NL_TENS = {
    "twintig": 20, "dertig": 30, "veertig": 40, "vijftig": 50, "zestig": 60, "zeventig": 70,
    "tachtig": 80, "negentig": 90,
}  # fmt: skip
_NL_COMPOUNDS = {
    f"{unit}en{ten}": value + tens
    for unit, value in _NL_UNITS.items()
    if value > 0
    for ten, tens in _NL_TENS.items()
}
_NL_BELOW_100 = {**_NL_UNITS, **_NL_TEENS, **_NL_TENS, **_NL_COMPOUNDS}
# "vierhonderdzesennegentig", and years: "negentienhonderdtachtig", "tweeduizendzes".
_NL_LONG = (
    {
        f"{head}honderd{link}{tail}": 100 * hundreds + rest
        for head, hundreds in {"": 1, **_NL_UNITS, **_NL_TEENS}.items()
        if hundreds > 0
        for link in ("", "en")
        for tail, rest in {"": 0, **_NL_BELOW_100}.items()
        if head + tail and (tail or not link)
    }
    | {f"tweeduizend{tail}": 2000 + rest for tail, rest in _NL_BELOW_100.items()}
    | {"tweeduizend": 2000}
)
_FR_HUNDRED, _THOUSAND = {"cent", "cents", "honderd"}, {"mille", "duizend"}
_DOUBLE = {"double", "dubbel", "dubbele"}
_FILLERS = frozenset(
    [
        "et",
        "en",
        "puis",
        "euh",
        "dan",
        "daarna",
        "virgule",
        "komma",
        "point",
        "punt",
        "tiret",
        "ensuite",
    ]
)
_ARTICLES = {"un", "une", "een", "ene"}
_WORDS = {
    *_FR_UNITS, *_FR_TEENS, *_FR_TENS, *_NL_UNITS, *_NL_TEENS, *_NL_TENS, *_NL_COMPOUNDS,
    *_NL_LONG, *_FR_HUNDRED, *_THOUSAND, *_DOUBLE,
}  # fmt: skip
_PIECE = re.compile(r"\+?\d+|[a-z]+")
_GAP = re.compile(r"[\s,;./\-()_…]{0,5}")


@dataclass(frozen=True)
class Piece:
    """One number word, group of digits, or filler."""

    word: str
    start: int
    end: int

    @property
    def is_digits(self) -> bool:
        """Whether it was written in digits."""
        return self.word[-1].isdigit()


@dataclass(frozen=True)
class Run:
    """Numbers one after the other, at least one of them in words."""

    start: int
    end: int
    digits: str


def is_number_word(word: str) -> bool:
    """Tell whether a folded word is a number, or a hundred, or a thousand."""
    return word in _WORDS


def value_of(words: list[str]) -> int | None:
    """Return the number that a few words say ("mille neuf cent quatre-vingt-cinq": 1985)."""
    total, current = 0, 0
    if not words:
        return None
    for digits in _compose(words, whole=True):
        current = int(digits)
        total = total * 100 + current if total and current < 100 else total + current
    return total


def runs(view: View) -> Iterator[Run]:
    """Yield the runs of numbers of a text in which a word or a filler takes part."""
    run: list[Piece] = []
    end = 0
    for match in _PIECE.finditer(view.folded):
        word = match.group()
        piece = Piece(word, match.start(), match.end())
        joins = _GAP.fullmatch(view.folded, end, match.start()) is not None
        belongs = piece.is_digits or word in _WORDS or word in _FILLERS
        if run and not (joins and belongs):
            yield from _finished(run)
            run = []
        if belongs:
            run.append(piece)
        end = match.end()
    yield from _finished(run)


def _finished(run: list[Piece]) -> Iterator[Run]:
    while run and (run[0].word in _FILLERS or (run[0].word in _ARTICLES and _digits_follow(run))):
        run = run[1:]
    while run and (
        run[-1].word in _FILLERS or (run[-1].word in _ARTICLES and run[-2:-1] and run[-2].is_digits)
    ):
        run = run[:-1]
    if len(run) < 2 or all(p.is_digits for p in run):
        return
    digits = "".join(_compose([p.word for p in run]))
    if not any(p.word in _WORDS for p in run) and len(digits) > 10:
        # Only fillers between: two numbers that have nothing to do with each other.
        return
    yield Run(run[0].start, run[-1].end, digits)


def _digits_follow(run: list[Piece]) -> bool:
    return len(run) > 1 and run[1].is_digits


def _compose(words: list[str], whole: bool = False) -> Iterator[str]:
    """Yield the digits of each number in a row of words.

    With `whole`, hundreds and thousands belong together as in a year.
    """
    position = 0
    while position < len(words):
        word = words[position]
        if word in _DOUBLE and position + 1 < len(words):
            value, used = _below_hundred(words, position + 1)
            yield str(value) * 2 if value is not None else ""
            position += 1 + max(1, used)
            continue
        if word[-1].isdigit():
            yield word.lstrip("+")
            position += 1
            continue
        value, used = _below_thousand(words, position)
        if value is None:
            if word in _THOUSAND:
                value, used = 1, 0
            else:
                position += 1
                continue
        if whole and position + used < len(words) and words[position + used] in _THOUSAND:
            used += 1
            rest, more = _below_thousand(words, position + used)
            yield str(value * 1000 + (rest or 0))
            position += used + more
            continue
        yield str(value)
        position += max(1, used)


def _below_thousand(words: list[str], position: int) -> tuple[int | None, int]:
    if words[position : position + 1] and words[position] in _NL_LONG:
        base = _NL_LONG[words[position]]
        rest, more = _below_hundred(words, position + 1)
        # "negentienhonderd tachtig", but "vierhonderdzes twaalf" are two numbers.
        joined = base % 100 == 0 and rest is not None and rest > 0
        return (base + (rest or 0), 1 + more) if joined else (base, 1)
    value, used = _below_hundred(words, position)
    after = position + used
    if after < len(words) and words[after] in _FR_HUNDRED and value != 0:
        hundreds = 1 if value is None else value
        rest, more = _below_hundred(words, after + 1)
        if rest == 0:
            rest, more = None, 0
        return hundreds * 100 + (rest or 0), used + 1 + more
    return value, used


def _below_hundred(words: list[str], position: int) -> tuple[int | None, int]:
    """Return a number below one hundred and how many words it took."""
    if position >= len(words):
        return None, 0
    word = words[position]
    after = words[position + 1] if position + 1 < len(words) else ""
    third = words[position + 2] if position + 2 < len(words) else ""
    if word in _NL_COMPOUNDS:
        return _NL_COMPOUNDS[word], 1
    if word in _NL_UNITS and after == "en" and third in _NL_TENS:
        return _NL_UNITS[word] + _NL_TENS[third], 3
    for table in (_NL_UNITS, _NL_TEENS, _NL_TENS):
        if word in table:
            return table[word], 1
    if word in ("quatre", "quatr", "katre") and after in ("vingt", "vingts"):
        rest, used = _small_french(words, position + 2)
        return (80 + rest, 2 + used) if rest else (80, 2)
    if word in _FR_TENS:
        tens = _FR_TENS[word]
        step = 2 if after == "et" and third in ("un", "une", "onze") else 1
        rest, used = _small_french(words, position + step)
        if not rest or (rest >= 10 and tens != 60):
            return tens, 1
        return tens + rest, step + used
    return _small_french(words, position)


def _small_french(words: list[str], position: int) -> tuple[int | None, int]:
    """Return 0 to 19."""
    if position >= len(words):
        return None, 0
    word = words[position]
    if word in _FR_UNITS:
        return _FR_UNITS[word], 1
    if (
        word == "dix"
        and position + 1 < len(words)
        and words[position + 1] in ("sept", "huit", "neuf")
    ):
        return 10 + _FR_UNITS[words[position + 1]], 2
    if word in _FR_TEENS:
        return _FR_TEENS[word], 1
    return None, 0
