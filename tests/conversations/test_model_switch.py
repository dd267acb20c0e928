"""A new model takes over while people talk: no turn fails, no talk starts anew."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from bot.training.gates import load_gates
from bot.training.heldout import digest
from bot.training.model import MODELS
from bot.training.service import Verdict, content_of, history
from tests.dsl import Talk
from tests.stack import Stack, running

OLD, NEW, BROKEN = (f"helpline-{letter * 16}.tar.gz" for letter in "abc")
# Two Rasas on a busy machine take their time.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1000)]
TALKS = 8
LINES = {
    "fr": ["bonjour", "il me crie dessus tous les jours", "c'est quoi une ordonnance ?", "merci"],
    "nl": ["hallo", "hij roept elke dag op mij", "wat kost een advocaat?", "dank u"],
}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trained model under two names, both judged good, and a file that is no model."""
    folder = tmp_path_factory.mktemp("models")
    (source, *_) = sorted(
        MODELS.glob("helpline-*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True
    )
    shutil.copy(source, folder / OLD)
    os.link(folder / OLD, folder / NEW)
    (folder / BROKEN).write_bytes(b"no model")
    passing = {gate.name: gate.limit for gate in load_gates()}
    for name in (OLD, NEW, BROKEN):
        Verdict(name, content_of(folder / name), digest(), passing).write(folder)
    (folder / "in-service").write_text(f"{OLD}\n")
    return folder


@pytest.fixture(scope="module")
def switching(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole assistant on those models, patient: the machine of the tests is a busy one."""
    folder = tmp_path_factory.mktemp("stack")
    with running(folder, MODELS_DIR=str(models), TURN_TIMEOUT="30") as started:
        yield started


async def ask(stack: Stack, *words: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(stack.helpline, *words, seconds=900)


def answered(talk: Talk) -> None:
    """The assistant itself has answered: no fallback of the gateway."""
    assert talk.messages
    assert {message["from"] for message in talk.messages} == {"assistant"}, talk.text


async def chatter(stack: Stack, number: int, over: asyncio.Event) -> int:
    """Talk until it's over; return how many turns were answered."""
    language = ("fr", "nl")[number % 2]
    turns = 0
    async with aiohttp.ClientSession() as http:
        talk = await Talk(stack.url, language, http).start()
        while not over.is_set():
            begun = time.monotonic()
            await talk.say(LINES[language][turns % len(LINES[language])])
            took = time.monotonic() - begun
            # A machine too busy to answer in time isn't what is tested here: say how long it took.
            assert talk.messages, f"silence after {took:.1f} s"
            failed = [m["text"] for m in talk.messages if m["from"] != "assistant"]
            assert not failed, f"turn {turns} failed after {took:.1f} s: {serving(stack)}"
            turns += 1
            await asyncio.sleep(1.5)
    return turns


def serving(stack: Stack) -> dict[str, object]:
    (place,) = Path(stack.environment["XDG_RUNTIME_DIR"]).glob("helpline-*/rasa-*.json")
    found: dict[str, object] = json.loads(place.read_text())
    return found


async def test_no_turn_is_lost_and_talks_go_on(
    switching: Stack, models: Path, http: aiohttp.ClientSession
) -> None:
    before = serving(switching)
    assert before["model"] == OLD
    early = await Talk(switching.url, "fr", http).start()
    await early.say("4053")
    early.expect({"services": ["cpas-chaudfontaine"], "buttons": ["more"]})

    over = asyncio.Event()
    talks = [asyncio.create_task(chatter(switching, n, over)) for n in range(TALKS)]
    await asyncio.sleep(2)
    promoted = await ask(switching, "promote", str(models / NEW))
    await asyncio.sleep(2)
    over.set()
    turns = await asyncio.gather(*talks)

    assert promoted.returncode == 0, promoted.stderr
    assert f"{NEW} is in service." in promoted.stdout
    after = serving(switching)
    assert (after["model"], after["step"]) == (NEW, "done")
    assert after["port"] != before["port"]
    assert min(turns) > 3
    # The commune and what was shown before are still known to the new Rasa.
    await early.choose("more")
    answered(early)
    early.expect({"services": ["amo-resource"], "no_services": ["cpas-chaudfontaine"]})
    # The old one has ended: nobody listens at its port.
    with pytest.raises(aiohttp.ClientConnectionError):
        await http.get(f"http://127.0.0.1:{before['port']}/")


async def test_a_model_that_does_not_load_is_refused_and_the_old_one_stays(
    switching: Stack, models: Path, http: aiohttp.ClientSession
) -> None:
    before = serving(switching)
    promoted = await ask(switching, "promote", str(models / BROKEN))
    assert promoted.returncode == 1
    assert f"{BROKEN} was refused: " in promoted.stderr
    assert f"{before['model']} stays." in promoted.stderr
    after = serving(switching)
    assert (after["port"], after["model"]) == (before["port"], before["model"])
    # The next start doesn't try it either.
    assert BROKEN not in history(models)
    talk = await Talk(switching.url, "nl", http).start()
    await talk.say("hij heeft een mes")
    answered(talk)
    assert talk.messages[0]["urgent"]


async def test_going_back_is_one_command(
    switching: Stack, models: Path, http: aiohttp.ClientSession
) -> None:
    assert serving(switching)["model"] == NEW
    talk = await Talk(switching.url, "nl", http).start()
    await talk.say("ik woon in Evergem")
    gone_back = await ask(switching, "rollback")
    assert gone_back.returncode == 0, gone_back.stderr
    assert serving(switching)["model"] == OLD
    assert history(models)[0] == OLD
    await talk.say("en de politie?")
    answered(talk)
    assert "pz-assenede-evergem" in talk.services
