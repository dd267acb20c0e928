"""Which sentences of a talk may be offered to the inbox, and when their writer is asked.

Until the person's yes they lie in the sealed record of the conversation, which dies with the talk.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.conversation.record import Record
from bot.language import Supported
from bot.learning import codes
from bot.learning.inbox import Sentence
from bot.rasa_parts.text import pieces
from bot.safety.risk import Risk

Assess = Callable[[str], Risk]
Redact = Callable[[str, Supported, Record], str]
# What the assistant says when it hasn't understood. "None of these" and a handoff come after one.
_FALLBACKS = frozenset({"utter_fallback", "utter_fallback_again"})
# What the assistant says when a talk ends.
_ENDS = frozenset({"utter_goodbye", "utter_helped"})
# Never asked after one of these in the talk.
_DANGER = frozenset({"emergency", "crisis", "child"})
# Where a talk stands: `Record.learning` is "", one of these, or the code of who is being asked.
NEVER, DONE = "never", "done"
_NUMBERED = re.compile(r"\[(\w+) \d+\]")
_MOST, _LONGEST, _FEWEST_WORDS, _GUESSES = 5, 200, 2, 3


class Sentences:
    """Watches a talk for what wasn't understood."""

    def __init__(self, assess: Assess, redact: Redact) -> None:
        """Take what sees danger in a text, and what takes names and numbers out of one."""
        self._assess, self._redact = assess, redact

    def wrote(self, record: Record, text: str) -> None:
        """Look at what the visitor writes (cleaned, not redacted), whoever answers it."""
        risk = self._assess(text)
        if risk.level in _DANGER or risk.writer == "child":
            _never(record)

    def answered(
        self, record: Record, body: Mapping[str, Any], raw: Sequence[Mapping[str, Any]]
    ) -> None:
        """Look at a turn of the assistant.

        Args:
            record: of the conversation.
            body: what Rasa was asked: a redacted text, or a pressed button.
            raw: the answers as Rasa gave them.
        """
        said = [answer.get("custom") or {} for answer in raw]
        if any(one.get("risk") in _DANGER or one.get("writer") == "child" for one in said):
            _never(record)
        if record.learning:
            return
        record.helped = record.helped or any(one.get("services") for one in said)
        pressed = body.get("parse_data")
        if pressed and record.unclear:
            # The person said themselves which of the guesses was right.
            picked, last = pressed["intent"]["name"], record.unclear[-1]["turn"]
            for one in record.unclear:
                if one["turn"] == last and picked in one["guesses"]:
                    others = [guess for guess in one["guesses"] if guess != picked]
                    one["guesses"] = [picked, *others]
        misses = [one for one in said if one.get("key") in _FALLBACKS]
        if misses and not pressed:
            self._note(record, str(body["text"]), misses[0].get("guesses") or [])

    def _note(self, record: Record, text: str, guesses: Sequence[str]) -> None:
        found = pieces(text)
        turn = secrets.token_hex(4)
        for sentence in found[1:] or found:
            if len(sentence) <= _LONGEST and len(sentence.split()) >= _FEWEST_WORDS:
                one = {
                    "id": secrets.token_hex(4),
                    "turn": turn,
                    "text": sentence,
                    "language": record.language,
                    "guesses": list(guesses[:_GUESSES]),
                }
                known = [other for other in record.unclear if other["text"] != sentence]
                record.unclear = [*known, one][-_MOST:]

    def ask(
        self,
        record: Record,
        raw: Sequence[Mapping[str, Any]],
        buttons: Sequence[str],
        *,
        person: bool,
    ) -> dict[str, Any] | None:
        """Return what to ask at the end of a talk, once; None when it isn't asked now.

        Args:
            record: of the conversation.
            raw: the answers of this turn as Rasa gave them.
            buttons: values of all buttons of this turn: no other yes is asked beside this one.
            person: whether a counsellor is asked for, awaited or speaking.
        """
        ends = any((answer.get("custom") or {}).get("key") in _ENDS for answer in raw)
        other = any(b.startswith(("handoff", "comeback")) or ":yes" in b for b in buttons)
        if record.learning or not ends or not record.helped or person or other:
            return None
        if record.minor or record.risk in _DANGER:
            _never(record)
        if not record.unclear:
            return None
        for one in record.unclear:
            one["text"] = self._clean(one, record)
        record.learning = codes.new_code()
        shown = [{"id": one["id"], "text": one["text"]} for one in record.unclear]
        return {"code": record.learning, "sentences": shown}

    def take(self, record: Record, ids: Sequence[str]) -> list[Sentence]:
        """Return the ticked sentences, redacted again and in no order; the talk keeps none."""
        asked = record.learning not in ("", NEVER, DONE)
        ticked = [one for one in record.unclear if asked and one["id"] in ids]
        secrets.SystemRandom().shuffle(ticked)
        found = [
            Sentence(
                self._clean(one, record),
                one["language"],
                tuple(one["guesses"]),
            )
            for one in ticked
        ]
        record.unclear, record.learning = [], DONE
        return found

    def _clean(self, one: Mapping[str, Any], record: Record) -> str:
        text = self._redact(one["text"], one["language"], record)
        # "[nom 3]" would tell that two others were named before.
        return _NUMBERED.sub(r"[\1]", text)


def _never(record: Record) -> None:
    record.unclear, record.learning = [], NEVER
