"""Retraining: the page for who decides, how far it is, public figures, following a change."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot import door
from bot.door import Door
from bot.texts import TextsError
from bot.training import progress, public_record, retrain, service
from bot.training.gates import Gate
from bot.training.heldout import Measured, measure
from bot.training.retrain_page import Judged, render
from tests.unit.training.fakes import FakeReader, bad_reader, good_reader, heldout
from tests.unit.training.test_report import _Wellformed

GATES = [Gate("recall.emergency", 0.9, False), Gate("false_alarms", 0.2, True)]
NEW, OLD = (f"helpline-{letter * 16}.tar.gz" for letter in "ab")


def read(tmp_path: Path, reader: FakeReader) -> Measured:
    return measure(reader, heldout(tmp_path))


def judged(tmp_path: Path, now: FakeReader, before: FakeReader | None = None) -> Judged:
    made = Judged("2026-11-24T21:00+01:00", NEW, read(tmp_path, now), GATES)
    return replace(made, old=OLD, before=read(tmp_path, before)) if before else made


# --- the page
def test_what_breaks_stands_there_sentence_by_sentence(tmp_path: Path) -> None:
    html = render(judged(tmp_path, bad_reader(), good_reader()))
    worse = html[html.index("Ce qui empire") : html.index("Ce qui s&#39;améliore")]
    assert "Ce qui empire : 12 phrases" in worse
    assert "hij heeft een mes" in worse
    assert "dank u &lt;b&gt;zeer&lt;/b&gt;" in worse
    assert html.index("papa tape") < html.index("merci beaucoup"), "danger first"
    assert "Ce modèle ne peut pas être mis en service" in html
    assert "Dit model kan niet in gebruik" in html


def test_the_page_is_whole_and_needs_nothing_else(tmp_path: Path) -> None:
    for one in (
        judged(tmp_path, good_reader(), bad_reader()),
        judged(tmp_path, good_reader()),
    ):
        html = render(one)
        parser = _Wellformed()
        parser.feed(html)
        assert parser.open == []
        assert "<script" not in html
        assert not re.search(r"""(src|href)=["'](?!#)|url\(|@import""", html)
        assert "Ce modèle atteint tous les minimums" in html
        assert html.count("<svg") >= 1
    assert "Ce qui empire" not in html, "without another model there is nothing to compare"


def test_pictures_say_in_words_what_they_show(tmp_path: Path) -> None:
    html = render(judged(tmp_path, good_reader(), bad_reader()))
    assert "recall.emergency: +100.0" in html
    assert html.count('role="img"') >= 4


# --- how far it is
def test_a_second_retraining_waits_for_the_first(tmp_path: Path) -> None:
    with (
        progress.alone(tmp_path),
        pytest.raises(TextsError, match="under way"),
        progress.alone(tmp_path),
    ):
        pass
    with progress.alone(tmp_path) as telling:
        telling.step("training", NEW)
        found = progress.read(tmp_path)
        assert found
        assert (found.step, found.model, found.running) == ("training", NEW, True)
        telling.end(1, ("recall.emergency is 0.5",))
    found = progress.read(tmp_path)
    assert found
    assert (found.step, found.running) == ("missed", False)
    assert found.says == ("recall.emergency is 0.5",)


def test_one_that_died_is_said_to_have_failed(tmp_path: Path) -> None:
    (tmp_path / "retrain.json").write_text(
        '{"pid": 4194305, "started": "2026-11-24T20:00:00", "step": "training", "ended": "", '
        '"model": "", "says": []}'
    )
    found = progress.read(tmp_path)
    assert found
    assert (found.step, found.running) == ("failed", False)
    (tmp_path / "retrain.json").write_text("{")
    assert progress.read(tmp_path) is None


def test_broken_data_is_told_to_the_workshop_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "REPORTS", tmp_path)
    monkeypatch.setattr(retrain, "check_all", lambda _: ["data/x.yml, line 3: not valid YAML"])
    assert retrain.retrain([]) == 2
    found = progress.read(tmp_path)
    assert found
    assert found.step == "failed"
    assert found.says == ("data/x.yml, line 3: not valid YAML",)


# --- with what a new one is compared
def test_it_is_compared_with_what_people_talk_to_now(tmp_path: Path) -> None:
    new, old = tmp_path / NEW, tmp_path / OLD
    newest = tmp_path / f"helpline-{'c' * 16}.tar.gz"
    assert retrain.compared_with(new, tmp_path, "") is None
    for age, path in enumerate((old, newest, new)):
        path.write_bytes(b"x")
        os.utime(path, (age, age))
    assert retrain.compared_with(new, tmp_path, "") == newest
    assert retrain.compared_with(new, tmp_path, OLD) == old
    (tmp_path / "in-service").write_text(f"{newest.name}\n")
    assert retrain.compared_with(new, tmp_path, OLD) == newest


# --- figures for the public
def test_the_public_figures_are_true_and_admit_their_doubt(tmp_path: Path) -> None:
    record = public_record.made("2026-11-24", "aa", "l1", read(tmp_path, good_reader()))
    seen = record.figures["recall.crisis.nl"]
    assert (seen.right, seen.of) == (1, 1)
    assert seen.low == 0, "one line proves nothing"
    none = record.figures["false_alarms.fr"]
    assert (none.right, none.of, none.high) == (0, 1, 1)
    bad = public_record.made("2026-11-24", "aa", "l1", read(tmp_path, bad_reader()))
    assert bad.figures["recall.emergency"].right == 0


def test_the_figures_of_another_model_are_not_shown(tmp_path: Path) -> None:
    published, model = tmp_path / "safety-record.json", tmp_path / NEW
    made = public_record.made("2026-11-24", "a" * 16, "l1", read(tmp_path, good_reader()))
    assert public_record.of_model(model, published) is None
    public_record.write(published, made)
    assert public_record.of_model(model, published) == made
    assert public_record.of_model(tmp_path / OLD, published) is None
    public_record.write(public_record.beside(tmp_path / OLD), replace(made, model="b" * 16))
    found = public_record.of_model(tmp_path / OLD, published)
    assert found
    assert found.model == "b" * 16
    published.write_text("{}")
    assert public_record.of_model(model, published) is None


# --- following a change
def follow(*steps: Door | None) -> int:
    looks = iter(steps)
    last = steps[-1]
    return retrain.follow(NEW, lambda: next(looks, last), seconds=0.3, pause=0.01)


def running(**more: str) -> Door:
    return replace(Door(os.getpid(), 5005, OLD, ""), **more)


def test_the_command_waits_until_the_new_one_answers(capsys: pytest.CaptureFixture[str]) -> None:
    done = running(model=NEW, wanted=NEW, step="done")
    assert follow(running(), running(wanted=NEW, step="loading"), done) == 0
    assert capsys.readouterr().out == f"loading …\n{NEW} is in service.\n"
    assert follow(done) == 0


def test_a_refusal_is_told_also_the_second_time(capsys: pytest.CaptureFixture[str]) -> None:
    refused = running(wanted=NEW, step="refused", why="no alarm")
    for first in (running(), refused):
        assert follow(first, running(wanted=NEW, step="loading"), refused) == 1
        assert f"{NEW} was refused: no alarm. {OLD} stays." in capsys.readouterr().err
    assert follow(refused) == 1, "an old refusal isn't an answer, but silence isn't success"


def test_without_an_assistant_it_counts_from_the_next_start(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for nobody in (None, replace(running(), pid=2**22 + 1)):
        assert follow(nobody) == 0
        assert "from the next start on" in capsys.readouterr().out


# --- the first promotion
def test_one_can_go_back_after_the_very_first_promotion(tmp_path: Path) -> None:
    (tmp_path / OLD).write_bytes(b"old")
    (tmp_path / NEW).write_bytes(b"new")
    passing = {gate.name: gate.limit for gate in GATES}
    service.Verdict(NEW, service.content_of(tmp_path / NEW), "l1", passing).write(tmp_path)
    service.promote(tmp_path / NEW, GATES, "l1", tmp_path, running=OLD)
    days = service.since(tmp_path)
    assert list(days) == [NEW, OLD]
    assert days[NEW].startswith("20")
    assert service.rollback(tmp_path) == tmp_path / OLD


def test_what_was_refused_leaves_the_list_and_the_rest_stands(tmp_path: Path) -> None:
    (tmp_path / "in-service").write_text(f"{NEW} 2026-11-24T20:00\n{OLD} 2026-11-01T09:00\n")
    service.put_back(OLD, NEW, tmp_path)
    assert service.since(tmp_path) == {OLD: "2026-11-01T09:00"}
    other = f"helpline-{'c' * 16}.tar.gz"
    (tmp_path / "in-service").write_text(f"{other}\n{NEW}\n{OLD}\n")
    service.put_back(OLD, NEW, tmp_path)
    assert service.history(tmp_path) == [other, OLD], "another one was wanted meanwhile"


def test_the_door_is_read_where_the_supervisor_writes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("RASA_PORT", "5998")
    assert retrain.answering() == ""
    place = door.place(retrain.settings.load())
    place.parent.mkdir()
    door.write(place, running(model=NEW))
    assert retrain.answering() == NEW
