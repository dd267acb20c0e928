"""The training examples, read without Rasa: for measuring and for the risk's head."""

from __future__ import annotations

from pathlib import Path

from bot.texts import DATA, TextsError, read_yaml


def examples(data: Path = DATA) -> list[tuple[str, str, str]]:
    """Return (text, intent, language) of every example under `data/nlu`.

    Raises:
        TextsError: a file is broken, or an example stands in two intents.
    """
    found: list[tuple[str, str, str]] = []
    home: dict[str, str] = {}
    for path in sorted((data / "nlu").glob("*.yml")):
        language = path.stem.rsplit(".", 1)[-1]
        for block in (read_yaml(path) or {}).get("nlu", []):
            intent = block["intent"]
            for line in str(block["examples"]).splitlines():
                text = line.strip().removeprefix("-").strip()
                if not text:
                    continue
                folded = text.lower()
                if home.setdefault(folded, intent) != intent:
                    raise TextsError(
                        f"{path}: {text!r} stands in {home[folded]} and in {intent}; "
                        "an example belongs to one intent: remove one."
                    )
                found.append((text, intent, language))
    return found
