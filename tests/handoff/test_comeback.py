"""Coming back with four words, and "nobody from my commune", through the real gateway."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.directory.hours import BRUSSELS
from bot.gateway import keys
from bot.handoff.buttons import BACK, KEEP, LATER, UNKEEP, split
from tests.fakes.handoff import at_rest
from tests.fakes.handoff_gateway import API_KEY, Gateway, Visitor, gateway

HOURS = "Mo-Fr 09:00-17:00; PH off"
EVENING, MORNING = datetime(2026, 11, 25, 20, 0), datetime(2026, 11, 26, 10, 0)
DANGER = "il avait un couteau"


@pytest.fixture
async def g(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Gateway]:
    """A team with hours, on a Wednesday evening."""
    async with gateway(redis_url, tmp_path, monkeypatch, DESK_HOURS=HOURS) as made:
        set_clock(made, EVENING)
        await made.present()
        yield made


def set_clock(g: Gateway, moment: datetime) -> None:
    """Turn the clock in Belgium."""
    here = moment.replace(tzinfo=BRUSSELS)
    g.service._clock = lambda: here
    g.service.voice._clock = lambda: here


def values(message: dict[str, Any]) -> list[str]:
    return [split(button["value"])[0] for button in message["buttons"]]


async def keep(g: Gateway, *said: str, language: str = "fr") -> tuple[Visitor, str]:
    """Return somebody who has kept words, and the words."""
    visitor = await g.visitor(language)
    for text in said:
        await visitor.say(text)
    (nobody,) = await visitor.choose("handoff")
    assert LATER in values(nobody)
    await visitor.choose(LATER)
    (shown,) = await visitor.choose(KEEP)
    return visitor, shown["text"].split("\n\n")[1]


@pytest.mark.parametrize(
    ("language", "marks"),
    [
        ("fr", ("Est-ce sûr", "demain à 17:00", "même si ce chat est effacé", "redémarre")),
        ("nl", ("Is het veilig", "morgen om 17:00", "ook als deze chat gewist", "opnieuw op")),
    ],
)
async def test_first_it_is_asked_whether_it_is_safe(
    g: Gateway, language: str, marks: tuple[str, ...]
) -> None:
    visitor = await g.visitor(language)
    (nobody,) = await visitor.choose("handoff")
    assert "09:00" in nobody["text"]
    (asked,) = await visitor.choose(LATER)
    assert values(asked) == [KEEP, "handoff:no"]
    for mark in marks:
        assert mark in asked["text"]
    # Nothing is kept before the yes, nor after a no.
    await visitor.choose("handoff:no")
    assert not await g.app[keys.REDIS].keys("n:*")


async def test_a_yes_without_the_question_is_refused(g: Gateway) -> None:
    visitor = await g.visitor()
    async with g.http.post(
        f"{g.url}/api/v1/messages", json={"choice": KEEP}, headers=visitor.headers
    ) as answer:
        assert answer.status == 400


async def test_within_hours_nothing_is_offered(g: Gateway) -> None:
    visitor = await g.visitor()
    await visitor.choose("handoff")
    set_clock(g, MORNING)
    # The question was offered in the evening, and now somebody is there: the consent instead.
    (consent,) = await visitor.choose(LATER)
    assert "handoff:words" in values(consent)
    assert BACK in values(consent)
    assert not await g.app[keys.REDIS].keys("n:*")


async def test_words_that_would_be_dead_before_the_opening_are_not_offered(g: Gateway) -> None:
    g.app[keys.STATE].set("closed_until:stopp-vif", "2026-12-02")
    visitor = await g.visitor()
    (nobody,) = await visitor.choose("handoff")
    assert LATER not in values(nobody)


async def test_from_the_evening_to_a_person_the_next_day(g: Gateway) -> None:
    visitor, words = await keep(g, DANGER)
    async with g.http.delete(f"{g.url}/api/v1/conversations", headers=visitor.headers) as answer:
        assert answer.status == 204
    assert DANGER.encode() not in await at_rest(g.app[keys.REDIS])
    set_clock(g, MORNING)
    back = await g.visitor()
    await back.choose("handoff")
    (enter,) = await back.choose(BACK)
    assert enter["from"] == "system"
    right, consent = await back.say(words.upper())
    # Opening shows nothing of what was kept, in no field.
    shown = str([right, consent, await back.look()])
    assert "danger maintenant" not in shown
    assert "quatre mots" in consent["text"]
    assert await g.service.store.live() == {}
    await back.choose("handoff:summary")
    status, found = await g.fetch(await g.only_handoff(), key=API_KEY)
    assert status == 200
    assert "Il y a un danger maintenant." in found["summary"]
    assert found["risk"] == "emergency"
    assert "danger maintenant" not in str(await back.look())


async def test_erasing_says_that_the_note_stays_as_agreed(g: Gateway) -> None:
    visitor, words = await keep(g)
    assert "quatre mots" in (await visitor.choose("erase"))[-1]["text"]
    plain = await g.visitor()
    assert len(await plain.choose("erase")) == 1
    set_clock(g, MORNING)
    back = await g.visitor()
    assert len(await back.say(words)) == 2


async def test_nothing_from_before_goes_along_if_the_person_wants_none(g: Gateway) -> None:
    _, words = await keep(g, DANGER)
    set_clock(g, MORNING)
    back = await g.visitor()
    await back.choose("handoff")
    await back.choose(BACK)
    await back.say(words)
    await back.choose("handoff:nothing")
    _, found = await g.fetch(await g.only_handoff())
    assert (found["summary"], found["risk"]) == (None, "none")


async def test_wrong_used_and_forgotten_words_answer_alike(g: Gateway) -> None:
    first, forgotten = await keep(g)
    (gone,) = await first.choose(UNKEEP)
    assert "effacé" in gone["text"]
    _, words = await keep(g)
    set_clock(g, MORNING)
    once = await g.visitor()
    await once.choose("handoff")
    await once.choose(BACK)
    assert len(await once.say(words)) == 2
    answers = set()
    visitor = await g.visitor()
    await visitor.choose("handoff")
    for text in (words, forgotten, "arbre fleur nuage pomme", "je ne sais plus"):
        await visitor.choose(BACK)
        (said,) = await visitor.say(text)
        answers.add((said["text"], tuple(values(said))))
    assert len(answers) == 1


async def test_after_five_tries_even_the_right_words_wait_and_are_not_used_up(g: Gateway) -> None:
    _, words = await keep(g)
    set_clock(g, MORNING)
    visitor = await g.visitor()
    await visitor.choose("handoff")
    for _ in range(5):
        await visitor.choose(BACK)
        await visitor.say("arbre fleur nuage pomme")
    await visitor.choose(BACK)
    (stop,) = await visitor.say(words)
    assert "trop d'essais" in stop["text"]
    other = await g.visitor()
    await other.choose("handoff")
    await other.choose(BACK)
    assert len(await other.say(words)) == 2


async def test_words_written_at_once_open_too_and_otherwise_are_talk(g: Gateway) -> None:
    _, words = await keep(g)
    visitor = await g.visitor()
    # In the evening nobody could take the note: it stays whole.
    said = await visitor.say(words)
    assert [m["from"] for m in said] == ["assistant"]
    set_clock(g, MORNING)
    said = await visitor.say("arbre fleur nuage pomme")
    assert [m["from"] for m in said] == ["assistant"]
    said = await visitor.say(words)
    assert [m["from"] for m in said] == ["system", "system"]


async def test_a_cry_for_help_is_never_taken_for_words(g: Gateway) -> None:
    set_clock(g, MORNING)
    visitor = await g.visitor()
    await visitor.choose("handoff")
    await visitor.choose(BACK)
    said = await visitor.say("il a un couteau")
    assert [m["from"] for m in said] == ["assistant"]


async def test_a_child_who_comes_back_gets_the_short_consent(g: Gateway) -> None:
    _, words = await keep(g, "je l'ai dit à mon prof")
    set_clock(g, MORNING)
    back = await g.visitor()
    await back.choose("handoff")
    await back.choose(BACK)
    _, consent = await back.say(words)
    assert values(consent) == ["handoff:words", "handoff:no"]


@pytest.mark.parametrize(
    ("language", "typed", "name"),
    [("fr", "Esneux", "Esneux"), ("nl", "4130", "Esneux"), ("fr", "gand", "Gand")],
)
async def test_nobody_from_my_commune(g: Gateway, language: str, typed: str, name: str) -> None:
    set_clock(g, MORNING)
    visitor = await g.visitor(language)
    (consent,) = await visitor.choose("handoff")
    assert "handoff:elsewhere" in values(consent)
    await visitor.choose("handoff:elsewhere")
    noted, consent = await visitor.say(typed)
    assert name in noted["text"]
    await visitor.choose("handoff:nothing")
    nis = {"Esneux": "62032", "Gand": "44021"}[name]
    _, found = await g.fetch(await g.only_handoff())
    assert found["not_commune"] == nis

    async def seen(commune: str) -> int:
        queue = g.service.queue(["stopp-vif"], ["fr", "nl"], minors=True, commune=commune)
        return len(await queue)

    assert (await seen(nis), await seen("62022")) == (0, 1)
    claim = await g.service.claim(await g.only_handoff(), "Anne", commune=nis)
    assert claim.code == "refused"


async def test_an_unknown_commune_is_asked_again_and_passes_nothing_on(g: Gateway) -> None:
    set_clock(g, MORNING)
    visitor = await g.visitor()
    await visitor.choose("handoff")
    await visitor.choose("handoff:elsewhere")
    (said,) = await visitor.say("chez moi")
    assert values(said) == ["handoff:elsewhere", "handoff"]
    assert await g.service.store.live() == {}
    status, found = await visitor.handoff(
        action="request", share="nothing", not_commune="Nulle-Part"
    )
    assert (status, found["error"], found["state"]) == (400, "unknown_commune", "asked")
    status, _ = await visitor.handoff(action="request", share="nothing", not_commune="4130")
    assert status == 202
    assert (await g.fetch(await g.only_handoff()))[1]["not_commune"] == "62032"
