"""What the tests of the redaction share: a redactor, and lines with what must go in ⟦brackets⟧."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.directory.load import load_directory
from bot.language import Supported
from bot.privacy.redact import Redactor
from bot.texts import DATA

_MARKED = re.compile(r"⟦([^⟧]*)⟧")


@lru_cache(maxsize=1)
def cold() -> Redactor:
    """Return a redactor with the directory, whose French model isn't loaded."""
    return Redactor(load_directory(DATA / "directory", "demo"))


@lru_cache(maxsize=1)
def warm() -> Redactor:
    """Return a redactor that is fully loaded."""
    redactor = Redactor(load_directory(DATA / "directory", "demo"))
    redactor.warm()
    return redactor


def marked(line: str) -> tuple[str, list[str]]:
    """Return the text of a line, and what was in brackets."""
    return _MARKED.sub(r"\1", line), _MARKED.findall(line)


def found(text: str, kind: str, language: Supported = "fr") -> list[str]:
    """Return the pieces of a text that were found to be of one kind."""
    spans = cold().redact(text, language).spans
    return [text[span.start : span.end] for span in spans if span.type == kind]


def everything(text: str, language: Supported = "fr") -> list[str]:
    """Return all the pieces of a text that were found."""
    return [text[span.start : span.end] for span in cold().redact(text, language).spans]
