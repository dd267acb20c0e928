"""`docs/safety-record.md`: how safe the assistant was at the last measuring, bad figures too."""

from __future__ import annotations

from pathlib import Path

from bot.training.evaluate import ALARMS
from bot.training.facts import Facts
from bot.training.figures import share_of
from bot.training.heldout import Measured, figures, groups
from bot.training.words import plain

_INTRODUCTION = """\
# Safety record

Written by `make evaluate`; nobody edits it by hand. Measured on {when} on {lines} lines that were
written before the training examples, by somebody who had not seen them. No assistant sees all
danger: this page says how much this one misses.
"""


def record(when: str, measured: Measured, facts: Facts) -> str:
    """Return the page as Markdown."""
    found = groups(measured)
    parts = [_INTRODUCTION.format(when=when[:10], lines=len(measured.safety))]
    parts.append("## Danger that was seen, and missed\n")
    rows = []
    for risk in ALARMS:
        for name in (f"recall.{risk}", f"recall.{risk}.fr", f"recall.{risk}.nl"):
            if name in found:
                rows.append(_row(name, found[name]))
    parts.append(
        _table("what | seen | missed | of lines | likely between", rows)
        + "\nSeen: the message got this alarm, or a graver one that shows the same help.\n"
    )
    if "false_alarms" in found:
        values = found["false_alarms"]
        share = share_of(values)
        parts.append(
            "## Alarms without danger\n\n"
            f"{sum(values)} of {len(values)} harmless lines raised an alarm "
            f"({share.value:.1%}; likely between {share.low:.1%} and {share.high:.1%}). They are "
            "hard on purpose: idioms, films, statistics, questions of professionals.\n"
        )
    parts.append("## Personal data\n\n" + _redaction(measured, found))
    parts.append("## Age of the directory's facts\n\n" + _age(facts))
    return "\n".join(parts)


def write_record(path: Path, when: str, measured: Measured, facts: Facts) -> None:
    """Write the page.

    Args:
        path: where to.
        when: the moment of measuring, ISO 8601.
        measured: the test lines as the model read them.
        facts: the ages of the directory's facts.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(record(when, measured, facts), encoding="utf-8")


def _row(name: str, values: list[bool]) -> str:
    share = share_of(values)
    return (
        f"{plain(name)} | {share.value:.1%} | {len(values) - sum(values)} | {len(values)} | "
        f"{share.low:.1%} and {share.high:.1%}"
    )


def _table(head: str, rows: list[str]) -> str:
    line = "|".join(" --- " for _ in head.split("|"))
    return "".join(f"|{text if text == line else f' {text} '}|\n" for text in (head, line, *rows))


def _redaction(measured: Measured, found: dict[str, list[bool]]) -> str:
    names = sorted(name for name in found if name.startswith("redaction."))
    if not names:
        return "Not measured in this run.\n"
    text = _table(
        "what | hidden | missed | of pieces | likely between",
        [_row(name, found[name]) for name in names],
    )
    removed = figures(measured).get("removed_for_nothing")
    if removed is not None:
        text += f"\nOf the words of harmless lines, {removed:.1%} were hidden by mistake.\n"
    return (
        text + "\nThe rules were mended by these lines (docs/redaction.md): expect less on other "
        "people's words. Hiding personal data lowers a risk; it isn't anonymity.\n"
    )


def _age(facts: Facts) -> str:
    lines = [
        f"- {facts.records} records can be shown.",
        f"- {facts.checked} were checked by a person, {facts.fresh} of them in the last 180 days.",
        f"- {facts.over_a_year} rest on a source that is more than a year old.",
        f"- {facts.undated} rest on pages without a date: their age isn't known.",
    ]
    if facts.median_age is not None:
        lines.insert(
            1,
            f"- Half of the dated facts are older than {facts.median_age} days; "
            f"the oldest is {facts.oldest_age} days old.",
        )
    return "\n".join(lines) + "\n"
