"""What all forms of the workshop share: the problem shown above, fields, the page after a save."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any, TypeVar

from aiohttp import web
from multidict import MultiDictProxy

from bot.desk.page import language_of, page, say
from bot.desk.signin import wrong
from bot.gateway import keys as gateway_keys
from bot.language import Supported
from bot.workshop import keys
from bot.workshop.answers import WordingError
from bot.workshop.intents import ExamplesError
from bot.workshop.saving import RefusedError, Saved, Shelf, StaleError, snapshot
from bot.yaml_files import TextsError

Form = MultiDictProxy[Any]
_T = TypeVar("_T")


def shelf_of(request: web.Request) -> Shelf:
    """Return the data files."""
    return request.config_dict[keys.SHELF]


def today(request: web.Request) -> date:
    """Return the day of today, of the gateway's clock."""
    return request.config_dict[gateway_keys.CLOCK]().date()


async def aside(work: Callable[[], _T]) -> _T:
    """Read or write files without holding up the visitors' conversations."""
    return await asyncio.to_thread(work)


def field(form: Form | None, name: str, else_: str = "") -> str:
    """Return a field as it was typed, or what stands in the file when no form was sent."""
    return str(form.get(name, "")) if form is not None else else_


def hidden(part: Any) -> str:
    """Return the hidden field that remembers what the form showed."""
    return hidden_text(snapshot(part))


def hidden_text(kept: str) -> str:
    """Return that field for what is a `snapshot` already."""
    return f'<input type="hidden" name="before" value="{escape(kept)}">'


def before(form: Form) -> str:
    """Return that field as it was; browsers send line ends of their own."""
    return str(form.get("before", "")).replace("\r\n", "\n")


def remembered(form: Form | None, error: Exception | None, now: str) -> str:
    """Return the snapshot for a form that is shown again.

    It stays the one of when the form was opened, until its reader has seen what others changed: a
    slip of the pen in between must not hide their change.

    Args:
        form: that was sent, None when the page was just opened.
        error: why it wasn't saved.
        now: the snapshot of what the file holds.
    """
    if form is None or isinstance(error, StaleError):
        return now
    return before(form) or now


def found_right(mark: Mapping[str, Any] | None, never: str, language: Supported) -> str:
    """Return who found something right, and when; or the sentence `never`; not escaped.

    Args:
        mark: `{by_role, date}` of the record or answer, both empty until a person has looked.
        never: key of the sentence for that.
        language: of the reader.
    """
    if not mark or not mark.get("date"):
        return say(never, language)
    return say("checked_by", language, by=mark["by_role"], date=mark["date"])


def trouble(request: web.Request, error: Exception | None) -> tuple[str, int]:
    """Return the markup that says why a form wasn't saved, and the status of the answer."""
    if error is None:
        return "", 200
    language = language_of(request)
    if isinstance(error, StaleError):
        lines = escape("\n".join(error.changes))
        return wrong(request, error.key) + f'<pre class="scroll" tabindex="0">{lines}</pre>', 409
    if isinstance(error, ExamplesError):
        items = "".join(
            f"<li>{escape(line)}<br><b>{escape(say(key, language, **values))}</b></li>"
            for line, key, values in error.found
        )
        return wrong(request, error.key, **error.values) + f"<ul>{items}</ul>", 400
    if isinstance(error, WordingError):
        items = "".join(
            f"<li>{escape(say(key, language, **values))}</li>" for key, values in error.found
        )
        return wrong(request, error.key, **error.values) + f"<ul>{items}</ul>", 400
    if isinstance(error, RefusedError):
        return wrong(request, error.key, **error.values), 400
    return wrong(request, "wrong_unsaved", why=str(error)[:300]), 500


# What a save may end in besides success; anything else is a fault of ours.
EXPECTED = (RefusedError, TextsError)


def saved_page(request: web.Request, saved: Sequence[Saved], back: str, then: str) -> web.Response:
    """Return the page after a save: the lines that changed, and when it counts.

    Args:
        request: that saved.
        saved: what each file became.
        back: address of the page to go on with.
        then: key of the sentence that says what happens next.
    """
    language = language_of(request)
    parts = []
    for one in saved:
        commit = say("saved_commit", language, commit=one.commit) if one.commit else ""
        parts.append(
            f"<h2>{escape(one.file)}</h2>"
            f'<pre class="scroll" tabindex="0">{escape(one.diff)}</pre>'
            f'<p class="hint">{escape(commit)}</p>'
        )
    return page(
        request,
        "workshop-saved",
        {"saved": "".join(parts), "back": escape(back), "then": escape(say(then, language))},
    )
