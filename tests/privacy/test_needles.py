"""A hundred conversations with invented words; not one of them may be found anywhere."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.privacy.seal import derive_keys, new_token
from bot.training.model import model_path
from tests.privacy import hunt, places
from tests.privacy.needles import Finder, Needles, summary
from tests.privacy.team import Team, working
from tests.privacy.visitors import Crowd
from tests.stack import Stack, running

needles = Needles()
finder = Finder(needles)


@pytest.mark.parametrize(
    "disguise",
    [
        lambda text: text.encode(),
        lambda text: text.upper().encode(),
        lambda text: text.encode("latin-1", "replace"),
        lambda text: quote(text).encode(),
        lambda text: json.dumps({"text": text}).encode(),
        lambda text: json.dumps(json.dumps(text)).encode(),
        lambda text: base64.b64encode(text.encode()),
        lambda text: base64.b64encode(b"." + text.encode()),
        lambda text: base64.urlsafe_b64encode(b".." + text.encode()),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.encode("utf-32"),
        lambda text: text.encode().hex().encode(),
        lambda text: repr(text.encode()).encode(),
    ],
)
@pytest.mark.parametrize("number", [0, 9, 99, 1999])
def test_a_needle_is_found_in_every_form(disguise: Callable[[str], bytes], number: int) -> None:
    for needle in (
        needles.name(number),
        needles.mail(number),
        needles.sentence(number, "fr"),
        needles.sentence(number, "nl"),
        needles.iban(number),
        needles.iban(number, spaced=False),
    ):
        found = list(finder.search(b"\x00before " + disguise(needle) + b" after\xff", "here"))
        assert found, needle
        assert not list(Finder(Needles()).search(disguise(needle), "here"))


def test_the_account_numbers_are_right() -> None:
    from stdnum import iban

    accounts = {needles.iban(number) for number in range(50)}
    assert len(accounts) == 50
    # Without the bank's own check: an invented bank isn't in the table of real ones.
    assert all(iban.validate(account, check_country=False) for account in accounts)


def test_a_leak_into_a_file_is_found(tmp_path: Path) -> None:
    assert hunt.finds_a_leak(finder, needles, tmp_path)


def test_a_leak_into_memory_is_found() -> None:
    leak = b"%s" % needles.sentence(3, "fr").encode("utf-16-le")
    found = list(places.memory_hits(finder, os.getpid(), "this test"))
    assert {hit.form for hit in found} >= {"UTF-16"}
    assert leak


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_leak_into_redis_is_found(stack: Stack) -> None:
    store, token = places.client(stack), new_token()
    place = f"c:{derive_keys(token).id}"
    try:
        store.hset(place, "x", base64.b64encode(f"{needles.name(5)} visitor".encode()).decode())
        assert list(places.redis_hits(finder, store))
        assert any("longer than it may" in wrong for wrong in hunt.redis_rules(stack, [token]))
        store.delete(place)
        store.set(place, '{"visitor": "mon voisin"}', ex=60)
        assert any("visitor" in wrong for wrong in hunt.redis_rules(stack, [token]))
        assert hunt.left_of(stack, [token])
        store.set(f"c:{token}", "x", ex=60)
        found = hunt.everywhere(stack, finder, time.time(), [token])
        assert "token" in {hit.kind for hit in found}
    finally:
        store.delete(place, f"c:{token}")


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_nothing_of_a_hundred_conversations_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert model_path().exists(), "run 'make train' first: training isn't what is tested here"
    began = time.time()
    # At DEBUG, and with a team that takes some of them over.
    debug = {"LOG_LEVEL": "DEBUG", "LOG_LEVEL_LIBRARIES": "DEBUG", "HELPLINE_DEBUG_API": "1"}
    async with working(finder) as team:
        with running(tmp_path, **debug, **team.environment) as own:
            await _a_hundred(own, team, began, capsys)


async def _a_hundred(
    stack: Stack, team: Team, began: float, capsys: pytest.CaptureFixture[str]
) -> None:
    crowd = Crowd(stack, needles, finder, team)
    await crowd.send(100)
    assert crowd.sent == 100
    assert team.answered > 10
    assert not crowd.echoes, summary(crowd.echoes)
    assert not list(team.hits()), summary(team.hits())
    assert not list(places.web_hits(finder, stack))
    # A quarter of them still lives: sealed, mortal, and nowhere else.
    store = places.client(stack)
    assert any(store.exists(f"c:{derive_keys(token).id}") for token in crowd.tokens)
    assert not hunt.redis_rules(stack, crowd.tokens)
    found = hunt.everywhere(stack, finder, began, crowd.tokens)
    assert not found, summary(found)
    if places.memory_can_be_read(stack):
        never = hunt.forbidden_in_memory(hunt.memory_now(stack, finder))
        assert not never, summary(never)
    await crowd.erase_all()
    assert not hunt.left_of(stack, crowd.tokens)
    found = hunt.everywhere(stack, finder, began, crowd.tokens)
    assert not found, summary(found)
    with capsys.disabled():
        if places.memory_can_be_read(stack):
            print()
            assert hunt.report_memory(stack, finder, 0) == 0
        else:
            print("\nmemory: not looked at (only root may read another process's memory)")
