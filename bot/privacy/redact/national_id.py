"""National register numbers (bis numbers too), identity cards; wrong check digits count as well."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from stdnum.be import nn

from .context import around
from .model import Found
from .phone import digits_of
from .view import View

_SEPARATED = re.compile(
    r"(?<![\d./\-+])\d\d([ ./\-]?)\d\d\1\d\d[ ./\-]{0,2}\d{3}[ ./\-]{0,2}\d\d(?![\d])"
)
_LOOSE = re.compile(r"(?<![\d+])\d(?:[ ./\-]{0,2}\d){8,12}(?!\d)")
_CARD = re.compile(r"(?<!\d)\d{3}-\d{7}-\d\d(?!\d)")
_DOCUMENT = re.compile(r"(?<![^\W_])[a-z]{1,2}\d{6,9}(?![^\W_])")


def find(view: View, helplines: Set[str] = frozenset()) -> Iterator[Found]:
    """Yield national register numbers, numbers of identity cards and passports.

    Args:
        view: the text.
        helplines: numbers that stay, as `phone.digits_of` writes them.
    """
    for match in _SEPARATED.finditer(view.folded):
        digits = re.sub(r"\D", "", match.group())
        if digits_of(digits) not in helplines and (_like_a_birth(digits) or _named(view, match)):
            yield Found(match.start(), match.end(), "NATIONAL_ID")
    for pattern in (_LOOSE, _CARD, _DOCUMENT):
        for match in pattern.finditer(view.folded):
            if _named(view, match):
                yield Found(match.start(), match.end(), "NATIONAL_ID")


def _named(view: View, match: re.Match[str]) -> bool:
    return around(view, match.start(), match.end(), "national", 32)


def _like_a_birth(digits: str) -> bool:
    """Tell whether the first six digits are a date as the register writes it.

    Months are raised by 20 or 40 for foreigners (bis numbers), and may be unknown (00).
    """
    if nn.is_valid(digits):
        return True
    month, day = int(digits[2:4]) % 20, int(digits[4:6])
    return int(digits[2:4]) <= 52 and month <= 12 and day <= 31
