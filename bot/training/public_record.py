"""The safety figures of one model for machines, beside `docs/safety-record.md` for people.

`make evaluate` writes `docs/safety-record.json`; `helpline retrain` writes one beside each model
that it judges. The public page (`/about`) shows those of the model that answers, and no other's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import ROOT

if TYPE_CHECKING:
    from bot.training.heldout import Measured

RECORD = ROOT / "docs" / "safety-record.json"
_SHOWN = ("recall.", "false_alarms", "redaction.all")
# Where nothing was missed in n lines, up to 3 in n may still be missed (95 times of 100).
_RULE_OF_THREE = 3


@dataclass(frozen=True)
class Figure:
    """How many of how many lines, and between which shares (0 to 1) the true one likely lies."""

    right: int
    of: int
    low: float
    high: float


@dataclass(frozen=True)
class PublicRecord:
    """What was measured of one model.

    `when` is ISO 8601, `model` the model's fingerprint, `lines` the hash of the test lines;
    `figures` are named as in the report (`recall.crisis.fr`, `false_alarms.nl`, `redaction.all`).
    """

    when: str
    model: str
    lines: str
    figures: Mapping[str, Figure]


def fingerprint_of(name: str) -> str:
    """Return the fingerprint in a model's file name."""
    return name.removeprefix("helpline-").removesuffix(".tar.gz")


def made(when: str, model: str, lines: str, measured: Measured) -> PublicRecord:
    """Return the record of a measuring.

    Args:
        when: the moment, ISO 8601.
        model: the model's fingerprint.
        lines: the hash of the test lines.
        measured: the test lines as the model read them.
    """
    from bot.training.figures import share_of
    from bot.training.heldout import groups

    figures = {}
    for name, values in sorted(groups(measured).items()):
        if name.startswith(_SHOWN) and values:
            share = share_of(values)
            edge = min(1.0, _RULE_OF_THREE / share.count)
            low = 1 - edge if all(values) else share.low
            high = share.high if any(values) else edge
            figures[name] = Figure(sum(values), share.count, round(low, 4), round(high, 4))
    return PublicRecord(when, model, lines, figures)


def write(path: Path, record: PublicRecord) -> None:
    """Write a record."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(record), indent=1) + "\n", encoding="utf-8")


def load(path: Path) -> PublicRecord | None:
    """Return a record, None when there is none that can be read."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        figures = {name: Figure(**values) for name, values in data["figures"].items()}
        return PublicRecord(data["when"], data["model"], data["lines"], figures)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def beside(model: Path) -> Path:
    """Return where `helpline retrain` keeps the record of a model."""
    return model.with_name(f"{model.name}.safety.json")


def of_model(model: Path, published: Path = RECORD) -> PublicRecord | None:
    """Return what was measured of a model, None when nobody has measured this one.

    Args:
        model: its file.
        published: the record of the last `make evaluate`, which may be of another model.
    """
    for path in (beside(model), published):
        record = load(path)
        if record and record.model == fingerprint_of(model.name):
            return record
    return None
