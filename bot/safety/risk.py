"""The risk of a message: patterns, learned head and intent, put together. Pure, without Rasa."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.rasa_parts.encoder import Floats
from bot.safety.context import Hit, Sighting, denies_wish, look
from bot.safety.patterns import LEVELS, Book, Level, Writer

# From this share of alarm (emergency, crisis and child together) on, what was learned shows 112 or
# the line by itself; chosen by cross-validation (docs/risk.md): danger is rare and
# must not be missed, so it is low. A single sentence of a longer message needs more.
ALARM = 0.35
SENTENCE = 0.7
# A crisis needs more than the others: "he says I'm worth nothing" is close to it in every vector,
# and nobody who tells that they are humiliated should first be told of suicide.
CRISIS = 0.45
# So much is enough once violence has been told before in the talk (`Risk.lean`).
LEAN = 0.25
RAISED = 0.5
# How much the head counts against the intent for the whole message.
_HEAD = 0.7
# In doubt between two alarms, the more urgent one: 112 stands on every card.
_URGENCY = {"emergency": 1.3, "crisis": 1.1, "child": 1.2}
# So much of the whole message must speak for another alarm before a single sentence is read as one.
_ECHO = 0.25
# A sentence told as fiction, as a figure of speech or as long past needs more than that.
SURE = 0.9
_WORDS_SHOWN = 4
_LETTERS_SHOWN = 120


@dataclass(frozen=True)
class Risk:
    """What a message says of danger.

    `confirmed`: an exact pattern or two independent signals say so: a counsellor is rung. If not,
    only a guess says so: 112 is shown. `writer`: who seems to write. `because`: the words that
    made it say so. `signs`: the patterns that did, by id: what it is about, without the words.
    `lean`: the level it has for who knows that violence was told before in this talk.
    """

    level: Level
    confirmed: bool
    writer: Writer | None
    because: list[str]
    signs: tuple[str, ...] = ()
    lean: Level = "none"


@dataclass(frozen=True)
class Signal:
    """One reason to see a risk; `source` is pattern, guessed pattern, head or intent.

    `sign`: the pattern's id.
    """

    level: Level
    source: Literal["pattern", "guess", "head", "intent"]
    because: str
    sign: str = ""


def assess(
    text: str,
    books: Sequence[Book],
    pieces: Sequence[str] = (),
    head: Floats | None = None,
    intents: Mapping[str, float] | None = None,
    risk_of: Mapping[str, Level] | None = None,
) -> Risk:
    """Return the risk of a message.

    Args:
        text: the message, cleaned (`bot.rasa_parts.text.clean`).
        books: the patterns; all run, whatever the language of the message.
        pieces: the message and its sentences (`bot.rasa_parts.text.pieces`).
        head: the learned head's probabilities, one row a piece, columns as `LEVELS`.
        intents: the probability of each intent.
        risk_of: the risk that an intent has by itself (data/plan.yml).
    """
    seen = [look(book, text) for book in books]
    signals = [_of_pattern(hit) for sighting in seen for hit in sighting.hits]
    lean: Level = "none"
    if head is not None:
        learned, lean = _learned(text, pieces, head, intents or {}, risk_of or {}, seen, books)
        signals += learned
    writers = frozenset(writer for sighting in seen for writer in sighting.writers)
    risk = combine(signals, writers)
    return replace(risk, lean=max(risk.level, lean, key=LEVELS.index))


def combine(signals: Sequence[Signal], writers: frozenset[Writer]) -> Risk:
    """Return the highest risk of all signals, and whether it is confirmed."""
    writer = choose_writer(writers)
    level: Level = max((signal.level for signal in signals), key=LEVELS.index, default="none")
    reasons = [signal for signal in signals if signal.level == level and level != "none"]
    if level == "raised" and writer == "child":
        # A child or a teenager is helped as one, whatever happens to them.
        level = "child"
    sources = {signal.source for signal in reasons}
    because = list(dict.fromkeys(signal.because for signal in reasons))[:_WORDS_SHOWN]
    signs = tuple(dict.fromkeys(signal.sign for signal in reasons if signal.sign))
    return Risk(level, "pattern" in sources or len(sources) > 1, writer, because, signs)


def choose_writer(writers: frozenset[Writer]) -> Writer | None:
    """Return who writes, or None when the words say two things that would need other sentences.

    Whoever was hurt and has hurt gets the sentences that are true for all.
    """
    for certain in ("child", "professional"):
        if certain in writers:
            return certain  # type: ignore[return-value]
    if {"hurt", "hurts"} <= writers:
        return None
    for writer in ("hurt", "hurts", "witness"):
        if writer in writers:
            return writer  # type: ignore[return-value]
    return None


def _of_pattern(hit: Hit) -> Signal:
    return Signal(hit.level, "pattern" if hit.exact else "guess", hit.because, hit.id)


def _learned(
    text: str,
    pieces: Sequence[str],
    head: Floats,
    intents: Mapping[str, float],
    risk_of: Mapping[str, Level],
    seen: Sequence[Sighting],
    books: Sequence[Book],
) -> tuple[list[Signal], Level]:
    """Return what the learned head and the intent say, the whole first, then each sentence.

    Beside the signals: the level to which the whole message leans.
    """
    by_intent = dict.fromkeys(LEVELS, 0.0)
    for name, share in intents.items():
        by_intent[risk_of.get(name, "none")] += share
    doubtful = [stretch for sighting in seen for stretch in sighting.doubtful]
    signals: list[Signal] = []
    whole: dict[Level, float] = {}
    lean: Level = "none"
    for number, (piece, row) in enumerate(zip(pieces, head, strict=True)):
        by_head = dict(zip(LEVELS, row.tolist(), strict=True))
        shares = by_head
        if number == 0 and intents:
            shares = {
                level: _HEAD * by_head[level] + (1 - _HEAD) * by_intent[level] for level in LEVELS
            }
        start = max(text.find(piece), 0)
        end = start + len(piece)
        heard = ALARM <= shares["crisis"] < SURE
        if heard and any(denies_wish(book, piece) for book in books):
            # "No, I don't want to die" has the words of its contrary; other dangers still count.
            shares = {**shares, "none": shares["none"] + shares["crisis"], "crisis": 0.0}
        inside = any(a < end and b > start for a, b in doubtful)
        needed = SURE if inside else (SENTENCE if number else ALARM)
        level = _level(shares, needed)
        if number == 0:
            whole = shares
            lean = _level(shares, SURE if inside else LEAN)
        elif level == "crisis" and whole[level] < _ECHO <= whole["child"]:
            # "I saw welts on his back" alone sounds like one's own wounds; the whole knows whose.
            level = "child"
        if level == "none":
            continue
        because = piece[:_LETTERS_SHOWN]
        signals.append(Signal(level, "head", because))
        if number == 0 and by_intent[level] >= 0.5:
            signals.append(Signal(level, "intent", because))
    return signals, lean


def _level(shares: Mapping[Level, float], needed: float) -> Level:
    """Return the level that shares of probability speak for."""
    alarms: dict[Level, float] = {k: v for k, v in shares.items() if k in _URGENCY}
    if sum(alarms.values()) >= needed:
        level = max(alarms, key=lambda level: alarms[level] * _URGENCY[level])
        return level if level != "crisis" or sum(alarms.values()) >= CRISIS else "raised"
    return "raised" if sum(alarms.values()) + shares["raised"] >= max(RAISED, needed) else "none"


__all__ = [
    "ALARM",
    "CRISIS",
    "LEAN",
    "SENTENCE",
    "Risk",
    "Signal",
    "assess",
    "choose_writer",
    "combine",
]
