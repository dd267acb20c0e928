"""`reports/retrain.html`: what a new model does better and worse, with pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.settings import ROOT
from bot.training import versus
from bot.training.charts import bar, differences
from bot.training.gates import Gate
from bot.training.heldout import Measured, figures
from bot.training.report import safety_curve

NAME = "retrain.html"


@dataclass(frozen=True)
class Judged:
    """Two models on the same test lines; without `before`, only the new one.

    `when` is ISO 8601; `new` and `old` are the models' file names.
    """

    when: str
    new: str
    now: Measured
    gates: Sequence[Gate]
    old: str = ""
    before: Measured | None = None


def render(judged: Judged) -> str:
    """Return the page: one file, without scripts, French and Dutch under each other."""
    environment = Environment(
        loader=FileSystemLoader([Path(__file__).parent, ROOT / "bot" / "web" / "desk"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = lambda value: f"{value * 100:.1f} %"
    environment.filters["points"] = lambda value: f"{value * 100:+.1f}"
    before, now = judged.before, judged.now
    found = figures(now)
    known = figures(before) if before else {}
    turned = sorted(versus.turned(before, now), key=lambda one: one.kind) if before else []
    rows = list(versus.compared(before, now)) if before else []
    gates = [(gate, known.get(gate.name), found.get(gate.name)) for gate in judged.gates]
    return environment.get_template(NAME).render(
        judged=judged,
        gates=gates,
        missed=[gate for gate, _, value in gates if not gate.passes(value)],
        rows=rows,
        worse=[one for one in turned if not one.better],
        better=[one for one in turned if one.better],
        differences=differences([(row.name, row.gain) for row in rows]) if rows else "",
        curve=safety_curve(now),
        curve_before=safety_curve(before) if before else "",
        bar=bar,
    )


def write(folder: Path, judged: Judged) -> Path:
    """Write the page; return where it is."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    path.write_text(render(judged), encoding="utf-8")
    return path
