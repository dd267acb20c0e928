"""Telephone numbers: in digits, spaced out, mistyped, or said in words. Helplines stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

import phonenumbers
from stdnum.be import vat

from .context import around, near
from .model import Found
from .numerals import runs
from .view import View

# "o475" is how a zero looks on a hurried keyboard; only in the first place.
_NUMBER = re.compile(
    r"(?<![\w+])(?<!\d\.)(?:\+ ?\d|o(?=[\d .]{0,6}\d)|\d)(?:[ .,/\-()_]{0,3}\d){6,14}(?!\w)"
)
_GROUP = re.compile(r"\d+")
_DATE = re.compile(r"(?:0?\d|[12]\d|3[01])[ ./\-](?:0?\d|1[0-2])[ ./\-](?:19|20)\d\d")
_TIMES = re.compile(r"[01]\d[.\-][0-5]\d ?- ?[0-2]\d[.\-][0-5]\d")
# Free numbers and numbers of firms at a shared price are nobody's own.
_NOT_PRIVATE = ("0800", "0900", "0901", "0902", "0903", "0904", "0905", "070", "078")
_FIRM = re.compile(r"\d{4}\.\d{3}\.\d{3}")
_MOBILE = re.compile(r"4[5-9]\d{7}")
_MISTYPED = range(8, 13)


def digits_of(number: str) -> str:
    """Return a number as it would be dialled inside Belgium: digits only, "+32" as "0"."""
    digits = re.sub(r"\D", "", number)
    for prefix in ("0032", "32"):
        if digits.startswith(prefix) and len(digits) - len(prefix) in (8, 9):
            return "0" + digits[len(prefix) :].lstrip("0")
    return digits


def find(view: View, helplines: Set[str] = frozenset()) -> Iterator[Found]:
    """Yield private telephone numbers.

    Args:
        view: the text.
        helplines: numbers that stay, as `digits_of` writes them.
    """
    for match in _NUMBER.finditer(view.folded):
        yield from _in_digits(view, match.start(), match.end(), helplines)
    for run in runs(view):
        if _worded(view, run.start, run.digits) and not _stays(run.digits, helplines):
            yield Found(run.start, run.end, "PHONE")


def _stays(digits: str, helplines: Set[str]) -> bool:
    number = digits_of(digits)
    return number in helplines or number.startswith(_NOT_PRIVATE)


def _in_digits(view: View, start: int, end: int, helplines: Set[str]) -> Iterator[Found]:
    groups = [(m.start(), m.end()) for m in _GROUP.finditer(view.folded, start, end)]
    if not groups:
        return
    first = start
    while groups:
        for last in range(len(groups), 0, -1):
            stop = groups[last - 1][1]
            written = view.folded[first:stop]
            if _valid(view, first, stop, written):
                if not _stays(_zero(written), helplines):
                    yield Found(first, stop, "PHONE")
                groups = groups[last:]
                first = groups[0][0] if groups else end
                break
        else:
            written = view.folded[first : groups[-1][1]]
            if _likely(view, first, groups[-1][1], written) and not _stays(
                _zero(written), helplines
            ):
                yield Found(first, groups[-1][1], "PHONE")
                return
            groups = groups[1:]
            first = groups[0][0] if groups else end


def _zero(written: str) -> str:
    return "0" + written[1:] if written.startswith("o") else written


def _valid(view: View, start: int, end: int, written: str) -> bool:
    """Tell whether this is exactly a number as it should be written."""
    written = _zero(written)
    digits = re.sub(r"\D", "", written)
    if not 9 <= len(digits) <= 16:
        return False
    if _DATE.fullmatch(written) or _TIMES.fullmatch(written):
        return False
    if _FIRM.fullmatch(written) and vat.is_valid(digits):
        return False
    if written.startswith("+") or digits.startswith("00"):
        return _abroad(digits[2:] if digits.startswith("00") else digits)
    if digits.startswith("32") and len(digits) in (10, 11):
        return _abroad(digits)
    if digits.startswith("04"):
        return len(digits) == 10 or (
            len(digits) == 9 and not digits.startswith(("045", "046", "047", "048", "049"))
        )
    if digits.startswith("0") and digits[1:2] != "0":
        if len(digits) == 9:
            return True
        pairs = re.fullmatch(r"0\d(?:[ .\-]?\d\d){4}", written) is not None
        return len(digits) == 10 and (pairs or near(view, start, "telephone"))
    return len(digits) == 9 and digits[0] == "4" and near(view, start, "telephone")


def _abroad(digits: str) -> bool:
    """Tell whether digits after "+" or "00" can be a number of some country."""
    if digits.startswith("0") or not 9 <= len(digits) <= 14:
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse("+" + digits, None))
    except phonenumbers.NumberParseException:
        return False


def _likely(view: View, start: int, end: int, written: str) -> bool:
    """Tell whether this is a mistyped number: it still leads to somebody."""
    written = _zero(written)
    digits = re.sub(r"\D", "", written)
    if _DATE.search(written) or _TIMES.search(written) or len(digits) not in _MISTYPED:
        return False
    if digits.startswith(("045", "046", "047", "048", "049", "0032", "324")) or written.startswith(
        "+"
    ):
        return True
    return around(view, start, end, "telephone", 20) and digits[0] in "0413"


def _worded(view: View, start: int, digits: str) -> bool:
    if digits.startswith("0") and 8 <= len(digits) <= 13:
        return True
    if _MOBILE.fullmatch(digits):
        # The zero left out: no price or year has nine digits that begin so.
        return True
    if digits.startswith(("32", "4")) and 8 <= len(digits) <= 12:
        return (
            near(view, start, "telephone", 40) or view.folded[max(0, start - 5) : start] == "plus "
        )
    return False
