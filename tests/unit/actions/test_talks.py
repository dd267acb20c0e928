"""What is answered beside what was asked, shown and told before; no model: intents are given."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from actions import facts
from bot.language import Supported
from tests.fakes.talking import Talking

TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Brussels"))
TO_ADULTS: dict[str, re.Pattern[str]] = {
    "fr": re.compile(r"\b(vous|votre|vos)\b", re.IGNORECASE),
    # "9-18 u." in the hours of a service is no address.
    "nl": re.compile(r"(?<!\d )\b(u|uw)\b", re.IGNORECASE),
}


@pytest.fixture(autouse=True)
def tuesday_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "now", lambda: TUESDAY)


def told(language: Supported, text: str, intent: str, risk: str, writer: str | None) -> Talking:
    """A talk that began with an account."""
    return Talking(language).say(text, intent, risk, writer)


# --- after talk of dying


@pytest.mark.parametrize(
    ("language", "first", "no", "line"),
    [
        ("fr", "j'ai envie de mourir", "non, je ne veux pas mourir", "prevention-suicide-0800"),
        ("fr", "j'ai envie de mourir", "Non.", "prevention-suicide-0800"),
        ("nl", "ik wil dood", "nee, ik wil niet dood", "zelfmoordlijn-1813"),
        ("nl", "ik wil dood", "nee", "zelfmoordlijn-1813"),
    ],
)
def test_a_no_after_talk_of_dying_is_believed_and_the_line_stays(
    language: Supported, first: str, no: str, line: str
) -> None:
    talk = told(language, first, "suicidal_thoughts", "crisis", None)
    assert "utter_risk_crisis_unknown" in talk.keys
    # The words sound like dying to the detector all the same.
    talk.say(no, "suicidal_thoughts", "crisis")
    assert talk.keys == ["utter_crisis_denied"]
    assert talk.services == [line]
    assert not talk.urgent


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "non je ne veux pas me tuer, je veux mourir"),
        ("fr", "je ne veux plus vivre"),
        ("nl", "nee, ik wil mezelf niet doden, ik wil dood"),
        ("nl", "nee ik wil niet meer leven"),
    ],
)
def test_one_word_more_and_the_card_comes_again(language: Supported, text: str) -> None:
    talk = told(language, "…", "suicidal_thoughts", "crisis", None)
    talk.say(text, "suicidal_thoughts", "crisis")
    assert talk.keys[0] == "utter_risk_crisis_again"
    assert talk.urgent


def test_an_act_under_way_is_never_a_no() -> None:
    talk = told("fr", "j'ai envie de mourir", "suicidal_thoughts", "crisis", None)
    talk.say("non", "suicidal_thoughts", "emergency")
    assert talk.keys[0].startswith("utter_risk_emergency")


# --- are you in danger now?


@pytest.mark.parametrize(
    ("language", "answer", "intent"),
    [
        ("fr", "maintenant", "goodbye"), ("fr", "oui, là maintenant", "affirm"),
        ("fr", "peut-être", "nlu_fallback"), ("nl", "nu", "nlu_fallback"),
        ("nl", "ja nu", "affirm"), ("nl", "misschien", "nonsense"),
    ],
)  # fmt: skip
def test_now_is_a_yes_to_the_question_on_danger(
    language: Supported, answer: str, intent: str
) -> None:
    talk = told(language, "…", "disclose_physical", "raised", "hurt")
    assert talk.keys[-1] == "utter_ask_danger_now_hurt"
    talk.say(answer, intent)
    assert talk.keys == ["utter_risk_emergency_hurt"]
    assert talk.services[:2] == ["urgence-112", "police-101"]


@pytest.mark.parametrize(
    ("language", "answer"),
    [("fr", "non"), ("fr", "non pas maintenant"), ("fr", "il est parti"),
     ("nl", "nee"), ("nl", "nee nu niet"), ("nl", "hij is weg")],
)  # fmt: skip
def test_no_is_a_no_to_the_question_on_danger(language: Supported, answer: str) -> None:
    talk = told(language, "…", "disclose_physical", "raised", "hurt")
    talk.say(answer, "nlu_fallback")
    assert talk.keys == ["utter_no_danger_now"]
    assert not talk.urgent


# --- children


CHILD: dict[str, tuple[str, list[tuple[str, str, str, str | None]]]] = {
    "fr": (
        "j'ai 13 ans et papa tape maman",
        [
            ("il me frappe aussi", "disclose_physical", "raised", "hurt"),
            ("il m'insulte", "disclose_psychological", "raised", "hurt"),
            ("il me rabaisse", "disclose_psychological", "raised", "hurt"),
            ("c'est ma faute ?", "ask_guilt", "none", None),
            ("je peux appeler qui ?", "ask_listening_line", "none", None),
            ("et la police ?", "ask_police_complaint", "none", None),
            ("esneux", "inform_commune", "none", None),
            ("heures ?", "ask_opening_hours", "none", None),
            ("un avocat ?", "ask_legal_protection", "none", None),
            ("je veux parler à quelqu'un", "ask_human", "none", None),
            ("merci", "thank", "none", None),
        ],
    ),
    "nl": (
        "ik ben 13 en papa slaat mama",
        [
            ("hij slaat mij ook", "disclose_physical", "raised", "hurt"),
            ("hij roept op mij", "disclose_psychological", "raised", "hurt"),
            ("hij noemt mij dom", "disclose_psychological", "raised", "hurt"),
            ("is het mijn schuld?", "ask_guilt", "none", None),
            ("wie kan ik bellen?", "ask_listening_line", "none", None),
            ("en de politie?", "ask_police_complaint", "none", None),
            ("Gent", "inform_commune", "none", None),
            ("uren?", "ask_opening_hours", "none", None),
            ("een advocaat?", "ask_legal_protection", "none", None),
            ("ik wil met een mens praten", "ask_human", "none", None),
            ("dank je", "thank", "none", None),
        ],
    ),
}


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_child_is_spoken_to_as_a_child_to_the_end(language: Supported) -> None:
    """R31: once a child, the address and the lines for children stay."""
    first, later = CHILD[language]
    talk = told(language, first, "minor_seeks_help", "child", "child")
    for text, intent, risk, writer in later:
        talk.say(text, intent, risk, writer)
        assert not TO_ADULTS[language].search(talk.text), (text, talk.text)
        if intent == "ask_guilt":
            assert {"ecoute-enfants-103", "awel-102"} & {*talk.services}


@pytest.mark.parametrize(
    ("language", "text"),
    [("fr", "j'ai 34 ans en fait"), ("nl", "ik ben 34"), ("fr", "mon mari rentre tard")],
)
def test_who_says_that_they_are_of_age_is_spoken_to_as_an_adult(
    language: Supported, text: str
) -> None:
    talk = told(language, "…", "minor_seeks_help", "child", "child")
    talk.say(text, "ask_guilt")
    assert talk.keys == ["utter_ask_guilt"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "mes parents veulent me marier de force, j'ai 20 ans"),
        ("nl", "mijn ouders willen mij uithuwelijken, ik ben 20"),
    ],
)
def test_an_age_from_eighteen_on_isnt_a_minor(language: Supported, text: str) -> None:
    talk = Talking(language).say(
        text, "minor_seeks_help", "child", "child", ranking=("ask_guilt", "disclose_honour")
    )
    assert talk.keys == ["utter_disclose_honour", "utter_ask_danger_now_hurt"]


# --- going on


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_who_goes_on_is_received_each_time_and_never_told_off(language: Supported) -> None:
    talk = told(language, "…", "disclose_physical", "raised", "hurt")
    seen = []
    for _ in range(4):
        talk.say("…", "disclose_physical", "raised", "hurt")
        seen.append(talk.keys[0])
        assert talk.services
    assert seen[0] == "utter_go_on_hurt"
    assert all(one != other for one, other in pairwise(seen))


def test_another_subject_isnt_a_repetition() -> None:
    talk = told("fr", "…", "disclose_physical", "raised", "hurt")
    talk.say("…", "disclose_economic", "raised", "hurt")
    assert talk.keys == ["utter_disclose_economic"]


def test_a_place_named_for_the_same_question_gets_what_is_there() -> None:
    talk = Talking("fr").say("un refuge ?", "ask_shelter")
    talk.say("un refuge à Verviers ?", "ask_shelter")
    assert talk.keys == ["utter_services_in"]
    assert "l-accueil-verviers" in talk.services


# --- who hurts


@pytest.mark.parametrize(
    ("language", "shame", "next_step"),
    [("fr", "j'ai honte", "Praxis"), ("nl", "ik schaam mij", "CAW")],
)
def test_shame_of_who_hurts_gets_respect_and_the_next_step(
    language: Supported, shame: str, next_step: str
) -> None:
    talk = told(language, "…", "disclose_perpetrator", "raised", "hurts")
    talk.say(shame, "ask_guilt")
    assert talk.keys == ["utter_ask_guilt_hurts"]
    assert next_step in talk.text
    assert talk.services
    assert "votre faute" not in talk.text
    assert "uw schuld" not in talk.text


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_lines_on_minors_are_named_only_when_it_is_about_that(language: Supported) -> None:
    only = {"seos", "stop-it-now-vlaanderen", "stop-it-now-bruxelles"}
    hit = told(language, "…", "disclose_perpetrator", "raised", "hurts")
    for place in ("Trooz", "Gent", "Forest"):
        hit.say(f"aide à {place}", "ask_perpetrator_help")
        assert not only & {*hit.services}
    about = {
        "fr": "je suis attiré par les enfants",
        "nl": "ik voel mij aangetrokken tot kinderen",
    }[language]
    talk = told(language, about, "disclose_perpetrator", "raised", "hurts")
    assert talk.keys[0] == "utter_situation_sexual_interest"
    assert only & {*talk.services}


def test_who_wants_to_stop_hears_of_the_service_before_any_commune() -> None:
    talk = Talking("fr").say("un groupe pour arrêter ?", "ask_perpetrator_help")
    assert talk.keys[-1] == "utter_ask_commune"
    assert "praxis" in talk.services


# --- services


@pytest.mark.parametrize(
    ("language", "text", "service"),
    [("fr", "le cpas à Esneux", "CPAS d'Esneux"), ("nl", "het ocmw in Esneux", "OCMW Esneux")],
)
def test_a_service_without_a_checked_number_is_said_to_be_so(
    language: Supported, text: str, service: str
) -> None:
    talk = Talking(language).say(text, "ask_local_services")
    assert talk.keys == ["utter_services_no_number"]
    assert service in talk.text
    assert "cpas-esneux" in talk.services
    named = talk.text.split(" : " if language == "fr" else ": ")
    known = facts.directory().by_id
    others = [s for s in talk.services if known[s].phone]
    assert any(known[s].name[language] in part for s in others for part in named)


def test_a_service_with_a_number_is_simply_shown() -> None:
    talk = Talking("nl").say("ocmw in Gent", "ask_local_services")
    assert talk.keys == ["utter_services_in"]


@pytest.mark.parametrize(
    ("language", "place", "asked"),
    [
        ("fr", "le cpas à Anderlecht", ["heures ?", "l'adresse ?", "c'est gratuit ?", "numéro ?"]),
        ("nl", "ocmw in Gent", ["uren?", "adres", "is het gratis?", "nummer?"]),
    ],
)
def test_short_questions_are_about_what_was_shown_last(
    language: Supported, place: str, asked: list[str]
) -> None:
    talk = Talking(language).say(place, "ask_local_services")
    first = next(s for s in talk.services if s in ("ocmw-gent", "cpas-anderlecht"))
    service = facts.directory().by_id[first]
    for about, text in zip(("hours", "address", "price", "number"), asked, strict=True):
        talk.say(text, "ask_opening_hours")
        assert talk.keys == [f"utter_about_{about}"]
        assert first in talk.services
        assert service.name[language] in talk.text
    assert service.phone
    assert service.phone in talk.text


def test_a_short_question_before_anything_was_shown_is_read_as_always() -> None:
    talk = Talking("fr").say("heures ?", "ask_opening_hours")
    assert talk.keys == ["utter_ask_opening_hours"]


@pytest.mark.parametrize(
    ("language", "text"),
    [("fr", "non pardon 4053"), ("nl", "nee sorry, 4053"), ("nl", "nee, Chaudfontaine")],
)
def test_a_corrected_commune_is_the_commune(language: Supported, text: str) -> None:
    talk = Talking(language).say("…", "ask_local_services")
    assert talk.keys == ["utter_ask_commune"]
    talk.say(text, "deny")
    assert "Chaudfontaine" in talk.text
    assert "cpas-chaudfontaine" in talk.services


# --- elders, mothers, general questions


@pytest.mark.parametrize(
    ("text", "intent", "writer"),
    [
        ("mon frère frappe ma mère de 84 ans", "disclose_elder", "witness"),
        ("je m'inquiète pour ma grand-mère", "witness_report", "witness"),
        ("j'ai 78 ans et mon fils me frappe", "disclose_physical", "hurt"),
    ],
)
def test_for_somebody_old_in_wallonia_the_line_for_older_people_comes_first(
    text: str, intent: str, writer: str
) -> None:
    talk = told("fr", text, intent, "raised", writer)
    assert talk.services[0] == "respect-seniors"
    talk.say("on est à Chaudfontaine", "inform_commune")
    assert talk.services[0] == "respect-seniors"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "il me frappe devant les enfants"),
        ("nl", "hij slaat mij waar de kinderen bij zijn"),
    ],
)
@pytest.mark.parametrize("intent", ["child_in_danger", "nlu_fallback"])
def test_a_parent_hit_before_the_children_is_answered_as_hurt(
    language: Supported, text: str, intent: str
) -> None:
    talk = Talking(language).say(text, intent, "child", "hurt")
    assert talk.keys == [
        "utter_risk_child_hurt", "utter_child_in_danger_hurt", "utter_ask_danger_now_hurt",
    ]  # fmt: skip
    own = {"fr": "ecoute-violences-conjugales", "nl": "hulplijn-1712"}[language]
    assert own in talk.services


def test_a_worried_outsider_stays_one() -> None:
    talk = Talking("fr").say(
        "le mari de ma voisine la frappe devant les petits", "child_in_danger", "child", "hurt"
    )
    assert talk.keys[:2] == ["utter_risk_child_witness", "utter_child_in_danger"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "est ce que ça fait du mal aux enfants même s'ils dorment quand il crie ?"),
        ("nl", "merken de kinderen daar iets van als ze slapen?"),
    ],
)
def test_what_children_notice_is_a_question_unless_a_pattern_says_danger(
    language: Supported, text: str
) -> None:
    calm = Talking(language).say(text, "child_in_danger", "child")
    assert calm.keys[0] == "utter_ask_children_impact"
    assert not calm.urgent
    alarm: Any = Talking(language).say(text, "child_in_danger", "child", confirmed=True)
    assert alarm.urgent


@pytest.mark.parametrize(
    ("language", "text"),
    [("fr", "qui est derrière ce chat ?"), ("nl", "wie zit er achter deze chat?")],
)
def test_who_runs_this_isnt_who_are_you(language: Supported, text: str) -> None:
    assert Talking(language).say(text, "bot_challenge").keys == ["utter_ask_project"]
