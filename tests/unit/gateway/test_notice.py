"""In service the notice names who answers for the data and says the rights, in both languages."""

from __future__ import annotations

import pytest

from bot import settings
from bot.gateway.messages import written
from bot.gateway.notice import at_the_end, before_the_question, controller_notice
from bot.language import Supported
from bot.texts import texts

NAMED = {
    "HELPLINE_MODE": "live",
    "CONTROLLER_NAME": "Commune de Valbois {x}",
    "CONTROLLER_CONTACT": "dpo@valbois.example",
    "SUPERVISORY_AUTHORITY": "Autorité <APD> · GBA",
}
# To see, to correct, to erase, to object, to complain.
RIGHTS: dict[Supported, tuple[str, ...]] = {
    "fr": ("voir", "corriger", "effacer", "dire non", "plainte"),
    "nl": ("zien", "verbeteren", "wissen", "nee te zeggen", "klacht"),
}


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_first_words_name_the_controller_before_their_question(language: Supported) -> None:
    config = settings.load(NAMED)
    words = written(texts(), "utter_first_words", language, minutes="60")
    told = before_the_question(words, controller_notice(config, texts())(language))["text"]
    for name in ("CONTROLLER_NAME", "CONTROLLER_CONTACT", "SUPERVISORY_AUTHORITY"):
        assert NAMED[name] in told
    for right in RIGHTS[language]:
        assert right in told
    assert told.split("\n\n")[-1] == words["text"].split("\n\n")[-1]
    assert "112" in told
    # One screen.
    assert len(told) < 1300


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_answer_about_anonymity_ends_with_it(language: Supported) -> None:
    notice = controller_notice(settings.load(NAMED), texts())(language)
    answer = written(texts(), "utter_ask_anonymity", language)
    assert at_the_end(answer, notice)["text"] == f"{answer['text']}\n\n{notice}"


@pytest.mark.parametrize(
    "missing", ["CONTROLLER_NAME", "CONTROLLER_CONTACT", "SUPERVISORY_AUTHORITY"]
)
def test_without_all_three_names_nothing_is_said(missing: str) -> None:
    config = settings.load({**NAMED, "HELPLINE_MODE": "pilot", missing: ""})
    words = written(texts(), "utter_first_words", "fr", minutes="60")
    assert before_the_question(words, controller_notice(config, texts())("fr")) == words
