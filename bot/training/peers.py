"""The assistants that `make compare` sets side by side, each in a process of its own.

Each learns from `train.json` and answers `ask.json` of a folder: `python -m bot.training.peers NAME
learn FOLDER`, then `… answer FOLDER`. nlp.js does the same in tests/compare/nlpjs/run.js.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT
from bot.yaml_files import read_yaml

# Rasa 3.6's default pipeline for a new project, as `rasa init` writes it. The response selector has
# nothing to choose here, and the fallback would only hide the best guess.
_DEFAULT: list[dict[str, Any]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "epochs": 100},
    {"name": "EntitySynonymMapper"},
]
_SAMPLE = 200
_NO_INTENT = ("nlu_fallback", None)


def _read(folder: Path, name: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads((folder / name).read_text(encoding="utf-8"))
    return rows


def _write(folder: Path, name: str, content: dict[str, Any]) -> None:
    (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _memory() -> float:
    """Return the most memory that this process has needed, in megabytes."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


def pipeline(name: str) -> list[dict[str, Any]]:
    """Return the Rasa pipeline of a peer: `ours` or `diet`."""
    if name == "diet":
        return _DEFAULT
    steps: list[dict[str, Any]] = read_yaml(ROOT / "config.yml")["pipeline"]
    return [step for step in steps if step["name"] != "FallbackClassifier"]


def learn_with_rasa(name: str, folder: Path) -> None:
    """Train a pipeline of Rasa on `train.json`."""
    # Nothing from an earlier training may make this one look faster.
    os.environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")
    rows = _read(folder, "train.json")
    by_intent: dict[str, list[str]] = {}
    for row in rows:
        by_intent.setdefault(row["intent"], []).append(row["text"])
    nlu = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
        for intent, texts in by_intent.items()
    ]
    _dump(folder / "nlu.yml", {"version": "3.1", "nlu": nlu})
    config = {"recipe": "default.v1", "assistant_id": name, "language": "fr"}
    _dump(folder / "config.yml", {**config, "pipeline": pipeline(name)})
    from rasa.model_training import train_nlu

    vectors = _vector_seconds(rows) if name == "ours" else 0.0
    start = time.perf_counter()
    train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder), "model")
    _write(
        folder,
        "learned.json",
        {"seconds": time.perf_counter() - start, "vector_seconds": vectors},
    )


def _dump(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, width=10_000), encoding="utf-8")


def _vector_seconds(rows: Sequence[dict[str, str]]) -> float:
    """Return how long all sentence vectors would take anew, estimated from some lines.

    USE sees each line and a misspelt copy, e5 the line alone; `make train` keeps them.
    """
    from bot.rasa_parts.encoder import encoders

    texts = [row["text"] for row in rows[:: max(1, len(rows) // _SAMPLE)]]
    use, e5 = encoders()
    use.warm()
    e5.warm()
    start = time.perf_counter()
    use(texts)
    use(texts)
    e5(texts)
    return (time.perf_counter() - start) * len(rows) / len(texts)


def answer_with_rasa(name: str, folder: Path) -> None:
    """Ask a trained Rasa pipeline everything in `ask.json`, one message after the other."""
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    # Rasa writes every message to its log unless told otherwise, which costs time too.
    configure_structlog(logging.ERROR)
    agent = Agent.load(folder / "model.tar.gz")
    # Two dozen messages first: what is loaded at the first ones doesn't count.
    rows = _read(folder, "ask.json")
    loop = asyncio.new_event_loop()
    for row in rows[:24]:
        loop.run_until_complete(agent.parse_message(row["text"]))

    def ask(text: str) -> tuple[list[str], str | None]:
        parsed = loop.run_until_complete(agent.parse_message(text))
        ranking = parsed.get("intent_ranking") or [parsed["intent"]]
        names = [item["name"] for item in ranking if item["name"] not in _NO_INTENT]
        return names, (parsed.get("risk") or {}).get("level")

    _ask_all(rows, ask, folder)
    loop.close()


def _ask_all(
    rows: Sequence[dict[str, str]],
    ask: Callable[[str], tuple[list[str], str | None]],
    folder: Path,
) -> None:
    rankings, risks, seconds = [], [], []
    for row in rows:
        start = time.perf_counter()
        ranking, risk = ask(row["text"])
        seconds.append(time.perf_counter() - start)
        rankings.append(ranking[:3])
        risks.append(risk)
    _write(
        folder,
        "answers.json",
        {"rankings": rankings, "risks": risks, "seconds": seconds, "memory_mb": _memory()},
    )


def keywords(rows: Sequence[dict[str, str]]) -> dict[str, str]:
    """Return what Rasa's keyword classifier would learn: examples that occur in one intent only.

    Its own training compares each pair of examples (many minutes for thousands), reads question
    marks as patterns, and stops with a KeyError at the first example that occurs in two others.
    """
    spans: dict[str, set[str]] = {}
    for row in rows:
        words = re.findall(r"\w+|[^\w\s]+", row["text"])
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                spans.setdefault(" ".join(words[start:end]), set()).add(row["intent"])
    found: dict[str, str] = {}
    for row in rows:
        text = row["text"].strip(" .?!…")
        if text and len(spans.get(" ".join(re.findall(r"\w+|[^\w\s]+", text)), ())) == 1:
            found[re.escape(text)] = row["intent"]
    return found


def learn_keywords(name: str, folder: Path) -> None:
    """Keep the examples that serve as keywords."""
    start = time.perf_counter()
    found = keywords(_read(folder, "train.json"))
    _write(folder, "keywords.json", found)
    _write(folder, "learned.json", {"seconds": time.perf_counter() - start})


def answer_keywords(name: str, folder: Path) -> None:
    """Ask Rasa's keyword classifier everything in `ask.json`; it knows one intent or none."""
    from rasa.nlu.classifiers.keyword_intent_classifier import KeywordIntentClassifier
    from rasa.shared.nlu.training_data.message import Message

    known = json.loads((folder / "keywords.json").read_text(encoding="utf-8"))
    config = KeywordIntentClassifier.get_default_config()
    classifier = KeywordIntentClassifier(config, None, None, None, known)
    # Python keeps 512 patterns: with thousands, each message would compile all of them anew.
    re._MAXCACHE = len(known) + 1000  # type: ignore[attr-defined]

    def ask(text: str) -> tuple[list[str], str | None]:
        [message] = classifier.process([Message.build(text=text)])
        name = message.get("intent")["name"]
        return [name] if name else [], None

    ask("bonjour")
    _ask_all(_read(folder, "ask.json"), ask, folder)


_STEPS: dict[tuple[str, str], Callable[[str, Path], None]] = {
    ("ours", "learn"): learn_with_rasa,
    ("ours", "answer"): answer_with_rasa,
    ("diet", "learn"): learn_with_rasa,
    ("diet", "answer"): answer_with_rasa,
    ("keyword", "learn"): learn_keywords,
    ("keyword", "answer"): answer_keywords,
}


if __name__ == "__main__":
    peer, step, place = sys.argv[1:]
    _STEPS[peer, step](peer, Path(place))
