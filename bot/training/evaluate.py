"""`helpline evaluate`: how well messages are understood, and how surely danger is seen."""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.training.reader import Reader

# More urgent than "raised": what must not be missed, and must not be shouted at random.
ALARMS = ("emergency", "crisis", "child")


@dataclass(frozen=True)
class IntentRow:
    """One measured message."""

    text: str
    lang: str
    intent: str
    alt: tuple[str, ...]
    ranking: tuple[str, ...]
    confidence: float

    @property
    def exact(self) -> bool:
        """The intent itself came first."""
        return self.ranking[0] == self.intent

    @property
    def accepted(self) -> bool:
        """The intent or an acceptable one came first."""
        return self.ranking[0] in (self.intent, *self.alt)

    @property
    def top3(self) -> bool:
        """The intent or an acceptable one is among the first three."""
        return any(name in (self.intent, *self.alt) for name in self.ranking[:3])


def read_rows(path: Path, *needed: str) -> list[dict[str, Any]]:
    """Read JSON Lines.

    Raises:
        FileNotFoundError, ValueError: the file is missing, or a line lacks something (named).
    """
    if not path.exists():
        raise FileNotFoundError(f"{path}: no such file.")
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            row = json.loads(line)
            for name in needed:
                if name not in row:
                    raise ValueError(f'{path}, line {number}: needs "{name}".')
            rows.append(row)
    return rows


def share(values: Sequence[bool]) -> float:
    """Return the share of true values, 0 for none."""
    return sum(values) / len(values) if values else 0.0


def measure_intents(reader: Reader, rows: list[dict[str, Any]]) -> list[IntentRow]:
    """Read every row with the model."""
    reader.warm([row["text"] for row in rows])
    found = []
    for row in rows:
        parsed = reader.read(row["text"])
        found.append(
            IntentRow(
                row["text"],
                row["lang"],
                row["intent"],
                tuple(row.get("alt") or ()),
                tuple(name for name, _ in parsed.ranking),
                parsed.confidence,
            )
        )
    return found


def summary(rows: list[IntentRow]) -> dict[str, Any]:
    """Return accuracy, accepted, top-3, per language and intent, and the confusions."""

    def figures(chosen: list[IntentRow]) -> dict[str, float]:
        return {
            "lines": len(chosen),
            "accuracy": round(share([r.exact for r in chosen]), 4),
            "accepted": round(share([r.accepted for r in chosen]), 4),
            "top3": round(share([r.top3 for r in chosen]), 4),
        }

    groups: dict[str, list[IntentRow]] = defaultdict(list)
    by_intent: dict[str, list[IntentRow]] = defaultdict(list)
    for row in rows:
        groups[row.lang].append(row)
        by_intent[row.intent].append(row)
    wrong = Counter((r.intent, r.ranking[0]) for r in rows if not r.accepted)
    return {
        "all": figures(rows),
        "languages": {name: figures(group) for name, group in sorted(groups.items())},
        "intents": {name: figures(group) for name, group in sorted(by_intent.items())},
        "confusions": [[a, b, n] for (a, b), n in wrong.most_common(25)],
    }


def evaluate_intents(path: Path, *, as_json: bool) -> int:
    """Measure intents on a file and print the result; return the exit code."""
    from bot.training.reader import Reader

    rows = measure_intents(Reader.load(), read_rows(path, "text", "lang", "intent"))
    result = summary(rows)
    if as_json:
        print(json.dumps(result, ensure_ascii=False))
        return 0
    for name, f in {"all": result["all"], **result["languages"]}.items():
        print(
            f"{name:4} {f['lines']:5} lines  accuracy {f['accuracy']:.3f}  "
            f"accepted {f['accepted']:.3f}  top-3 {f['top3']:.3f}"
        )
    worst = sorted(result["intents"].items(), key=lambda item: item[1]["accepted"])
    for name, f in worst:
        print(f"  {name:26} {f['lines']:4}  accepted {f['accepted']:.2f}  top-3 {f['top3']:.2f}")
    print("confusions (meant, understood, times):")
    for meant, understood, times in result["confusions"]:
        print(f"  {meant:26} {understood:26} {times}")
    return 0


def seen(meant: str, found: str) -> bool:
    """Tell whether what was found shows what was meant: 112 stands on every alarm's card."""
    covers = {"raised": ALARMS, "child": ("emergency",)}.get(meant, ())
    return found == meant or found in covers


def safety_summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return recall per risk, false alarms and misses, in all and per language.

    Args:
        rows: `{"text", "lang", "risk", "found"}`. A risk counts as seen when it is itself or a more
            urgent alarm; a false alarm is an alarm where there is none.
    """

    def figures(chosen: list[dict[str, Any]]) -> dict[str, Any]:
        recall = {}
        for risk in (*ALARMS, "raised"):
            meant = [r for r in chosen if r["risk"] == risk]
            if meant:
                found = [seen(risk, r["found"]) for r in meant]
                recall[risk] = {"lines": len(meant), "recall": round(share(found), 4)}
        harmless = [r for r in chosen if r["risk"] == "none"]
        return {
            "recall": recall,
            "false_alarms": round(share([r["found"] in ALARMS for r in harmless]), 4),
            "harmless": len(harmless),
        }

    languages = sorted({r["lang"] for r in rows})
    return {
        "all": figures(rows),
        "languages": {lang: figures([r for r in rows if r["lang"] == lang]) for lang in languages},
        "misses": [
            {k: r[k] for k in ("text", "lang", "risk", "found")}
            for r in rows
            if r["risk"] in ALARMS and not seen(r["risk"], r["found"])
        ],
        "alarms": [
            {k: r[k] for k in ("text", "lang", "found")}
            for r in rows
            if r["risk"] == "none" and r["found"] in ALARMS
        ],
    }


def evaluate_safety(path: Path, *, as_json: bool) -> int:
    """Measure risks on a file and print the result; return the exit code."""
    from bot.training.reader import Reader

    reader = Reader.load()
    rows = read_rows(path, "text", "lang", "risk")
    reader.warm([row["text"] for row in rows])
    for row in rows:
        row["found"] = reader.read(row["text"]).risk.level
    result = safety_summary(rows)
    if as_json:
        print(json.dumps(result, ensure_ascii=False))
        return 0
    for name, figures in {"all": result["all"], **result["languages"]}.items():
        recall = "  ".join(
            f"{risk} {f['recall']:.3f} of {f['lines']}" for risk, f in figures["recall"].items()
        )
        print(
            f"{name:4} {recall}  false alarms {figures['false_alarms']:.3f}"
            f" of {figures['harmless']}"
        )
    for miss in result["misses"]:
        print(f"missed {miss['risk']} (found {miss['found']}): {miss['text']}", file=sys.stdout)
    for alarm in result["alarms"]:
        print(f"false {alarm['found']}: {alarm['text']}")
    return 0
