"""`/workshop/models`, through the real gateway: models kept, retraining, in service, going back."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot import door, settings
from bot.door import Door
from bot.gateway import keys
from bot.training import progress, public_record, service
from bot.training.gates import load_gates
from bot.training.heldout import digest
from bot.workshop import models_page
from tests.fakes.desk import Browser, somebody
from tests.fakes.handoff_gateway import Gateway

GOOD, BAD, OLD = (f"helpline-{letter * 16}.tar.gz" for letter in "abc")


@pytest.fixture
def place(g: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> models_page.Place:
    """Three models: one good, one that misses a gate of safety, one in service; and no real run."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (found,) = [app for app in g.app._subapps if models_page.PLACE in app]
    made = found[models_page.PLACE]
    monkeypatch.setattr(made, "models", tmp_path / "models")
    monkeypatch.setattr(made, "reports", tmp_path / "reports")
    made.models.mkdir()
    made.reports.mkdir()
    figures = {gate.name: gate.limit for gate in load_gates()}
    for name in (GOOD, BAD, OLD):
        (made.models / name).write_bytes(name.encode())
        mine = {**figures, "recall.emergency": 0.2} if name == BAD else figures
        content = service.content_of(made.models / name)
        service.Verdict(name, content, digest(), mine).write(made.models)
    (made.models / "in-service").write_text(f"{OLD} 2026-11-20T09:00+01:00\n")
    return made


def running(g: Gateway, **more: str) -> None:
    """Write what a supervisor would."""
    path = door.place(g.app[keys.SETTINGS])
    path.parent.mkdir(exist_ok=True)
    made = Door(os.getpid(), 5005, OLD, "2026-11-20T09:00:00+01:00")
    door.write(path, replace(made, **more))  # type: ignore[arg-type]


async def test_only_who_steers_sees_it(g: Gateway, b: Browser, place: models_page.Place) -> None:
    await somebody(g, b, "Anne")
    for path in ("/workshop/models", "/workshop/models/report"):
        await b.get(path)
        assert b.status == 403
    for action in ("promote", "rollback", "retrain"):
        await b.post(f"/workshop/models/{action}", model=GOOD)
        assert b.status == 403
    assert service.history(place.models) == [OLD]


@pytest.mark.parametrize("language", ["fr", "nl"])
async def test_the_page_says_what_answers_and_offers_what_may_be(
    g: Gateway, b: Browser, place: models_page.Place, language: str
) -> None:
    await somebody(g, b, "Marie", role="maintainer", regime="reports")
    running(g)
    await b.get(f"/workshop/models?language={language}")
    assert b.status == 200
    assert ("c" * 16) in b.text
    assert "20/11/2026 09:00" in b.text
    assert f'name="model" value="{GOOD}"' in b.text
    assert f'name="model" value="{BAD}"' not in b.text
    assert f'name="model" value="{OLD}"' not in b.text
    assert "recall.emergency is 0.200" in b.text
    assert "Refresh" not in b.headers
    assert "<script" not in b.text


async def test_a_good_model_is_put_in_service_and_back(
    g: Gateway, b: Browser, place: models_page.Place
) -> None:
    await somebody(g, b, "Marie", role="maintainer", regime="reports")
    await b.get("/workshop/models")
    await b.post("/workshop/models/promote", model=GOOD)
    assert (b.status, b.path) == (200, "/workshop/models")
    assert service.history(place.models) == [GOOD, OLD]
    running(g, wanted=GOOD, step="testing")
    await b.get("/workshop/models")
    assert b.headers["Refresh"].startswith("5")
    running(g, wanted=GOOD, step="refused", why="'<b>': no alarm")
    await b.get("/workshop/models")
    assert "&#x27;&lt;b&gt;&#x27;: no alarm" in b.text
    await b.post("/workshop/models/rollback")
    assert service.history(place.models) == [OLD]
    await b.post("/workshop/models/rollback")
    assert b.status == 400
    assert service.history(place.models) == [OLD]


@pytest.mark.parametrize(
    "name", [BAD, "helpline-dddddddddddddddd.tar.gz", f"../models/{BAD}", "", "\0", "<b>" * 3000]
)
async def test_a_model_that_misses_a_gate_is_refused_whoever_asks(
    g: Gateway, b: Browser, place: models_page.Place, name: str
) -> None:
    await somebody(g, b, "Sofia", role="supervisor")
    await b.get("/workshop/models")
    await b.post("/workshop/models/promote", model=name)
    assert b.status == 400
    assert "<b><b>" not in b.text
    assert service.history(place.models) == [OLD]


async def test_a_model_changed_after_its_measuring_is_refused(
    g: Gateway, b: Browser, place: models_page.Place
) -> None:
    await somebody(g, b, "Marie", role="maintainer", regime="reports")
    (place.models / GOOD).write_bytes(b"something else")
    await b.get("/workshop/models")
    await b.post("/workshop/models/promote", model=GOOD)
    assert b.status == 400
    assert service.history(place.models) == [OLD]


async def test_retraining_runs_beside_and_only_once(
    g: Gateway, b: Browser, place: models_page.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "import sys, time; from pathlib import Path; from bot.training import progress\n"
        "with progress.alone(Path(sys.argv[1])) as telling:\n"
        "    telling.step('training')\n"
        "    while not (Path(sys.argv[1]) / 'go').exists(): time.sleep(.05)\n"
        "    (Path(sys.argv[1]) / 'retrain.html').write_text('<style>b{}</style><p>judged</p>')\n"
        "    telling.end(1, ('recall.emergency is 0.2',))"
    )
    monkeypatch.setattr(place, "command", [sys.executable, "-c", script, str(place.reports)])
    await somebody(g, b, "Marie", role="maintainer", regime="reports")
    await b.get("/workshop/models?language=fr")
    await b.post("/workshop/models/retrain")
    assert (b.status, b.path) == (200, "/workshop/models")
    assert b.headers["Refresh"].startswith("5")
    await b.post("/workshop/models/retrain")
    assert b.status == 409
    (place.reports / "go").touch()
    for _ in range(100):
        found = progress.read(place.reports)
        if found and not found.running:
            break
        await asyncio.sleep(0.1)
    await b.get("/workshop/models")
    assert "recall.emergency is 0.2" in b.text
    assert "ne peut pas être mis en service" in b.text
    await b.get("/workshop/models/report")
    assert "judged" in b.text
    assert "<style" not in b.text, "the page's policy would block it"
    assert service.history(place.models) == [OLD], "nothing is put in service by it"


# --- /about
async def test_the_public_page_shows_the_figures_of_what_answers(
    g: Gateway, b: Browser, place: models_page.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.gateway import about

    monkeypatch.setattr(about, "MODELS", place.models)
    running(g)
    assert about.answering(settings.load({"RASA_PORT": str(g.rasa.port)})).name == OLD
    await b.get("/about?language=fr")
    assert b.status == 200
    assert "pas encore été mesuré" in b.text
    assert "112" in b.text
    half = public_record.Figure(17, 34, 0.33, 0.67)
    names = [f"recall.{risk}.{code}" for risk in about._RISKS for code in ("fr", "nl")]
    figures = dict.fromkeys([*names, "false_alarms.fr", "false_alarms.nl"], half)
    figures["redaction.all"] = public_record.Figure(1547, 1556, 0.99, 0.997)
    made = public_record.PublicRecord("2026-11-24T20:00", "c" * 16, "l1", figures)
    public_record.write(public_record.beside(place.models / OLD), made)
    for language, said in (("fr", "vus : 17 sur 34"), ("nl", "gezien: 17 van de 34")):
        await b.get(f"/about?language={language}")
        assert b.text.replace("\u00a0", " ").count(said) == 6
        assert "1547" in b.text
        assert "24/11/2026" in b.text
        assert "c" * 16 in b.text
    # Another model answers: the figures of this one aren't its own.
    running(g, model=GOOD)
    await b.get("/about?language=nl")
    assert "nog niet gemeten" in b.text
    assert "17 van de 34" not in b.text
