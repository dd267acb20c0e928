"""Short words and signs of `data/dialogue.yml`."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bot.conversation.phrases import Phrases, phrases
from bot.yaml_files import DATA, read_yaml

FILE: dict[str, Any] = read_yaml(DATA / "dialogue.yml")
SIGNS = FILE["anywhere"]


@pytest.mark.parametrize(("sign", "text"), [(s, t) for s in SIGNS for t in SIGNS[s]["fires"]])
def test_a_sign_is_seen_where_it_must_be(sign: str, text: str) -> None:
    assert sign in phrases().signs(text)


@pytest.mark.parametrize(("sign", "text"), [(s, t) for s in SIGNS for t in SIGNS[s]["not"]])
def test_and_not_where_it_mustnt(sign: str, text: str) -> None:
    assert sign not in phrases().signs(text)


@pytest.mark.parametrize("kind", sorted(FILE["whole"]))
def test_both_languages_have_words_for_each_kind(kind: str) -> None:
    for language in ("fr", "nl"):
        assert FILE["whole"][kind][language]
        assert FILE["small"][kind][language]
        for phrase in FILE["whole"][kind][language]:
            assert kind in phrases().meanings(phrase), phrase


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Oui !", "yes"), ("ja nu", "yes"), ("NU", "yes"), ("non merci", "no"),
        ("nee nu niet", "no"), ("misschien", "maybe"), ("Non, je ne veux pas mourir.", "not_dying"),
        ("nee hoor, ik wil niet dood", "not_dying"), ("quelles sont les heures svp ?", "hours"),
        ("en hoe laat is het open?", "hours"), ("L'adresse ?", "address"),
        ("où est-ce ?", "address"),
        ("waar is dat juist", "address"), ("c'est gratuit ?", "price"), ("kost dat iets?", "price"),
        ("numéro ?", "number"), ("wat is het nummer?", "number"),
    ],
)  # fmt: skip
def test_short_messages(text: str, meaning: str) -> None:
    assert phrases().meanings(text) == {meaning}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "…",
        "non il revient",
        "ja hij heeft een mes",
        "oui et non",
        "merci",
        "le numéro du cpas",
        "wat zijn de uren van het ocmw in Gent",
        "je veux pas me tuer, je veux mourir",
        "je ne veux plus vivre",
        "ik wil niet meer leven",
        "nee ik wil niet dood maar ik heb pillen genomen",
        "c'est quand qu'il sort de prison ?",
    ],
)
def test_one_word_more_and_nothing_is_read_into_it(text: str) -> None:
    assert phrases().meanings(text) == frozenset()


def test_the_place_after_the_small_words() -> None:
    assert phrases().place_in("non pardon, je voulais dire Tilff") == "tilff"
    assert phrases().place_in("nee sorry 4053") == "4053"
    assert phrases().place_in("Esneux") == "esneux"


def test_hostile_text_takes_no_time() -> None:
    read = Phrases.load()
    for text in ("me " * 700, "slaat " * 400, "ik " * 1000, "a" * 2000, "non " * 500):
        start = time.perf_counter()
        read.signs(text)
        read.meanings(text)
        assert time.perf_counter() - start < 0.05
