"""What every written answer keeps to, checked before it is saved (docs/content.md).

`tests/content` checks the same of all answers together, and more; this is what a person can mend at
once. Rules that look at words are for catching slips, they don't replace a reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.language import SUPPORTED

MOST = 3000
_EMERGENCY = {"112", "101"}
_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_PAGE = re.compile(r"\w\.be/\d+")
_INCLUSIVE = re.compile(r"·|\w\((e|es|ne|nes|trice)\)|\w/e|\w\.e\.s\b")
_TRACES = {
    "fr": (r"navigation privée|fenêtre privée|historique", r"espion"),
    "nl": (
        r"privévenster|privénavigatie|incognito|geschiedenis van",
        r"spionage|spyware|meekijk",
    ),
}
_ERASED = re.compile(r"(effac|gewist)[^.]*(minut|heures|uur)")
_LIMIT = {"fr": "au plus tard {minutes}", "nl": "ten laatste {minutes}"}
_BELIEF = re.compile(
    r"je (vous|te) crois|pas (votre|ta) faute|ik geloof (u|je)\b|niet (uw|jouw) schuld",
    re.IGNORECASE,
)
_NOT_HURT = re.compile(
    r"utter_risk_\w+_(hurts|witness|professional|unknown)|utter_disclose_perpetrator"
)
_FORMAL = {"fr": r"\b(vous|votre|vos)\b", "nl": r"\b(u|uw)\b"}
_CALLS_NOBODY = {"fr": "je n'appelle personne", "nl": "ik bel niemand"}
# Answers read in danger: no digit but the emergency numbers.
_IN_DANGER = re.compile(r"utter_(risk|card|safety|ask_danger_now)_")


def sentences(words: str) -> int:
    """Count sentences: what ends in . ! ? …, and list items or lines that end in nothing."""
    count = 0
    for line in filter(None, (line.strip() for line in words.split("\n"))):
        count += len(re.findall(r"[.!?…]+(?=[\s»”’\"]|$)", line))
        count += not re.search(r"[.!?…:]\W*$", line)
    return count


def formal(text: str, language: str) -> bool:
    """Tell whether a text speaks to an adult: with "vous" or "u"."""
    return bool(re.search(_FORMAL[language], text, re.IGNORECASE))


def numbers(text: str) -> set[str]:
    """Return runs of digits, with the blanks, dots and strokes inside; not those of addresses."""
    plain = _PAGE.sub("", _PLACEHOLDER.sub("", text))
    return set(re.findall(r"\d(?:[\s./-]?\d)*", plain))


def problems(
    key: str, wanted: Mapping[str, str], was: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield what is wrong with an answer: keys of sentences (`wrong_text_…`) and what they name.

    Args:
        key: of the answer.
        wanted: the new text by language.
        was: the text that it replaces.
    """
    for language in SUPPORTED:
        text, old = wanted[language], was.get(language, "")
        for name, value in _one(key, language, text, old):
            yield name, {"code": language.upper(), "value": value}
    if set(_PLACEHOLDER.findall(wanted["fr"])) != set(_PLACEHOLDER.findall(wanted["nl"])):
        yield "wrong_text_facts", {}


def _one(key: str, language: str, text: str, old: str) -> Iterator[tuple[str, str]]:
    if not text:
        yield "wrong_text_empty", ""
        return
    if len(text) > MOST or sentences(text) > (16 if "_risk_emergency" in key else 12):
        yield "wrong_text_long", ""
    known = set(_PLACEHOLDER.findall(old))
    for name in set(_PLACEHOLDER.findall(text)) - known:
        yield "wrong_text_placeholder", "{" + name[:20] + "}"
    if re.search(r"[{}]", _PLACEHOLDER.sub("", text)) or re.search(r"[<>`]|\]\(", text):
        yield "wrong_text_marks", ""
    for number in numbers(text):
        is_small = bool(re.fullmatch(r"\d{1,2}|20[12]\d", number))
        is_harmless = is_small and not _IN_DANGER.match(key)
        if not is_harmless and not set(re.split(r"\D", number)) <= _EMERGENCY:
            yield "wrong_text_number", number[:20]
    for number in ("112", "101"):
        if number in old and number not in text:
            yield "wrong_text_lost_number", number
    if _INCLUSIVE.search(text):
        yield "wrong_text_inclusive", ""
    named, warned = _TRACES[language]
    if re.search(named, text) and not re.search(warned, text, re.IGNORECASE):
        yield "wrong_text_traces", ""
    if _ERASED.search(text) and _LIMIT[language] not in text:
        yield "wrong_text_limit", _LIMIT[language]
    yield from _safety(key, language, text)


def _safety(key: str, language: str, text: str) -> Iterator[tuple[str, str]]:
    if _NOT_HURT.fullmatch(key) and _BELIEF.search(text):
        yield "wrong_text_belief", ""
    if key.endswith("_child") and formal(text, language):
        yield "wrong_text_child", ""
    if key.startswith("utter_risk_emergency_"):
        first = text.split("\n")[0]
        if re.findall(r"\d+", first) != ["112", "101"] or len(first.split()) > 9 or "?" in first:
            yield "wrong_text_first_line", ""
        if not key.endswith("_again") and _CALLS_NOBODY[language] not in text:
            yield "wrong_text_calls_nobody", _CALLS_NOBODY[language]
    if key.startswith("utter_risk_crisis_"):
        line = {"fr": "ligne ci-dessous", "nl": "lijn hieronder"}[language]
        if line not in text:
            yield "wrong_text_line", line
