"""The services of a commune."""

from __future__ import annotations

from actions import constants as c
from actions.answering import communes, offer_services
from actions.base import HelplineAction
from actions.turn import Turn


class ActionServices(HelplineAction):
    """Finds the commune in the message, asks back when it is ambiguous, and lists services."""

    action_name = "action_services"

    def respond(self, turn: Turn, asked: str | None) -> None:
        """List the services for the need that was named, now or before."""
        needs = [e["value"] for e in turn.entities("need")]
        need = needs[0] if needs else (turn.slots.get(c.NEED) if asked == "commune" else None)
        if need is None and turn.about(c.ABOUT_ELDER):
            need = "elders"
        found = communes(turn, asked)
        if len(found) > 1:
            turn.set(c.ASKED, "commune")
            turn.set(c.NEED, need)
            buttons = [
                {
                    "title": commune.name.get(turn.language) or commune.own_name,
                    "payload": f"commune:{commune.id}",
                }
                for commune in found[:4]
            ]
            turn.say("utter_ask_which_commune", buttons=buttons)
            return
        offer_services(turn, need)
