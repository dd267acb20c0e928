"""An answer in both languages as the chat shows it, for the pages on which one is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.desk.page import language_of
from bot.gateway import keys as gateway_keys
from bot.language import SUPPORTED
from bot.workshop import preview


def shown(
    request: web.Request,
    text: Mapping[str, str],
    buttons: Mapping[str, Sequence[str]],
    plan: Mapping[str, Any],
    *,
    urgent: bool = False,
) -> str:
    """Return the markup of an answer, both languages side by side.

    Args:
        request: of the reader.
        text: by language, not saved yet perhaps.
        buttons: their labels by language.
        plan: what `data/plan.yml` says of it: the lines below are chosen as of this moment.
        urgent: shown as an alarm.
    """
    found = request.config_dict
    now = found[gateway_keys.CLOCK]()
    sides: dict[str, str] = {}
    for code in SUPPORTED:
        below = ""
        if plan.get("lines"):
            below = preview.lines_below(
                found[gateway_keys.DIRECTORY],
                found[gateway_keys.TEXTS],
                str(plan["lines"]),
                str(plan.get("writer", "unknown")),
                code,
                now,
            )
        words = preview.filled(text.get(code, ""), found[gateway_keys.SETTINGS])
        sides[code] = preview.bubble(words, buttons.get(code, ()), below, urgent=urgent)
    return preview.phones(sides, language_of(request))
