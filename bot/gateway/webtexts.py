"""The sentences of the pages, from `data/web.yml`, held against the rule "both languages"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.language import SUPPORTED, Supported
from bot.texts import DATA, TextsError, read_yaml

# Keys of pages that need no script to show them; the chat page's own script gets all others.
_NOT_FOR_CHAT = ("demo_", "about_", "left_", "find_", "learning_")


@dataclass(frozen=True)
class WebTexts:
    """The sentences by key and language."""

    sentences: dict[str, dict[str, str]]

    def get(self, key: str, language: Supported) -> str:
        """Return a sentence.

        Raises:
            KeyError: there is none of that name.
        """
        return self.sentences[key][language]

    def for_chat(self, language: Supported) -> dict[str, str]:
        """Return the sentences that the chat page's script needs."""
        return {
            key: both[language]
            for key, both in self.sentences.items()
            if not key.startswith(_NOT_FOR_CHAT)
        }

    def starting(self, prefix: str, language: Supported) -> dict[str, str]:
        """Return the sentences whose key starts with `prefix`."""
        return {k: both[language] for k, both in self.sentences.items() if k.startswith(prefix)}


@lru_cache(maxsize=4)
def load_web_texts(path: Path = DATA / "web.yml") -> WebTexts:
    """Read the sentences, once a process: several pages use them.

    Raises:
        TextsError: the file is broken, or a sentence stands in one language only.
    """
    data = read_yaml(path) or {}
    for key, both in data.items():
        if not isinstance(both, dict) or set(both) != set(SUPPORTED) or not all(both.values()):
            raise TextsError(f"{path}: {key} must have a sentence in both fr and nl; add it.")
    return WebTexts(
        {key: {"fr": _bound(both["fr"]), "nl": str(both["nl"])} for key, both in data.items()}
    )


def _bound(text: str) -> str:
    """Return French text whose lines can't end before : ; ? ! or inside « »."""
    return re.sub(" ([»:;?!])", "\u00a0\\1", text.replace("« ", "«\u00a0"))
