"""Rasa's tracker, sealed: the last turns and the slots, and nothing else.

Stock Rasa rewrites and merges the whole history at each turn. Rules look at the turn under way and
slots carry the rest, so only the last turns are kept: the cost stays flat however long one talks.
"""

from __future__ import annotations

import json
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import keyspace
from bot.privacy.seal import SealError, seal, unseal
from bot.rasa_parts.turn_key import TurnRefusedError, current_key
from bot.redis_client import connect

_KEPT_TURNS = 2
# A conversation that was erased stays erased: nothing is written once its record is gone, and what
# is written dies with it.
_SAVE = """
local left = redis.call('PTTL', KEYS[1])
if left <= 0 then return 0 end
redis.call('SET', KEYS[2], ARGV[1], 'PX', left)
return 1
"""


class SealedTrackerStore(TrackerStore):
    """Keeps the last turns in Redis, encrypted with the key of the turn."""

    def __init__(self, domain: Any, host: str | None = None, **kwargs: Any) -> None:
        """Connect to Redis.

        Args:
            domain: Rasa's domain.
            host: unused; Rasa passes the endpoint's `url`.
            kwargs: `redis_url` and what Rasa adds.
        """
        self._redis = connect(kwargs.pop("redis_url"))
        self._save_script = self._redis.register_script(_SAVE)
        super().__init__(domain, **kwargs)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Seal and write the last turns.

        Raises:
            TurnRefusedError: no key, it can't be sealed, Redis away, or the conversation is gone
                (erased or expired).
        """
        key = current_key()
        place = keyspace.turns(tracker.sender_id)
        try:
            body = json.dumps(_shorten(list(tracker.events)), separators=(",", ":")).encode()
            saved = await self._save_script(
                keys=[keyspace.record(tracker.sender_id), place], args=[seal(key, body, place)]
            )
        except Exception:
            # Any ordinary exception would send the turn on in clear, in Rasa's own memory (R86).
            raise TurnRefusedError("not sealed") from None
        if not saved:
            raise TurnRefusedError("gone")

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Open the last turns of a conversation, or return None when there are none.

        Raises:
            TurnRefusedError: no key or a wrong one, damaged, or Redis away.
        """
        key = current_key()
        place = keyspace.turns(sender_id)
        try:
            sealed: Any = await self._redis.get(place)
        except Exception:
            raise TurnRefusedError("store away") from None
        if sealed is None:
            return None
        try:
            stored = json.loads(unseal(key, sealed, place))
            events = [Event.from_parameters(data) for data in stored]
        except SealError:
            raise TurnRefusedError("wrong key") from None
        except Exception:
            raise TurnRefusedError("damaged") from None
        return DialogueStateTracker.from_events(
            sender_id, [event for event in events if event], self.domain.slots
        )

    async def keys(self) -> list[str]:
        """Return nothing: who talks here can't be listed."""
        return []


def _shorten(events: list[Any]) -> list[dict[str, Any]]:
    """Cut to the last turns; what older events said of the slots goes before them."""
    starts = [i for i, event in enumerate(events) if isinstance(event, UserUttered)]
    cut = starts[-_KEPT_TURNS] if len(starts) > _KEPT_TURNS else 0
    slots = {e.key: e.value for e in events[:cut] if isinstance(e, SlotSet)}
    kept = [SlotSet(key, value).as_dict() for key, value in slots.items() if value is not None]
    for event in events[cut:]:
        if isinstance(event, BotUttered):
            continue
        data = event.as_dict()
        if isinstance(event, UserUttered):
            parsed = data.get("parse_data") or {}
            data["parse_data"] = {
                key: parsed[key] for key in ("intent", "entities", "text") if key in parsed
            }
            data.pop("metadata", None)
        kept.append(data)
    return kept
