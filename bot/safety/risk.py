"""The risk of a message: patterns, learned head and intent, put together. Pure, without Rasa."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.rasa_parts.encoder import Floats
from bot.safety.context import Hit, Sighting, look
from bot.safety.patterns import LEVELS, Book, Level, Writer

# From these probabilities on the learned head and the intent raise a risk by themselves. Those of
# the head come from cross-validation (docs/risk.md): emergency and crisis so low that, together
# with the patterns, at least 99 of 100 are seen.
HEAD: Mapping[Level, float] = {"emergency": 0.3, "crisis": 0.3, "child": 0.5, "raised": 0.6}
INTENT: Mapping[Level, float] = {"emergency": 0.5, "crisis": 0.5, "child": 0.5, "raised": 0.6}
# A sentence told as fiction, as a figure of speech or as long past needs more than that.
SURE = 0.9
_WORDS_SHOWN = 4
_LETTERS_SHOWN = 120


@dataclass(frozen=True)
class Risk:
    """What a message says of danger.

    `confirmed`: an exact pattern or two independent signals say so: a counsellor is rung. If not,
    only a guess says so: 112 is shown. `writer`: who seems to write. `because`: the words that
    made it say so.
    """

    level: Level
    confirmed: bool
    writer: Writer | None
    because: list[str]


@dataclass(frozen=True)
class Signal:
    """One reason to see a risk; `source` is pattern, guessed pattern, head or intent."""

    level: Level
    source: Literal["pattern", "guess", "head", "intent"]
    because: str


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
    if head is not None:
        signals += _of_head(text, pieces, head, seen)
    signals += _of_intents(text, intents or {}, risk_of or {})
    writers = frozenset(writer for sighting in seen for writer in sighting.writers)
    return combine(signals, writers)


def combine(signals: Sequence[Signal], writers: frozenset[Writer]) -> Risk:
    """Return the highest risk of all signals, and whether it is confirmed."""
    writer = choose_writer(writers)
    level = max((signal.level for signal in signals), key=LEVELS.index, default="none")
    reasons = [signal for signal in signals if signal.level == level and level != "none"]
    if level == "raised" and writer == "child":
        # A child or a teenager is helped as one, whatever happens to them.
        level = "child"
    sources = {signal.source for signal in reasons}
    because = list(dict.fromkeys(signal.because for signal in reasons))[:_WORDS_SHOWN]
    return Risk(level, "pattern" in sources or len(sources) > 1, writer, because)


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
    return Signal(hit.level, "pattern" if hit.exact else "guess", hit.because)


def _of_head(
    text: str, pieces: Sequence[str], head: Floats, seen: Sequence[Sighting]
) -> list[Signal]:
    doubtful = [stretch for sighting in seen for stretch in sighting.doubtful]
    signals: list[Signal] = []
    for piece, row in zip(pieces, head, strict=True):
        start = max(text.find(piece), 0)
        inside = any(a < start + len(piece) and b > start for a, b in doubtful)
        for level, needed in HEAD.items():
            likely = sum(float(row[LEVELS.index(one)]) for one in _counts_for(level))
            if likely >= (max(needed, SURE) if inside else needed):
                signals.append(Signal(level, "head", piece[:_LETTERS_SHOWN]))
                break
    return signals


def _of_intents(
    text: str, intents: Mapping[str, float], risk_of: Mapping[str, Level]
) -> list[Signal]:
    for level, needed in INTENT.items():
        grave = _counts_for(level)
        likely = sum(p for name, p in intents.items() if risk_of.get(name, "none") in grave)
        if likely >= needed:
            return [Signal(level, "intent", text[:_LETTERS_SHOWN])]
    return []


def _counts_for(level: Level) -> tuple[Level, ...]:
    """Return the levels whose probabilities speak for `level`: for raised, all the graver ones too."""
    return LEVELS[1:] if level == "raised" else (level,)


__all__ = ["HEAD", "INTENT", "Risk", "Signal", "assess", "choose_writer", "combine"]
