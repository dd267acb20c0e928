"""One turn: what is known of it, and the answers given so far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import constants as c
from actions import facts
from bot.cards import Choice, cards
from bot.conversation.phrases import phrases
from bot.directory.model import Commune
from bot.language import SUPPORTED, Supported
from bot.texts import texts

# The risk's name of a writer against the directory's.
_LINE_WRITER = {
    "hurt": "victim", "hurts": "hurts", "child": "child", "witness": "witness",
    "professional": "professional", "unknown": "unknown",
}  # fmt: skip


class Turn:
    """Reads the tracker once, collects answers and slots, and gives them back as events."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        """Read the turn under way."""
        self._dispatcher = dispatcher
        self.message: dict[str, Any] = dict(tracker.latest_message or {})
        self.slots: dict[str, Any] = dict(tracker.slots)
        self.signs = phrases().signs(self.text)
        self.meanings = phrases().meanings(self.text)
        self._changed: dict[str, Any] = {}
        self._said: list[dict[str, Any]] = []
        self.now = facts.now()
        self.set(c.TURNS, float(self.slots.get(c.TURNS) or 0) + 1)

    @property
    def language(self) -> Supported:
        """The conversation's language; French when it isn't known (never silence)."""
        value = self.slots.get("language")
        return cast(Supported, value) if value in SUPPORTED else "fr"

    @property
    def text(self) -> str:
        """The message as written, without what tells who somebody is."""
        return str(self.message.get("text") or "")

    @property
    def alarmed(self) -> bool:
        """Whether an alarm was shown in this turn."""
        return any(said["urgent"] for said in self._said)

    @property
    def intent(self) -> str:
        """The intent, or `nlu_fallback`."""
        return str((self.message.get("intent") or {}).get("name") or "nlu_fallback")

    @property
    def plan(self) -> dict[str, Any]:
        """What goes with the answer to this intent."""
        return facts.plan().get(self.intent, {})

    @property
    def situation(self) -> str | None:
        """The situation inside the intent, when the words tell of one (`data/topics.yml`)."""
        return self.message.get("situation")

    @property
    def guesses(self) -> list[str]:
        """The three likeliest intents that could be offered as what was meant."""
        names = (r["name"] for r in self.message.get("intent_ranking") or [])
        return [n for n in names if n not in c.NEVER_GUESSED and n in facts.plan()][:3]

    @property
    def writer(self) -> str:
        """Who writes, as far as is known."""
        return str(self.slots.get(c.WRITER) or "unknown")

    @property
    def commune(self) -> Commune | None:
        """The commune where help is wanted."""
        return facts.directory().commune(str(self.slots.get(c.COMMUNE) or ""))

    @property
    def line_writer(self) -> str:
        """Who writes, in the directory's words."""
        if self.intent == "ask_disability_access":
            return "deaf"
        if self.about(c.ABOUT_ELDER) and self.writer in {"hurt", "unknown"}:
            return "elder"
        return _LINE_WRITER[self.writer]

    @property
    def told_that_hurts(self) -> bool:
        """Whether this person has told that they hurt somebody."""
        return self.about(c.TOLD_THAT_HURTS)

    def about(self, name: str) -> bool:
        """Tell whether something was told or shown before in this talk (see `first_time`)."""
        return name in (self.slots.get(c.CARDS) or [])

    def entities(self, name: str) -> list[dict[str, Any]]:
        """Return the entities of one kind in this message."""
        return [e for e in self.message.get("entities") or [] if e.get("entity") == name]

    def set(self, slot: str, value: Any) -> None:
        """Change a slot."""
        self.slots[slot] = value
        self._changed[slot] = value

    def first_time(self, name: str) -> bool:
        """Tell whether `name` hasn't been shown in this conversation, and remember it."""
        shown = list(self.slots.get(c.CARDS) or [])
        if name in shown:
            return False
        self.set(c.CARDS, [*shown, name])
        return True

    def cards(self, choices: Iterable[Choice]) -> list[dict[str, Any]]:
        """Return lines or services as the citizen sees them."""
        return cards(choices, self.now, texts(), self.language)

    def phrase(self, key: str, **values: str) -> str:
        """Return a phrase of `data/phrases.yml` in the conversation's language."""
        return texts().phrase(key, self.language, **values)

    def button(self, phrase: str, value: str) -> dict[str, str]:
        """Return a button whose label is a phrase."""
        return {"title": self.phrase(phrase), "payload": value}

    def label(self, intent: str) -> dict[str, str]:
        """Return a button that stands for an intent, in plain words."""
        return {"title": texts().labels[intent][self.language], "payload": intent}

    def say(
        self,
        key: str,
        *,
        services: list[dict[str, Any]] | None = None,
        buttons: list[dict[str, str]] | None = None,
        urgent: bool = False,
        of: str | None = None,
        **values: str,
    ) -> None:
        """Give a written answer; a child gets it in words for children.

        Args:
            key: its name in `data/answers`; an answer that this mode or this reader may not
                have is replaced by the way to the line.
            services: cards below it.
            buttons: further buttons.
            urgent: shown as an alarm.
            of: the answer in whose place this one stands, when it isn't given a second time.
            values: facts for the `{names}` in the text; `{minutes}` and `{hours}` are the
                configured times unless given.
        """
        of = of or key
        if not urgent and self.held_back(self.voiced(key)):
            key = "utter_line_instead"
        said = {"key": key, "services": services, "buttons": buttons, "urgent": urgent, "of": of}
        self._said.append({**said, **values})
        self._note_services(services or [])
        spoken = self.voiced(key)
        custom = {
            "key": spoken,
            "services": services or [],
            "urgent": urgent,
            "intent": self.intent,
            # For the gateway alone: what the talk is about, and what a message could have meant.
            "risk": self.slots.get(c.RISK),
            "writer": self.writer,
            "guesses": self.guesses if self.intent in c.NOT_UNDERSTOOD else [],
        }
        self._dispatcher.utter_message(
            response=spoken,
            buttons=buttons or [],
            json_message=custom,
            **{**facts.kept(), **values},
        )

    def voiced(self, key: str) -> str:
        """Return the answer in the words for who writes: for a child, a child's (R31).

        `utter_…_child`, or the answer that `data/plan.yml` names under `child`.
        """
        if self.writer != "child" or key.endswith("_child"):
            return key
        instead = facts.plan().get(key.removeprefix("utter_"), {}).get("child")
        own = f"utter_{instead}" if instead else f"{key}_child"
        return own if own in texts().answers else key

    def _note_services(self, services: list[dict[str, Any]]) -> None:
        # 112 isn't what somebody means who asks "the hours?".
        shown = [s["id"] for s in services if s["kind"] != "emergency"]
        if shown:
            self.set(c.SERVICES, shown)

    def held_back(self, key: str) -> bool:
        """Tell whether this reader or this mode may not have this answer."""
        if self.told_that_hurts and texts().withheld(key):
            return True
        return facts.mode() == "live" and not texts().approved(key)

    def events(self) -> list[dict[str, Any]]:
        """Return the slots that changed; what was said is kept for "repeat"."""
        if self.intent != "repeat":
            self.set(c.LAST, self._said)
        return [SlotSet(name, value) for name, value in self._changed.items()]

    def repeat(self) -> bool:
        """Say the last answers again; False when there are none."""
        last = list(self.slots.get(c.LAST) or [])
        for said in last:
            self.say(**said)
        return bool(last)
