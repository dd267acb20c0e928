"""What visitors gave never enters the data: no file, no reason of a save, no commit."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.learning.inbox import Inbox
from bot.learning.likeness import near_copy
from bot.workshop.saving import RefusedError, Shelf

# "- ", "say: ", "fr: ": what YAML puts before a sentence.
_BEFORE = re.compile(r"^[\s\-•*]*(?:\w+:\s+)?")


def guard(inbox: Inbox) -> Callable[[Sequence[tuple[str, str]], str], None]:
    """Return what a shelf asks before it saves: texts before and after, and the reason."""

    def refuse(texts: Sequence[tuple[str, str]], why: str) -> None:
        visitors = [one.text for one in inbox.sentences()]
        if not visitors:
            return
        if near_copy(why, visitors):
            raise RefusedError("wrong_why_visitor")
        for before, after in texts:
            known = set(before.splitlines())
            for line in after.splitlines():
                sentence = _BEFORE.sub("", line).strip(" \"'|>")
                copy = near_copy(sentence, visitors) if sentence and line not in known else None
                if copy:
                    raise RefusedError(
                        "wrong_visitor", line=sentence[:300], likeness=copy.likeness,
                        words=copy.words,
                    )  # fmt: skip

    return refuse


def guarded(root: Path, inbox: Inbox) -> Shelf:
    """Return the data files of a checkout, closed to what visitors wrote."""
    shelf = Shelf(root)
    shelf.guard = guard(inbox)
    return shelf
