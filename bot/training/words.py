"""Plain words for the names of figures, so that whoever reads a report needs no glossary."""

from __future__ import annotations

_PARTS = {
    "accepted": "understood",
    "accuracy": "exactly the intent meant",
    "top3": "among the first three",
    "recall.emergency": "emergencies seen",
    "recall.crisis": "thoughts of suicide seen",
    "recall.child": "children in danger seen",
    "false_alarms": "alarms without danger",
    "difference": "difference between French and Dutch",
    "language": "language recognised",
    "redaction": "personal data hidden",
    "removed_for_nothing": "harmless words hidden by mistake",
    "calibration": "gap between how sure it is and how often it is right",
    "fresh": "understood, of lines unlike any example",
    "crossval": "understood, in cross-validation",
}
_LAST = {
    "all": "all",
    "fr": "French",
    "nl": "Dutch",
    "other": "other languages",
    "none": "words of no language in particular",
    "use": "sentence vectors (USE) alone",
    "e5": "sentence vectors (e5) alone",
    "spelling": "spelling alone",
    "together": "all voters together",
}


def plain(name: str) -> str:
    """Return `recall.crisis.nl` as "thoughts of suicide seen, Dutch"."""
    for length in (2, 1):
        parts = name.split(".")
        head, rest = ".".join(parts[:length]), parts[length:]
        if head in _PARTS:
            return ", ".join([_PARTS[head], *(_LAST.get(part, part) for part in rest)])
    return name
