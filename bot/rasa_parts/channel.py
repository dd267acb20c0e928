"""The one door into Rasa: the gateway's turns, each with the key that opens its conversation.

Only the gateway knows this door (loopback, and a secret drawn at each start). Buttons arrive as an
intent with entities, not as text: a text that starts with `/` is never a command here.
"""

from __future__ import annotations

import base64
import hmac
import os
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.rasa_parts.turn_key import TURN_KEY, TurnRefusedError

NAME = "helpline"
TOKEN_HEADER = "X-Helpline-Token"  # noqa: S105 - a header's name
KEY_HEADER = "X-Conversation-Key"


class TurnOutput(CollectingOutputChannel):
    """Collects the answers of one turn, each whole: text, buttons and cards together."""

    @classmethod
    def name(cls) -> str:
        """Rasa's name of the channel."""
        return NAME

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one answer as it is (Rasa would cut it into one message a part)."""
        self.messages.append(
            {
                "text": message.get("text") or "",
                "buttons": message.get("buttons") or [],
                "custom": message.get("custom") or {},
            }
        )


class HelplineInput(InputChannel):
    """`POST /webhooks/helpline/turn`."""

    def __init__(self, token: str) -> None:
        """Remember the secret that the gateway sends with each turn."""
        self._token = token

    @classmethod
    def name(cls) -> str:
        """Rasa's name of the channel, part of its address."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Build the channel; the secret comes from the environment, not from a file."""
        return cls(os.environ.get("HELPLINE_INTERNAL_TOKEN", ""))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes of the channel."""
        routes = Blueprint("helpline_turns")

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            given = request.headers.get(TOKEN_HEADER, "")
            if not self._token or not hmac.compare_digest(given, self._token):
                return response.json({}, status=403)
            body = request.json
            output = TurnOutput()
            message = UserMessage(
                str(body.get("text", "")).lstrip("/ "),
                output,
                body["sender"],
                parse_data=body.get("parse_data"),
                input_channel=NAME,
                metadata=body.get("metadata") or {},
            )
            TURN_KEY.set(base64.b64decode(request.headers.get(KEY_HEADER, "")) or None)
            try:
                await on_new_message(message)
            except TurnRefusedError as refusal:
                return response.json({"refused": str(refusal)}, status=409)
            except Exception as error:
                # The name of the error only: its text may hold the person's words.
                return response.json({"failed": type(error).__name__}, status=500)
            return response.json({"messages": output.messages})

        return routes
