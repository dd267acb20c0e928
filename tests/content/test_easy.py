"""The safety answers in easy words: short, both languages alike, the numbers first, nothing new."""

from __future__ import annotations

import re

import pytest

from bot import easy as module
from bot.easy import easy
from bot.language import SUPPORTED, Supported
from bot.texts import DATA, load_texts, read_yaml

FILE = read_yaml(DATA / "easy.yml")
LEVELS = ("emergency", "crisis", "child", "raised")
VOICES = ("unknown", "witness", "child")
CASES = [(level, voice, lang) for level in LEVELS for voice in VOICES for lang in SUPPORTED]


def words_of(level: str, voice: str, language: Supported) -> str:
    found = easy(f"utter_risk_{level}_{voice}", language, "demo")
    assert found
    return found


def test_there_are_twelve() -> None:
    assert {(level, voice) for level in FILE["easy"] for voice in FILE["easy"][level]} == {
        (level, voice) for level in LEVELS for voice in VOICES
    }


@pytest.mark.parametrize(("level", "voice", "language"), CASES)
def test_easy_words_are_easy_and_shorter(level: str, voice: str, language: Supported) -> None:
    words = words_of(level, voice, language)
    full = load_texts().answer(f"utter_risk_{level}_{voice}", language).text
    # An emergency leaves things out; elsewhere short sentences may take a little more room.
    assert len(words) < len(full) * (0.7 if level == "emergency" else 1.3)
    for line in filter(None, words.split("\n")):
        assert len(line.removeprefix("- ").split()) <= 10, line
        assert ";" not in line


@pytest.mark.parametrize(("level", "voice", "language"), CASES)
def test_same_numbers_as_the_full_answer(level: str, voice: str, language: Supported) -> None:
    words = words_of(level, voice, language)
    full = load_texts().answer(f"utter_risk_{level}_{voice}", language).text
    assert set(re.findall(r"\d+", words)) == set(re.findall(r"\d+", full))
    assert ("ligne ci-dessous" in words) == ("ligne ci-dessous" in full)
    assert ("lijn hieronder" in words) == ("lijn hieronder" in full)
    assert ("machine" in words) == ("machine" in full)
    if level == "emergency":
        assert re.findall(r"\d+", words.split("\n\n")[0]) == ["112", "101"]


@pytest.mark.parametrize(("level", "voice"), [(level, v) for level in LEVELS for v in VOICES])
def test_both_languages_have_the_same_lines(level: str, voice: str) -> None:
    french, dutch = (words_of(level, voice, lang).split("\n") for lang in SUPPORTED)
    assert [bool(line) for line in french] == [bool(line) for line in dutch]
    assert [line[:2] == "- " for line in french] == [line[:2] == "- " for line in dutch]


@pytest.mark.parametrize("level", LEVELS)
def test_how_each_is_addressed(level: str) -> None:
    assert not re.search(r"\b(vous|votre)\b", words_of(level, "child", "fr"))
    assert not re.search(r"\b(u|uw)\b", words_of(level, "child", "nl"))
    for voice in ("unknown", "witness"):
        assert not re.search(r"\b(tu|te|ton|ta)\b", words_of(level, voice, "fr"))
        assert not re.search(r"\b(je|jouw)\b", words_of(level, voice, "nl"))


def test_who_gets_none() -> None:
    for key in ("utter_risk_emergency_hurts", "utter_risk_crisis_professional", "utter_greet"):
        assert easy(key, "fr", "demo") is None
    assert easy("utter_risk_emergency_hurt", "fr", "pilot")


def test_live_mode_waits_for_approval(monkeypatch: pytest.MonkeyPatch) -> None:
    assert easy("utter_risk_emergency_hurt", "fr", "live") is None
    mark = {"by_role": "social worker", "date": "2026-12-01"}
    monkeypatch.setattr(module, "_file", lambda: {**FILE, "approved": mark})
    assert easy("utter_risk_emergency_hurt", "fr", "live")
