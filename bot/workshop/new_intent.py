"""A new meaning: everything that one needs, checked first, then written in one save.

Domain, plan, label, rule, answer and examples in both languages: with one of them missing, Rasa
doesn't train, or the assistant falls silent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import LiteralScalarString

from bot.directory.places import fold
from bot.language import SUPPORTED
from bot.workshop import wording
from bot.workshop.answers import WordingError
from bot.workshop.intents import (
    ExamplesError,
    Redact,
    frozen_lines,
    load,
    problems,
)
from bot.workshop.listing import known_numbers
from bot.workshop.saving import DOMAIN, Change, RefusedError, Saved, Shelf, snapshot
from bot.workshop.typed import lines_of, one_line
from bot.workshop.yaml_edit import CONTROLS, plain, styled, tidy_lines

LEAST = 10
MOST = 60
# The files of a meaning. Danger isn't among them: it needs patterns, answers by who writes, tests.
TOPICS = ("help", "knowledge", "service", "support", "disclosure", "conversation")
LINES = ("violence", "suicide", "child", "sexual", "elder", "perpetrator", "honour", "lgbtqi",
         "digital", "deaf")  # fmt: skip
SERVICES = ("police", "social", "shelter", "children", "perpetrators", "elders", "legal", "health",
            "sexual_violence")  # fmt: skip
WRITERS = ("hurt", "hurts", "witness", "professional")
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+){0,6}")
_WORD = re.compile(r"\w[\w'’+-]*")
_NEXT_STEP = re.compile(r"\bligne|\blijn|hulplijn|\b112\b|\?", re.IGNORECASE)
_LINE_BELOW = re.compile(r"ligne ci-dessous|lijn hieronder", re.IGNORECASE)
_MOST_NAME, _MOST_LABEL, _MOST_SOURCE = 40, 60, 300
_LABEL_WORDS = range(2, 6)


@dataclass(frozen=True)
class NewIntent:
    """A form on a new meaning, as typed.

    `name` may be empty: it is then made from the French label. `child` is the answer in words for a
    child: needed where the other says "vous" or "u". `buttons` are names of other meanings, offered
    below the answer; `sources` one a line.
    """

    name: str
    topic: str
    label: Mapping[str, str]
    examples: Mapping[str, Sequence[str]]
    answer: Mapping[str, str]
    child: Mapping[str, str] = field(default_factory=dict)
    buttons: Sequence[str] = ()
    lines: str = ""
    services: str = ""
    writer: str = ""
    raised: bool = False
    withhold: bool = False
    sources: str = ""


@dataclass(frozen=True)
class _Ready:
    """The same, checked."""

    name: str
    label: dict[str, str]
    answer: dict[str, str]
    child: dict[str, str]
    plan: dict[str, str]
    sources: list[str]
    buttons: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)


def opened(shelf: Shelf) -> str:
    """Return what the form remembers: the meanings that exist."""
    return snapshot(_names(shelf.read(DOMAIN)))


def _names(domain: Any) -> list[str]:
    return [str(name) for name in domain["intents"]]


def name_of(wanted: NewIntent) -> str:
    """Return the technical name: as typed, or made from the French label."""
    if wanted.name.strip():
        return wanted.name.strip()
    made = "_".join(fold(wanted.label.get("fr", "")).split()[: _LABEL_WORDS.stop])
    return ("ask_" + made)[:_MOST_NAME].strip("_") if made else ""


def check(shelf: Shelf, wanted: NewIntent, redact: Redact) -> _Ready:
    """Return a form checked; nothing is written.

    Raises:
        ExamplesError: some sentences can't be examples.
        WordingError: the answer breaks a rule.
        RefusedError: something else that was typed can't be used.
    """
    name = name_of(wanted)
    if not _NAME.fullmatch(name) or len(name) > _MOST_NAME:
        raise RefusedError("wrong_intent_name", name=name[:60])
    known = load(shelf)
    if name in _names(shelf.read(DOMAIN)):
        raise RefusedError("wrong_intent_exists", intent=name)
    if wanted.topic not in TOPICS:
        raise RefusedError("wrong_topic")
    label = _label(shelf, wanted.label)
    plan = _plan(wanted)
    few = [code for code in SUPPORTED if len(wanted.examples.get(code, ())) < LEAST]
    many = [code for code in SUPPORTED if len(wanted.examples.get(code, ())) > MOST]
    if few or many:
        raise RefusedError("wrong_first_examples", least=LEAST, most=MOST)
    sentences = {code: list(wanted.examples[code]) for code in SUPPORTED}
    numbers, frozen = known_numbers(shelf), frozen_lines(shelf.root)
    bad = list(problems(known, name, sentences, redact, frozen, numbers))
    if bad:
        raise ExamplesError(bad)
    answer, child = _answers(name, wanted)
    labels = shelf.read("labels.yml")
    buttons = [(one, labels[one]) for one in wanted.buttons if one in labels]
    if len(buttons) != len(wanted.buttons):
        raise RefusedError("wrong_intent", intent=", ".join(wanted.buttons)[:60])
    below = bool(buttons or {"lines", "services"} & set(plan))
    if not below and not all(_NEXT_STEP.search(text) for text in answer.values()):
        raise RefusedError("wrong_next_step")
    spoken = [*answer.values(), *child.values()]
    if any(_LINE_BELOW.search(text) for text in spoken) and not {"lines", "services"} & set(plan):
        raise RefusedError("wrong_no_line")
    sources = lines_of(wanted.sources, _MOST_SOURCE, 12)
    return _Ready(name, label, answer, child, plan, sources, buttons)


def _answers(name: str, wanted: NewIntent) -> tuple[dict[str, str], dict[str, str]]:
    """Return the answer and, where one is needed or typed, the one for a child; {} for none."""
    if any(CONTROLS.search(text) for text in (*wanted.answer.values(), *wanted.child.values())):
        raise RefusedError("wrong_hidden")

    def tidied(texts: Mapping[str, str]) -> dict[str, str]:
        return {code: tidy_lines(texts.get(code, ""), wording.MOST + 1) for code in SUPPORTED}

    answer, child = tidied(wanted.answer), tidied(wanted.child)
    wrong = list(wording.problems(f"utter_{name}", answer, {}))
    if any(child.values()):
        wrong += wording.problems(f"utter_{name}_child", child, answer)
    if wrong:
        raise WordingError(wrong)
    if any(child.values()):
        return answer, child
    if any(wording.formal(answer[code], code) for code in SUPPORTED):
        raise RefusedError("wrong_no_child")
    return answer, {}


def _label(shelf: Shelf, typed: Mapping[str, str]) -> dict[str, str]:
    label: dict[str, str] = {code: one_line(typed.get(code, ""), _MOST_LABEL) for code in SUPPORTED}
    taken = {text for both in shelf.read("labels.yml").values() for text in both.values()}
    for text in label.values():
        if len(_WORD.findall(text)) not in _LABEL_WORDS or re.search(r"[<>{}\[\]/\\|`]", text):
            raise RefusedError("wrong_label")
        if text in taken:
            raise RefusedError("wrong_label_taken", label=text)
    return label


def _plan(wanted: NewIntent) -> dict[str, str]:
    plan: dict[str, str] = {"risk": "raised"} if wanted.raised else {}
    for key, value, allowed in (
        ("writer", wanted.writer, WRITERS),
        ("lines", wanted.lines, LINES),
        ("services", wanted.services, SERVICES),
    ):
        if value and value not in allowed:
            raise RefusedError("wrong_plan", value=value[:40])
        if value:
            plan[key] = value
    return plan


def add(
    shelf: Shelf,
    wanted: NewIntent,
    *,
    redact: Redact,
    who: str,
    why: str,
    before: str | None = None,
) -> list[Saved]:
    """Write a new meaning: all its files, or none.

    Raises:
        StaleError: somebody else has added one since `before`.
        ExamplesError, WordingError, RefusedError: as `check`.
    """
    ready, topic = check(shelf, wanted, redact), wanted.topic
    # New lines stand before the topic's last one: comments between topics stay where they are.
    neighbour = str(shelf.read(f"rules/{topic}.yml")["rules"][-1]["rule"])
    changes = [
        Change(DOMAIN, _in_list(ready.name, neighbour), part=_names, before=before),
        Change("plan.yml", _in_map(ready.name, plain(ready.plan), neighbour)),
        Change("labels.yml", _in_map(ready.name, styled(ready.label), neighbour)),
        Change(f"rules/{topic}.yml", _rule(ready.name)),
        Change(
            f"answers/{topic}.yml",
            _answer(f"utter_{ready.name}", ready.answer, ready, withhold=wanted.withhold),
        ),
    ]
    if ready.child:
        key = f"utter_{ready.name}_child"
        more = _answer(key, ready.child, ready, withhold=wanted.withhold)
        changes.append(Change("answers/child.yml", more))
    for code in SUPPORTED:
        lines = wanted.examples[code]
        changes.append(Change(f"nlu/{topic}.{code}.yml", _examples(ready.name, lines)))
    return shelf.edit_all(changes, who=who, why=why)


def _in_list(name: str, neighbour: str) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        names = data["intents"]
        if name in names:
            raise RefusedError("wrong_intent_exists", intent=name)
        names.insert(names.index(neighbour), name)

    return change


def _in_map(name: str, value: Any, neighbour: str) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        data.insert(list(data).index(neighbour), name, value)

    return change


def _rule(name: str) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        steps = [CommentedMap({"intent": name}), CommentedMap({"action": "action_answer"})]
        data["rules"].append(CommentedMap({"rule": name, "steps": CommentedSeq(steps)}))

    return change


def _answer(
    key: str, texts: Mapping[str, str], ready: _Ready, *, withhold: bool
) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        variants = CommentedSeq()
        for code in SUPPORTED:
            slot = plain([{"type": "slot", "name": "language", "value": code}])
            variant = CommentedMap({"condition": slot, "text": LiteralScalarString(texts[code])})
            if ready.buttons:
                titles = (
                    {"title": styled(label[code]), "payload": one} for one, label in ready.buttons
                )
                variant["buttons"] = CommentedSeq([plain(button) for button in titles])
            if not variants:
                variant["metadata"] = CommentedMap(
                    {
                        "if_read_by_violent_person": "withhold" if withhold else "safe",
                        "sources": _sources(ready.sources),
                        "approved": None,
                    }
                )
            variants.append(variant)
        data["responses"][key] = variants

    return change


def _sources(sources: Sequence[str]) -> Any:
    found = CommentedSeq([styled(source) for source in sources])
    if not sources:
        found.fa.set_flow_style()
    return found


def _examples(name: str, lines: Sequence[str]) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        text = LiteralScalarString("".join(f"- {line}\n" for line in lines))
        data["nlu"].append(CommentedMap({"intent": name, "examples": text}))

    return change
