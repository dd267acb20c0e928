"""The gateway's side of the door into Rasa."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from typing import Any

import aiohttp

from bot.privacy.seal import ConversationKeys

TOKEN_HEADER = "X-Helpline-Token"  # noqa: S105 - a header's name
KEY_HEADER = "X-Conversation-Key"


class RasaUnavailableError(Exception):
    """Rasa or the actions failed, or took too long; the message says how, never what was said."""


class ConversationGoneError(Exception):
    """The conversation was erased while the turn was under way."""


class RasaClient:
    """Sends turns to our channel in Rasa."""

    def __init__(
        self, session: aiohttp.ClientSession, url: Callable[[], str], token: str, timeout: float
    ) -> None:
        """Take what a turn needs.

        Args:
            session: for HTTP.
            url: gives the address of the Rasa in service; asked at each turn (`bot.door`).
            token: the secret that gateway and Rasa share.
            timeout: seconds that a turn may take.
        """
        self._session, self._url, self._token, self._timeout = session, url, token, timeout

    async def ready(self) -> bool:
        """Tell whether Rasa has loaded its model."""
        try:
            async with self._session.get(
                f"{self._url()}/", timeout=aiohttp.ClientTimeout(total=2)
            ) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            return False

    async def turn(self, keys: ConversationKeys, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Send one turn; return the answers.

        Args:
            keys: of the conversation; only the pseudonymous id and Rasa's key leave the gateway.
            body: `text` or `parse_data`, and `metadata`.

        Raises:
            RasaUnavailableError: it failed or was too slow.
            ConversationGoneError: the conversation was erased meanwhile.
        """
        headers = {
            TOKEN_HEADER: self._token,
            KEY_HEADER: base64.b64encode(keys.rasa_key).decode(),
        }
        try:
            async with self._session.post(
                f"{self._url()}/webhooks/helpline/turn",
                json={"sender": keys.id, **body},
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=self._timeout),
            ) as answer:
                data = await answer.json(content_type=None)
                if answer.status == 409 and data.get("refused") == "gone":
                    raise ConversationGoneError
                if answer.status != 200:
                    raise RasaUnavailableError(f"status {answer.status}")
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            raise RasaUnavailableError(type(error).__name__) from None
        messages = data.get("messages") if isinstance(data, dict) else None
        if not messages:
            # Rasa answers 200 with nothing when an action failed: that is silence too.
            raise RasaUnavailableError("no answer")
        return [m for m in messages if isinstance(m, dict)]
