"""The workshop's inbox, through the real gateway, on a copy of the data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from bot.language import Supported
from bot.learning import codes
from bot.learning.inbox import Sentence
from bot.workshop.saving import Shelf
from tests.desk.test_workshop import copied
from tests.fakes.desk import Browser, somebody
from tests.fakes.handoff_gateway import Gateway
from tests.learning.talks import inbox

GIVEN: Sequence[tuple[str, Supported]] = (
    ("chaque mois il prend ma paie", "fr"),
    ("il me prend mon salaire chaque mois", "fr"),
    ("ze telt elke stap die ik zet <b>", "nl"),
)
NEW = {
    "new_fr": "mon compagnon vide le compte dès que l'argent arrive",
    "new_nl": "mijn partner haalt de rekening leeg zodra er geld op staat",
    "why": "from practice",
}


@pytest.fixture
def shelf(g: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Let the workshop change a copy, in which nothing is anybody's name."""
    return copied(g, tmp_path, monkeypatch, lambda _: [])


def fill(g: Gateway, given: Sequence[tuple[str, Supported]] = GIVEN) -> None:
    """Let each sentence come from another conversation."""
    for text, language in given:
        guesses = ("disclose_economic", "ask_money_help", "thank")
        inbox(g).give(codes.new_code(), [Sentence(text, language, guesses)], b"k" * 32)


def pick(b: Browser, text: str, key: str) -> str:
    """Return the value of a key's button in the group that shows a text."""
    groups = re.findall(r'<li class="group".*?</div></li>', b.text, re.DOTALL)
    (group,) = [part for part in groups if text in unescape(part)]
    found = re.search(rf'value="([^"]*)" data-key="{key}"', group)
    assert found
    return unescape(found[1])


async def test_it_is_for_maintainers(g: Gateway, b: Browser, shelf: Shelf) -> None:
    await b.get("/workshop/inbox")
    assert b.path == "/desk/sign-in"
    await somebody(g, b, "Anne")
    for path in ("/workshop/inbox", "/workshop/inbox/thank"):
        await b.get(path)
        assert b.status == 403
    await b.post("/workshop/inbox", do="*unusable")
    assert b.status == 403


@pytest.mark.parametrize("language", ["fr", "nl"])
async def test_what_says_the_same_stands_together(
    g: Gateway, b: Browser, shelf: Shelf, language: str
) -> None:
    await somebody(g, b, "Marie", role="maintainer", regime="reports")
    await b.get(f"/workshop/inbox?language={language}")
    assert b.status == 200
    assert "data-key" not in b.text
    fill(g)
    await b.get(f"/workshop/inbox?language={language}")
    assert len(re.findall(r'<li class="group"', b.text)) == 2
    assert ("2 phrases" if language == "fr" else "2 zinnen") in b.text
    assert "<b>" not in b.text
    assert pick(b, GIVEN[0][0], "1") == pick(b, GIVEN[1][0], "1")
    assert pick(b, GIVEN[0][0], "1").startswith("disclose_economic ")


async def test_one_key_for_a_group_then_a_new_sentence_and_nothing_is_left(
    g: Gateway, b: Browser, shelf: Shelf
) -> None:
    await somebody(g, b, "Marie", role="maintainer", regime="reports")
    fill(g)
    await b.get("/workshop/inbox")
    await b.post("/workshop/inbox", pick=pick(b, GIVEN[0][0], "1"))
    assert b.path == "/workshop/inbox"
    assert "/workshop/inbox/disclose_economic" in b.text
    await b.get("/workshop/inbox/disclose_economic")
    ids = [s.id for s in inbox(g).sentences() if s.decision]
    assert len(ids) == 2
    await b.post("/workshop/inbox/disclose_economic", ids=ids, **NEW)
    assert b.status == 200, b.text
    assert "mon compagnon vide" in unescape(b.text)
    assert [s.text for s in inbox(g).sentences()] == [GIVEN[2][0]]
    data = b"".join(p.read_bytes() for p in shelf.data.rglob("*.yml"))
    assert NEW["new_fr"].encode() in data
    assert not [text for text, _ in GIVEN if text.encode() in data]


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("new_fr", "chaque mois il prend ma paie", "trop proche"),
        ("new_fr", "tous les mois il me prend mon salaire chaque mois et crie", "il me prend"),
        ("why", "elle a écrit : chaque mois il prend ma paie", "La raison contient"),
    ],
)
async def test_a_near_copy_is_refused_and_told_why(
    g: Gateway, b: Browser, shelf: Shelf, field: str, text: str, said: str
) -> None:
    await somebody(g, b, "Marie", role="maintainer", regime="reports")
    fill(g)
    ids = [s.id for s in inbox(g).sentences()]
    inbox(g).decide(ids, "disclose_economic")
    before = {p: p.read_bytes() for p in shelf.data.rglob("*.yml")}
    # In the inbox, and anywhere else that saves a sentence.
    for path in ("/workshop/inbox/disclose_economic", "/workshop/intents/disclose_economic"):
        await b.get(path)
        await b.post(path, ids=ids, **{**NEW, field: text})
        assert b.status == 400
        assert said in unescape(b.text)
    assert {p: p.read_bytes() for p in shelf.data.rglob("*.yml")} == before
    # Nothing was used up, and what was typed is still there.
    assert len(inbox(g).sentences()) == 3
    assert text in unescape(b.text)


async def test_bulk_new_and_unusable(g: Gateway, b: Browser, shelf: Shelf) -> None:
    await somebody(g, b, "Marie", role="maintainer", regime="reports")
    fill(g)
    await b.get("/workshop/inbox")
    ids = [s.id for s in inbox(g).sentences()]
    await b.post("/workshop/inbox", ids=ids[:2], do="*new", intent="thank")
    assert [s.decision for s in inbox(g).sentences()] == ["*new", "*new", None]
    await b.get("/workshop/inbox/new")
    assert "/workshop/new-intent" in b.text
    await b.post("/workshop/inbox/new", ids=ids[0], do="*undecided")
    assert [s.decision for s in inbox(g).sentences()] == [None, "*new", None]
    await b.post("/workshop/inbox", ids=[ids[0], ids[2]], intent="thank")
    assert [s.decision for s in inbox(g).sentences()] == ["thank", "*new", "thank"]
    await b.post("/workshop/inbox", ids=ids, do="*unusable")
    assert inbox(g).sentences() == []


@pytest.mark.parametrize(
    "form",
    [
        {}, {"do": "*new"}, {"intent": "no_such_intent"}, {"pick": "x"}, {"pick": "thank zz.yy"},
        {"ids": ["<b>"], "do": "*unusable"}, {"ids": ["00" * 16], "intent": "thank"},
    ],
)  # fmt: skip
async def test_odd_forms_change_nothing(
    g: Gateway, b: Browser, shelf: Shelf, form: dict[str, Any]
) -> None:
    await somebody(g, b, "Marie", role="maintainer", regime="reports")
    fill(g)
    before = inbox(g).sentences()
    await b.post("/workshop/inbox", **form)
    assert b.status == 200
    assert inbox(g).sentences() == before
    await b.get("/workshop/inbox/no_such_intent")
    assert b.path == "/workshop/inbox"
