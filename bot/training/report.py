"""`make evaluate`: measures the model of today and writes `reports/understanding.html`."""

from __future__ import annotations

import json
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.safety.risk import ALARM
from bot.settings import ROOT
from bot.training import public_record
from bot.training.charts import Series, bar, curves, matrix
from bot.training.copies import copied
from bot.training.data import examples
from bot.training.evaluate import ALARMS, IntentRow, summary
from bot.training.facts import Facts, facts_of
from bot.training.figures import calibration, difference_of, share_of, tradeoff
from bot.training.gates import Gate, load_gates, missed
from bot.training.heldout import Measured, digest, figures, groups, measure
from bot.training.history import Run, changes, remember
from bot.training.safety_record import write_record
from bot.training.words import plain

REPORTS = ROOT / "reports"
_SHOWN = 20
_SENTENCES = 3
# The horizontal axis of the safety curve: more false alarms than this are of no use to anybody.
_ALARM_EDGE = 0.3


@dataclass(frozen=True)
class Results:
    """All that one measuring found.

    `crossval` is empty when it was left out; `copies` says of each line of `measured.intents`
    whether a training example is nearly the same.
    """

    when: str
    model: str
    lines: str
    measured: Measured
    copies: Sequence[bool]
    crossval: Mapping[str, list[IntentRow]]
    facts: Facts
    gates: Sequence[Gate]

    def figures(self) -> dict[str, float]:
        """Return every figure of the history."""
        found = figures(self.measured)
        found["calibration"] = _calibration(self.measured.intents)[1]
        for name, values in self.fresh().items():
            found[f"fresh.{name}"] = sum(values) / len(values)
        for name, rows in self.crossval.items():
            found[f"crossval.{name}"] = sum(row.exact for row in rows) / len(rows)
        return found

    def fresh(self) -> dict[str, list[bool]]:
        """Return by language what was understood of the lines that no example resembles."""
        found: dict[str, list[bool]] = defaultdict(list)
        for row, copied_line in zip(self.measured.intents, self.copies, strict=True):
            if not copied_line:
                found[row.lang].append(row.accepted)
        return dict(found)


def write_report(*, quick: bool = False) -> int:
    """Measure, write the report, the history and docs/safety-record.*; return the exit code.

    Args:
        quick: leave cross-validation out (it takes some minutes).

    Returns:
        0, or 1 when a gate is missed: each is named.

    Raises:
        FileNotFoundError: the model isn't trained yet, or test lines are missing.
    """
    from bot.training.model import model_path
    from bot.training.reader import Reader, load_directory_once

    gates = load_gates()
    _say("reading the test lines …")
    model = model_path()
    measured = measure(Reader.load(model), redact=_redactor())
    results = Results(
        datetime.now().astimezone().isoformat(timespec="minutes"),
        model.name.removeprefix("helpline-").removesuffix(".tar.gz"),
        digest(),
        measured,
        copied([row.text for row in measured.intents], [text for text, _, _ in examples()]),
        {} if quick else _cross_validated(),
        facts_of(load_directory_once(), date.today()),
        gates,
    )
    return finish(results, REPORTS, ROOT / "docs" / "safety-record.md")


def finish(results: Results, folder: Path, record: Path) -> int:
    """Write everything about `results`; return the exit code of `write_report`."""
    found = results.figures()
    run = Run(results.when, results.model, results.lines, found)
    before = remember(folder / "history.jsonl", run)
    page = folder / "understanding.html"
    page.write_text(render(results, run, before), encoding="utf-8")
    # For the workshop's page on confusing pairs.
    page.with_suffix(".json").write_text(machine_readable(results), encoding="utf-8")
    write_record(record, results.when, results.measured, results.facts)
    public = public_record.made(results.when, results.model, results.lines, results.measured)
    public_record.write(record.with_suffix(".json"), public)
    failed = missed(found, list(results.gates))
    for sentence in failed:
        print(sentence, file=sys.stderr)
    _say(f"{page}: {'gates missed: ' + str(len(failed)) if failed else 'all gates passed'}")
    return 1 if failed else 0


def machine_readable(results: Results) -> str:
    """Return when, which model, and which pairs are confused, as JSON."""
    found = {
        "when": results.when,
        "model": results.model,
        "crossval": _confusions(results.crossval.get("together", [])),
        "heldout": _confusions(results.measured.intents),
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _redactor() -> Callable[[str, str], Any]:
    from bot.privacy.redact import Redactor
    from bot.training.reader import load_directory_once

    redactor = Redactor(load_directory_once())
    return lambda text, language: redactor.redact(text, "nl" if language == "nl" else "fr")


def _cross_validated() -> Mapping[str, list[IntentRow]]:
    from bot.rasa_parts.intents import CACHE
    from bot.training.crossval import cross_validate

    _say("cross-validation (--quick leaves it out) …")
    return cross_validate(
        examples(), CACHE, progress=lambda done, of: _say(f"  part {done} of {of}")
    )


def _say(line: str) -> None:
    print(line, flush=True)


def render(results: Results, run: Run, before: Run | None) -> str:
    """Return the page."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = plain
    environment.filters["percent"] = lambda value: f"{value * 100:.1f}%"
    measured, found = results.measured, groups(results.measured)
    crossval = results.crossval.get("together", [])
    return environment.get_template("report.html").render(
        results=results,
        quick=not crossval,
        gates=[(gate, run.figures.get(gate.name)) for gate in results.gates],
        shares={name: share_of(values) for name, values in found.items()},
        fresh={name: share_of(values) for name, values in results.fresh().items()},
        copy_words=_middle(
            [
                len(row.text.split())
                for row, copied_line in zip(measured.intents, results.copies, strict=True)
                if copied_line
            ]
        ),
        difference=difference_of(found["accepted.fr"], found["accepted.nl"]),
        counts={name: (sum(values), len(values)) for name, values in found.items()},
        intents=_by_intent(measured.intents),
        bar=bar,
        matrix=matrix(measured.intents),
        calibration=_calibration_chart(measured.intents, crossval),
        gap=_calibration(measured.intents)[1],
        safety_curve=safety_curve(measured),
        threshold=ALARM,
        alarms=ALARMS,
        missed_dangers=[r for r in measured.safety if r.risk in ALARMS and not r.seen],
        false_alarms=[r for r in measured.safety if r.risk == "none" and r.alarmed],
        wrong_languages=[r for r in measured.language if not r.right],
        confusions=_confusions(crossval),
        heldout_confusions=_confusions(measured.intents),
        voters={
            name: {
                "all": share_of([row.exact for row in rows]),
                "fr": share_of([row.exact for row in rows if row.lang == "fr"]),
                "nl": share_of([row.exact for row in rows if row.lang == "nl"]),
                "top3": share_of([row.top3 for row in rows]),
            }
            for name, rows in results.crossval.items()
        },
        before=before,
        changes=changes(run, before),
    )


def _middle(values: Sequence[int]) -> int:
    return int(statistics.median_low(values)) if values else 0


def _by_intent(rows: Sequence[IntentRow]) -> list[dict[str, Any]]:
    """Return the figures of each intent, the worst understood first."""
    chosen: dict[str, list[IntentRow]] = defaultdict(list)
    for row in rows:
        chosen[row.intent].append(row)
    table = []
    for name, lines in chosen.items():
        entry: dict[str, Any] = {
            "name": name,
            "accepted": share_of([row.accepted for row in lines]),
            "top3": share_of([row.top3 for row in lines]),
        }
        for language in ("fr", "nl"):
            own = [row.accepted for row in lines if row.lang == language]
            entry[language] = f"{sum(own)} of {len(own)}"
        table.append(entry)
    return sorted(table, key=lambda entry: (entry["accepted"].value, entry["name"]))


def _confusions(rows: Sequence[IntentRow]) -> list[dict[str, Any]]:
    """Return the pairs that are confused most often, with some sentences of each."""
    return [
        {
            "meant": meant,
            "understood": understood,
            "times": times,
            "sentences": [
                row.text
                for row in rows
                if row.intent == meant and row.ranking[0] == understood and not row.accepted
            ][:_SENTENCES],
        }
        for meant, understood, times in summary(list(rows))["confusions"][:_SHOWN]
    ]


def _calibration(rows: Sequence[IntentRow]) -> tuple[list[tuple[float, float]], float]:
    found, gap = calibration([r.confidence for r in rows], [r.accepted for r in rows])
    return [(b.confidence, b.right) for b in found], gap


def _calibration_chart(heldout: Sequence[IntentRow], crossval: Sequence[IntentRow]) -> Any:
    series = [Series("test lines", _calibration(heldout)[0])]
    if crossval:
        series.append(Series("cross-validation", _calibration(crossval)[0]))
    return curves(
        "How sure the assistant is, and how often it is right",
        "how sure it says it is",
        "how often it is right",
        series,
        diagonal=True,
    )


def safety_curve(measured: Measured) -> Any:
    """Return the picture of danger seen against false alarms, for the learned part alone."""
    harmless = [row for row in measured.safety if row.risk == "none"]
    series = []
    for level in ALARMS:
        points = tradeoff(
            [row.alarm for row in measured.safety if row.risk == level],
            [row.alarm for row in harmless],
        )
        # The point in use: the loosest threshold that is at least the one of bot/safety/risk.py.
        used = [p for p in points if p.threshold >= ALARM][-1]
        inside = [(p.false_alarms, p.recall) for p in points if p.false_alarms <= _ALARM_EDGE]
        meaning = f"{level}: in use, from {ALARM:.0%} on, {used.recall:.0%} seen"
        series.append(Series(level, inside, [(used.false_alarms, used.recall, meaning)]))
    return curves(
        "Danger seen by the learned part alone, against its false alarms",
        "harmless lines on which it would raise the alarm",
        "danger seen",
        series,
        right_edge=_ALARM_EDGE,
    )
