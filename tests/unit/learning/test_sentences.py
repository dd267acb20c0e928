"""What may be offered, and when its writer is asked (R20)."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversation.record import Record
from bot.language import Supported
from bot.learning.sentences import DONE, NEVER, Sentences
from bot.safety.risk import Risk

GUESSES = ["ask_guilt", "ask_cycle", "thank"]
MISS = {"key": "utter_fallback", "guesses": GUESSES, "services": []}
AGAIN = {"key": "utter_fallback_again", "guesses": GUESSES, "services": [{"id": "line"}]}
HELP = {"key": "utter_ask_guilt", "services": [{"id": "line"}]}
BYE = {"key": "utter_goodbye", "services": [{"id": "line"}]}
SAID = "le truc du compteur encore"


def assess(text: str) -> Risk:
    level: Any = next((x for x in ("emergency", "crisis", "child", "raised") if x in text), "none")
    return Risk(level, True, "child" if "maman" in text else None, [])


def redact(text: str, language: Supported, record: Record) -> str:
    return text.replace("Karim", "[nom 2]")


class Talk:
    """A conversation, as the gateway walks through it."""

    def __init__(self) -> None:
        self.record = Record(language="fr", created=0, public_key="")
        self.sentences = Sentences(assess, redact)
        self.asked: dict[str, Any] | None = None

    def say(self, text: str, *customs: dict[str, Any], **more: Any) -> Talk:
        self.sentences.wrote(self.record, text)
        return self._turn({"text": text}, customs, **more)

    def press(self, value: str, *customs: dict[str, Any], **more: Any) -> Talk:
        body = {"text": value, "parse_data": {"intent": {"name": value}}}
        return self._turn(body, customs, **more)

    def _turn(
        self, body: dict[str, Any], customs: tuple[dict[str, Any], ...], person: bool = False,
        buttons: tuple[str, ...] = (),
    ) -> Talk:  # fmt: skip
        raw = [{"text": "x", "custom": custom} for custom in customs]
        self.sentences.answered(self.record, body, raw)
        self.asked = self.sentences.ask(self.record, raw, buttons, person=person)
        return self

    @property
    def texts(self) -> list[str]:
        return [one["text"] for one in (self.asked or {}).get("sentences", [])]


@pytest.mark.parametrize("missed", [MISS, AGAIN])
def test_low_confidence_is_asked_about_once_at_the_end(missed: dict[str, Any]) -> None:
    talk = Talk().say(SAID, missed)
    assert talk.asked is None
    talk.say("au revoir", BYE)
    assert talk.texts == [SAID]
    code = talk.asked["code"]  # type: ignore[index]
    assert len(code) == 24
    assert talk.say("au revoir", BYE).asked is None
    (taken,) = talk.sentences.take(talk.record, [talk.record.unclear[0]["id"]])
    assert (taken.text, taken.language, taken.guesses) == (SAID, "fr", tuple(GUESSES))
    assert (talk.record.unclear, talk.record.learning) == ([], DONE)
    assert talk.say("merci, au revoir", BYE).asked is None


def test_none_of_these_and_a_handoff_after_a_fallback_count() -> None:
    talk = Talk().say(SAID, MISS).press("none", AGAIN)
    assert talk.say("au revoir", BYE).texts == [SAID]
    talk = Talk().say(SAID, MISS).press("ask_human", {"key": "utter_handoff_consent"})
    talk.record.heard("visitor", "to the counsellor")
    assert talk.say("au revoir", BYE).texts == [SAID]


def test_the_guess_that_was_pressed_comes_first() -> None:
    talk = Talk().say(SAID, MISS).press("thank", HELP)
    assert talk.record.unclear[0]["guesses"] == ["thank", "ask_guilt", "ask_cycle"]


def test_what_was_understood_is_not_kept_at_all() -> None:
    talk = Talk().say("est-ce ma faute", HELP).say("au revoir", BYE)
    assert talk.record.unclear == []
    assert talk.asked is None


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("danger", ["emergency", "crisis", "child"])
def test_never_after_danger_in_that_talk(danger: str, when: str) -> None:
    talk = Talk()
    if when == "before":
        talk.say(danger, HELP)
    talk.say(SAID, MISS)
    if when == "after":
        talk.say(danger, HELP)
    assert talk.record.unclear == []
    assert talk.say("au revoir", BYE).asked is None
    assert talk.record.learning == NEVER


@pytest.mark.parametrize(
    "custom", [{"risk": "emergency"}, {"risk": "crisis"}, {"risk": "child"}, {"writer": "child"}]
)
def test_never_when_the_assistant_heard_it_although_the_patterns_did_not(custom: Any) -> None:
    talk = Talk().say(SAID, MISS).say("autre chose", {**HELP, **custom}).say("au revoir", BYE)
    assert talk.asked is None
    assert talk.record.unclear == []


def test_never_for_somebody_who_may_be_a_minor() -> None:
    assert Talk().say(SAID, MISS).say("maman crie", HELP).say("au revoir", BYE).asked is None
    talk = Talk().say(SAID, MISS)
    talk.record.minor = True
    assert talk.say("au revoir", BYE).asked is None


def test_told_violence_alone_does_not_forbid_it() -> None:
    assert Talk().say("raised", HELP).say(SAID, MISS).say("au revoir", BYE).texts == [SAID]


def test_not_before_help_was_given() -> None:
    nothing = {"key": "utter_goodbye", "services": []}
    talk = Talk().say(SAID, MISS).say("au revoir", nothing)
    assert talk.asked is None
    assert talk.say("au revoir", BYE).texts == [SAID]


def test_apart_from_any_other_yes_and_not_while_a_person_is_there() -> None:
    talk = Talk().say(SAID, MISS).say("au revoir", BYE, buttons=("helped:yes", "helped:no"))
    assert talk.asked is None
    assert talk.say("au revoir", BYE, buttons=("handoff:words",)).asked is None
    assert talk.say("au revoir", BYE, person=True).asked is None
    assert talk.say("au revoir", BYE, buttons=("erase", "leave_quickly")).texts == [SAID]


def test_a_message_is_cut_into_sentences() -> None:
    long = "mot " * 60
    text = f"Voilà le souci du compteur. Non. {long}. Karim note chaque trajet !"
    talk = Talk().say(text, MISS).say("au revoir", BYE)
    # One word says nothing, a long story says too much; a number of a name tells of others.
    assert talk.texts == ["Voilà le souci du compteur.", "[nom] note chaque trajet !"]


def test_five_at_most_the_last_ones_each_once() -> None:
    talk = Talk()
    for number in (0, 1, 2, 3, 4, 5, 6, 6):
        talk.say(f"la phrase {number}", MISS)
    assert talk.say("au revoir", BYE).texts == [f"la phrase {n}" for n in range(2, 7)]


def test_only_what_was_ticked_is_taken_and_in_no_order() -> None:
    orders = set()
    for _ in range(30):
        talk = Talk().say("la phrase une", MISS).say("la phrase deux", MISS)
        talk.say("la phrase trois", MISS).say("au revoir", BYE)
        ids = [one["id"] for one in talk.record.unclear]
        taken = talk.sentences.take(talk.record, [ids[0], ids[2], "another"])
        assert {one.text for one in taken} == {"la phrase une", "la phrase trois"}
        orders.add(tuple(one.text for one in taken))
    assert len(orders) == 2


def test_nobody_gives_without_being_asked() -> None:
    talk = Talk().say(SAID, MISS)
    assert talk.sentences.take(talk.record, [talk.record.unclear[0]["id"]]) == []
