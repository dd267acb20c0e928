"""What follows a risk, before anything else: 112, the right line, belief, a way out."""

from __future__ import annotations

from actions import constants as c
from actions import facts
from actions.turn import Turn
from bot.cards import Choice, plain
from bot.directory.lines import LineChoice, choose_lines, emergency_lines, written_emergency

_ABOUT_OTHERS = frozenset({"witness", "professional"})
# Lines for everybody that a child may need more than a line for children.
_FOR_CHILDREN_TOO = frozenset({"suicide", "missing_child", "digital", "deaf"})
_LINE_OF = {"crisis": "suicide", "child": "child", "raised": "violence"}


def level_of(turn: Turn) -> str:
    """Return the risk of this message: what the detector saw, or what a button stands for.

    A risk builds up over a talk: once violence was told, a further account of it needs less to be
    seen as an alarm. A question doesn't.
    """
    risk = turn.message.get("risk") or {}
    seen, planned = str(risk.get("level") or ""), str(turn.plan.get("risk") or "none")
    if seen not in c.LEVELS:
        return planned
    told = str(turn.slots.get(c.RISK) or "none") != "none"
    lean = str(risk.get("lean") or seen)
    return lean if told and planned != "none" and lean in c.LEVELS else seen


def note_writer(turn: Turn) -> None:
    """Remember who writes; newer words win, and nothing unsays that somebody hurts.

    A child stays a child whatever they tell later (`hearing` hears who says that they are of age).
    """
    seen = (turn.message.get("risk") or {}).get("writer")
    planned = turn.plan.get("writer")
    child = turn.writer == "child" and seen != "professional"
    if not seen and (turn.told_that_hurts or turn.writer == "professional"):
        # What an intent supposes doesn't change what the person has said of themself.
        return
    if not child and (not seen or (seen == "hurt" and planned in _ABOUT_OTHERS)):
        # "Her husband hits her" sounds like "mine"; "he hits me before the children" doesn't.
        seen = "hurt" if seen and "hurt_me" in turn.signs else planned
    if seen == "hurts":
        turn.first_time(c.TOLD_THAT_HURTS)
    if not child and seen in c.WRITERS and seen != "unknown":
        turn.set(c.WRITER, seen)


def lines(turn: Turn, topic: str | None, limit: int = 3) -> list[LineChoice]:
    """Return the lines for this person now, the best open one first.

    Children get the lines for children (R31), talk of somebody old the line for older people.
    """
    commune = turn.commune
    if turn.writer == "child" and topic not in _FOR_CHILDREN_TOO:
        topic = "child"
    elif topic == "violence" and turn.about(c.ABOUT_ELDER):
        topic = "elder"
    elif turn.about(c.ABOUT_MINORS) and topic in ("violence", "perpetrator", "sexual"):
        topic = "minors"
    found = choose_lines(
        facts.directory(),
        language=turn.language,
        writer=turn.line_writer,
        topic=topic,
        region=commune.region if commune else None,
        now=turn.now,
        limit=limit,
    )
    if topic == "violence" and turn.about("crisis"):
        # After talk of dying, the line for that stays the first to be named.
        first = lines(turn, "suicide", limit=1)
        known = {choice.service.id for choice in first}
        found = [*first, *(choice for choice in found if choice.service.id not in known)]
    return found


def human_button(turn: Turn) -> dict[str, str]:
    """Return the button that asks for a person."""
    return turn.button("talk_to_someone", "ask_human")


def answer_risk(turn: Turn, level: str | None = None) -> str:
    """Give what the risk of this message asks for; return the level.

    The table risk × writer is in the answers: `utter_risk_<level>_<writer>`. A card is whole once
    in a conversation; later only its short form comes back, when danger is said again.

    Args:
        turn: the turn under way.
        level: the risk when it isn't the message's own (a yes to "are you in danger now?").
    """
    note_writer(turn)
    level = level or level_of(turn)
    highest = str(turn.slots.get(c.RISK) or "none")
    if c.LEVELS.index(level) > c.LEVELS.index(highest):
        turn.set(c.RISK, level)
    if level == "emergency":
        _emergency(turn)
    elif level in ("crisis", "child"):
        _line_first(turn, level)
    elif level == "raised" and turn.intent not in c.OWN_ANSWER and turn.first_time("raised"):
        turn.say(
            f"utter_risk_raised_{turn.writer}",
            services=turn.cards(lines(turn, "violence", limit=1)),
            buttons=[human_button(turn)],
        )
    return level


def _emergency(turn: Turn) -> None:
    directory, language = facts.directory(), turn.language
    services: list[Choice] = [*plain(emergency_lines(directory, language), turn.now)]
    if not turn.first_time("emergency"):
        services += lines(turn, "violence", limit=1)
        turn.say("utter_risk_emergency_again", services=turn.cards(services), urgent=True)
        return
    services += plain(written_emergency(directory, language), turn.now)
    if _wish_to_die(turn):
        # An act under way: the suicide line stands after 112.
        services += lines(turn, "suicide", limit=1)
    turn.say(
        f"utter_risk_emergency_{_who(turn)}",
        services=turn.cards(services),
        buttons=[human_button(turn)],
        urgent=True,
    )


def _who(turn: Turn) -> str:
    """Return who writes, for an alarm: who once told that they hurt may be hurt now."""
    seen = (turn.message.get("risk") or {}).get("writer")
    if turn.writer == "hurts" and seen != "hurts" and turn.intent != "disclose_perpetrator":
        return "unknown"
    return turn.writer


def _wish_to_die(turn: Turn) -> bool:
    return turn.intent == "suicidal_thoughts" or "crisis" in (turn.slots.get(c.CARDS) or [])


def _line_first(turn: Turn, level: str) -> None:
    services: list[Choice] = [*lines(turn, _LINE_OF[level], limit=2)]
    if level == "crisis":
        turn.set(c.ASKED, "crisis")
    beside = "child" if turn.writer == "child" else "violence" if turn.writer == "hurt" else None
    if beside and beside != _LINE_OF[level] and (level == "child" or beside == "child"):
        # A teenager's wish to die: the children's line too. Hurt before the children: one's own.
        known = {choice.service.id for choice in services}
        services += [o for o in lines(turn, beside, limit=1) if o.service.id not in known]
    services += plain(emergency_lines(facts.directory(), turn.language)[:1], turn.now)
    if turn.first_time(level):
        turn.say(
            f"utter_risk_{level}_{turn.writer}",
            services=turn.cards(services),
            buttons=[human_button(turn)],
            urgent=True,
        )
    elif level == "crisis":
        turn.say("utter_risk_crisis_again", services=turn.cards(services), urgent=True)
