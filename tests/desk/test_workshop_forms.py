"""The workshop's newer forms through the real gateway: a meaning, a commune, patterns, play."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import ROOT
from bot.workshop.saving import Shelf
from tests.desk.test_workshop import fields, marie, shelf  # noqa: F401
from tests.fakes.desk import Browser, somebody
from tests.fakes.handoff_gateway import Gateway
from tests.unit.workshop.test_communes import HERVE
from tests.unit.workshop.test_new_intent import DUTCH, FRENCH, GOOD

PAGES = [
    "/workshop/commune?asked=4650", "/workshop/commune/63035", "/workshop/commune/62032",
    "/workshop/new-intent", "/workshop/confusions", "/workshop/approvals", "/workshop/patterns",
    "/workshop/patterns/fr/new", "/workshop/patterns/nl/new",
    "/workshop/patterns/fr/arme_en_main", "/workshop/play",
    "/workshop/answers/utter_card_en", "/workshop/directory/stopp-vif/new?commune=Esneux",
]  # fmt: skip
HOSTILE = [
    '"><script>alert(1)</script>', "- {a: *b}\n? |\n!!python/object:os.system x", "../../x",
    "a\x00b", "x" * 10_000,
]  # fmt: skip
INTENT = {
    "label_fr": GOOD.label["fr"], "label_nl": GOOD.label["nl"], "topic": GOOD.topic, "name": "",
    "new_fr": "\n".join(FRENCH), "new_nl": "\n".join(DUTCH), "text_fr": GOOD.answer["fr"],
    "text_nl": GOOD.answer["nl"],
    "child_fr": GOOD.child["fr"], "child_nl": GOOD.child["nl"],
    "lines": "violence", "services": "", "button1": "ask_shelter",
    "button2": "", "writer": "", "sources": "", "why": "practice", "do": "save",
}  # fmt: skip
COMMUNE = {
    "network": "stopp-vif", "villages": HERVE.villages, "also": "", "zone": "", "zone_number": "",
    "source_url": HERVE.source_url, "source_seen": HERVE.source_seen, "source_date": "", "why": "x",
}  # fmt: skip
PATTERN = {
    "id": "poele_brulante", "risk": "emergency", "phrases": "poêle brûlante ... visage",
    "fires": "il tient la poêle brûlante contre mon visage",
    "not": "la poêle brûlante est encore sur le feu", "why": "x",
}  # fmt: skip
# Texts that people type freely: the other fields are choices.
FORMS: list[tuple[str, dict[str, str], tuple[str, ...]]] = [
    ("/workshop/new-intent", INTENT, ("name", "label_fr", "new_nl", "text_fr", "lines")),
    ("/workshop/commune/63035", COMMUNE, ("network", "villages", "source_url")),
    ("/workshop/patterns/fr/new", PATTERN, ("id", "phrases", "risk")),
]


@dataclass
class Quick:
    """What the redactor gives, without its models."""

    text: str
    spans: list[int] = field(default_factory=list)


@pytest.fixture
def root(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Shelf:  # noqa: F811
    """A copy of the data, with what else a new meaning changes."""
    quick = "bot.workshop.redacting.Redacting.__call__"
    monkeypatch.setattr(quick, lambda self, text, language: Quick(text))
    (shelf.root / "domain.yml").write_bytes((ROOT / "domain.yml").read_bytes())
    return shelf


def everything(shelf: Shelf) -> dict[Path, bytes]:  # noqa: F811
    return {path: path.read_bytes() for path in shelf.root.rglob("*") if path.is_file()}


async def test_each_page_is_there_for_maintainers_only(
    g: Gateway, b: Browser, b2: Browser, root: Shelf
) -> None:
    await somebody(g, b2, "Anne")
    await marie(g, b)
    for path in PAGES:
        for language in ("fr", "nl"):
            mark = "&" if "?" in path else "?"
            await b.get(f"{path}{mark}language={language}")
            assert b.status == 200, path
            assert f'<html lang="{language}">' in b.text
            assert "<script" not in b.text
        await b2.get(path)
        assert b2.status == 403, path


async def test_hostile_input_is_refused_shown_as_text_and_writes_nothing(
    g: Gateway, b: Browser, root: Shelf
) -> None:
    await marie(g, b)
    before = everything(root)
    for path, form, names in FORMS:
        await b.get(path)
        kept = fields(b, path)
        for name in names:
            for bad in HOSTILE:
                if (name, bad) == ("text_fr", "../../x"):
                    continue  # in an answer, these are words like others
                await b.post(path, **{**kept, **form, name: bad})
                assert b.status == 400, (path, name, bad[:30])
                assert 'class="wrong"' in b.text
                assert "<script>" not in b.text
                # What was typed elsewhere is still there.
                assert form.get("text_nl", form.get("source_seen", form["why"])) in b.text
    assert everything(root) == before


async def test_a_meaning_is_seen_first_then_saved_in_one_go(
    g: Gateway, b: Browser, root: Shelf
) -> None:
    await marie(g, b)
    await b.get("/workshop/new-intent")
    kept, before = fields(b, "/workshop/new-intent"), everything(root)
    await b.post("/workshop/new-intent", **{**kept, **INTENT, "do": "preview"})
    assert b.status == 200
    assert b.text.count('class="bubble"') == 4
    assert "0800 30 030" in b.text
    assert everything(root) == before
    await b.post("/workshop/new-intent", **{**kept, **INTENT})
    assert b.status == 200
    assert "data/nlu/support.nl.yml" in b.text
    assert "utter_ask_mon_animal_aussi" in (root.data / "answers" / "support.yml").read_text()


async def test_a_commune_then_its_services_one_by_one(g: Gateway, b: Browser, root: Shelf) -> None:
    await marie(g, b)
    await b.get("/workshop/commune/63035")
    path = "/workshop/commune/63035"
    await b.post(path, **{**fields(b, path), **COMMUNE})
    assert b.status == 200
    await b.get(path)
    assert "/new?commune=Herve&amp;need=police&amp;kind=police" in b.text
    new = "/workshop/directory/stopp-vif/new"
    await b.get(f"{new}?commune=Herve&need=police&kind=police")
    form = {
        **fields(b, new), "name_fr": "Police de Herve", "name_nl": "Politie Herve",
        "kind": "police", "needs": ["police"], "languages": ["fr"], "communes": ["Herve"],
        "phone": "087 66 99 11", "note_fr": "Accueil.", "note_nl": "Onthaal.",
        "source_url": "https://www.exemple.be/p", "source_seen": "087 66 99 11", "why": "z",
    }  # fmt: skip
    await b.post(new, **form)
    assert b.status == 200
    await b.get(path)
    assert "087 66 99 11" in b.text
    assert "need=police" not in b.text
    assert "need=social" in b.text


async def test_an_answer_is_seen_before_it_is_saved(g: Gateway, b: Browser, root: Shelf) -> None:
    await marie(g, b)
    path = "/workshop/answers/utter_thank"
    await b.get(path)
    kept, before = fields(b, path), everything(root)
    text = kept["text_fr"] + "\r\n\r\nÀ <b>bientôt</b>."
    await b.post(path, **{**kept, "text_fr": kept["text_fr"] + " À bientôt.", "do": "preview"})
    assert b.status == 200
    assert "À bientôt.</p>" in b.text
    await b.post(path, **{**kept, "text_fr": text, "do": "preview"})
    assert b.status == 400
    assert "&lt;b&gt;bientôt" in b.text
    assert everything(root) == before


@pytest.mark.parametrize(
    ("key", "right"),
    [("utter_ask_legal_protection", "lawyer"), ("utter_card_en", "native_speaker")],
)
async def test_only_the_right_sort_of_person_approves(
    g: Gateway, b: Browser, root: Shelf, key: str, right: str
) -> None:
    from bot.texts import load_texts

    await marie(g, b)
    path = f"/workshop/answers/{key}"
    await b.get(path)
    form = {**fields(b, f"{path}/approve"), "role": "CPAS d'Esneux"}
    await b.post(f"{path}/approve", **{**form, "approver": "social_worker"})
    assert b.status == 400
    assert not load_texts(root.data).approved(key)
    await b.post(f"{path}/approve", **{**form, "approver": right})
    assert b.status == 200
    assert load_texts(root.data).approved(key)


async def test_a_slip_in_between_does_not_hide_the_change_of_somebody_else(
    g: Gateway, b: Browser, b2: Browser, root: Shelf
) -> None:
    await marie(g, b)
    await marie(g, b2, "Luc")
    path = "/workshop/service/praxis-liege"
    await b2.get(path)
    await b.get(path)
    await b.post(path, **{**fields(b, path), "note_fr": "Premier texte.", "why": "a"})
    assert b.status == 200
    typed = {**fields(b2, path), "note_nl": "Tweede tekst.", "why": "b"}
    await b2.post(path, **{**typed, "phone": "no number"})
    assert b2.status == 400
    await b2.post(path, **{**fields(b2, path), "phone": typed["phone"]})
    assert b2.status == 409
    assert "Premier texte." in b2.text


async def test_a_chat_that_is_played_becomes_a_story(
    g: Gateway, b: Browser, root: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    await marie(g, b)
    g.rasa.buttons = [{"title": "Un service", "payload": "ask_local_services"}]
    await b.post("/workshop/play", language="fr")
    path = b.path
    assert path.startswith("/workshop/play/")
    for bad in ("", "x" * 10_000, "a\x00b"):
        await b.post(path, do="say", text=bad)
        assert b.status == 400
    assert g.rasa.turns == []
    await b.post(path, do="say", text="je cherche de l'aide à Esneux")
    assert "machine 1" in b.text
    await b.post(path, choose="none_such")
    assert b.status == 400
    await b.post(path, choose="ask_local_services")
    assert b.status == 200
    ticks: dict[str, Any] = {
        "do": "save", "title": "de l'aide à Esneux", "why": "practice", "state0": ["urgent"],
        "sentence1": ["machine 2"], "not1": "je vous crois",
    }  # fmt: skip
    await b.post(path, **{**ticks, "not1": "machine"})
    assert b.status == 400
    await b.post(path, **{**ticks, "sentence1": [], "not1": ""})
    assert b.status == 400
    await b.post(path, **ticks)
    assert b.status == 200
    (story,) = yaml.safe_load(
        (root.root / "tests" / "conversations" / "own" / "fr.yml").read_text()
    )
    assert story == {
        "story": "de l'aide à Esneux",
        "language": "fr",
        "turns": [
            {"say": "je cherche de l'aide à Esneux",
             "expect": {"urgent": False, "buttons": ["ask_local_services"]}},
            {"choose": "ask_local_services",
             "expect": {"contains": ["machine 2"], "not": ["je vous crois"]}},
        ],
    }  # fmt: skip
    # Nobody was called.
    assert not await g.service.store.live()
