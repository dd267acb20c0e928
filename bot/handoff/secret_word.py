"""A word of the person's choice, which shows after a silence that the same person writes (R8)."""

from __future__ import annotations

import hashlib
import hmac

from bot.conversation.record import Record
from bot.privacy.seal import ConversationKeys
from bot.rasa_parts.text import fold

# After such a silence (milliseconds) somebody else may be writing.
_SILENCE = 10 * 60 * 1000
# A word is short; anything longer was meant as talk.
_LONGEST = 40


def may_be_one(text: str) -> bool:
    """Tell whether a text is short enough to be such a word."""
    return len(text) <= _LONGEST


def keep(keys: ConversationKeys, record: Record, word: str) -> None:
    """Keep the word in a form that nobody can read."""
    record.code_word = _mac(keys, word)


def is_right(keys: ConversationKeys, record: Record, word: str) -> bool:
    """Tell whether this is the word that was chosen."""
    return hmac.compare_digest(_mac(keys, word), record.code_word)


def is_due(record: Record, heard: int, now: int) -> bool:
    """Tell whether the word must be asked for.

    Args:
        record: of the conversation.
        heard: when the visitor wrote last, in milliseconds; 0 for never.
        now: the moment, in milliseconds.
    """
    return bool(record.code_word and heard and now - heard >= _SILENCE)


def _mac(keys: ConversationKeys, word: str) -> str:
    return hmac.new(keys.gateway_key, fold(word).strip().encode(), hashlib.sha256).hexdigest()
