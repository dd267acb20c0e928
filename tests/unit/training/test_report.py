"""The report, the history and the safety record, made from small test lines."""

from __future__ import annotations

import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.directory.load import load_directory
from bot.directory.model import Directory
from bot.texts import DATA
from bot.training.copies import copied
from bot.training.evaluate import IntentRow
from bot.training.facts import facts_of, newest_day
from bot.training.gates import load_gates
from bot.training.heldout import measure
from bot.training.history import Change, read_runs
from bot.training.report import Results, finish
from bot.training.words import plain
from tests.unit.training.fakes import FakeReader, bad_reader, good_reader, heldout

TODAY = date(2026, 11, 24)
CROSSVAL = [
    IntentRow("merci à vous", "fr", "thank", (), ("thank", "goodbye"), 0.9),
    IntentRow("bonne journée", "fr", "goodbye", (), ("thank", "goodbye"), 0.6),
    IntentRow("tot ziens <i>", "nl", "goodbye", (), ("thank", "goodbye"), 0.5),
    IntentRow("bedankt", "nl", "thank", (), ("thank", "goodbye"), 0.8),
]


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory(DATA / "directory", "demo")


def results(
    tmp_path: Path, directory: Directory, reader: FakeReader, model: str = "m1", **more: object
) -> Results:
    (tmp_path / "lines").mkdir(exist_ok=True)
    measured = measure(reader, heldout(tmp_path / "lines"))
    given = {"crossval": {}, "lines": "l1", **more}
    return Results(
        when="2026-11-24T20:00+01:00",
        model=model,
        measured=measured,
        copies=[row.text == "merci beaucoup" for row in measured.intents],
        facts=facts_of(directory, TODAY),
        gates=load_gates(),
        **given,  # type: ignore[arg-type]
    )


def page(tmp_path: Path, found: Results) -> str:
    finish(found, tmp_path, tmp_path / "record.md")
    return (tmp_path / "understanding.html").read_text(encoding="utf-8")


class _Wellformed(HTMLParser):
    """Every element that is opened is closed, in order."""

    VOID = ("meta", "rect", "line", "circle", "polyline", "br")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_the_page_stands_alone_and_is_well_formed(tmp_path: Path, directory: Directory):
    html = page(
        tmp_path, results(tmp_path, directory, good_reader(), crossval={"together": CROSSVAL})
    )
    parser = _Wellformed()
    parser.feed(html)
    assert parser.open == []
    assert "<script" not in html
    assert not re.search(r"""(src|href)=["'](?!#)|url\(|@import""", html)


def test_a_sentence_is_shown_as_text_not_as_markup(tmp_path: Path, directory: Directory):
    html = page(
        tmp_path, results(tmp_path, directory, bad_reader(), crossval={"together": CROSSVAL})
    )
    assert "dank u &lt;b&gt;zeer&lt;/b&gt;" in html
    assert "tot ziens &lt;i&gt;" in html


def test_a_good_model_passes_and_a_bad_one_is_named(
    tmp_path: Path, directory: Directory, capsys: pytest.CaptureFixture[str]
):
    good, bad = tmp_path / "good", tmp_path / "bad"
    for folder in (good, bad):
        folder.mkdir()
    assert finish(results(good, directory, good_reader()), good, good / "record.md") == 0
    assert capsys.readouterr().err == ""
    assert finish(results(bad, directory, bad_reader()), bad, bad / "record.md") == 1
    assert "recall.emergency is 0.000; it must be at least" in capsys.readouterr().err
    assert 'class="bad">missed' in (bad / "understanding.html").read_text()
    # What the workshop reads of it.
    kept = json.loads((bad / "understanding.json").read_text())
    assert {"when", "model", "crossval", "heldout"} == set(kept)
    assert {"meant", "understood", "times", "sentences"} == set(kept["heldout"][0])
    assert 'class="bad">missed' not in (good / "understanding.html").read_text()


def test_the_worst_confusions_come_with_their_sentences(tmp_path: Path, directory: Directory):
    html = page(
        tmp_path, results(tmp_path, directory, good_reader(), crossval={"together": CROSSVAL})
    )
    assert "<b>goodbye</b> was taken for <b>thank</b>, 2 times" in html
    assert "bonne journée" in html
    assert "merci à vous" not in html


def test_lines_learned_by_heart_do_not_flatter_the_figure(tmp_path: Path, directory: Directory):
    reader = FakeReader({"merci beaucoup": ["thank"]})
    found = results(tmp_path, directory, reader).figures()
    assert found["accepted.fr"] == 0.5
    assert found["fresh.fr"] == 0
    html = page(tmp_path, results(tmp_path, directory, reader))
    assert "1 of the test lines are nearly the same as a training example" in html


def test_a_copy_is_found_through_capitals_accents_and_a_typo():
    known = ["Ma sœur a été frappée hier", "stop"]
    lines = ["ma soeur a ete frapee hier", "STOP", "mon frère a été frappé demain", "stopje"]
    assert copied(lines, known) == [True, True, False, False]


def test_the_second_run_is_compared_with_the_first(tmp_path: Path, directory: Directory):
    assert "first measuring" in page(tmp_path, results(tmp_path, directory, bad_reader()))
    html = page(tmp_path, results(tmp_path, directory, good_reader(), model="m2"))
    assert "Compared with model m1" in html
    row = html[html.index('scope="row">understood, French</th>\n<td class="n">0.0%') :]
    assert 'class="good">better' in row[:200]


def test_measuring_the_same_model_twice_keeps_the_comparison(tmp_path: Path, directory: Directory):
    for model, reader in (("m1", bad_reader()), ("m2", good_reader()), ("m2", good_reader())):
        html = page(tmp_path, results(tmp_path, directory, reader, model=model))
    assert "Compared with model m1" in html
    assert [run.model for run in read_runs(tmp_path / "history.jsonl")] == ["m1", "m2"]


def test_other_test_lines_are_said_to_be_no_comparison(tmp_path: Path, directory: Directory):
    page(tmp_path, results(tmp_path, directory, bad_reader()))
    html = page(tmp_path, results(tmp_path, directory, good_reader(), lines="l2"))
    assert "The test lines have changed since" in html


def test_a_broken_history_names_its_line(tmp_path: Path):
    (tmp_path / "history.jsonl").write_text("{}\n")
    with pytest.raises(ValueError, match=r"history\.jsonl, line 1"):
        read_runs(tmp_path / "history.jsonl")


@pytest.mark.parametrize(
    ("name", "before", "now", "verdict"),
    [
        ("accepted.fr", 0.8, 0.9, "better"),
        ("accepted.fr", 0.9, 0.8, "worse"),
        ("false_alarms", 0.01, 0.04, "worse"),
        ("calibration", 0.2, 0.1, "better"),
        ("accepted.fr", 0.8, 0.801, "same"),
        ("accepted.fr", None, 0.8, "new"),
    ],
)
def test_more_is_better_except_for_errors(
    name: str, before: float | None, now: float, verdict: str
):
    assert Change(name, before, now).verdict == verdict


def test_the_safety_record_says_the_bad_figures_too(tmp_path: Path, directory: Directory):
    page(tmp_path, results(tmp_path, directory, bad_reader()))
    text = (tmp_path / "record.md").read_text(encoding="utf-8")
    assert "| emergencies seen | 0.0% | 2 | 2 |" in text
    assert "2 of 2 harmless lines raised an alarm" in text
    assert "Not measured in this run." in text
    # The record is public: what was missed is counted, never quoted.
    assert "couteau" not in text


def test_the_safety_record_says_how_old_the_facts_are(tmp_path: Path, directory: Directory):
    facts = facts_of(directory, TODAY)
    page(tmp_path, results(tmp_path, directory, good_reader()))
    text = (tmp_path / "record.md").read_text(encoding="utf-8")
    assert f"{facts.records} records can be shown" in text
    assert facts.records == len(directory.services) > 100
    assert facts.undated + facts.over_a_year < facts.records
    older = facts_of(directory, date(2030, 1, 1))
    assert older.over_a_year == facts.records - facts.undated > facts.over_a_year
    assert older.median_age > facts.median_age


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-10-20", date(2026, 10, 20)),
        ("2025-02", date(2025, 2, 28)),
        ("2025-12", date(2025, 12, 31)),
        ("2025", date(2025, 12, 31)),
        (None, None),
    ],
)
def test_a_date_without_day_is_taken_as_its_last(written: str | None, day: date | None):
    assert newest_day(written) == day


def test_figures_have_plain_names():
    assert plain("recall.crisis.nl") == "thoughts of suicide seen, Dutch"
    assert plain("accepted.fr") == "understood, French"
    assert plain("redaction.IBAN") == "personal data hidden, IBAN"
