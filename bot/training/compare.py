"""`make compare`: this pipeline and its peers on the same examples and the same test lines.

`make compare PEER=nlpjs` runs one of them; what the others gave stays, as long as examples and test
lines are the same. Writes reports/compare.json and reports/compare.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.settings import ROOT
from bot.training.data import examples
from bot.training.evaluate import ALARMS, read_rows, seen, share
from bot.training.heldout import HELDOUT, digest
from bot.yaml_files import DATA, read_yaml

PEERS = {
    "ours": "this pipeline",
    "diet": "Rasa's default pipeline (DIET, 100 epochs)",
    "keyword": "Rasa's KeywordIntentClassifier",
    "nlpjs": "nlp.js (basic, lang-fr, lang-nl)",
}
_SOURCE = ROOT / "tests" / "compare" / "nlpjs"
_NODE = ROOT / ".cache" / "nlpjs"
_NOTES = """\
- Accepted: the intent or one whose answer helps as well comes first. Top-3: it is among the
  first three.
- Danger seen: of the lines with emergency, crisis or child, those that got that alarm. Only this
  pipeline looks for danger apart from the intent; for the others, the risk is that of the intent
  they found. False alarms: harmless lines (hard ones) with an alarm.
- Training: this pipeline keeps its sentence vectors; in brackets, what they take the first time.
- A message: the median, one after the other, in one process, without a network. Memory: the most
  that the answering process needed; all but nlp.js load Rasa.
- Rasa's keyword classifier can't train on these examples (it stops with a KeyError); it was given
  the list that its training means to make. It knows one intent or none: top-3 is no higher than
  accepted.
- nlp.js is told the language of each message; the others aren't.
"""


class PeerError(RuntimeError):
    """A peer could not be run; the message says what to do."""


@dataclass(frozen=True)
class Outcome:
    """What one peer reached. Shares are 0 to 1; `data` is the hash of examples and test lines."""

    peer: str
    data: str
    accepted: Mapping[str, float]
    top3: Mapping[str, float]
    danger: float
    false_alarms: float
    train_seconds: float
    vector_seconds: float
    milliseconds: float
    memory_mb: float


def data_hash(rows: Sequence[tuple[str, str, str]]) -> str:
    """Return a short hash of the examples and the test lines."""
    found = hashlib.blake2b(digest().encode(), digest_size=6)
    for row in sorted(rows):
        found.update("\0".join(row).encode())
    return found.hexdigest()


def outcome(
    peer: str,
    data: str,
    intents: Sequence[Mapping[str, Any]],
    safety: Sequence[Mapping[str, Any]],
    learned: Mapping[str, float],
    answers: Mapping[str, Any],
    risk_of: Mapping[str, str],
) -> Outcome:
    """Return what a peer reached.

    Args:
        peer: its name.
        data: the hash of examples and test lines.
        intents: test lines of the intents.
        safety: test lines of danger.
        learned: `seconds` of training, and `vector_seconds` where there are any.
        answers: `rankings`, `risks`, `seconds` of all lines, intents first, and `memory_mb`.
        risk_of: the risk that an intent has by itself, for peers that give no risk.
    """
    rankings, count = answers["rankings"], len(intents)
    first: dict[str, list[bool]] = {}
    three: dict[str, list[bool]] = {}
    for row, ranking in zip(intents, rankings[:count], strict=True):
        fitting = {row["intent"], *(row.get("alt") or ())}
        first.setdefault(row["lang"], []).append(bool(fitting & set(ranking[:1])))
        three.setdefault(row["lang"], []).append(bool(fitting & set(ranking[:3])))
    found = [
        risk or risk_of.get(ranking[0] if ranking else "", "none")
        for risk, ranking in zip(answers["risks"][count:], rankings[count:], strict=True)
    ]
    pairs = [(row["risk"], level) for row, level in zip(safety, found, strict=True)]
    return Outcome(
        peer,
        data,
        {language: share(values) for language, values in first.items()},
        {language: share(values) for language, values in three.items()},
        share([seen(meant, level) for meant, level in pairs if meant in ALARMS]),
        share([level in ALARMS for meant, level in pairs if meant == "none"]),
        learned["seconds"],
        learned.get("vector_seconds", 0.0),
        statistics.median(answers["seconds"]) * 1000,
        answers["memory_mb"],
    )


def _commands(peer: str, folder: Path) -> list[list[str]]:
    if peer == "nlpjs":
        node = _node()
        return [[node, str(_SOURCE / "run.js"), step, str(folder)] for step in ("learn", "answer")]
    module = [sys.executable, "-m", "bot.training.peers", peer]
    return [[*module, step, str(folder)] for step in ("learn", "answer")]


def _node() -> str:
    """Install nlp.js into .cache if it isn't there; return where Node is.

    Raises:
        PeerError: there is no Node 20 with npm.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise PeerError("nlp.js needs Node 20 with npm; install them, or name another PEER.")
    _NODE.mkdir(parents=True, exist_ok=True)
    names = ("package.json", "package-lock.json")
    if any(_differs(_SOURCE / name, _NODE / name) for name in names):
        for name in names:
            shutil.copy(_SOURCE / name, _NODE / name)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=_NODE, check=True)  # noqa: S603 - our own command
    return node


def _differs(source: Path, copy: Path) -> bool:
    return not copy.exists() or source.read_bytes() != copy.read_bytes()


def run(peer: str) -> Outcome:
    """Let a peer learn and answer, in processes of its own.

    Raises:
        PeerError: it could not be run.
    """
    rows = examples()
    intents = read_rows(HELDOUT / "intents.jsonl", "text", "lang", "intent")
    safety = read_rows(HELDOUT / "safety.jsonl", "text", "lang", "risk")
    environment = {
        **os.environ,
        "NODE_PATH": str(_NODE / "node_modules"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }
    with tempfile.TemporaryDirectory(prefix="compare") as name:
        folder = Path(name)
        _dump(folder / "train.json", [{"text": t, "intent": i, "lang": g} for t, i, g in rows])
        _dump(
            folder / "ask.json",
            [{"text": row["text"], "lang": row["lang"]} for row in (*intents, *safety)],
        )
        for command in _commands(peer, folder):
            result = subprocess.run(command, cwd=folder, env=environment)  # noqa: S603 - ours
            if result.returncode:
                raise PeerError(f"{PEERS[peer]} stopped; what it said stands above.")
        learned = json.loads((folder / "learned.json").read_text(encoding="utf-8"))
        answers = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    plan = read_yaml(DATA / "plan.yml")
    risk_of = {intent: (fields or {}).get("risk", "none") for intent, fields in plan.items()}
    return outcome(peer, data_hash(rows), intents, safety, learned, answers, risk_of)


def _dump(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _duration(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{seconds:.1f} s"


def table(outcomes: Sequence[Outcome]) -> str:
    """Return the Markdown table."""
    lines = [
        "| | accepted fr / nl | top-3 fr / nl | danger seen | false alarms | training | "
        "a message | memory |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for o in sorted(outcomes, key=lambda o: list(PEERS).index(o.peer)):
        vectors = f" (+ {_duration(o.vector_seconds)})" if o.vector_seconds else ""
        lines.append(
            f"| {PEERS[o.peer]} "
            f"| {o.accepted['fr']:.2f} / {o.accepted['nl']:.2f} "
            f"| {o.top3['fr']:.2f} / {o.top3['nl']:.2f} "
            f"| {o.danger:.0%} | {o.false_alarms:.0%} "
            f"| {_duration(o.train_seconds)}{vectors} "
            f"| {o.milliseconds:.1f} ms | {o.memory_mb:.0f} MB |"
        )
    return "\n".join(lines)


def remember(path: Path, new: Outcome) -> list[Outcome]:
    """Add an outcome to those in `path` that were measured on the same data; return them all."""
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    kept = [
        Outcome(**item)
        for item in known
        if item["data"] == new.data and item["peer"] in PEERS and item["peer"] != new.peer
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    _dump(path, [asdict(o) for o in (*kept, new)])
    return [*kept, new]


def main(argv: Sequence[str] | None = None) -> int:
    """Compare; return the exit code (2 when a peer could not be run)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", choices=list(PEERS), action="append", help="all by default")
    args = parser.parse_args(argv)
    reports = ROOT / "reports"
    found: list[Outcome] = []
    code = 0
    for peer in args.peer or list(PEERS):
        print(f"{PEERS[peer]} …", flush=True)
        try:
            found = remember(reports / "compare.json", run(peer))
        except PeerError as error:
            print(error, file=sys.stderr)
            code = 2
    if found:
        page = f"# Side by side\n\n{table(found)}\n\n{_NOTES}"
        (reports / "compare.md").write_text(page, encoding="utf-8")
        print(table(found))
    return code


if __name__ == "__main__":
    sys.exit(main())
