"""The written answers: both languages alike, nothing missing, no number that isn't 112 or 101.

R-numbers name the promise that a test keeps.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.language import KNOWN, SUPPORTED
from bot.texts import DATA, load_texts, read_yaml
from bot.workshop.wording import sentences

ROOT = DATA.parent
FILES = sorted((DATA / "answers").glob("*.yml"))
RESPONSES: dict[str, dict[str, list[dict[str, Any]]]] = {
    path.name: (read_yaml(path) or {}).get("responses", {}) for path in FILES
}
ANSWERS = {key: found for keys in RESPONSES.values() for key, found in keys.items()}
PLAN: dict[str, dict[str, Any]] = read_yaml(DATA / "plan.yml")
INTENTS = [name for name in read_yaml(ROOT / "domain.yml")["intents"] if name != "choose"]
LEVELS = ("emergency", "crisis", "child", "raised")
WRITERS = ("hurt", "hurts", "witness", "child", "professional", "unknown")
NEEDS = (
    "police", "social", "shelter", "children", "perpetrators", "elders", "legal", "health",
    "sexual_violence",
)  # fmt: skip
OTHERS = [code for code in KNOWN if code not in SUPPORTED]
CARDS = {f"utter_card_{form}{code}": code for code in OTHERS for form in ("", "again_")}
BILINGUAL = sorted(set(ANSWERS) - set(CARDS))
# Below these, code always puts cards or buttons: the way on isn't in the written part.
WITH_CARDS_OF_CODE = re.compile(r"utter_(services_|ask_which_commune|ask_human)")
EMERGENCY_NUMBERS = {"112", "101"}
PLACEHOLDER = re.compile(r"\{(\w*)\}")
PAYLOADS = re.compile(
    r"erase|more|language:(fr|nl)|(safe_to_write|danger_now|helped):(yes|no)|"
    r"handoff:(words|summary|nothing|no|withdraw|end|word|address|no_address|transfer|stay)|"
    r"handoff:(helped|not_helped)|"
    rf"need:({'|'.join(NEEDS)})"
)
INCLUSIVE_MARKS = re.compile(r"·|\w\((e|es|ne|nes|trice)\)|\w/e|\w\.e\.s\b")


def variants(key: str) -> dict[str | None, dict[str, Any]]:
    """Return the variants of an answer by language; None is the one without condition."""
    found: dict[str | None, dict[str, Any]] = {}
    for variant in ANSWERS[key]:
        values = [c["value"] for c in variant.get("condition", ()) if c["name"] == "language"]
        language = values[0] if values else None
        assert language not in found, f"{key} has two variants for {language}"
        found[language] = variant
    return found


def text(key: str, language: str | None) -> str:
    return str(variants(key)[language]["text"]).strip()


def payloads(variant: dict[str, Any]) -> list[str]:
    return [button["payload"] for button in variant.get("buttons", ())]


def all_texts(language: str) -> Iterator[tuple[str, str]]:
    """Yield where, and what, for everything that a citizen reads in one language."""
    for key in BILINGUAL:
        variant = variants(key).get(language, {})
        yield key, str(variant.get("text", ""))
        for button in variant.get("buttons", ()):
            yield f"{key}, button", str(button["title"])
    for name in ("phrases.yml", "labels.yml"):
        for key, both in read_yaml(DATA / name).items():
            yield f"{name}: {key}", both[language]


def test_the_files_load_as_the_assistant_loads_them() -> None:
    assert set(load_texts().answers) == set(ANSWERS)


@pytest.mark.parametrize("key", BILINGUAL)
def test_both_languages_stand_under_each_key(key: str) -> None:
    assert {"fr", "nl"} <= set(variants(key)), f"{key}: French or Dutch is missing"
    assert text(key, "fr")
    assert text(key, "nl")


@pytest.mark.parametrize("key", BILINGUAL)
def test_the_buttons_do_the_same_in_both_languages(key: str) -> None:
    french, dutch = variants(key)["fr"], variants(key)["nl"]
    assert payloads(french) == payloads(dutch)


@pytest.mark.parametrize("key", sorted(ANSWERS))
def test_each_button_leads_somewhere_and_has_a_label(key: str) -> None:
    known = {*INTENTS}
    for variant in ANSWERS[key]:
        for button in variant.get("buttons", ()):
            payload = button["payload"]
            assert payload in known or PAYLOADS.fullmatch(payload), f"{key}: {payload}"
            assert button["title"].strip()


def numbers_in(key: str) -> Iterator[str]:
    """Yield each run of digits of an answer, with the spaces, dots and strokes inside it."""
    for variant in ANSWERS[key]:
        for words in (variant["text"], *(b["title"] for b in variant.get("buttons", ()))):
            # The number in the address of a page isn't one to call.
            plain = re.sub(r"\w\.be/\d+", "", PLACEHOLDER.sub("", words))
            yield from re.findall(r"\d(?:[\s./-]?\d)*", plain)


@pytest.mark.parametrize("key", sorted(ANSWERS))
def test_no_number_to_call_but_112_and_101(key: str) -> None:
    """A number in a text gets old unseen; numbers live in the directory, with source and date.

    What has at most two digits (days, ages) or is a year of now can't be taken for one.
    """
    for number in numbers_in(key):
        harmless = re.fullmatch(r"\d{1,2}|20[12]\d", number)
        assert harmless or set(re.split(r"\D", number)) <= EMERGENCY_NUMBERS, f"{key}: {number}"


@pytest.mark.parametrize("name", ["risk.yml", "safety.yml", "talk.yml", "languages.yml"])
def test_what_is_read_in_danger_has_no_other_digit_at_all(name: str) -> None:
    for key in RESPONSES[name]:
        assert set(numbers_in(key)) <= EMERGENCY_NUMBERS, key


@pytest.mark.parametrize("key", BILINGUAL)
def test_the_facts_that_code_fills_in_are_the_same_in_both_languages(key: str) -> None:
    french = set(PLACEHOLDER.findall(text(key, "fr")))
    assert french == set(PLACEHOLDER.findall(text(key, "nl")))


@pytest.mark.parametrize("key", sorted(ANSWERS))
def test_each_answer_carries_its_sources_and_marks(key: str) -> None:
    """The first variant carries them: the French one, or the only one of a card."""
    first, *others = ANSWERS[key]
    mark = first["metadata"]
    assert set(mark) == {"if_read_by_violent_person", "sources", "approved"}
    assert mark["if_read_by_violent_person"] in ("safe", "withhold")
    assert isinstance(mark["sources"], list)
    assert all(isinstance(source, str) and source.strip() for source in mark["sources"])
    approved = mark["approved"]
    assert approved is None or (approved["by_role"] and approved["date"])
    assert not any("metadata" in variant for variant in others)
    assert key in CARDS or first["condition"][0]["value"] == "fr"


@pytest.mark.parametrize("key", BILINGUAL)
def test_an_answer_is_short(key: str) -> None:
    most = 16 if key.startswith("utter_risk_emergency") else 12
    for language in SUPPORTED:
        assert sentences(text(key, language)) <= most, f"{key} in {language} is too long"


@pytest.mark.parametrize("key", sorted(ANSWERS))
def test_an_answer_shows_the_next_step(key: str) -> None:
    """A button, a question, a line or service below, or 112: never a dead end (R25)."""
    plan = PLAN.get(key.removeprefix("utter_"), {})
    below = bool({"lines", "services"} & set(plan)) or WITH_CARDS_OF_CODE.match(key)
    for variant in ANSWERS[key]:
        words = variant["text"]
        named = re.search(r"\bligne|\blijn|hulplijn|\b112\b", words, re.IGNORECASE)
        assert below or variant.get("buttons") or named or re.search(r"[?؟]", words), key


@pytest.mark.parametrize("intent", INTENTS)
def test_each_intent_has_an_answer(intent: str) -> None:
    assert f"utter_{intent}" in ANSWERS


def keys_in_code() -> set[str]:
    """Return the answers that the sources name in full."""
    found = set()
    for path in [*(ROOT / "actions").rglob("*.py"), *(ROOT / "bot").rglob("*.py")]:
        for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8"))):
            value = node.value if isinstance(node, ast.Constant) else None
            # One that ends in "_" is a piece of a name that is put together.
            if isinstance(value, str) and re.fullmatch(r"utter_\w*[^\W_]", value):
                found.add(value)
    return found - {"utter_message"}


@pytest.mark.parametrize("key", sorted(keys_in_code()))
def test_each_answer_that_code_gives_exists(key: str) -> None:
    assert key in ANSWERS


# --- the table risk × who writes


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("level", LEVELS)
def test_the_table_of_risk_and_writer_is_whole(level: str, writer: str) -> None:
    assert f"utter_risk_{level}_{writer}" in RESPONSES["risk.yml"]


def test_the_question_on_danger_exists_for_who_is_asked() -> None:
    for writer in ("hurt", "witness"):
        key = f"utter_ask_danger_now_{writer}"
        assert payloads(variants(key)["fr"]) == ["danger_now:yes", "danger_now:no"]
        for language in SUPPORTED:
            assert sentences(text(key, language)) == 1


@pytest.mark.parametrize("key", sorted(RESPONSES.get("risk.yml", {})))
def test_risk_is_answered_when_the_language_is_not_known(key: str) -> None:
    """The last variant has no condition and holds both texts, word for word."""
    last = ANSWERS[key][-1]
    assert "condition" not in last
    assert last["text"].strip() == f"{text(key, 'fr')}\n\n{text(key, 'nl')}"
    assert payloads(last) == payloads(variants(key)["fr"])


@pytest.mark.parametrize("writer", [*WRITERS, "again"])
def test_an_emergency_starts_with_the_numbers_alone(writer: str) -> None:
    """R4: 112 and 101 first, before any question."""
    for language in SUPPORTED:
        first = text(f"utter_risk_emergency_{writer}", language).split("\n")[0]
        assert re.findall(r"\d+", first) == ["112", "101"]
        assert len(first.split()) <= 9
        assert "?" not in first


@pytest.mark.parametrize("writer", [w for w in WRITERS if w != "hurts"])
def test_an_emergency_gives_the_ways_for_who_cannot_speak_in_order(writer: str) -> None:
    """R5: call all the same, somebody trusted, the app where set up, SMS; and the ring."""
    order = {
        "fr": ("appele quand|appelle quand|appelez quand", "confiance", "112 BE", "SMS", "sonner"),
        "nl": ("bel toch", "vertrouwt", "112 BE", "sms", "rinkelen"),
    }
    for language, marks in order.items():
        words = text(f"utter_risk_emergency_{writer}", language)
        places = [re.search(mark, words, re.IGNORECASE) for mark in marks]
        assert all(places)
        starts = [place.start() for place in places if place]
        assert starts == sorted(starts)
        assert re.search("déjà|al op", words)


@pytest.mark.parametrize("writer", WRITERS)
def test_an_emergency_says_that_the_machine_calls_nobody(writer: str) -> None:
    """R6."""
    assert "je n'appelle personne" in text(f"utter_risk_emergency_{writer}", "fr")
    assert "ik bel niemand" in text(f"utter_risk_emergency_{writer}", "nl")


@pytest.mark.parametrize("writer", [*WRITERS, "again"])
def test_a_wish_to_die_gets_the_line_and_112(writer: str) -> None:
    french, dutch = (text(f"utter_risk_crisis_{writer}", lang) for lang in SUPPORTED)
    assert "ligne ci-dessous" in french
    assert "lijn hieronder" in dutch
    assert "112" in french
    assert "112" in dutch
    assert re.search("suicide|mourir", french)
    assert re.search("zelfdoding|sterven", dutch)


BELIEF = re.compile(
    r"je (vous|te) crois|pas (votre|ta) faute|ik geloof (u|je)\b|niet (uw|jouw) schuld",
    re.IGNORECASE,
)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("writer", ["hurts", "witness", "professional", "unknown"])
def test_belief_is_only_for_who_was_hurt(level: str, writer: str) -> None:
    for language in SUPPORTED:
        assert not BELIEF.search(text(f"utter_risk_{level}_{writer}", language))


def test_who_tells_of_hurting_others_hears_that_it_can_stop_and_no_belief() -> None:
    for key in ("utter_disclose_perpetrator", "utter_risk_raised_hurts"):
        assert "choix" in text(key, "fr")
        assert "keuze" in text(key, "nl")
        for language in SUPPORTED:
            assert not BELIEF.search(text(key, language))


@pytest.mark.parametrize(
    "kind",
    ["physical", "psychological", "sexual", "economic", "digital", "stalking", "honour",
     "child_to_parent"],
)  # fmt: skip
def test_a_disclosure_is_first_believed(kind: str) -> None:
    """R25: the first sentence receives; the second thing said isn't a form to fill in."""
    for language in SUPPORTED:
        first = re.split(r"(?<=[.!?])\s", text(f"utter_disclose_{kind}", language))[0]
        assert BELIEF.search(first)


@pytest.mark.parametrize("level", LEVELS)
def test_a_child_is_spoken_to_as_a_child(level: str) -> None:
    """R31: simple address, and nobody's age is asked."""
    french, dutch = (text(f"utter_risk_{level}_child", lang) for lang in SUPPORTED)
    assert not re.search(r"\bvous\b|\bvotre\b", french)
    assert not re.search(r"\bu\b|\buw\b", dutch)
    assert not re.search(r"quel âge|hoe oud", french + dutch)


# Said before anything is known of who writes, by the gateway alone, or to one sort of writer only.
NEVER_TO_A_CHILD = re.compile(
    r"utter_(first_words|failed|off)|utter_ask_danger_now_\w+|\w+_(hurt|hurts|witness)|"
    r"utter_(risk_\w+|go_on)_(professional|unknown)|utter_situation_sexual_interest"
)
TO_ADULTS = {
    "fr": re.compile(r"\b(vous|votre|vos)\b", re.IGNORECASE),
    "nl": re.compile(r"\b(u|uw)\b", re.IGNORECASE),
}


def for_a_child(key: str) -> str:
    """Return the answer that a child gets, as the actions choose it."""
    instead = PLAN.get(key.removeprefix("utter_"), {}).get("child")
    own = f"utter_{instead}" if instead else f"{key}_child"
    return own if own in ANSWERS else key


@pytest.mark.parametrize(
    "key",
    [
        k
        for k in BILINGUAL
        if not NEVER_TO_A_CHILD.fullmatch(k) and k not in RESPONSES["handoff.yml"]
    ],
)
def test_whatever_a_child_asks_is_answered_to_a_child(key: str) -> None:
    """R31: once a child writes, nothing says "vous" or "u" to them."""
    own = for_a_child(key)
    for language in SUPPORTED:
        assert not TO_ADULTS[language].search(text(own, language)), own


@pytest.mark.parametrize("key", [k for k in BILINGUAL if k.endswith("_child")])
def test_words_for_a_child_name_the_numbers_of_the_answer_that_they_stand_for(key: str) -> None:
    base = key.removesuffix("_child")
    if base not in ANSWERS or key.startswith("utter_risk_"):
        return
    for language in SUPPORTED:
        if "112" in text(base, language):
            assert "112" in text(key, language)
        assert set(PLACEHOLDER.findall(text(base, language))) == set(
            PLACEHOLDER.findall(text(key, language))
        )


@pytest.mark.parametrize("intent", INTENTS)
def test_a_child_who_reads_of_a_line_below_has_one_below(intent: str) -> None:
    plan = PLAN.get(intent, {})
    words = text(for_a_child(f"utter_{intent}"), "fr")
    if re.search("ligne ci-dessous", words) and intent not in ("ask_human", "affirm"):
        # The actions add the children's line where services or a child's own answer are planned.
        assert {"lines", "services", "child"} & set(plan), intent


# --- words


@pytest.mark.parametrize(("where", "words"), list(all_texts("fr")))
def test_french_has_no_marks_that_a_screen_reader_stumbles_over(where: str, words: str) -> None:
    """R27: words for all instead of middle dots, brackets and slashes."""
    assert not INCLUSIVE_MARKS.search(words), where


@pytest.mark.parametrize("key", BILINGUAL)
def test_advice_on_traces_says_that_spyware_sees_it_too(key: str) -> None:
    """R23."""
    french, dutch = text(key, "fr"), text(key, "nl")
    if re.search(r"navigation privée|fenêtre privée|historique", french):
        assert "espion" in french
    if re.search(r"privévenster|privénavigatie|incognito|geschiedenis van", dutch):
        assert re.search("spionage|spyware|meekijk", dutch, re.IGNORECASE)


# --- the talk


def test_the_first_words_tell_what_they_must() -> None:
    """R1, R6, R7, R11, R44."""
    french = text("utter_first_words", "fr").format(minutes="20")
    dutch = text("utter_first_words", "nl").format(minutes="20")
    for words, marks in (
        (french, ("machine", "pas une personne", "nom", "20 minutes", "« Quitter »", "112")),
        (dutch, ("machine", "geen mens", "naam", "20 minuten", "‘Verlaten’", "112")),
    ):
        assert all(mark in words for mark in marks)
        assert words.endswith("?")
    offered = payloads(variants("utter_first_words")["fr"])
    assert offered == ["safe_to_write:yes", "safe_to_write:no"]


@pytest.mark.parametrize("key", BILINGUAL)
def test_how_long_words_are_kept_is_a_limit_and_comes_from_the_configuration(key: str) -> None:
    """The page erases sooner; what is promised is the latest moment, as configured."""
    french, dutch = text(key, "fr"), text(key, "nl")
    for words, limit in ((french, "au plus tard {minutes}"), (dutch, "ten laatste {minutes}")):
        if re.search(r"(effac|gewist)[^.]*(minut|heures|uur)", words):
            assert limit in words
            assert not re.search(r"\d+ (minut|heures|uur)", words)


def test_who_erased_is_told_what_cannot_be_erased() -> None:
    """R21."""
    for language, marks in {
        "fr": ("historique", "captures d'écran", "espion"),
        "nl": ("geschiedenis", "schermafbeeldingen", "pionagesoftware"),
    }.items():
        assert all(mark in text("utter_erased", language) for mark in marks)


@pytest.mark.parametrize("key", ["utter_failed", "utter_off"])
def test_a_machine_that_fails_gives_the_numbers(key: str) -> None:
    for language in SUPPORTED:
        assert set(re.findall(r"\d+", text(key, language))) == EMERGENCY_NUMBERS


def test_leaving_quickly_offers_to_erase_and_112_and_erases_nothing() -> None:
    found = variants("utter_leave_quickly")
    assert payloads(found["fr"]) == ["erase", "danger_now:yes"]
    assert [b["title"] for b in found["nl"]["buttons"]][1] == "112"
    assert sentences(text("utter_leave_quickly", "fr")) <= 4


# --- other languages


@pytest.mark.parametrize(("key", "code"), sorted(CARDS.items()))
def test_each_language_that_is_recognised_has_its_emergency_card(key: str, code: str) -> None:
    found = variants(key)
    assert set(found) == {code}
    words = found[code]["text"]
    assert re.findall(r"[0-9]+", words.strip().split("\n")[0]) == ["112", "101"]
    if "_again_" in key:
        whole = variants(f"utter_card_{code}")[code]["text"]
        # Said before: the danger line word for word, and nothing longer than the card itself.
        assert words.strip().split("\n")[0] == whole.strip().split("\n")[0]
        assert len(words) < len(whole)
    else:
        assert "Shift" in words
        assert "Quitter / Verlaten" in words
    assert payloads(found[code]) == ["language:fr", "language:nl"]


# --- labels


def test_each_intent_has_a_label_of_few_words_unlike_any_other() -> None:
    labels = read_yaml(DATA / "labels.yml")
    assert set(labels) == set(INTENTS)
    for language in SUPPORTED:
        shown = [both[language] for both in labels.values()]
        assert len(set(shown)) == len(shown)
        for label in shown:
            assert 2 <= len(re.findall(r"\w[\w'’+-]*", label)) <= 5, label


@pytest.mark.parametrize("need", NEEDS)
def test_each_need_has_a_short_label(need: str) -> None:
    both = read_yaml(DATA / "phrases.yml")[f"need_{need}"]
    assert all(1 <= len(both[language].split()) <= 3 for language in SUPPORTED)
