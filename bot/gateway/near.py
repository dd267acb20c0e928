"""The services of a commune on the page without scripts (R55): a plain form, nothing kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape
from urllib.parse import urlencode

from bot.cards import cards
from bot.directory.model import Commune, Directory
from bot.directory.services import services_for
from bot.gateway.markup import service_cards
from bot.gateway.webtexts import WebTexts
from bot.language import Supported
from bot.texts import Texts

_LONGEST = 80
_AT_MOST = 8


def services(
    directory: Directory,
    commune: Commune,
    texts: Texts,
    words: WebTexts,
    language: Supported,
    now: datetime,
) -> str:
    """Return what there is in a commune, as the page shows it.

    Args:
        directory: the data.
        commune: where.
        texts: the phrases.
        words: the page's sentences.
        language: of the reader.
        now: the moment, for what is open.
    """
    page = services_for(
        directory,
        commune=commune,
        region=commune.region,
        need=None,
        language=language,
        now=now,
        limit=_AT_MOST,
    )
    title = words.get("find_near", language).replace("{commune}", commune.name[language])
    shown = service_cards(cards(page.items, now, texts, language), words, language)
    return f'<section class="near"><h3>{escape(title)}</h3>{shown}</section>'


def form(
    asked: str,
    found: list[Commune],
    words: WebTexts,
    language: Supported,
    kept: Mapping[str, str],
) -> str:
    """Return the form, and below it what is unclear about the last answer.

    What was typed isn't written back: the page must not repeat it.

    Args:
        asked: what was typed, or nothing.
        found: what that may mean.
        words: the page's sentences.
        language: of the page.
        kept: what the next address keeps: the language, and whether the page is in a frame.
    """
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in kept.items()
    )
    said = ""
    if asked and not found:
        said = f"<p>{escape(words.get('find_none', language))}</p>"
    if len(found) > 1:
        links = "".join(
            f'<li><a href="/?{escape(urlencode({**kept, "commune": one.id}))}">'
            f"{escape(one.name[language])}</a></li>"
            for one in found
        )
        said = f"<p>{escape(words.get('find_which', language))}</p><ul>{links}</ul>"
    return (
        f'<form class="find" action="/" method="get" autocomplete="off">{hidden}'
        f'<label for="commune">{escape(words.get("find_label", language))}</label>'
        f'<div class="row"><input id="commune" name="commune" maxlength="{_LONGEST}" required>'
        f'<button type="submit">{escape(words.get("find_button", language))}</button></div>'
        f"{said}</form>"
    )
