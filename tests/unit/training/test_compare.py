"""The comparison counts alike for all, and forgets what was measured on other data."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.training.compare import PEERS, Outcome, data_hash, main, outcome, remember, table
from bot.training.peers import keywords, pipeline

INTENTS = [
    {"text": "merci", "lang": "fr", "intent": "thank", "alt": ["goodbye"]},
    {"text": "bedankt", "lang": "nl", "intent": "thank", "alt": []},
]
SAFETY = [
    {"text": "il a un couteau", "lang": "fr", "risk": "emergency"},
    {"text": "mort de rire", "lang": "fr", "risk": "none"},
]
PLAN = {"danger_immediate": "emergency", "thank": "none", "suicidal_thoughts": "crisis"}


def measured(rankings: list[list[str]], risks: list[str | None] | None = None) -> Outcome:
    answers = {
        "rankings": rankings,
        "risks": risks or [None] * 4,
        "seconds": [0.001, 0.002, 0.003, 0.9],
        "memory_mb": 70.0,
    }
    return outcome("nlpjs", "d1", INTENTS, SAFETY, {"seconds": 3.0}, answers, PLAN)


def test_an_acceptable_intent_counts_and_so_does_the_third_place():
    found = measured([["goodbye"], ["a", "b", "thank", "c"], [], []])
    assert found.accepted == {"fr": 1, "nl": 0}
    assert found.top3 == {"fr": 1, "nl": 1}


def test_a_peer_without_risk_has_that_of_its_intent():
    found = measured([[], [], ["danger_immediate"], ["suicidal_thoughts"]])
    assert (found.danger, found.false_alarms) == (1, 1)
    assert measured([[], [], [], []]).danger == 0


def test_a_peer_with_risk_of_its_own_is_believed():
    found = measured([[], [], ["thank"], ["danger_immediate"]], [None, None, "emergency", "none"])
    assert (found.danger, found.false_alarms) == (1, 0)


def test_one_slow_message_does_not_change_the_usual_time():
    assert measured([[], [], [], []]).milliseconds == pytest.approx(2.5)


def test_what_was_measured_on_other_data_is_forgotten(tmp_path: Path):
    path = tmp_path / "compare.json"
    ours = replace(measured([[], [], [], []]), peer="ours", vector_seconds=600.0)
    remember(path, ours)
    both = remember(path, measured([["thank"], ["thank"], [], []]))
    assert {o.peer for o in both} == {"ours", "nlpjs"}
    lines = table(both).splitlines()
    assert PEERS["ours"] in lines[2]
    assert "3.0 s (+ 10 min)" in lines[2]
    assert "1.00 / 1.00" in lines[3]
    newer = remember(path, replace(ours, data="d2"))
    assert [(o.peer, o.data) for o in newer] == [("ours", "d2")]


def test_other_examples_have_another_hash():
    one = [("merci", "thank", "fr")]
    assert data_hash(one) == data_hash(list(one))
    assert data_hash(one) != data_hash([("merci", "goodbye", "fr")])


def test_an_example_in_two_intents_is_no_keyword():
    rows = [
        {"text": "merci", "intent": "thank"},
        {"text": "non merci, au revoir", "intent": "goodbye"},
        {"text": "merci beaucoup !", "intent": "thank"},
        {"text": "il a (encore) bu", "intent": "danger"},
    ]
    assert keywords(rows) == {
        re.escape("non merci, au revoir"): "goodbye",
        re.escape("merci beaucoup"): "thank",
        re.escape("il a (encore) bu"): "danger",
    }


def test_our_pipeline_is_the_one_in_service_without_its_fallback():
    names = [step["name"] for step in pipeline("ours")]
    assert any("IntentClassifier" in name for name in names)
    assert any("RiskDetector" in name for name in names)
    assert "FallbackClassifier" not in names
    diet = {step["name"]: step for step in pipeline("diet")}
    assert diet["DIETClassifier"]["epochs"] == 100


def test_an_unknown_peer_is_refused_with_the_names(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["--peer", "gpt"])
    assert "nlpjs" in capsys.readouterr().err
