"""The workshop's pages, through the real gateway, on a copy of the data."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from bot.desk import keys as desk_keys
from bot.gateway import keys
from bot.settings import ROOT
from bot.workshop import keys as workshop_keys
from bot.workshop import listing
from bot.workshop.saving import Shelf
from tests.fakes.desk import Browser, somebody
from tests.fakes.handoff_gateway import Gateway

PAGES = [
    "/workshop/", "/workshop/directory/stopp-vif", "/workshop/directory/stopp-vif/new",
    "/workshop/service/cvfe-entre-temps", "/workshop/intents", "/workshop/intents/thank",
    "/workshop/answers", "/workshop/answers/utter_thank",
]  # fmt: skip
HOSTILE = '"><script>alert(1)</script>\n- {a: *b}'


@dataclass
class _Found:
    spans: list[int]


def copied(
    g: Gateway,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spans: Callable[[str], list[int]],
) -> Shelf:
    """Let the workshop change a copy of the data; `spans` is what its redaction finds in a text."""
    (found,) = [app for app in g.app._subapps if workshop_keys.SHELF in app]
    assert desk_keys.ACCOUNTS not in found
    shelf, root = found[workshop_keys.SHELF], tmp_path / "checkout"
    assert shelf.root == ROOT
    shutil.copytree(ROOT / "data", root / "data")
    monkeypatch.setattr(shelf, "root", root)
    monkeypatch.setattr(shelf, "data", root / "data")

    def quick(self: Any, text: str, language: str) -> _Found:
        return _Found(spans(text))

    monkeypatch.setattr("bot.workshop.redacting.Redacting.__call__", quick)
    return shelf


@pytest.fixture
def shelf(g: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Let the workshop change a copy, where one name is a person's."""
    return copied(g, tmp_path, monkeypatch, lambda text: [1] if "Karim" in text else [])


async def marie(g: Gateway, b: Browser, alias: str = "Marie") -> None:
    await somebody(g, b, alias, role="maintainer", regime="reports")


def fields(b: Browser, action: str) -> dict[str, str]:
    """Return what a browser would send of a form that nobody touched."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', b.text, re.DOTALL)
    assert form
    found = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        name = re.search(r'name="(\w+)"', tag)
        if name and 'type="checkbox"' not in tag and "disabled" not in tag:
            value = re.search(r'value="([^"]*)"', tag)
            found[name[1]] = unescape(value[1]) if value else ""
    for name, value in re.findall(
        r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', form[0], re.DOTALL
    ):
        found[name] = unescape(value)
    return {name: re.sub(r"\r?\n", "\r\n", value) for name, value in found.items()}  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
async def test_a_counsellor_does_not_see_it(g: Gateway, b: Browser, path: str) -> None:
    await somebody(g, b, "Anne")
    await b.get(path)
    assert b.status == 403


@pytest.mark.parametrize("path", PAGES)
async def test_who_is_not_signed_in_is_sent_to_sign_in(g: Gateway, b: Browser, path: str) -> None:
    await b.get(path)
    assert b.path == "/desk/sign-in"


@pytest.mark.parametrize("language", ["fr", "nl"])
async def test_each_page_is_there_in_both_languages(
    g: Gateway, b: Browser, shelf: Shelf, language: str
) -> None:
    await marie(g, b)
    for path in PAGES:
        await b.get(f"{path}?language={language}")
        assert (b.status, b.path) == (200, path)
        assert f'<html lang="{language}">' in b.text
        assert "<script" not in b.text
        assert "default-src 'none'" in b.headers["Content-Security-Policy"]
    assert '<a href="/workshop/"' in b.text


async def test_a_form_of_another_site_is_refused(g: Gateway, b: Browser, shelf: Shelf) -> None:
    await marie(g, b)
    async with b.http.post(
        f"{g.url}/workshop/service/cvfe-entre-temps/checked",
        data={"role": "x"},
        headers={"Sec-Fetch-Site": "cross-site"},
    ) as answer:
        assert answer.status == 403
    assert listing.find(shelf, "cvfe-entre-temps").record["checked"]["date"] is None


async def test_checked_today_is_kept_and_ends_the_reports(
    g: Gateway, b: Browser, shelf: Shelf
) -> None:
    await marie(g, b)
    row = next(r for r in listing.rows(shelf, date.today(), {}) if r.record.get("phone_e164"))
    g.app[keys.STATE].report(row.id, date(2026, 11, 1))
    assert row.id in await b.get("/workshop/")
    await b.get(f"/workshop/service/{row.id}")
    action = f"/workshop/service/{row.id}/checked"
    await b.post(action, **{**fields(b, action), "role": "CPAS d'Esneux"})
    assert b.status == 200
    assert "CPAS d&#x27;Esneux" in b.text
    checked = listing.find(shelf, row.id).record["checked"]
    assert checked["by_role"] == "CPAS d'Esneux"
    assert date.fromisoformat(checked["date"])
    assert row.id not in g.app[keys.STATE].reports()


async def test_a_number_is_corrected_with_its_source(g: Gateway, b: Browser, shelf: Shelf) -> None:
    await marie(g, b)
    await b.get("/workshop/service/praxis-liege")
    action = "/workshop/service/praxis-liege"
    form = {**fields(b, action), "phone": "04 222 10 12", "why": "They moved"}
    await b.post(action, **form)
    assert b.status == 400
    assert 'value="04 222 10 12"' in b.text
    source = {"source_url": "https://www.asblpraxis.be/liege", "source_seen": "04 222 10 12"}
    await b.post(action, **{**form, **source})
    assert b.status == 200
    assert "+    phone: &quot;04 222 10 12&quot;" in b.text
    assert listing.find(shelf, "praxis-liege").record["phone_e164"] == "+3242221012"


async def test_the_second_of_two_sees_the_first_and_loses_nothing(
    g: Gateway, b: Browser, b2: Browser, shelf: Shelf
) -> None:
    await marie(g, b)
    await marie(g, b2, "Luc")
    action = "/workshop/service/praxis-liege"
    await b.get(action)
    await b2.get(action)
    first, second = fields(b, action), fields(b2, action)
    await b.post(action, **{**first, "note_fr": "Premier texte.", "why": "a"})
    assert b.status == 200
    await b2.post(action, **{**second, "note_nl": "Tweede tekst.", "why": "b"})
    assert b2.status == 409
    assert "Premier texte." in b2.text
    assert "Tweede tekst." in b2.text
    assert listing.find(shelf, "praxis-liege").record["note"]["fr"] == "Premier texte."
    # What the second one wrote is in the form; saving again is their decision.
    await b2.post(action, **{**fields(b2, action), "note_fr": "Premier texte."})
    assert b2.status == 200
    note = listing.find(shelf, "praxis-liege").record["note"]
    assert note == {"fr": "Premier texte.", "nl": "Tweede tekst."}


async def test_a_service_is_added(g: Gateway, b: Browser, shelf: Shelf) -> None:
    await marie(g, b)
    action = "/workshop/directory/stopp-vif/new"
    await b.get(action)
    form = {
        **fields(b, action), "name_fr": "Maison test", "name_nl": "Huis test", "kind": "health",
        "needs": ["health"], "languages": ["fr"], "communes": ["Esneux"], "note_fr": "Un texte.",
        "note_nl": "Een tekst.", "source_url": "https://x.be/a", "source_seen": "y", "why": "z",
    }  # fmt: skip
    await b.post(action, **{**form, "communes": ["Atlantis"]})
    assert b.status == 400
    await b.post(action, **form)
    assert b.status == 200
    assert listing.find(shelf, "maison-test").record["area"]["communes"] == ["Esneux"]


async def test_hostile_input_is_shown_as_text(g: Gateway, b: Browser, shelf: Shelf) -> None:
    await marie(g, b)
    for path, names in (
        ("/workshop/service/praxis-liege", ("note_fr", "name_nl", "why", "hours_osm")),
        ("/workshop/intents/thank", ("new_fr", "new_nl", "why")),
        ("/workshop/answers/utter_thank", ("text_fr", "text_nl", "why")),
    ):
        await b.get(path)
        form = fields(b, path)
        await b.post(path, **{**form, **dict.fromkeys(names, HOSTILE)})
        assert b.status in (200, 400)
        assert "<script>alert" not in b.text
        await b.post(path, **{**form, **dict.fromkeys(names, "x" * 3_000)})
        assert b.status in (200, 400)
    listing.files(shelf)


async def test_more_than_a_form_holds_is_refused(g: Gateway, b: Browser, shelf: Shelf) -> None:
    await marie(g, b)
    await b.get("/workshop/intents/thank")
    await b.post("/workshop/intents/thank", new_fr="x" * 100_000, why="y")
    assert b.status == 413


@pytest.mark.parametrize(
    "path",
    ["/workshop/service/none", "/workshop/directory/..%2F..", "/workshop/intents/%3Cb%3E",
     "/workshop/answers/utter_none", "/workshop/directory/national/new"],
)  # fmt: skip
async def test_what_does_not_exist_leads_back(
    g: Gateway, b: Browser, shelf: Shelf, path: str
) -> None:
    await marie(g, b)
    await b.get(path)
    assert b.status in (200, 404)
    assert b.status == 404 or b.path in ("/workshop/", "/workshop/intents", "/workshop/answers")


async def test_examples_in_both_languages(g: Gateway, b: Browser, shelf: Shelf) -> None:
    await marie(g, b)
    path = "/workshop/intents/ask_listening_line"
    await b.get(path)
    form = {
        "new_fr": "pourriez-vous m'indiquer une dame gentille au téléphone ce dimanche",
        "new_nl": "bestaat er zondag een vriendelijke stem die ik kan opbellen misschien",
        "why": "practice",
    }
    await b.post(path, **{**form, "new_fr": "Karim me suit partout dans la rue le soir"})
    assert b.status == 400
    assert form["new_nl"] in b.text
    await b.post(path, **form)
    assert b.status == 200
    assert "+    - pourriez-vous" in b.text
    assert form["new_nl"] in (shelf.data / "nlu" / "help.nl.yml").read_text()


async def test_an_answer_is_changed_then_approved(g: Gateway, b: Browser, shelf: Shelf) -> None:
    await marie(g, b)
    path = "/workshop/answers/utter_thank"
    await b.get(path)
    form = fields(b, path)
    opened = {k: v for k, v in form.items() if k in ("form", "before")}
    await b.post(path, **{**form, "text_nl": "Bel 0800 12 345.", "why": "x"})
    assert b.status == 400
    await b.post(path, **{**form, "text_nl": form["text_nl"] + "\r\n\r\nTot later.", "why": "x"})
    assert b.status == 200
    # Who had the old text open can't approve the new one unread.
    await b.post(f"{path}/approve", **opened, role="CPAS")
    assert b.status == 409
    await b.get(path)
    await b.post(f"{path}/approve", **{**fields(b, f"{path}/approve"), "role": "CPAS"})
    assert b.status == 200
    variants = shelf.read("answers/conversation.yml")["responses"]["utter_thank"]
    assert variants[1]["text"].endswith("Tot later.")
    assert variants[0]["metadata"]["approved"]["by_role"] == "CPAS"
