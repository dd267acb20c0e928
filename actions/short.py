"""Short messages that mean something only beside what was asked or shown just before."""

from __future__ import annotations

from collections.abc import Callable

from actions import constants as c
from actions import facts
from actions.safety import lines
from actions.turn import Turn
from actions.yes_no import reply
from bot.cards import Plain, plain

# What may be asked about the services shown last, in the order in which it is looked for.
_ABOUT = ("hours", "address", "price", "number")
_MOST = 4


def answer_denial(turn: Turn, asked: str | None) -> bool:
    """Answer who says, after talk of dying, that it isn't so; True when that was said.

    Only a message of nothing but such words counts (`data/dialogue.yml`): one word more, and the
    risk is read as always.
    """
    asked_now = asked == "crisis" and bool({"yes", "no"} & turn.meanings)
    denies = "not_dying" in turn.meanings and turn.about("crisis")
    act_under_way = (turn.message.get("risk") or {}).get("level") == "emergency"
    if act_under_way or not (asked_now or denies):
        return False
    key = "utter_crisis_with_somebody" if "yes" in turn.meanings else "utter_crisis_denied"
    turn.say(key, services=turn.cards(lines(turn, "suicide", limit=1)))
    return True


def answer_short(turn: Turn, asked: str | None) -> bool:
    """Answer a bare yes or no on danger, or a question on what was shown; True when it was one."""
    if asked == "danger_now" and turn.meanings & {"yes", "maybe", "no"}:
        reply(turn, asked, yes="no" not in turn.meanings)
        return True
    for about in _ABOUT:
        if about in turn.meanings and not turn.alarmed:
            return _about_shown(turn, about)
    return False


def _about_shown(turn: Turn, about: str) -> bool:
    known = facts.directory().by_id
    shown = [known[name] for name in turn.slots.get(c.SERVICES) or [] if name in known]
    if not shown:
        return False
    # What was asked for before the line that only leads to it.
    shown.sort(key=lambda service: service.line is not None)
    choices = plain(shown[:_MOST], turn.now)
    items = (
        turn.phrase("about_item", name=_name(turn, one), fact=_FACT[about](turn, one))
        for one in choices
    )
    listed = "\n".join(items)
    turn.say(f"utter_about_{about}", services=turn.cards(choices), list=listed)
    return True


def _name(turn: Turn, choice: Plain) -> str:
    return str(turn.cards([choice])[0]["name"])


def _hours(turn: Turn, choice: Plain) -> str:
    said = str(turn.cards([choice])[0]["hours"])
    written = choice.service.hours_text.get(turn.language)
    return f"{said} ({written})" if written and choice.service.hours_osm != "24/7" else said


def _address(turn: Turn, choice: Plain) -> str:
    if choice.service.is_refuge:
        return turn.phrase("address_kept_secret")
    return turn.cards([choice])[0]["address"] or turn.phrase("address_unknown")


def _price(turn: Turn, choice: Plain) -> str:
    free = choice.service.free
    return turn.phrase("price_unknown" if free is None else "free" if free else "not_free")


def _number(turn: Turn, choice: Plain) -> str:
    return choice.service.phone or turn.phrase("number_unverified")


_FACT: dict[str, Callable[[Turn, Plain], str]] = {
    "hours": _hours, "address": _address, "price": _price, "number": _number,
}  # fmt: skip
