"""A new meaning: refused whole, or written whole, as Rasa and the content rules want it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import ROOT
from bot.texts import load_texts
from bot.training.data import examples
from bot.workshop import new_intent
from bot.workshop.answers import WordingError
from bot.workshop.commands_new import read_intent
from bot.workshop.intents import ExamplesError
from bot.workshop.new_intent import NewIntent
from bot.workshop.saving import RefusedError, Shelf, StaleError

FRENCH = [
    "où puis-je laisser mon chat pendant que je pars", "qui garde un chien quand on va au refuge",
    "mon lapin ne peut pas rester seul ici", "un refuge accepte-t-il les perruches",
    "j'ai deux chats et nulle part où les mettre", "peut-on venir avec un animal de compagnie",
    "une famille d'accueil pour mon cheval existe-t-elle", "qui nourrit mes poules si je déménage",
    "la SPA prend-elle un hamster quelques semaines", "je refuse de partir sans ma tortue",
]  # fmt: skip
DUTCH = [
    "waar kan mijn kat logeren als ik vertrek", "wie past op een hond tijdens het vluchthuis",
    "mijn konijn kan hier niet alleen blijven", "nemen ze parkieten aan in de opvang",
    "ik heb twee poezen en geen plek voor hen", "mag een huisdier mee naar binnen",
    "bestaat er een gastgezin voor mijn paard", "wie geeft mijn kippen eten als ik verhuis",
    "houdt het asiel een hamster enkele weken bij", "zonder mijn schildpad ga ik niet weg",
]  # fmt: skip
GOOD = NewIntent(
    name="",
    topic="support",
    label={"fr": "Mon animal aussi", "nl": "Mijn dier ook"},
    examples={"fr": FRENCH, "nl": DUTCH},
    answer={
        "fr": "Votre animal compte aussi. La ligne ci-dessous peut chercher avec vous.",
        "nl": "Uw dier telt ook mee. De lijn hieronder kan met u zoeken.",
    },
    child={
        "fr": "Ton animal compte aussi. La ligne ci-dessous peut chercher avec toi.",
        "nl": "Jouw dier telt ook mee. De lijn hieronder kan met je zoeken.",
    },
    buttons=["ask_shelter"],
    lines="violence",
    sources="https://www.exemple.be/animaux, s.d.",
)
BY = {"who": "Anne", "why": "because"}


@dataclass
class Spans:
    spans: list[int] = field(default_factory=list)


def redact(text: str, language: str) -> Any:
    return Spans([1] if "Karim" in text else [])


@pytest.fixture
def shelf(copy: Shelf) -> Shelf:
    (copy.root / "domain.yml").write_bytes((ROOT / "domain.yml").read_bytes())
    return copy


def all_texts(shelf: Shelf) -> dict[Path, str]:
    return {path: path.read_text() for path in sorted(shelf.root.rglob("*.yml"))}


def test_everything_that_a_meaning_needs_is_written(shelf: Shelf) -> None:
    before = all_texts(shelf)
    saved = new_intent.add(shelf, GOOD, redact=redact, **BY)
    name = "ask_mon_animal_aussi"
    assert [one.file for one in saved] == [
        "domain.yml", "data/plan.yml", "data/labels.yml", "data/rules/support.yml",
        "data/answers/support.yml", "data/answers/child.yml",
        "data/nlu/support.fr.yml", "data/nlu/support.nl.yml",
    ]  # fmt: skip
    domain = yaml.safe_load((shelf.root / "domain.yml").read_text())["intents"]
    assert name in domain
    assert domain[-1] == "choose"
    assert {i: lang for _, i, lang in examples(shelf.data)}[name] == "nl"
    assert sum(i == name for _, i, _ in examples(shelf.data)) == 20
    texts = load_texts(shelf.data)
    assert texts.answers[f"utter_{name}"]["nl"].text == GOOD.answer["nl"]
    assert texts.answers[f"utter_{name}"]["fr"].buttons[0]["payload"] == "ask_shelter"
    assert texts.labels[name] == GOOD.label
    assert texts.answers[f"utter_{name}_child"]["fr"].text == GOOD.child["fr"]
    assert not texts.approved(f"utter_{name}")
    assert shelf.read("plan.yml")[name] == {"lines": "violence"}
    assert shelf.read("rules/support.yml")["rules"][-1] == {
        "rule": name, "steps": [{"intent": name}, {"action": "action_answer"}],
    }  # fmt: skip
    # Nothing that was there is written otherwise.
    for one in saved:
        assert not [x for x in one.diff.split("\n")[2:] if x.startswith("-")], one.file
    changed = {path for path, text in all_texts(shelf).items() if before.get(path) != text}
    assert len(changed) == len(saved)


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"name": "../../x"}, "wrong_intent_name"),
        ({"name": "Ask Pets"}, "wrong_intent_name"),
        ({"name": "thank"}, "wrong_intent_exists"),
        ({"name": "choose"}, "wrong_intent_exists"),
        ({"topic": "safety"}, "wrong_topic"),
        ({"topic": "../answers"}, "wrong_topic"),
        ({"label": {"fr": "Animal", "nl": "Mijn dier ook"}}, "wrong_label"),
        ({"label": {"fr": "<b>Mon animal</b>", "nl": "Mijn dier ook"}}, "wrong_label"),
        ({"label": {"fr": "Parler avec une personne", "nl": "Mijn dier"}}, "wrong_label_taken"),
        ({"label": {"fr": "a b " * 100, "nl": "Mijn dier"}}, "wrong_long"),
        ({"label": {"fr": "Mon animal\x00", "nl": "Mijn dier"}}, "wrong_hidden"),
        ({"lines": "anything"}, "wrong_plan"),
        ({"writer": "*x"}, "wrong_plan"),
        ({"buttons": ["none_such"]}, "wrong_intent"),
        ({"examples": {"fr": FRENCH, "nl": DUTCH[:9]}}, "wrong_first_examples"),
        ({"examples": {"fr": FRENCH * 7, "nl": DUTCH}}, "wrong_first_examples"),
        ({"sources": "x" * 10_000}, "wrong_long"),
        ({"child": {}}, "wrong_no_child"),
        ({"child": {"fr": "Ton animal.", "nl": ""}}, "wrong_text"),
        ({"child": {"fr": "Votre animal.", "nl": "Jouw dier."}}, "wrong_text"),
        ({"lines": ""}, "wrong_no_line"),
        ({"lines": "", "buttons": [], "child": {}, "answer": {"fr": "Oui, oui.", "nl": "Ja, ja."}},
         "wrong_next_step"),
        ({"answer": {"fr": "Bonjour\x07.", "nl": "Dag."}}, "wrong_hidden"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_writes_nothing(shelf: Shelf, more: dict[str, Any], key: str) -> None:
    before = all_texts(shelf)
    with pytest.raises(RefusedError) as refused:
        new_intent.add(shelf, replace(GOOD, **more), redact=redact, **BY)
    assert refused.value.key == key
    assert all_texts(shelf) == before


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("Karim ne veut pas garder mon chat", "wrong_example_person"),
        ("appelez-moi au 0470 99 88 77 pour mon chien", "wrong_example_number"),
        ("merci", "wrong_example_elsewhere"),
        ("mon chat {a: *b}", "wrong_example_marks"),
        ("mon chat\x00 est seul", "wrong_hidden"),
        ("mijn kat blijft hier helemaal alleen achter", "wrong_example_language"),
        ("chat " * 100, "wrong_example_long"),
    ],
)
def test_a_sentence_that_cannot_be_an_example_is_named(shelf: Shelf, line: str, key: str) -> None:
    wanted = replace(GOOD, examples={"fr": [*FRENCH, line], "nl": DUTCH})
    with pytest.raises(ExamplesError) as refused:
        new_intent.add(shelf, wanted, redact=redact, **BY)
    assert [(found[1]) for found in refused.value.found] == [key]


def test_a_number_in_the_answer_is_refused(shelf: Shelf) -> None:
    wanted = replace(GOOD, answer={**GOOD.answer, "fr": "Appelez le 0800 30 030."})
    with pytest.raises(WordingError):
        new_intent.add(shelf, wanted, redact=redact, **BY)


def test_two_at_once_the_second_sees_the_first(shelf: Shelf) -> None:
    opened = new_intent.opened(shelf)
    new_intent.add(shelf, GOOD, redact=redact, before=opened, **BY)
    other = replace(
        GOOD,
        name="ask_pets_two",
        label={"fr": "Mes deux bêtes", "nl": "Mijn twee beesten"},
        examples={
            "fr": [f"{line} s'il vous plaît merci bien" for line in reversed(FRENCH)],
            "nl": [f"{line} alstublieft en bedankt hoor" for line in reversed(DUTCH)],
        },
    )
    with pytest.raises(StaleError) as stale:
        new_intent.add(shelf, other, redact=redact, before=opened, **BY)
    assert any("ask_mon_animal_aussi" in line for line in stale.value.changes)
    new_intent.add(shelf, other, redact=redact, before=new_intent.opened(shelf), **BY)
    assert {"ask_pets_two", "ask_mon_animal_aussi"} <= set(shelf.read("labels.yml"))


def test_the_terminal_reads_the_same_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "pets.yml"
    written = {
        "topic": "support", "label": GOOD.label, "examples": GOOD.examples, "answer": GOOD.answer,
        "child": GOOD.child,
        "buttons": ["ask_shelter"], "lines": "violence", "sources": [GOOD.sources],
    }  # fmt: skip
    path.write_text(yaml.safe_dump(written, allow_unicode=True))
    assert read_intent(path) == GOOD
    path.write_text("label: [a]\n")
    with pytest.raises(RefusedError):
        read_intent(path)
