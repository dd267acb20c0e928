"""What redaction finds and gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "PERSON",
    "PHONE",
    "EMAIL",
    "ADDRESS",
    "NATIONAL_ID",
    "IBAN",
    "PLATE",
    "URL_HANDLE",
    "DATE_OF_BIRTH",
    "EMPLOYER_OR_SCHOOL",
]


@dataclass(frozen=True)
class Found:
    """What a recogniser found, in places of the view.

    `detail` is the town of an address, or the kind of a home, as written.
    """

    start: int
    end: int
    type: Kind
    detail: str = ""


@dataclass(frozen=True)
class Span:
    """What was replaced, in Unicode code points of the text that came in."""

    start: int
    end: int
    type: Kind


@dataclass(frozen=True)
class Redacted:
    """The text with placeholders, and what they stand for, in order."""

    text: str
    spans: list[Span]
