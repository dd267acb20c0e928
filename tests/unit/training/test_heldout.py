"""What is counted as right and wrong on the test lines."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.training.heldout import digest, figures, groups, measure
from tests.unit.training.fakes import SAFETY, FakeReader, bad_reader, good_reader, heldout


def test_a_reader_that_understands_everything_gets_full_marks(tmp_path: Path):
    found = figures(measure(good_reader(), heldout(tmp_path)))
    for name in ("accuracy.all", "accepted.fr", "accepted.nl", "top3.all", "recall.emergency"):
        assert found[name] == 1, name
    assert found["false_alarms"] == found["difference"] == 0
    assert {n: found[n] for n in found if n.startswith("language.")} == {
        "language.fr": 1,
        "language.nl": 1,
        "language.other": 1,
        "language.none": 1,
    }


def test_a_reader_that_understands_nothing_gets_none(tmp_path: Path):
    found = figures(measure(bad_reader(), heldout(tmp_path)))
    assert found["accepted.all"] == found["recall.emergency"] == found["recall.child"] == 0
    assert found["false_alarms"] == 1


def test_an_intent_that_helps_as_well_is_understood_but_not_exact(tmp_path: Path):
    reader = FakeReader({"merci beaucoup": ["goodbye"], "dank u <b>zeer</b>": ["a", "b", "thank"]})
    found = figures(measure(reader, heldout(tmp_path)))
    assert found["accuracy.fr"] == 0
    assert found["accepted.fr"] == 0.5
    assert found["accepted.nl"] == 0
    assert found["top3.nl"] == 0.5
    assert found["difference"] == 0.5


def test_a_graver_alarm_with_the_same_help_counts_as_seen_another_does_not(tmp_path: Path):
    risks = {row["text"]: row["risk"] for row in SAFETY}
    risks["papa tape mon petit frère"] = "emergency"
    risks["je veux mourir"] = "emergency"
    risks["il a un couteau"] = "raised"
    found = figures(measure(FakeReader(risks=risks), heldout(tmp_path)))
    assert found["recall.child"] == 1
    assert found["recall.crisis.fr"] == 0
    assert found["recall.emergency"] == 0.5


def test_what_is_read_was_encoded_in_one_go(tmp_path: Path):
    reader = good_reader()
    measure(reader, heldout(tmp_path))
    assert len(reader.warmed) == 12


def _redact(*spans: tuple[int, int]):
    return lambda text, lang: SimpleNamespace(
        spans=[SimpleNamespace(start=a, end=b) for a, b in spans]
    )


@pytest.mark.parametrize(
    ("spans", "covered"), [(((8, 12),), 1), (((0, 20),), 1), (((8, 11),), 0), ((), 0)]
)
def test_personal_data_counts_as_hidden_only_when_no_letter_is_left(
    tmp_path: Path, spans: tuple[tuple[int, int], ...], covered: int
):
    row = {
        "text": "je suis Anna, merci",
        "lang": "fr",
        "spans": [{"start": 8, "end": 12, "type": "PERSON"}],
    }
    (heldout(tmp_path) / "redaction.jsonl").write_text(json.dumps(row))
    found = figures(measure(good_reader(), tmp_path, _redact(*spans)))
    assert found["redaction.PERSON"] == found["redaction.all"] == covered


def test_words_hidden_in_a_harmless_line_are_counted(tmp_path: Path):
    row = {"text": "la rose de mai", "lang": "fr", "spans": []}
    (heldout(tmp_path) / "redaction.jsonl").write_text(json.dumps(row))
    found = figures(measure(good_reader(), tmp_path, _redact((3, 7))))
    assert found["removed_for_nothing"] == 0.25
    assert not any(name.startswith("redaction.") for name in found)


def test_personal_data_is_left_out_when_there_are_no_lines_for_it(tmp_path: Path):
    measured = measure(good_reader(), heldout(tmp_path), _redact())
    assert measured.redaction == []
    assert not any(name.startswith("redaction.") for name in groups(measured))


def test_a_line_without_its_language_is_named(tmp_path: Path):
    (heldout(tmp_path) / "safety.jsonl").write_text('{"text": "a", "risk": "none"}\n')
    with pytest.raises(ValueError, match=r'safety\.jsonl, line 1: needs "lang"'):
        measure(good_reader(), tmp_path)


def test_other_lines_have_another_hash(tmp_path: Path):
    before = digest(heldout(tmp_path))
    assert digest(tmp_path) == before
    (tmp_path / "safety.jsonl").write_text("")
    assert digest(tmp_path) != before
