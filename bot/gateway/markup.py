"""HTML made on the server: templates of `bot/web` filled with sentences, and the numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from bot.gateway.webtexts import WebTexts
from bot.language import Supported
from bot.texts import TextsError

# {{key}} is a sentence, {%name%} is markup that the page's code gives.
_SENTENCE = re.compile(r"\{\{(\w+)\}\}")
_SLOT = re.compile(r"\{%(\w+)%\}")
_NOT_DIALLED = re.compile(r"[^\d+]")
_GROUPS = ("emergency", "listening", "child", "suicide")


class Template:
    """A page of `bot/web` whose sentences are filled in once, its slots at each request."""

    def __init__(self, path: Path, texts: WebTexts, frame: Path | None = None) -> None:
        """Read a template.

        Args:
            path: of the page, or of what stands in the frame.
            texts: the sentences.
            frame: the page around it, with a slot `{%page%}` for it.

        Raises:
            TextsError: it names a sentence that doesn't exist.
        """
        source = path.read_text(encoding="utf-8")
        if frame is not None:
            around = frame.read_text(encoding="utf-8")
            source = around.replace("{%page%}", source.removesuffix("\n"))
        for key in _SENTENCE.findall(source):
            if key not in texts.sentences:
                raise TextsError(f"{path}: there is no sentence {key} in data/web.yml; add it.")
        self._by_language = {
            language: _SENTENCE.sub(lambda m: escape(texts.get(m[1], language)), source)  # noqa: B023
            for language in ("fr", "nl")
        }

    def fill(self, language: Supported, slots: Mapping[str, str]) -> str:
        """Return the page.

        Args:
            language: of its sentences.
            slots: markup for each `{%name%}`, escaped by the caller.
        """
        return _SLOT.sub(lambda m: slots[m[1]], self._by_language[language])


def data_block(name: str, value: Any) -> str:
    """Return a block that a script of ours reads; it isn't a script, so the CSP lets it be.

    Args:
        name: the element's id.
        value: what is put into it, as JSON that can't end the block.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json" id="{escape(name)}">{text}</script>'


def _link(url: str, label: str, new_tab: str) -> str:
    return (
        f'<a href="{escape(url)}" target="_blank" rel="noreferrer noopener">{escape(label)} '
        f'<span class="sr">{escape(new_tab)}</span></a>'
    )


def service_card(card: Mapping[str, Any], texts: WebTexts, language: Supported) -> str:
    """Return one number as the page shows it before any script runs.

    Args:
        card: a service of the contract.
        texts: the sentences.
        language: of the reader.
    """
    parts = [f'<p class="name">{escape(card["name"])}</p>']
    state = {True: " open", False: " closed"}.get(card["open_now"], "")
    parts.append(f'<p class="hours{state}">{escape(card["hours"])}</p>')
    if card["phone"]:
        number = escape(card["phone"])
        parts.append(
            f'<p class="call"><a class="phone" href="tel:{_NOT_DIALLED.sub("", card["phone"])}">'
            f'<span class="sr">{escape(texts.get("card_call", language))} </span>{number}</a></p>'
        )
    if card["address"]:
        parts.append(f'<p class="address">{escape(card["address"])}</p>')
    more = [f'<p class="note">{escape(card["note"])}</p>'] if card["note"] else []
    if card["url"]:
        site, new_tab = texts.get("card_site", language), texts.get("new_tab", language)
        more.append(f'<p class="links">{_link(card["url"], site, new_tab)}</p>')
    if card.get("source"):
        more.append(f'<p class="source">{escape(card["source"])}</p>')
    parts.append(
        f"<details><summary>{escape(texts.get('card_more', language))}</summary>"
        f"{''.join(more)}</details>"
    )
    return f'<li class="card">{"".join(parts)}</li>'


def service_cards(found: list[dict[str, Any]], texts: WebTexts, language: Supported) -> str:
    """Return a list of `service_card`s."""
    return f'<ul class="cards">{"".join(service_card(c, texts, language) for c in found)}</ul>'


def numbers(
    found: Mapping[str, list[dict[str, Any]]],
    texts: WebTexts,
    language: Supported,
    near: str = "",
) -> str:
    """Return the numbers in one language, in their groups.

    Args:
        found: what `messages.lines` gave.
        texts: the sentences.
        language: of the reader.
        near: markup of the services nearby; it stands after the emergency numbers.
    """
    groups = "".join(
        f"<h3>{escape(texts.get(f'numbers_{group}', language))}</h3>"
        f"{service_cards(found[group], texts, language)}{near if group == _GROUPS[0] else ''}"
        for group in _GROUPS
    )
    return (
        f'<div class="numbers-in" lang="{language}">'
        f"<h2>{escape(texts.get('numbers_title', language))}</h2>{groups}</div>"
    )
