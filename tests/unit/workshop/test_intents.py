"""Adding example sentences: what may be one, and what the files look like afterwards."""

from __future__ import annotations

import difflib
import json
from types import SimpleNamespace
from typing import Any

import pytest

from bot.texts import TextsError
from bot.training.data import examples
from bot.workshop import intents
from bot.workshop.intents import ExamplesError, Intent, lines_of
from bot.workshop.saving import RefusedError, Shelf

NEW = {
    "fr": ["pourriez-vous m'indiquer une dame gentille au téléphone ce dimanche"],
    "nl": ["bestaat er zondag een vriendelijke stem die ik kan opbellen misschien"],
}
BY = {"who": "Anne", "why": "from practice"}


def redact(text: str, language: str) -> Any:
    return SimpleNamespace(spans=[1] if "Karim" in text or "04 222" in text else [])


def add(shelf: Shelf, wanted: Any = NEW, name: str = "ask_listening_line") -> Any:
    return intents.add(shelf, name, wanted, redact=redact, **BY)


def test_each_sentence_is_one_more_line(copy: Shelf):
    before = {p.name: p.read_text() for p in (copy.data / "nlu").iterdir()}
    count = len(examples(copy.data))
    add(copy)
    changed = {}
    for path in (copy.data / "nlu").iterdir():
        lines = difflib.ndiff(before[path.name].split("\n"), path.read_text().split("\n"))
        found = [line for line in lines if line[0] in "+-"]
        if found:
            changed[path.name] = found
    assert changed == {
        "help.fr.yml": [f"+     - {NEW['fr'][0]}"],
        "help.nl.yml": [f"+     - {NEW['nl'][0]}"],
    }
    after = examples(copy.data)
    assert len(after) == count + 2
    assert (NEW["nl"][0], "ask_listening_line", "nl") in after


@pytest.mark.parametrize(
    ("sentence", "key"),
    [
        ("Karim me frappe encore ce soir dans la cuisine", "wrong_example_person"),
        ("mon numéro c'est le 04 222 10 12 rappelez vite", "wrong_example_person"),
        ("ligne d'écoute", "wrong_example_known"),
        ("Ligne d'Écoute", "wrong_example_known"),
        ("une oreilles au bout du fil", "wrong_example_near"),
        ("je voudrais parler à [une dame](person) dimanche", "wrong_example_marks"),
        ("<script>alert(1)</script> bonjour madame", "wrong_example_marks"),
        ("x" * 10_000, "wrong_example_long"),
        (NEW["nl"][0], "wrong_example_language"),
    ],
)
def test_what_cannot_be_an_example_is_named_and_nothing_is_saved(
    copy: Shelf, sentence: str, key: str
):
    before = (copy.data / "nlu" / "help.fr.yml").read_text()
    with pytest.raises(ExamplesError) as refused:
        add(copy, {"fr": [*NEW["fr"], sentence]})
    assert [found[1] for found in refused.value.found] == [key]
    assert (copy.data / "nlu" / "help.fr.yml").read_text() == before


def test_a_sentence_of_another_intent_is_refused_with_its_name(copy: Shelf):
    theirs = intents.load(copy)["thank"].examples["fr"][0]
    with pytest.raises(ExamplesError) as refused:
        add(copy, {"fr": [theirs]})
    assert refused.value.found[0][1:] == ("wrong_example_elsewhere", {"intent": "thank"})


def test_a_test_line_is_refused(copy: Shelf):
    folder = copy.root / "tests" / "heldout"
    folder.mkdir(parents=True)
    row = {"text": "la tempête a emporté tous nos parapluies violets hier"}
    (folder / "intents.jsonl").write_text(json.dumps(row) + "\n")
    with pytest.raises(ExamplesError) as refused:
        add(copy, {"fr": ["la tempete a emporté tous nos parapluies violets hier"]})
    assert refused.value.found[0][1] == "wrong_example_test"


def test_the_same_sentence_twice_is_refused(copy: Shelf):
    with pytest.raises(ExamplesError):
        add(copy, {"fr": [NEW["fr"][0], NEW["fr"][0]]})


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ({}, "thank"),
        ({"fr": []}, "thank"),
        (NEW, "no_such_intent"),
        (NEW, "../x"),
        ({"fr": [f"phrase numéro {n} pour voir" for n in range(41)]}, "thank"),
    ],
)
def test_nothing_too_much_or_nowhere_is_refused(copy: Shelf, wanted: Any, name: str):
    with pytest.raises(RefusedError):
        add(copy, wanted, name)


def test_yaml_in_a_sentence_stays_a_sentence(copy: Shelf):
    sentence = '- intent: thank # "x": *y & !z % @ onvriendelijke regel over fietsen'
    (line,) = lines_of(sentence)
    add(copy, {"nl": [line]})
    assert (line, "ask_listening_line", "nl") in examples(copy.data)


def test_typed_lines_become_sentences():
    assert lines_of("- un\r\n\r\n  • deux \n*trois\n   \n") == ["un", "deux", "trois"]
    # What nobody types stays, so that it is refused by name.
    assert lines_of("deux\x00") == ["deux\x00"]


def test_the_language_that_is_behind_is_said():
    def one(french: int, dutch: int) -> str | None:
        return Intent("x", {}, {"fr": ["a"] * french, "nl": ["b"] * dutch}, {}).behind

    assert one(90, 60) == "nl"
    assert one(60, 90) == "fr"
    assert one(90, 80) is None
    assert one(5, 0) == "nl"


def test_every_intent_is_listed_with_its_label_and_both_languages(copy: Shelf):
    found = intents.load(copy)
    assert len(found) >= 60
    assert all(set(i.examples) == {"fr", "nl"} and i.label["nl"] for i in found.values())


def test_a_broken_file_is_named(copy: Shelf):
    (copy.data / "nlu" / "help.fr.yml").write_text("nlu: [")
    with pytest.raises(TextsError, match=r"help\.fr\.yml"):
        intents.load(copy)
