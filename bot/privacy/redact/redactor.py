"""The redactor: all recognisers on one text, overlaps settled, placeholders put in.

This lowers a risk; it doesn't make a text anonymous (see docs/redaction.md).
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

from bot.directory.model import Directory
from bot.language import Supported

from . import address, birth, email, iban, links, national_id, person, phone, plate, workplace
from .entities import FrenchEntities
from .model import Found, Kind, Redacted, Span
from .names import names
from .placeholders import Numbering, placeholder
from .towns import Towns
from .view import View

# Where two findings overlap, the one that stands first here wins.
_ORDER: tuple[Kind, ...] = (
    "EMAIL",
    "IBAN",
    "NATIONAL_ID",
    "PHONE",
    "URL_HANDLE",
    "DATE_OF_BIRTH",
    "PLATE",
    "ADDRESS",
    "EMPLOYER_OR_SCHOOL",
    "PERSON",
)


class Redactor:
    """Finds what could tell who somebody is, and puts placeholders in its place."""

    def __init__(self, directory: Directory | None = None) -> None:
        """Take note of the directory; nothing is loaded yet.

        Args:
            directory: its numbers, addresses and sites stay in a text, and addresses keep the
                names of its communes.
        """
        self._towns = Towns(directory)
        services = directory.services if directory is not None else ()
        numbers = (n for s in services for n in (s.phone, s.phone_e164, s.sms, s.whatsapp) if n)
        self._helplines = frozenset(phone.digits_of(n) for n in numbers)
        self._emails = frozenset(s.email.lower() for s in services if s.email)
        pages = (u for s in services for u in (s.url, s.chat_url, *s.urls.values()) if u)
        hosts = (re.sub(r"^(?:https?://)?(?:www\.)?", "", p).split("/")[0].lower() for p in pages)
        self._hosts = frozenset(hosts)
        self._entities = FrenchEntities()

    def warm(self) -> None:
        """Load the lists, the dictionaries and the French model (several seconds, any thread)."""
        self.redact("je m'appelle xq", "fr")
        self._entities.load()
        self.redact("Depuis que Xhqulia Zzyk est là", "fr")

    def redact(
        self, text: str, language: Supported, known: MutableMapping[str, Any] | None = None
    ) -> Redacted:
        """Return the text with placeholders.

        Works before `warm` too: without the French model then, and slower at the first call.

        Args:
            text: what somebody wrote, any length; the time needed grows with it.
            language: of the placeholders, and of the model that is asked for names.
            known: the numbers that persons have in this conversation; updated in place. It holds
                salted hashes, never names, and can be kept as JSON.
        """
        view = View(text)
        found = self._find(view, language)
        numbering = Numbering(known if known is not None else {})
        pieces: list[str] = []
        spans: list[Span] = []
        done = 0
        for item in found:
            start, end = view.place(item.start, item.end)
            spans.append(Span(start, end, item.type))
            number = (
                numbering.number(view.text[item.start : item.end]) if item.type == "PERSON" else 0
            )
            address = item.type == "ADDRESS" and item.detail != ""
            town = self._towns.commune(item.detail, language) if address else ""
            home = "" if item.type == "ADDRESS" else item.detail
            pieces.append(text[done:start])
            pieces.append(placeholder(item.type, language, number=number, town=town, home=home))
            done = end
        pieces.append(text[done:])
        return Redacted("".join(pieces), spans)

    def _find(self, view: View, language: Supported) -> list[Found]:
        lists = names()
        found: list[Found] = [
            *email.find(view, self._emails),
            *iban.find(view),
            *national_id.find(view, self._helplines),
            *phone.find(view, self._helplines),
            *links.find(view, lists, self._hosts),
            *birth.find(view),
            *plate.find(view),
            *address.find(view, self._towns),
            *workplace.find(view, self._towns, lists),
        ]
        settled = _settle(found)
        witness = self._entities.persons if language == "fr" and self._entities.ready else None
        taken = [(f.start, f.end) for f in settled]
        persons = person.find(view, lists, self._towns, taken, witness)
        return _settle([*settled, *persons])


def _settle(found: list[Found]) -> list[Found]:
    """Drop what overlaps something stronger, or something longer of its own kind; sort the rest."""
    ranked = sorted(found, key=lambda f: (_ORDER.index(f.type), f.start - f.end, f.start))
    if not ranked:
        return []
    covered = bytearray(max(f.end for f in ranked))
    kept: list[Found] = []
    for item in ranked:
        if item.end > item.start and not any(covered[item.start : item.end]):
            covered[item.start : item.end] = b"\1" * (item.end - item.start)
            kept.append(item)
    return sorted(kept, key=lambda f: f.start)
