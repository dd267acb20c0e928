"""How a message is cut and folded before anybody looks at it: pure functions."""

from __future__ import annotations

import re
import unicodedata

# What an encoder sees at most: 27,000 characters took 17 s, a way to stall the service.
ENCODER_LIMIT = 600
MAX_PIECES = 24
_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_REPEATED = re.compile(r"(.)\1{2,}")
_SPACE = re.compile(r"\s+")
_STRIP = {"Mn", "Cc", "Cf", "Cs"}


def clean(text: str) -> str:
    """Return `text` without control characters and lone surrogates, spaces folded."""
    kept = (c if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"} else " " for c in text)
    return _SPACE.sub(" ", "".join(kept)).strip()


def fold(text: str) -> str:
    """Return lower case without accents, with letters repeated more than twice cut to two."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("’", "'"))
    kept = "".join(c for c in plain if unicodedata.category(c) not in _STRIP)
    return _REPEATED.sub(r"\1\1", kept)


def pieces(text: str) -> list[str]:
    """Cut a message: itself first (to the encoder's limit), then its sentences if it has several.

    A sentence longer than the limit is cut into windows, so that every word is seen by somebody.
    """
    # Encoders know shouting less well than speech.
    text = text.lower() if text.isupper() else text
    whole = text[:ENCODER_LIMIT]
    sentences: list[str] = []
    for sentence in _END.split(text):
        stripped = sentence.strip()
        if not stripped:
            continue
        # Speech-to-text has no full stops: long runs are cut at a space near the limit.
        while len(stripped) > ENCODER_LIMIT // 3 * 2:
            cut = stripped.rfind(" ", 0, ENCODER_LIMIT // 2)
            cut = cut if cut > 0 else ENCODER_LIMIT // 2
            sentences.append(stripped[:cut])
            stripped = stripped[cut:].strip()
        sentences.append(stripped)
    if len(sentences) <= 1:
        return [whole]
    if len(sentences) >= MAX_PIECES:
        # The first sentences say who, the last ones what is needed.
        sentences = sentences[: MAX_PIECES // 3] + sentences[-(MAX_PIECES - MAX_PIECES // 3 - 1) :]
    return [whole, *sentences]
