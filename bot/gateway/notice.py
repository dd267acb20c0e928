"""Who answers for the data, and the person's rights (GDPR articles 13 and 15 to 21)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.gateway.messages import Message
from bot.language import SUPPORTED, Supported
from bot.settings import Settings
from bot.texts import Texts

ANSWERS_WITH_NOTICE = frozenset({"utter_ask_anonymity"})
Notice = Callable[[Supported], str]


def controller_notice(settings: Settings, texts: Texts) -> Notice:
    """Return what gives the paragraph in a language; empty unless all three names are configured.

    Live mode doesn't start without them.
    """
    named = {
        "controller": settings.controller_name,
        "contact": settings.controller_contact,
        "authority": settings.supervisory_authority,
    }
    said: Mapping[Supported, str] = {
        language: texts.phrase("controller_notice", language, **named)
        if all(named.values())
        else ""
        for language in SUPPORTED
    }
    return said.__getitem__


def before_the_question(message: Message, notice: str) -> Message:
    """Return a message with the notice before its last paragraph, which asks something."""
    if not notice:
        return message
    told, _, question = message["text"].rpartition("\n\n")
    return {**message, "text": "\n\n".join(part for part in (told, notice, question) if part)}


def at_the_end(message: Message, notice: str) -> Message:
    """Return a message with the notice as its last paragraph."""
    return {**message, "text": f"{message['text']}\n\n{notice}"} if notice else message
