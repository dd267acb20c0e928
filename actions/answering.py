"""The answer to what was asked, after the risk."""

from __future__ import annotations

from actions import constants as c
from actions import facts
from actions.safety import human_button, lines
from actions.turn import Turn
from bot.directory.model import Commune
from bot.directory.services import services_for
from bot.texts import texts

# Courtesies give way to a need in the same message.
_COURTESY = frozenset({"greet", "thank", "goodbye", "affirm", "nonsense", "abuse_bot"})


def main_need(turn: Turn) -> str:
    """Return the intent to answer: what is asked beside a courtesy, or the intent itself."""
    needs = [need for need in turn.message.get("needs") or [] if need not in _COURTESY]
    return needs[0] if turn.intent in _COURTESY and needs else turn.intent


def answer_key(turn: Turn, intent: str) -> str:
    """Return the answer for an intent, or for the situation inside it."""
    situation = f"utter_situation_{turn.situation}" if turn.situation else ""
    return situation if situation in texts().answers else f"utter_{intent}"


def answer_intent(turn: Turn, intent: str) -> None:
    """Give the written answer of an intent with the lines and services that go with it."""
    key = answer_key(turn, intent)
    plan = {**facts.plan().get(intent, {}), **facts.plan().get(key.removeprefix("utter_"), {})}
    topic, need = plan.get("lines"), plan.get("services")
    if turn.held_back(key):
        # Where shelters and safety are is not told to somebody who hurts: the line is.
        topic, need = "violence", None
    cards = turn.cards(lines(turn, topic, limit=2)) if topic else []
    said = turn.slots.get(c.LAST) or []
    if intent not in _COURTESY and any(item.get("key") == key for item in said):
        # The same words twice help nobody: say that we still listen, and where a person is.
        turn.say(
            "utter_heard_again",
            services=cards or turn.cards(lines(turn, "violence", limit=2)),
            buttons=[human_button(turn)],
        )
        return
    turn.say(key, services=cards)
    if need:
        offer_services(turn, need)
    if topic:
        turn.set(c.REFERRED, turn.slots[c.TURNS])


def offer_services(turn: Turn, need: str | None, offset: int = 0) -> None:
    """Show the services of the commune for a need, or ask for the commune.

    Args:
        turn: the turn under way.
        need: police, social, … or None for all.
        offset: how many were shown before ("more").
    """
    turn.set(c.NEED, need)
    commune = turn.commune
    if commune is None:
        turn.set(c.ASKED, "commune")
        turn.say("utter_ask_commune")
        return
    page = services_for(
        facts.directory(),
        commune=commune,
        region=commune.region,
        need=need,
        language=turn.language,
        now=turn.now,
        offset=offset,
    )
    items = [item for item in page.items if not (turn.told_that_hurts and item.service.is_refuge)]
    if not items:
        turn.say("utter_services_no_more", buttons=[human_button(turn)])
        return
    shown = offset + len(page.items)
    turn.set(c.SHOWN, float(shown))
    buttons = [turn.button("more", "more")] if page.more else []
    if need is None:
        buttons += [
            turn.button(f"need_{name}", f"need:{name}") for name in ("police", "social", "legal")
        ]
    name = commune.name.get(turn.language) or commune.own_name
    key = "utter_services_more" if offset else "utter_services_in"
    if not commune.network and not offset:
        key = "utter_services_outside"
    turn.say(key, services=turn.cards(items), buttons=buttons, commune=name)


def communes(turn: Turn) -> list[Commune]:
    """Return the communes where help is wanted, as the words of this message say."""
    directory = facts.directory()
    wanted = [e for e in turn.entities("commune") if e.get("role") != "mentioned"]
    found: list[Commune] = []
    for entity in wanted:
        commune = directory.commune(str(entity.get("id") or ""))
        if commune and commune not in found:
            found.append(commune)
    return found


def note_commune(turn: Turn) -> None:
    """Remember the commune where help is wanted, when the message names exactly one."""
    found = communes(turn)
    if len(found) == 1:
        turn.set(c.COMMUNE, found[0].id)


def ask_danger(turn: Turn, level: str) -> None:
    """After the first account of violence, ask once whether there is danger now."""
    told = turn.intent in c.OWN_ANSWER and turn.intent != "leave_quickly"
    concerned = level == "raised" and turn.writer in ("hurt", "witness")
    if told and concerned and turn.first_time("asked_danger"):
        turn.set(c.ASKED, "danger_now")
        turn.say(f"utter_ask_danger_now_{turn.writer}")


def ask_helped(turn: Turn) -> None:
    """Some turns after a referral, ask once whether it helped; never after an alarm."""
    referred = float(turn.slots.get(c.REFERRED) or 0)
    calm = str(turn.slots.get(c.RISK) or "none") in ("none", "raised")
    later = bool(referred) and turn.slots[c.TURNS] - referred >= 3
    if later and calm and not turn.slots.get(c.ASKED) and turn.first_time("asked_helped"):
        turn.set(c.ASKED, "helped")
        turn.say("utter_ask_helped")
