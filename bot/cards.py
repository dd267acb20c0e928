"""A service as the citizen sees it: facts of the directory, sentences from `data/phrases.yml`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.directory.hours import status
from bot.directory.model import OpenStatus, Service
from bot.language import Supported
from bot.texts import Texts


class Choice(Protocol):
    """A service and whether it is open: what lines and services are chosen as."""

    @property
    def service(self) -> Service: ...
    @property
    def status(self) -> OpenStatus: ...


@dataclass(frozen=True)
class Plain:
    """A service with its status, where nothing was chosen."""

    service: Service
    status: OpenStatus


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _day(moment: datetime, now: datetime, texts: Texts, language: Supported) -> str:
    if moment.date() == now.date() + timedelta(days=1):
        return texts.phrase("tomorrow", language)
    name = texts.phrase(_DAYS[moment.weekday()], language)
    if moment.date() - now.date() >= timedelta(days=7):
        return f"{name} {moment:%d/%m}"
    return name


def opening(service: Service, status: OpenStatus, now: datetime, t: Texts, lang: Supported) -> str:
    """Return the sentence on opening, made from the same data as the choice of the line."""
    if status.open_now is None:
        return t.phrase("hours_unknown" if service.phone else "hours_on_page", lang)
    if status.open_now:
        if status.until is None:
            return t.phrase("open_always", lang)
        time = f"{status.until:%H:%M}"
        if status.until.date() == now.date():
            return t.phrase("open_until", lang, time=time)
        if status.until.date() == now.date() + timedelta(days=1) and time == "00:00":
            return t.phrase("open_until", lang, time="24:00")
        return t.phrase("open_until_day", lang, day=_day(status.until, now, t, lang), time=time)
    if status.next_open is None:
        return t.phrase("hours_unknown", lang)
    time = f"{status.next_open:%H:%M}"
    if status.next_open.date() == now.date():
        return t.phrase("closed_until_today", lang, time=time)
    return t.phrase("closed_until_day", lang, day=_day(status.next_open, now, t, lang), time=time)


def _note(service: Service, t: Texts, lang: Supported) -> str:
    parts = []
    if service.free:
        parts.append(t.phrase("free", lang))
    if service.anonymous:
        parts.append(t.phrase("anonymous", lang))
    # R29: said only where a dated source of the record says so.
    if service.on_phone_bill is False:
        parts.append(t.phrase("not_on_bill", lang))
    if service.languages and set(service.languages) != {"fr", "nl"}:
        spoken = ", ".join(code.upper() for code in service.languages)
        parts.append(t.phrase("languages_spoken", lang, languages=spoken))
    if service.sms:
        parts.append(t.phrase("sms_to", lang, number=service.sms))
    note = service.note.get(lang)
    if note:
        parts.append(note)
    return ". ".join(part.rstrip(". ") for part in parts) + ("." if parts else "")


def _address(service: Service) -> str | None:
    """Return where to go; where a refuge is, is never shown (R24)."""
    return None if service.is_refuge or not service.address else str(service.address) or None


def _source(service: Service, t: Texts, lang: Supported) -> str:
    if service.checked:
        return t.phrase("source_checked", lang, date=service.checked["date"])
    if service.source_date:
        return t.phrase("source_dated", lang, date=service.source_date)
    return t.phrase("source_undated", lang)


def card(
    service: Service, status: OpenStatus, now: datetime, texts: Texts, language: Supported
) -> dict[str, Any]:
    """Return the card of a service, in the shape of the contract (`services` of a message).

    Args:
        service: a record of the directory.
        status: whether it is open at `now`.
        now: the moment, with its time zone.
        texts: the phrases.
        language: the reader's language.
    """
    return {
        "id": service.id,
        "name": service.name.get(language) or next(iter(service.name.values())),
        "kind": service.kind,
        "phone": service.phone,
        "sms": service.sms,
        "url": service.page(language),
        "chat_url": service.chat_url,
        "hours": opening(service, status, now, texts, language),
        "open_now": status.open_now,
        "note": _note(service, texts, language),
        "address": _address(service),
        "source": _source(service, texts, language),
    }


def cards(
    choices: Iterable[Choice], now: datetime, texts: Texts, language: Supported
) -> list[dict[str, Any]]:
    """Return the cards of chosen lines or services; each choice carries its own status."""
    return [card(c.service, c.status, now, texts, language) for c in choices]


def plain(services: Iterable[Service], now: datetime) -> list[Plain]:
    """Return services with their status at `now`, as choices."""
    return [Plain(service, status(service.hours_osm, now)) for service in services]
