"""The directory at the desk: by commune, need or name, with "open now" (R81)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.cards import cards, plain
from bot.directory.match import find_communes
from bot.directory.model import Commune, Directory, Service
from bot.directory.places import fold
from bot.directory.services import services_for
from bot.language import Supported
from bot.texts import Texts

_MOST = 30


def search(
    directory: Directory,
    texts: Texts,
    *,
    asked: str,
    need: str | None,
    language: Supported,
    open_now: bool,
    now: datetime,
) -> tuple[Commune | None, list[dict[str, Any]]]:
    """Return the commune that was understood, and the cards of the services.

    Args:
        directory, texts: where facts and sentences are.
        asked: a commune, a postal code, or a part of a service's name.
        need: one of the directory's needs.
        language: of the person in the talk: the cards are in it.
        open_now: only those that are surely open.
        now: the moment in Belgium.
    """
    found = find_communes(asked, directory) if asked else None
    commune = found.communes[0] if found and found.communes else None
    named = _named(directory, asked) if asked else []
    if commune or (need and not named):
        page = services_for(
            directory,
            commune=commune,
            region=None,
            need=need,
            language=language,
            now=now,
            limit=_MOST,
        )
        shown = cards(page.items, now, texts, language)
    else:
        wanted = [s for s in named if need is None or need in s.needs]
        shown = cards(plain(wanted[:_MOST], now), now, texts, language)
    return commune, [one for one in shown if one["open_now"] or not open_now]


def _named(directory: Directory, asked: str) -> list[Service]:
    words = fold(asked).split()
    return [
        service
        for service in directory.services
        if words and all(word in fold(" ".join(service.name.values())) for word in words)
    ]
