"""The answer to what was asked, after the risk."""

from __future__ import annotations

from typing import Any

from actions import constants as c
from actions import facts
from actions.safety import human_button, lines
from actions.turn import Turn
from bot.conversation.phrases import phrases
from bot.directory.match import find_communes
from bot.directory.model import Commune
from bot.directory.services import ServiceChoice, ServicePage, services_for, without_number
from bot.texts import texts

# Courtesies give way to a need in the same message.
_ACCOUNTS = frozenset(
    {"danger_immediate", "suicidal_thoughts", "child_in_danger", "minor_seeks_help"}
)
# What a card of alarm isn't followed by: it would sound cold, or beside the point.
_ASIDE = frozenset({"give_idea", "out_of_scope", "ask_project", "ask_prevention"})
# Who has told that they hurt and now says how to keep others safe, or where the other one is.
_OF_WHO_HURTS = dict.fromkeys(
    ("ask_safety_plan", "ask_help_someone", "witness_report", "ask_leave_home"),
    "disclose_perpetrator",
)
_COURTESY = frozenset({"greet", "thank", "goodbye", "affirm", "nonsense", "abuse_bot"})


def main_need(turn: Turn) -> str:
    """Return the intent to answer: what is asked beside a courtesy, or the intent itself."""
    needs = [need for need in turn.message.get("needs") or [] if need not in _COURTESY]
    return needs[0] if turn.intent in _COURTESY and needs else turn.intent


def answer_key(turn: Turn, intent: str) -> str:
    """Return the answer for an intent, or for the situation inside it, for who writes.

    `utter_…_hurts` and `utter_…_hurt` take the place of an answer that would say something wrong
    to somebody who hurts or who was hurt; who once told that they hurt hears the first of them.
    """
    if turn.told_that_hurts and intent == "ask_shelter":
        # No refuge is named to who hurts; a bed for the night is another matter.
        return "utter_situation_expelled"
    situation = f"situation_{turn.situation}"
    instead = facts.plan().get(situation, {}).get("answer")
    if turn.situation and instead:
        key = f"utter_{instead}"
    else:
        key = f"utter_{situation}" if f"utter_{situation}" in texts().answers else f"utter_{intent}"
    writer = "hurts" if turn.told_that_hurts else turn.writer
    own = f"{key}_{writer}"
    return own if writer in ("hurt", "hurts") and own in texts().answers else key


def answer_intent(turn: Turn, intent: str) -> None:
    """Give the written answer of an intent with the lines and services that go with it."""
    if turn.alarmed and intent in _ASIDE:
        return
    if intent == "minor_seeks_help" and turn.writer == "professional":
        intent = "child_in_danger"
    elif turn.told_that_hurts:
        intent = _OF_WHO_HURTS.get(intent, intent)
    key = answer_key(turn, intent)
    plan = {**facts.plan().get(intent, {}), **facts.plan().get(key.removeprefix("utter_"), {})}
    topic, need = plan.get("lines"), plan.get("services")
    if turn.writer == "child" and (need or plan.get("child")):
        # The line for children below; services of the law or for money are for adults.
        topic, need = topic or "child", None if plan.get("child") else need
    if turn.held_back(turn.voiced(key)):
        # Where shelters and safety are is not told to somebody who hurts: the line is.
        topic, need = "violence", None
    cards = turn.cards(lines(turn, topic, limit=2)) if topic else []
    before = {turn.voiced(str(item.get("of"))) for item in _said_before(turn)}
    if intent not in _COURTESY and turn.voiced(key) in before:
        if turn.alarmed:
            # The card has just said what counts.
            return
        if not (need and communes(turn)):
            # A place that is named asks for what is there, not for the answer again.
            _go_on(turn, key, intent, cards or turn.cards(lines(turn, "violence", limit=1)))
    else:
        turn.say(key, services=cards)
    if need:
        offer_services(turn, need)
    if topic:
        turn.set(c.REFERRED, turn.slots[c.TURNS])


def _said_before(turn: Turn) -> list[dict[str, Any]]:
    """Return what was said in the turn before."""
    return list(turn.slots.get(c.LAST) or [])


def _go_on(turn: Turn, key: str, intent: str, cards: list[dict[str, Any]]) -> None:
    """Who goes on about the same thing hears it received, with the next steps; never twice alike.

    An account that goes on isn't a question asked twice: each has words of its own.
    """
    if intent in c.OWN_ANSWER or intent in _ACCOUNTS:
        now = f"utter_go_on_{'hurts' if turn.told_that_hurts else turn.writer}"
        now = now if now in texts().answers else "utter_go_on_unknown"
    else:
        now = "utter_asked_again"
    if any(item.get("key") == now for item in _said_before(turn)):
        now = "utter_go_further"
    steps = texts().answer(turn.voiced(key), turn.language).buttons
    buttons = [dict(button) for button in steps if button["payload"] != "ask_human"]
    turn.say(now, services=cards, buttons=[*buttons, human_button(turn)], of=key)


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
        # Whoever wants to stop hears at once of what exists everywhere in their language.
        known = _services(turn, need, None, 0).items if need == "perpetrators" else []
        everywhere = [item for item in known if not item.way][:2]
        turn.say("utter_ask_commune", services=turn.cards(everywhere))
        return
    page = _services(turn, need, commune, offset)
    items = [item for item in page.items if not (turn.told_that_hurts and item.service.is_refuge)]
    if not items:
        turn.say("utter_services_no_more", buttons=[human_button(turn)])
        return
    shown = offset + len(page.items)
    turn.set(c.SHOWN, float(shown))
    buttons = [turn.button("more", "more")] if page.more else []
    if need in (None, "elders"):
        buttons += [
            turn.button(f"need_{name}", f"need:{name}") for name in ("police", "social", "legal")
        ]
    name = commune.name.get(turn.language) or commune.own_name
    key = "utter_services_more" if offset else "utter_services_in"
    cards = turn.cards(items)
    if not commune.network and not offset and turn.first_time(f"outside_{commune.id}"):
        key = "utter_services_outside"
    elif need and not offset and (unreachable := without_number(items, need)):
        service, other = (_name(turn, choice) for choice in unreachable)
        key = "utter_services_no_number"
        turn.say(key, services=cards, buttons=buttons, commune=name, service=service, next=other)
        return
    turn.say(key, services=cards, buttons=buttons, commune=name)


def _services(turn: Turn, need: str | None, commune: Commune | None, offset: int) -> ServicePage:
    return services_for(
        facts.directory(),
        commune=commune,
        region=commune.region if commune else None,
        need=need,
        language=turn.language,
        now=turn.now,
        about="minors" if turn.about(c.ABOUT_MINORS) else None,
        offset=offset,
    )


def _name(turn: Turn, choice: ServiceChoice) -> str:
    return str(turn.cards([choice])[0]["name"])


def communes(turn: Turn, asked: str | None = None) -> list[Commune]:
    """Return the communes where help is wanted, as the words of this message say.

    Args:
        turn: the turn under way.
        asked: "commune" when the message answers that question: "no sorry, 4053" counts then.
    """
    directory = facts.directory()
    wanted = [e for e in turn.entities("commune") if e.get("role") != "mentioned"]
    found: list[Commune] = []
    for entity in wanted:
        commune = directory.commune(str(entity.get("id") or ""))
        if commune and commune not in found:
            found.append(commune)
    if not found and asked == "commune":
        found = find_communes(phrases().place_in(turn.text), directory).communes
    return found


def note_commune(turn: Turn, asked: str | None) -> bool:
    """Remember the commune where help is wanted, when the message names exactly one: True then."""
    found = communes(turn, asked)
    if len(found) == 1:
        turn.set(c.COMMUNE, found[0].id)
    return len(found) == 1


def ask_danger(turn: Turn, level: str) -> None:
    """After the first account of violence, ask once whether there is danger now."""
    told = turn.intent in c.OWN_ANSWER and turn.intent != "leave_quickly"
    concerned = told and level == "raised" and turn.writer in ("hurt", "witness")
    # Hurt before the children: the children's card says nothing of one's own danger now.
    if level == "child" and turn.writer == "hurt":
        concerned = True
    if concerned and turn.first_time("asked_danger"):
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
