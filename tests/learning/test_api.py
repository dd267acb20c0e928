"""Giving sentences over HTTP: asked once, ticked, kept apart, taken back (R20)."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.gateway import keys
from bot.gateway.contract import document
from tests.fakes.handoff_gateway import Gateway, gateway
from tests.learning.talks import GUESSES, asked, gives, inbox, leaves, misses

SAID = "le truc du compteur chez Karim"
SHOWN = "le truc du compteur chez [nom]"


def holds(schema: str, data: Any) -> None:
    definition = {"$ref": f"#/components/schemas/{schema}", **document()}
    Draft202012Validator(definition).validate(data)


async def everything(g: Gateway, folder: Path) -> bytes:
    """Return all bytes of Redis and of the state folder."""
    found = [b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())]
    redis = g.app[keys.REDIS]
    for key in await redis.keys("*"):
        found += [key, await redis.dump(key) or b""]
    return b"".join(found)


async def test_the_question_comes_at_the_end_once_and_fits_the_document(g: Gateway) -> None:
    visitor = await g.visitor()
    await misses(g, visitor, SAID)
    assert "learning" not in visitor.last
    question = await leaves(g, visitor)
    holds("Reply", visitor.last)
    assert [s["text"] for s in question["sentences"]] == [SHOWN]
    assert await leaves(g, visitor) == {}


async def test_three_who_give_fill_the_inbox_and_nothing_else_is_kept(
    g: Gateway, tmp_path: Path
) -> None:
    before = set(tmp_path.rglob("*"))
    for number, name in enumerate(("vert", "bleu", "rouge")):
        visitor, question = await asked(g, f"le seau {name} déborde", f"non au seau {name} ici")
        assert await gives(g, visitor, question, 0) == 204
        assert len(inbox(g).sentences()) == (3 if number == 2 else 0)
    kept = inbox(g).sentences()
    assert {s.text for s in kept} == {f"le seau {n} déborde" for n in ("vert", "bleu", "rouge")}
    assert {s.guesses for s in kept} == {tuple(GUESSES)}
    new = {path.name for path in set(tmp_path.rglob("*")) - before}
    assert new == {"learning.db"}
    # What wasn't ticked is nowhere.
    assert b"non au seau" not in await everything(g, tmp_path)


async def test_until_the_yes_it_is_nowhere_in_the_clear(g: Gateway, tmp_path: Path) -> None:
    await asked(g, "le seau turquoise déborde")
    assert b"turquoise" not in await everything(g, tmp_path)
    assert not (tmp_path / "learning.db").exists()


async def test_a_no_keeps_nothing_and_is_the_last_word(g: Gateway, tmp_path: Path) -> None:
    visitor, question = await asked(g, SAID)
    assert await gives(g, visitor, question) == 204
    assert await gives(g, visitor, question, 0) == 409
    assert inbox(g).waiting() == {}
    assert not (tmp_path / "learning.db").exists()
    # Refusing changes nothing: the talk goes on.
    assert await visitor.say("encore une chose")


async def test_a_yes_counts_once(g: Gateway) -> None:
    visitor, question = await asked(g, SAID)
    found = await asyncio.gather(*(gives(g, visitor, question, 0) for _ in range(4)))
    assert sorted(found) == [204, 409, 409, 409]
    assert list(inbox(g).waiting().values()) == [1]


async def test_who_erased_the_talk_gives_nothing(g: Gateway) -> None:
    visitor, question = await asked(g, SAID)
    await visitor.choose("erase")
    assert await gives(g, visitor, question, 0) == 404
    assert inbox(g).waiting() == {}


@pytest.mark.parametrize("danger", ["il a un couteau", "je veux mourir", "c'est mon prof"])
async def test_never_after_danger_or_for_a_child(g: Gateway, danger: str) -> None:
    visitor = await g.visitor()
    await misses(g, visitor, SAID)
    g.rasa.custom = {}
    await visitor.say(danger)
    assert await leaves(g, visitor) == {}


async def test_not_while_a_person_is_awaited_and_after_them(g: Gateway) -> None:
    await g.present()
    visitor = await g.visitor()
    await misses(g, visitor, SAID)
    assert (await visitor.handoff(action="request", share="nothing"))[0] == 202
    assert await leaves(g, visitor) == {}
    await visitor.handoff(action="withdraw")
    assert [s["text"] for s in (await leaves(g, visitor))["sentences"]] == [SHOWN]


async def test_the_code_takes_it_back_at_its_page(g: Gateway) -> None:
    visitor, question = await asked(g, SAID)
    await gives(g, visitor, question, 0)
    for code in ("AAAA-AAAA-AAAA-AAAA-AAAA", question["code"].lower(), question["code"]):
        async with g.http.post(f"{g.url}/learning?language=nl", data={"code": code}) as answer:
            assert answer.status == 200
            text = await answer.text()
        # Wrong, right and used ones are answered alike.
        assert "als er onder deze code zinnen bewaard waren" in text
        assert code not in text
    assert inbox(g).waiting() == {}
    async with g.http.post(f"{g.url}/learning", data={"code": "<b>"}) as answer:
        assert answer.status == 400
        assert "<b>" not in await answer.text()


async def test_off_by_default_nothing_is_noted_asked_or_taken(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with gateway(redis_url, tmp_path, monkeypatch) as g:
        visitor, question = await asked(g, SAID)
        assert question == {}
        async with g.http.post(
            f"{g.url}/api/v1/learning", json={"sentences": []}, headers=visitor.headers
        ) as answer:
            assert answer.status == 404
        assert not (tmp_path / "learning.db").exists()


async def test_a_code_still_works_when_it_was_switched_off(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with gateway(redis_url, tmp_path, monkeypatch, LEARNING="on") as g:
        given = []
        for name in ("vert", "bleu", "rouge"):
            visitor, question = await asked(g, f"le seau {name} déborde")
            assert await gives(g, visitor, question, 0) == 204
            given.append(question["code"])
    async with gateway(redis_url, tmp_path, monkeypatch, LEARNING="off") as g:
        assert len(inbox(g).sentences()) == 3
        async with g.http.post(f"{g.url}/learning", data={"code": given[1]}) as answer:
            assert answer.status == 200
        assert {s.text for s in inbox(g).sentences()} == {
            "le seau vert déborde", "le seau rouge déborde",
        }  # fmt: skip


@pytest.mark.parametrize(
    "body", [{}, {"sentences": "x"}, {"sentences": ["x"] * 9}, {"sentences": [], "more": 1}]
)
async def test_odd_input_gets_a_clear_answer(g: Gateway, body: dict[str, Any]) -> None:
    visitor, _ = await asked(g, SAID)
    async with g.http.post(
        f"{g.url}/api/v1/learning", data=json.dumps(body), headers=visitor.headers
    ) as answer:
        assert answer.status == 400
        holds("Problem", await answer.json())
    for headers, status in (({}, 401), ({"Authorization": "Bearer " + "A" * 43}, 404)):
        async with g.http.post(
            f"{g.url}/api/v1/learning", json={"sentences": []}, headers=headers
        ) as answer:
            assert answer.status == status


async def test_a_file_that_cannot_be_written_is_said(
    g: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, question = await asked(g, SAID)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(inbox(g), "give", full)
    assert await gives(g, visitor, question, 0) == 503
