"""The contract: the OpenAPI document, and requests held against it."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from aiohttp import web
from jsonschema import Draft202012Validator

from bot.privacy.seal import ConversationKeys, SealError, derive_keys
from bot.texts import read_yaml

DOCUMENT = Path(__file__).with_name("openapi.yml")
# The longest message (2,000 characters of four bytes, escaped) with room to spare.
MAX_BODY = 32 * 1024


class Problem(web.HTTPException):
    """An answer that says what is wrong and what to do; never what was sent."""

    def __init__(self, status: int, error: str, detail: str, **headers: str) -> None:
        """Make the answer.

        Args:
            status: HTTP status code.
            error: a short name that programs can rely on.
            detail: a sentence for the person who reads it.
            headers: further headers.
        """
        self.status_code = status
        super().__init__(
            text=json.dumps({"error": error, "detail": detail}),
            content_type="application/json",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )


def conversation(request: web.Request) -> ConversationKeys:
    """Return the keys of the conversation whose token stands in the header.

    Raises:
        Problem: 401 when there is no token, 404 when it can't be one.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Problem(401, "no_token", "Send the token as Authorization: Bearer …")
    try:
        return derive_keys(token.strip())
    except SealError:
        raise gone() from None


def gone() -> Problem:
    """Return the answer for a conversation that doesn't exist (any more)."""
    return Problem(404, "no_conversation", "This conversation is over; start a new one.")


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return cast(dict[str, Any], read_yaml(DOCUMENT))


@lru_cache(maxsize=16)
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(document()["components"]["schemas"][schema])


async def body(request: web.Request, schema: str) -> dict[str, Any]:
    """Return the JSON body of a request, held against a schema of the document.

    Raises:
        Problem: 400 when it isn't JSON or doesn't fit, 413 when it is too long.
    """
    try:
        raw = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise Problem(413, "too_long", "At most 2,000 characters in one message.") from None
    return fitting(raw, schema)


def fitting(raw: bytes, schema: str) -> dict[str, Any]:
    """Return a JSON body, held against a schema of the document.

    Raises:
        Problem: 400 when it isn't JSON or doesn't fit, 413 when a text is too long.
    """
    try:
        data = json.loads(raw.decode("utf-8") if raw else "{}")
    except UnicodeDecodeError:
        raise Problem(400, "not_utf8", "The body must be UTF-8.") from None
    except (ValueError, RecursionError):
        raise Problem(400, "not_json", "The body must be valid JSON.") from None
    for error in _validator(schema).iter_errors(data):
        if error.validator == "maxLength":
            raise Problem(413, "too_long", "At most 2,000 characters in one message.")
        where = "/".join(str(part) for part in error.absolute_path) or "body"
        raise Problem(400, "not_valid", f"{where}: doesn't fit the schema ({error.validator}).")
    return cast(dict[str, Any], data)
