"""The visitor's interface on the running system: the contract, bad input, erasing, faults."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
from typing import Any

import aiohttp
import pytest
from jsonschema import Draft202012Validator

from bot.gateway.contract import document
from tests.dsl import Talk
from tests.stack import Stack

pytestmark = pytest.mark.slow


def holds(schema: str, data: Any) -> None:
    """Hold data against a schema of the OpenAPI document."""
    definition = {"$ref": f"#/components/schemas/{schema}", **document()}
    Draft202012Validator(definition).validate(data)


async def test_the_answers_fit_the_document(stack: Stack, http: aiohttp.ClientSession) -> None:
    for language in ("fr", "nl"):
        talk = await Talk(stack.url, language, http).start()
        holds("Conversation", talk.last)
        holds("Reply", await talk.say("bonjour" if language == "fr" else "goeiedag"))
        async with http.get(f"{stack.url}/api/v1/lines", params={"language": language}) as answer:
            holds("Lines", await answer.json())


async def test_the_first_words_keep_their_promises(
    stack: Stack, http: aiohttp.ClientSession
) -> None:
    for language, machine in (("fr", "machine"), ("nl", "machine")):
        talk = await Talk(stack.url, language, http).start()
        first = talk.messages[0]
        assert machine in first["text"].lower()
        assert "112" in first["text"]
        # The promise is the configured time.
        assert f"{talk.last['expires_in'] // 60} minut" in first["text"].lower()
        assert "safe_to_write:yes" in talk.choices


async def test_who_asks_what_is_kept_hears_the_configured_times(
    stack: Stack, http: aiohttp.ClientSession
) -> None:
    asked = {
        "fr": ("est ce que quelqu'un peut lire ce que j'écris ici ?", "au plus tard {} minutes"),
        "nl": ("kan iemand lezen wat ik hier schrijf?", "ten laatste {} minuten"),
    }
    for language, (question, promise) in asked.items():
        talk = await Talk(stack.url, language, http).start()
        minutes = talk.last["expires_in"] // 60
        await talk.say(question)
        assert promise.format(minutes) in " ".join(m["text"] for m in talk.messages)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'"x"', 400),
        (b"\xff\xfe", 400),
        (b'{"text": 5}', 400),
        (b'{"text": ""}', 400),
        (b'{"text": "a", "choice": "greet"}', 400),
        (b'{"choice": "ask_shelter_not_offered"}', 400),
        (b'{"choice": "danger_immediate"}', 400),
        (b'{"sender": "x", "text": "a"}', 400),
        (json.dumps({"text": "a" * 2001}).encode(), 413),
        (json.dumps({"text": "a" * 200_000}).encode(), 413),
        (b"[" * 20_000, 400),
        (json.dumps({"text": "a" * 2000}).encode(), 200),
        (b'{"text": "\\ud800 bonjour"}', 200),
        (b'{"text": "\\u0000\\u0007"}', 200),
        (b'{"text": "/restart"}', 200),
        (b'{"text": "/greet{\\"commune\\": \\"Esneux\\"}"}', 200),
    ],
)
async def test_odd_input_gets_a_clear_answer(
    body: bytes, status: int, stack: Stack, http: aiohttp.ClientSession
) -> None:
    talk = await Talk(stack.url, "fr", http).start()
    headers = {**talk.headers, "Content-Type": "application/json"}
    async with http.post(f"{stack.url}/api/v1/messages", data=body, headers=headers) as answer:
        assert answer.status == status, await answer.text()
        data = await answer.json()
    holds("Reply" if status == 200 else "Problem", data)
    # The turn isn't lost: the talk goes on.
    assert (await talk.say("merci"))["messages"]


async def test_a_slash_never_forges_an_intent(stack: Stack, http: aiohttp.ClientSession) -> None:
    talk = await Talk(stack.url, "fr", http).start()
    await talk.say('/choose{"choice": "commune:62032"}')
    assert talk.messages[0]["intent"] != "choose"
    assert "62032" not in stack.log


async def test_without_a_token_or_with_a_wrong_one(
    stack: Stack, http: aiohttp.ClientSession
) -> None:
    url = f"{stack.url}/api/v1/messages"
    for headers, status in (
        ({}, 401),
        ({"Authorization": "Bearer x"}, 404),
        ({"Authorization": "Bearer " + "A" * 43}, 404),
    ):
        async with http.post(url, json={"text": "a"}, headers=headers) as answer:
            assert answer.status == status
            holds("Problem", await answer.json())


async def test_what_is_erased_stays_erased(stack: Stack, http: aiohttp.ClientSession) -> None:
    talk = await Talk(stack.url, "nl", http).start()
    await talk.say("mijn man slaat mij")
    async with http.delete(f"{stack.url}/api/v1/conversations", headers=talk.headers) as answer:
        assert answer.status == 204
    for _ in range(2):
        async with http.post(
            f"{stack.url}/api/v1/messages", json={"text": "hallo"}, headers=talk.headers
        ) as answer:
            assert answer.status == 404
        async with http.delete(f"{stack.url}/api/v1/conversations", headers=talk.headers) as answer:
            assert answer.status == 404


@pytest.mark.parametrize(("language", "words"), [("fr", "efface tout"), ("nl", "Wis alles!")])
async def test_two_words_erase_everything(
    language: str, words: str, stack: Stack, http: aiohttp.ClientSession
) -> None:
    from bot.privacy.seal import derive_keys
    from bot.redis_client import connect

    talk = await Talk(stack.url, language, http).start()
    await talk.say("bonjour")
    redis = connect(f"unix://{stack.redis_socket}")
    pattern = f"*{derive_keys(talk.token).id}*"
    assert await redis.keys(pattern)
    reply = await talk.say(words)
    assert reply["erased"] is True
    assert await redis.keys(pattern) == []
    await redis.aclose()


async def test_off_and_on(stack: Stack, http: aiohttp.ClientSession) -> None:
    talk = await Talk(stack.url, "fr", http).start()
    try:
        assert stack.helpline("off").returncode == 0
        await talk.say("je veux partir")
        assert talk.messages[0]["from"] == "system"
        talk.expect({"contains": ["112", "0800 30 030"]})
        fresh = await Talk(stack.url, "nl", http).start()
        fresh.expect({"contains": ["112"]})
    finally:
        assert stack.helpline("on").returncode == 0
    await talk.say("bonjour")
    assert talk.messages[0]["from"] == "assistant"


def _child_pids(stack: Stack, word: str) -> list[int]:
    listing = subprocess.run(
        ["ps", "--ppid", str(stack.process.pid), "-o", "pid=,args="],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [int(line.split()[0]) for line in listing.splitlines() if word in line]


@pytest.mark.parametrize("part", ["actions.server", "rasa_parts.server"])
async def test_when_a_part_dies_the_person_still_sees_the_numbers(
    part: str, stack: Stack, http: aiohttp.ClientSession
) -> None:
    talk = await Talk(stack.url, "nl", http).start()
    for pid in _child_pids(stack, part):
        os.kill(pid, signal.SIGKILL)
    await talk.say("waar kan ik naartoe")
    talk.expect({"contains": ["112", "101"]})
    async with http.get(f"{stack.url}/api/v1/lines?language=nl") as answer:
        assert answer.status == 200
    # It comes back by itself, and the same talk goes on.
    for _ in range(240):
        await asyncio.sleep(0.5)
        await talk.say("dank u")
        if talk.messages[0]["from"] == "assistant":
            break
    else:
        pytest.fail("the assistant did not come back")


async def test_two_messages_at_once_are_both_answered(
    stack: Stack, http: aiohttp.ClientSession
) -> None:
    talk = await Talk(stack.url, "fr", http).start()

    async def say(text: str) -> int:
        async with http.post(
            f"{stack.url}/api/v1/messages", json={"text": text}, headers=talk.headers
        ) as answer:
            return len((await answer.json())["messages"])

    assert all(
        await asyncio.gather(say("bonjour"), say("est-ce que c'est anonyme ?"), say("merci"))
    )
