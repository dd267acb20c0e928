"""A rehearsal: a few turns of talk with a Rasa that isn't in service yet (`data/rehearsal.yml`)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
from redis.exceptions import RedisError

from bot.conversation.record import Records
from bot.gateway.rasa import ConversationGoneError, RasaClient, RasaUnavailableError
from bot.language import Supported
from bot.privacy.seal import derive_keys, new_token
from bot.redis_client import connect
from bot.settings import Settings
from bot.texts import DATA, TextsError, read_yaml

_LANGUAGES: Mapping[str, Supported] = {"fr": "fr", "nl": "nl"}
# The first turns of a fresh process are slower than any later one (seconds).
_PATIENCE = 20.0
Talk = tuple[Supported, list[dict[str, Any]]]


def load(path: Path = DATA / "rehearsal.yml") -> list[Talk]:
    """Return the talks.

    Raises:
        TextsError: the file is broken, or a language isn't rehearsed.
    """
    talks = []
    for talk in read_yaml(path) or []:
        language, turns = _LANGUAGES.get(str(talk.get("language"))), talk.get("turns") or []
        if language is None or not turns or not all(turn.get("say") for turn in turns):
            raise TextsError(f"{path}: each talk needs a language (fr, nl) and turns with 'say'.")
        talks.append((language, turns))
    missing = set(_LANGUAGES) - {language for language, _ in talks}
    if missing:
        raise TextsError(f"{path}: nothing is rehearsed in {', '.join(sorted(missing))}.")
    return talks


async def rehearse(settings: Settings, token: str, url: str, talks: list[Talk]) -> list[str]:
    """Hold the talks; return what went wrong, one sentence each (none: all is well).

    Args:
        settings: for Redis; the talks are erased at once.
        token: the secret between gateway and Rasa.
        url: of the Rasa to try.
        talks: from `load`.
    """
    redis = connect(settings.redis_url)
    wrong: list[str] = []
    try:
        async with aiohttp.ClientSession() as session:
            records = Records(redis, settings.idle_seconds, settings.max_seconds)
            rasa = RasaClient(session, lambda: url, token, _PATIENCE)
            for language, turns in talks:
                keys = derive_keys(new_token())
                await records.create(keys, language)
                try:
                    for turn in turns:
                        body = {"text": turn["say"], "metadata": {"language": language}}
                        said = await rasa.turn(keys, body)
                        wrong += [f"{turn['say']!r}: {what}" for what in missing(turn, said)]
                finally:
                    await records.erase(keys)
    except (RasaUnavailableError, ConversationGoneError) as error:
        wrong.append(f"the new model doesn't answer ({error or type(error).__name__})")
    except (RedisError, OSError, asyncio.TimeoutError) as error:
        wrong.append(f"it couldn't be tried ({type(error).__name__})")
    finally:
        await redis.aclose()
    return wrong


def missing(turn: Mapping[str, Any], said: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what an answer of Rasa lacks.

    Args:
        turn: what is expected, as in the file.
        said: the messages, as our channel gives them.
    """
    customs = [message.get("custom") or {} for message in said]
    cards = [card for custom in customs for card in custom.get("services") or []]
    urgent = any(custom.get("urgent") for custom in customs)
    if turn.get("urgent", urgent) != urgent:
        yield "an alarm" if urgent else "no alarm"
    shown = " ".join(
        [str(message.get("text", "")) for message in said]
        + [f"{card.get('name')} {card.get('phone')}" for card in cards]
    )
    for part in turn.get("contains", ()):
        if part not in shown:
            yield f"without {part}"
    known = {card.get("id") for card in cards}
    for service in turn.get("services", ()):
        if service not in known:
            yield f"without {service}"
