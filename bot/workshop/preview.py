"""An answer as the chat will show it: a phone's width, its bubble, its buttons, what stands below.

The same rules as the page's own (`bot/web/view.js`): a blank line parts paragraphs, "- " begins a
point of a list, 112 and 101 can be dialled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from bot.desk.page import say
from bot.directory.model import Directory
from bot.gateway.markup import service_cards
from bot.gateway.messages import line_cards
from bot.gateway.webtexts import load_web_texts
from bot.language import SUPPORTED, Supported
from bot.settings import Settings
from bot.texts import Texts

_DIALLED = re.compile(r"\b(112|101)\b(?!\s*BE\b|\.be)")
_BLANK_LINE = re.compile(r"\n\s*\n")
_LINES = 2
# In an example, what code fills in is shown as it stands in the text, but for these.
_KEPT = ("minutes", "hours")


def words(text: str) -> str:
    """Return a text as the markup of a bubble's inside."""
    found: list[str] = []
    for block in _BLANK_LINE.split(text.strip().replace("\r\n", "\n")):
        points: list[str] = []
        lines: list[str] = []

        def close(points: list[str] = points, lines: list[str] = lines) -> None:
            if lines:
                found.append(f"<p>{'<br>'.join(lines)}</p>")
            if points:
                found.append(f"<ul>{''.join(f'<li>{p}</li>' for p in points)}</ul>")
            points.clear()
            lines.clear()

        for line in block.split("\n"):
            shown = _DIALLED.sub(r"<b>\1</b>", escape(line.removeprefix("- ")))
            if line.startswith("- ") == bool(lines) and (lines or points):
                close()
            (points if line.startswith("- ") else lines).append(shown)
        close()
    return "".join(found)


def bubble(text: str, buttons: Sequence[str] = (), below: str = "", *, urgent: bool = False) -> str:
    """Return one message of the assistant.

    Args:
        text: what it says.
        buttons: labels.
        below: markup of the cards.
        urgent: shown as an alarm.
    """
    pressed = "".join(f"<span>{escape(label)}</span>" for label in buttons)
    choices = f'<p class="choices">{pressed}</p>' if pressed else ""
    kind = "message urgent" if urgent else "message"
    return f'<div class="{kind}"><div class="bubble">{words(text)}</div>{below}{choices}</div>'


def filled(text: str, settings: Settings) -> str:
    """Return a text with the times that are configured; other `{names}` stay."""
    times = {"minutes": settings.idle_minutes, "hours": settings.max_seconds // 3600}
    for name in _KEPT:
        text = text.replace("{" + name + "}", str(times[name]))
    return text


def lines_below(
    directory: Directory, texts: Texts, topic: str, writer: str, language: Supported, now: datetime
) -> str:
    """Return the cards of the lines that the plan puts below an answer, as of this moment."""
    found = line_cards(directory, texts, writer, topic, _LINES, language, now)
    return service_cards(found, load_web_texts(), language)


def phones(sides: Mapping[str, str], language: Supported) -> str:
    """Return both languages side by side, each as wide as a phone.

    Args:
        sides: markup of the messages by language.
        language: of the reader.
    """
    made = "".join(
        f'<div class="phone" lang="{code}"><p class="hint">{escape(say(key, language))}</p>'
        f"{sides[code]}</div>"
        for code, key in zip(SUPPORTED, ("french", "dutch"), strict=True)
        if code in sides
    )
    return f'<div class="phones">{made}</div>'


def planned(plan: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return what `data/plan.yml` says of an answer."""
    found = plan.get(key.removeprefix("utter_")) or {}
    return found if isinstance(found, dict) else {}
