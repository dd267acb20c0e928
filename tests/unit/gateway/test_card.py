"""The card in another language: whole once, short from then on, until French or Dutch."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from bot.conversation.record import Record, Records
from bot.directory.load import load_directory
from bot.gateway.turns import Turns
from bot.language import detect
from bot.privacy.seal import ConversationKeys, derive_keys, new_token
from bot.redis_client import connect
from bot.texts import DATA, texts

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Brussels"))


@pytest.fixture(scope="module")
def turns() -> Turns:
    nothing = cast(Any, None)
    return Turns(
        redis=nothing,
        records=nothing,
        rasa=nothing,
        texts=texts(),
        directory=load_directory(DATA / "directory", "demo"),
        redact=lambda text, *_: text,
        clock=lambda: NOW,
        erase_words=frozenset(),
        debug=False,
    )


@pytest.fixture
def record() -> Record:
    return Record(language="fr", created=0.0, public_key="")


def card(turns: Turns, record: Record, text: str) -> tuple[str, bool] | None:
    """Return language and form of the card that a message gets."""
    found = turns._card_in(detect(text), text, record)
    if found is None:
        return None
    assert found.shown["urgent"]
    assert [b["value"] for b in found.shown["buttons"]] == ["language:fr", "language:nl"]
    assert {"urgence-112", "police-101"} <= {s["id"] for s in found.shown["services"]}
    assert "112" in found.shown["text"]
    return found.shown["language"], found.again


@pytest.mark.parametrize(
    ("first", "then", "code"),
    [
        ("hello, my boyfriend is hitting me", "what can I do, he is outside my house", "en"),
        ("hilfe, mein Mann schlägt mich jeden Tag", "können Sie jemanden anrufen", "de"),
        ("kocam beni dövüyor, çok korkuyorum", "lütfen bana yardım edin, çok korkuyorum", "tr"),
    ],
)
def test_whole_once_then_short_in_the_same_language(
    turns: Turns, record: Record, first: str, then: str, code: str
) -> None:
    assert card(turns, record, first) == (code, False)
    assert card(turns, record, then) == (code, True)
    assert card(turns, record, then) == (code, True)


@pytest.mark.parametrize("text", ["yes", "ok", "thank you", "no", "112?"])
def test_a_short_word_stays_in_the_language_of_the_card(
    turns: Turns, record: Record, text: str
) -> None:
    card(turns, record, "please help me, my husband is very angry")
    assert card(turns, record, text) == ("en", True)


@pytest.mark.parametrize("text", ["oui", "non", "j'ai peur de lui", "ik ben bang van hem"])
def test_french_or_dutch_ends_it(turns: Turns, record: Record, text: str) -> None:
    card(turns, record, "please help me, my husband is very angry")
    assert card(turns, record, text) is None
    assert card(turns, record, "ok") is None


def test_a_short_word_alone_gets_no_card(turns: Turns, record: Record) -> None:
    assert card(turns, record, "ok jappel") is None
    assert card(turns, record, "help") is None


class _Rasa:
    """Answers every turn in French, and counts them."""

    def __init__(self) -> None:
        self.turns = 0

    async def turn(self, keys: ConversationKeys, body: dict[str, Any]) -> list[dict[str, Any]]:
        self.turns += 1
        return [{"text": "Bonjour.", "buttons": [], "custom": {"key": "utter_greet"}}]


async def test_the_short_card_stands_alone_and_the_risk_is_read_all_the_same(
    turns: Turns, redis_url: str
) -> None:
    redis = connect(redis_url)
    records, rasa = Records(redis, 600, 3600), _Rasa()
    turns._redis, turns._records, turns._rasa = redis, records, cast(Any, rasa)
    keys = derive_keys(new_token())
    await records.create(keys, "fr")
    said = []
    for text in ("please help me, he hits me", "he is outside my house now", "oui merci"):
        reply = await turns.handle(keys, text=text, choice=None)
        assert reply
        said.append([m["language"] for m in reply.messages])
    assert said == [["en", "fr"], ["en"], ["fr"]]
    assert rasa.turns == 3
    await redis.aclose()


def test_live_shows_numbers_only_until_a_native_speaker_has_approved_the_card(
    record: Record,
) -> None:
    nothing = cast(Any, None)
    approved = {
        "approved": {"by_role": "traductrice", "date": "2026-11-24", "as": "native_speaker"}
    }
    known = texts()
    card_of = known.answers["utter_card_en"]["en"]
    more = {**known.answers, "utter_card_en": {"en": replace(card_of, metadata=approved)}}
    live = Turns(
        redis=nothing,
        records=nothing,
        rasa=nothing,
        texts=replace(known, answers=more),
        directory=load_directory(DATA / "directory", "live"),
        redact=lambda text, *_: text,
        clock=lambda: NOW,
        erase_words=frozenset(),
        debug=False,
    )
    german = live._card_in("de", "hilfe, mein Mann schlägt mich jeden Tag", record)
    assert german
    assert german.shown["text"] == "112 · 101"
    assert {"urgence-112", "police-101"} <= {s["id"] for s in german.shown["services"]}
    english = live._card_in("en", "hello, my boyfriend is hitting me", record)
    assert english
    assert "112" in english.shown["text"]
    assert len(english.shown["text"]) > 100
