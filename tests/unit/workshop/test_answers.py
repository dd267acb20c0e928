"""Answers in the workshop: the rules that they keep, saving, approving, reading ease."""

from __future__ import annotations

import difflib
from datetime import date
from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.texts import load_texts
from bot.workshop import answers, wording
from bot.workshop.answers import WordingError
from bot.workshop.readability import ease, syllables
from bot.workshop.saving import RefusedError, Shelf, StaleError, snapshot

ALL = answers.load(Shelf(ROOT))
TODAY = date(2026, 11, 24)
BY = {"who": "Anne", "why": "clearer"}
THANK = ALL["utter_thank"].text


def changed(path: Path, before: str) -> list[str]:
    lines = difflib.ndiff(before.split("\n"), path.read_text().split("\n"))
    return [line for line in lines if line[0] in "+-"]


@pytest.mark.parametrize("key", sorted(ALL))
def test_every_answer_of_today_keeps_the_rules(key: str):
    text = ALL[key].text
    assert list(wording.problems(key, text, text)) == []


@pytest.mark.parametrize(
    ("key", "language", "text", "problem"),
    [
        ("utter_thank", "fr", "", "wrong_text_empty"),
        ("utter_thank", "fr", "Appelez le 0800 30 030.", "wrong_text_number"),
        ("utter_thank", "nl", "Bel 1712.", "wrong_text_number"),
        ("utter_thank", "nl", "Kijk <b>hier</b>.", "wrong_text_marks"),
        ("utter_thank", "nl", "Kijk [hier](https://x.be).", "wrong_text_marks"),
        ("utter_thank", "fr", "Merci {nom}.", "wrong_text_placeholder"),
        ("utter_thank", "fr", "Merci {.", "wrong_text_marks"),
        ("utter_thank", "fr", "Merci à chacun·e.", "wrong_text_inclusive"),
        ("utter_thank", "fr", "Merci. " * 13, "wrong_text_long"),
        ("utter_thank", "fr", "Ouvrez une fenêtre privée.", "wrong_text_traces"),
        ("utter_thank", "nl", "Alles wordt gewist na 20 minuten.", "wrong_text_limit"),
        ("utter_risk_raised_hurts", "fr", "Je vous crois.", "wrong_text_belief"),
        ("utter_risk_raised_child", "nl", "Wat u zegt, telt.", "wrong_text_child"),
        ("utter_risk_emergency_hurt", "fr", "Bonjour.\n112 et 101.", "wrong_text_first_line"),
        ("utter_risk_emergency_hurt", "fr", "112 ou 101.", "wrong_text_calls_nobody"),
        ("utter_risk_crisis_hurt", "nl", "Bel 112.", "wrong_text_line"),
    ],
)
def test_what_breaks_a_rule_is_refused(
    copy: Shelf, key: str, language: str, text: str, problem: str
):
    path = copy.path(ALL[key].file)
    before = path.read_text()
    with pytest.raises(WordingError) as refused:
        answers.change(copy, key, {**ALL[key].text, language: text}, **BY)
    assert problem in [name for name, _ in refused.value.found]
    assert path.read_text() == before


def test_the_emergency_numbers_cannot_be_lost(copy: Shelf):
    key = next(k for k in sorted(ALL) if "112" in ALL[k].text["fr"] and "risk" not in k)
    text = {code: words.replace("112", "le numéro") for code, words in ALL[key].text.items()}
    with pytest.raises(WordingError) as refused:
        answers.change(copy, key, text, **BY)
    assert ("wrong_text_lost_number", {"code": "FR", "value": "112"}) in refused.value.found


def test_only_the_text_that_changed_changes_and_the_approval_ends(copy: Shelf):
    path = copy.path(ALL["utter_thank"].file)
    before = path.read_text()
    answers.approve(copy, "utter_thank", role="CPAS", who="Anne", today=TODAY)
    assert changed(path, before)[-1].strip("+ ") == (
        'approved: {by_role: "CPAS", date: "2026-11-24"}'
    )
    assert load_texts(copy.data).approved("utter_thank")
    answers.change(copy, "utter_thank", {**THANK, "fr": THANK["fr"] + "\n\nÀ bientôt."}, **BY)
    assert [line.strip() for line in changed(path, before)] == ["+", "+       À bientôt."]
    assert not load_texts(copy.data).approved("utter_thank")


def test_the_text_for_an_unknown_language_follows(copy: Shelf):
    key = "utter_risk_raised_unknown"
    text = {**ALL[key].text, "nl": ALL[key].text["nl"] + "\n\nDank u."}
    answers.change(copy, key, text, **BY)
    last = copy.read("answers/risk.yml")["responses"][key][-1]
    assert last["text"].strip() == f"{text['fr']}\n\n{text['nl']}"


def test_nobody_approves_a_text_that_they_have_not_read(copy: Shelf):
    opened = snapshot(ALL["utter_thank"].snapshot)
    answers.change(copy, "utter_thank", {**THANK, "nl": THANK["nl"] + " Dag."}, **BY)
    with pytest.raises(StaleError):
        answers.approve(copy, "utter_thank", role="CPAS", who="B", today=TODAY, before=opened)
    assert not load_texts(copy.data).approved("utter_thank")


@pytest.mark.parametrize("role", ["", "  ", "\n"])
def test_an_approval_needs_a_role(copy: Shelf, role: str):
    with pytest.raises(RefusedError, match="wrong_role"):
        answers.approve(copy, "utter_thank", role=role, who="A", today=TODAY)


@pytest.mark.parametrize("key", ["utter_nothing", "../x", "utter_card_en"])
def test_what_is_no_answer_in_both_languages_is_refused(copy: Shelf, key: str):
    with pytest.raises(RefusedError, match="wrong_answer"):
        answers.change(copy, key, {"fr": "a", "nl": "b"}, **BY)


def test_a_text_sent_back_by_a_browser_unchanged_changes_nothing(copy: Shelf):
    for key in sorted(ALL)[::8]:
        sent = {code: text.replace("\n", "\r\n") for code, text in ALL[key].text.items()}
        with pytest.raises(RefusedError, match="wrong_nothing"):
            answers.change(copy, key, sent, **BY)


@pytest.mark.parametrize(
    ("word", "language", "count"),
    [
        ("bonjour", "fr", 2), ("table", "fr", 1), ("appelez", "fr", 3), ("violence", "fr", 2),
        ("vertrouwt", "nl", 2), ("hulpverlener", "nl", 4), ("blijven", "nl", 2), ("u", "nl", 1),
    ],
)  # fmt: skip
def test_syllables(word: str, language: str, count: int):
    assert syllables(word, language) == count  # type: ignore[arg-type]


def test_a_plain_text_is_easier_than_a_letter_of_an_administration():
    plain = {
        "fr": "Vous pouvez appeler. Une personne vous écoute.",
        "nl": "U kunt bellen. Iemand luistert.",
    }
    heavy = {
        "fr": "Conformément aux dispositions réglementaires relatives à l'accompagnement, "
        "l'administration communale procédera à l'examen individualisé de votre situation.",
        "nl": "Overeenkomstig de reglementaire bepalingen betreffende begeleiding gaat het "
        "gemeentebestuur over tot een geïndividualiseerd onderzoek van uw omstandigheden.",
    }  # fmt: skip
    for language in ("fr", "nl"):
        assert not ease(plain[language], language).hard  # type: ignore[arg-type]
        assert ease(heavy[language], language).hard  # type: ignore[arg-type]


def test_most_answers_of_today_are_at_most_b1():
    scores = [ease(text, code).hard for a in ALL.values() for code, text in a.text.items()]  # type: ignore[arg-type]
    assert sum(scores) < 0.15 * len(scores)


def test_each_card_in_another_language_is_kept_for_a_native_speaker(copy: Shelf):
    cards = [one for one in answers.load_all(copy).values() if one.is_card]
    assert len(cards) >= 22
    assert {one.needs for one in cards} == {"native_speaker"}


def test_who_is_needed_is_named_for_answers_that_exist(copy: Shelf):
    known = answers.load_all(copy)
    listed = [key for keys in copy.read("approvals.yml").values() for key in keys]
    assert not set(listed) - set(known)
    assert known["utter_ask_police_complaint_child"].needs == "lawyer"


def test_what_touches_the_law_waits_for_a_lawyer(copy: Shelf):
    key, by = "utter_ask_legal_protection", {"role": "CPAS", "who": "Anne", "today": TODAY}
    for other in ("", "social_worker", "native_speaker"):
        with pytest.raises(RefusedError, match="wrong_approver_lawyer"):
            answers.approve(copy, key, approver=other, **by)
    assert not load_texts(copy.data).approved(key)
    answers.approve(copy, key, approver="lawyer", **by)
    assert load_texts(copy.data).approved(key)
    # A mark without the sort of person, as older ones have it, doesn't count here.
    path = copy.path(answers.load_all(copy)[key].file)
    path.write_text(path.read_text().replace(", as: lawyer", ""))
    assert not load_texts(copy.data).approved(key)
