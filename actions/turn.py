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
        self.message: dict[str, Any] = tracker.latest_message or {}
        self.slots: dict[str, Any] = dict(tracker.slots)
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
        if self.intent == "disclose_elder" and self.writer in {"hurt", "unknown"}:
            return "elder"
        return _LINE_WRITER[self.writer]

    @property
    def told_that_hurts(self) -> bool:
        """Whether this person has told that they hurt somebody."""
        return c.TOLD_THAT_HURTS in (self.slots.get(c.CARDS) or [])

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

    def button(self, phrase: str, value: str) -> dict[str, str]:
        """Return a button whose label is a phrase."""
        return {"title": texts().phrase(phrase, self.language), "payload": value}

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
        **values: str,
    ) -> None:
        """Give a written answer.

        Args:
            key: its name in `data/answers`; an answer that this mode or this reader may not
                have is replaced by the way to the line.
            services: cards below it.
            buttons: further buttons.
            urgent: shown as an alarm.
            values: facts for the `{names}` in the text; `{minutes}` and `{hours}` are the
                configured times unless given.
        """
        if not urgent and self.held_back(key):
            key = "utter_line_instead"
        said = {"key": key, "services": services, "buttons": buttons, "urgent": urgent, **values}
        self._said.append(said)
        custom = {"key": key, "services": services or [], "urgent": urgent, "intent": self.intent}
        self._dispatcher.utter_message(
            response=key,
            buttons=buttons or [],
            json_message=custom,
            **{**facts.kept(), **values},
        )

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
