"""Near-copies of what visitors wrote, and sentences of the inbox that say the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz import fuzz

from bot.learning.inbox import Kept
from bot.rasa_parts.encoder import Encoder
from bot.rasa_parts.text import fold

# From this likeness on (100: letter for letter) a sentence is the visitor's, not a new one.
_COPY = 78
# So many words in a row aren't chance.
_IN_A_ROW = 5
# Cosine of two sentences that ask the same thing; by hand on pairs in both languages.
_SAME = 0.75


@dataclass(frozen=True)
class Copy:
    """Why a sentence is a near-copy: how like (0-100), or which words stand in a row in both."""

    likeness: int
    words: str


def near_copy(line: str, visitors: Sequence[str]) -> Copy | None:
    """Tell why a sentence is too near to one of the visitors', None when it isn't."""
    mine = _words(line)
    for other in visitors:
        theirs = _words(other)
        a, b = " ".join(mine), " ".join(theirs)
        likeness = max(fuzz.ratio(a, b), fuzz.token_sort_ratio(a, b))
        run = SequenceMatcher(None, mine, theirs, autojunk=False).find_longest_match()
        if (
            likeness >= _COPY
            or run.size >= _IN_A_ROW
            or (len(theirs) > 2 and run.size >= len(theirs))
        ):
            return Copy(round(likeness), " ".join(mine[run.a : run.a + run.size]))
    return None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def groups(sentences: Sequence[Kept]) -> list[list[Kept]]:
    """Return sentences that say the same together, the largest groups first.

    By their vectors (USE, which knows both languages); a group's sentences are like its first.
    """
    if not sentences:
        return []
    vectors = Encoder("use")([one.text for one in sentences])
    alike = vectors @ vectors.T >= _SAME
    left, found = set(range(len(sentences))), []
    for at in sorted(left, key=lambda i: -int(alike[i].sum())):
        if at in left:
            together = sorted(i for i in left if alike[at, i] or i == at)
            left -= set(together)
            found.append([sentences[i] for i in together])
    return sorted(found, key=len, reverse=True)
