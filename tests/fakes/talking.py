"""A talk with the actions alone: what the model would have understood is said by the test."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions
from actions import facts
from actions.base import HelplineAction
from bot.entities import extract
from bot.language import Supported
from bot.rasa_parts.text import clean
from bot.safety.patterns import load_all
from bot.safety.situations import Situations
from bot.texts import DATA, read_yaml, texts


@lru_cache(maxsize=1)
def _actions() -> dict[str, HelplineAction]:
    for module in pkgutil.iter_modules(actions.__path__):
        if module.name != "server":
            importlib.import_module(f"actions.{module.name}")
    return {made.action_name: made() for made in HelplineAction.__subclasses__()}


@lru_cache(maxsize=1)
def _rules() -> dict[str, str]:
    rules = [r for path in (DATA / "rules").glob("*.yml") for r in read_yaml(path)["rules"]]
    return {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in rules}


@lru_cache(maxsize=1)
def _situations() -> Situations:
    return Situations.load(load_all())


@dataclass
class Talking:
    """One conversation: slots go on from turn to turn, as Rasa keeps them."""

    language: Supported
    slots: dict[str, Any] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    text: str = ""
    urgent: bool = False

    def say(
        self,
        text: str,
        intent: str,
        risk: str = "none",
        writer: str | None = None,
        *,
        ranking: tuple[str, ...] = (),
        confirmed: bool = False,
    ) -> Talking:
        """Write something that is understood as `intent` with `risk`; return the answers."""
        found = extract(text, intent, facts.directory())
        return self._turn(
            text,
            intent,
            [*found, {"entity": "conversation_language", "value": self.language}],
            risk={"level": risk, "writer": writer, "confirmed": confirmed, "because": []},
            situation=_situations().find(clean(text), intent),
            intent_ranking=[{"name": name, "confidence": 0.5} for name in (intent, *ranking)],
        )

    def press(self, value: str) -> Talking:
        """Press a button."""
        if ":" in value:
            return self._turn(value, "choose", [{"entity": "choice", "value": value}])
        return self._turn(value, value, [])

    def _turn(self, text: str, intent: str, entities: list[Any], **parsed: Any) -> Talking:
        self.slots["language"] = self.language
        message = {"text": text, "intent": {"name": intent}, "entities": entities, **parsed}
        out = CollectingDispatcher()
        tracker = Tracker("x", dict(self.slots), message, [], False, None, {}, "action_listen")
        action = _actions()[_rules().get(intent, "action_fallback")]
        for event in action.run(out, tracker, {}):
            self.slots[event["name"]] = event["value"]
        self.keys = [said["response"] for said in out.messages]
        custom = [said["custom"] for said in out.messages]
        self.services = [card["id"] for said in custom for card in said["services"]]
        self.urgent = any(said["urgent"] for said in custom)
        self.text = "\n\n".join(self._filled(said) for said in out.messages)
        return self

    def _filled(self, said: dict[str, Any]) -> str:
        words = texts().answer(said["response"], self.language).text
        return re.sub(r"\{(\w+)\}", lambda name: str(said[name.group(1)]), words)
