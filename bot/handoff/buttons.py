"""The handoff's buttons: each belongs to a state and to one asking.

A button stays on the page long after its moment. So its value ends in the number of what it
belongs to: `handoff:words:3` is a yes to the third question of this talk, `handoff:withdraw:2`
ends the wait of its second handoff. Pressed at another moment it does nothing. Without a number a
value means what stands now; a yes is never without.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from bot.conversation.record import Record
from bot.gateway.messages import Message
from bot.handoff.case import Case
from bot.handoff.states import LIVE, OVER, State

ASK = "handoff"
WORDS, SUMMARY, NOTHING = "handoff:words", "handoff:summary", "handoff:nothing"
NO, ELSEWHERE = "handoff:no", "handoff:elsewhere"
WITHDRAW, END, WORD = "handoff:withdraw", "handoff:end", "handoff:word"
ADDRESS, NO_ADDRESS = "handoff:address", "handoff:no_address"
TRANSFER, STAY = "handoff:transfer", "handoff:stay"
HELPED, NOT_HELPED = "handoff:helped", "handoff:not_helped"
LATER, KEEP, UNKEEP, BACK = "handoff:later", "handoff:later_yes", "handoff:unkeep", "handoff:back"

CONSENTS = frozenset({WORDS, SUMMARY, NOTHING})
_CALM = frozenset(State) - LIVE
_ALL = frozenset(State)
_ACTIVE = frozenset({State.ACTIVE})
# When each one does something.
_WHEN: Mapping[str, frozenset[State]] = {
    **dict.fromkeys(CONSENTS, frozenset({State.ASKED})),
    **dict.fromkeys((NO, KEEP, LATER, BACK, ELSEWHERE), _CALM),
    **dict.fromkeys((ADDRESS, NO_ADDRESS, TRANSFER, STAY, END), _ACTIVE),
    **dict.fromkeys((HELPED, NOT_HELPED), OVER),
    WITHDRAW: frozenset({State.WAITING}),
    WORD: LIVE,
    ASK: _ALL,
    # What is kept can be forgotten at any time.
    UNKEEP: _ALL,
}
_OF_AN_ASKING = CONSENTS | {NO, KEEP}
_OF_A_HANDOFF = frozenset(
    {WITHDRAW, END, WORD, ADDRESS, NO_ADDRESS, TRANSFER, STAY, HELPED, NOT_HELPED}
)
# These come in letters, which aren't among the answers of a turn.
_IN_LETTERS = _OF_A_HANDOFF | {ASK, NO, LATER}


def split(choice: str) -> tuple[str, str]:
    """Return the name of a button, and the number of what it belongs to ("" for none)."""
    name, _, number = choice.rpartition(":")
    return (name, number) if name in _WHEN and name != ASK else (choice, "")


def known(choice: str) -> bool:
    """Tell whether a value may be one of ours though no answer of a turn has offered it."""
    name, number = split(choice)
    return name in _IN_LETTERS or (name in _OF_AN_ASKING and bool(number))


def is_ours(choice: str) -> bool:
    """Tell whether a value is of the handoff."""
    return split(choice)[0] in _WHEN


def fits(choice: str, record: Record, case: Case) -> bool:
    """Tell whether a button does something now: in this state, for this asking."""
    name, number = split(choice)
    if case.state not in _WHEN[name]:
        return False
    if number and name in _OF_AN_ASKING:
        # A yes must have been offered, not only be numbered well.
        return number == str(record.askings) and (name == NO or choice in record.offered)
    return not number or number == _number(name, case)


def numbered(said: Message, case: Case, asking: int = 0) -> Message:
    """Return a message whose buttons say what they belong to.

    Args:
        said: the message.
        case: the handoff that it speaks of.
        asking: the number of the question that it asks, if it asks one.
    """

    def value(name: str) -> str:
        if name in _OF_A_HANDOFF and case.number:
            return f"{name}:{_number(name, case)}"
        return f"{name}:{asking}" if name in _OF_AN_ASKING and asking else name

    buttons = [{**button, "value": value(button["value"])} for button in said["buttons"]]
    return {**said, "buttons": buttons}


def _number(name: str, case: Case) -> str:
    if name in (TRANSFER, STAY):
        # One handoff may see several proposals.
        return f"{case.number}-{zlib.crc32(case.proposed.encode()):x}"
    return str(case.number)
