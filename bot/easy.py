"""The safety answers in easy words (`data/easy.yml`), shown when somebody asks for them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from bot.language import Supported
from bot.settings import Mode
from bot.texts import DATA, read_yaml

_PREFIX = "utter_risk_"
# Who is spoken to in the words of somebody else; who hurts and professionals get the full answer.
_VOICE = {"hurt": "unknown", "unknown": "unknown", "witness": "witness", "child": "child"}


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(DATA / "easy.yml")
    return loaded


def easy(key: str, language: Supported, mode: Mode) -> str | None:
    """Return an answer in easy words, or None where there is none.

    Args:
        key: the full answer's name: `utter_risk_<level>_<writer>`.
        language: of the reader.
        mode: live mode shows what a person has approved, nothing else.
    """
    if not key.startswith(_PREFIX) or (mode == "live" and not _file()["approved"]):
        return None
    level, _, writer = key.removeprefix(_PREFIX).partition("_")
    found = _file()["easy"].get(level, {}).get(_VOICE.get(writer, ""))
    return str(found[language]).strip() if found else None
