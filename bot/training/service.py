"""Which model is in service: retrain and judge, put one in service, go back.

`models/in-service` names the model that `helpline run` starts, and below it those before, newest
first. Without the file, the model of today's data is started. A model gets there only with a
verdict (`models/<name>.verdict.json`) that misses no gate of `data/gates.yml`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.texts import TextsError
from bot.training.figures import difference_of
from bot.training.gates import Gate, missed
from bot.training.heldout import Measured, figures, groups
from bot.training.model import MODELS

KEEP = 5
_FILE = "in-service"
_NAME = re.compile(r"helpline-[0-9a-f]{8,64}\.tar\.gz")
# The figures that are shown with their doubt when two models are compared.
_COMPARED = (
    "recall.emergency", "recall.crisis", "recall.child", "false_alarms",
    "accepted.fr", "accepted.nl", "top3.fr", "top3.nl",
)  # fmt: skip


class RefusedModelError(TextsError):
    """A model can't be put in service; the message says why, one reason a line."""


@dataclass(frozen=True)
class Verdict:
    """What was measured of one model file.

    `model` is its name, `content` the hash of its bytes, `lines` that of the test lines.
    """

    model: str
    content: str
    lines: str
    figures: Mapping[str, float]

    def write(self, folder: Path) -> None:
        """Keep it beside the model."""
        _write(folder / f"{self.model}.verdict.json", json.dumps(asdict(self), indent=1) + "\n")


@dataclass(frozen=True)
class Turned:
    """One test line on which two models differ."""

    kind: str
    text: str
    lang: str
    meant: str
    before: str
    now: str
    better: bool


def content_of(path: Path) -> str:
    """Return the hash of a model file.

    Raises:
        FileNotFoundError: there is none.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def history(folder: Path = MODELS) -> list[str]:
    """Return the names of the models in service, today's first; empty without the file.

    Raises:
        TextsError: a line isn't the name of a model.
    """
    path = folder / _FILE
    if not path.exists():
        return []
    names = path.read_text(encoding="utf-8").split()
    for name in names:
        if not _NAME.fullmatch(name):
            raise TextsError(f"{path}: {name[:80]!r} is no model's name; run 'helpline promote'.")
    return names


def in_service(folder: Path = MODELS) -> Path | None:
    """Return the model to start, None when nobody has put one in service.

    Raises:
        TextsError: the file names a model that isn't there.
    """
    names = history(folder)
    if not names:
        return None
    path = folder / names[0]
    if not path.exists():
        raise TextsError(f"{folder / _FILE} names {names[0]}, which isn't there: helpline rollback")
    return path


def verdict_of(path: Path) -> Verdict | None:
    """Return what was measured of a model, None when nobody did.

    Raises:
        TextsError: the verdict can't be read.
    """
    file = path.with_name(f"{path.name}.verdict.json")
    if not file.exists():
        return None
    try:
        return Verdict(**json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise TextsError(f"{file}: can't be read; run 'helpline retrain'.") from None


def judge(path: Path, measured: Measured, lines: str) -> Verdict:
    """Return the verdict on a model file, from what it made of the test lines.

    Args:
        path: of the model.
        measured: every test line, as the model read it.
        lines: the hash of the test lines.
    """
    return Verdict(path.name, content_of(path), lines, figures(measured))


def promote(path: Path, gates: Sequence[Gate], lines: str, folder: Path = MODELS) -> None:
    """Put a model in service; it starts with the next `helpline run`.

    Args:
        path: of the model.
        gates: the least that it must reach, as they are now.
        lines: the hash of the test lines, as they are now.
        folder: of the models.

    Raises:
        RefusedModelError: it wasn't measured as it is, on these lines, or misses a gate.
        FileNotFoundError: there is no such model.
    """
    if path.parent.resolve() != folder.resolve() or not _NAME.fullmatch(path.name):
        raise RefusedModelError(f"{path}: only a model in {folder} can be put in service.")
    content, verdict = content_of(path), verdict_of(path)
    if verdict is None or (verdict.model, verdict.content) != (path.name, content):
        raise RefusedModelError(f"{path.name} wasn't measured as it is: run 'helpline retrain'.")
    if verdict.lines != lines:
        raise RefusedModelError("The test lines have changed since: run 'helpline retrain'.")
    failed = missed(verdict.figures, list(gates))
    if failed:
        raise RefusedModelError("\n".join(failed))
    _put([path.name, *(name for name in history(folder) if name != path.name)], folder)


def rollback(folder: Path = MODELS) -> Path:
    """Go back to the model that was in service before; return it.

    Raises:
        TextsError: there is none.
    """
    left = [name for name in history(folder)[1:] if (folder / name).exists()]
    if not left:
        raise TextsError("There is no model from before to go back to.")
    _put(left, folder)
    return folder / left[0]


def _put(names: list[str], folder: Path) -> None:
    _write(folder / _FILE, "".join(f"{name}\n" for name in names[:KEEP]))


def _write(path: Path, text: str) -> None:
    """Write a file so that who reads it finds the old or the new one, whole."""
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, encoding="utf-8", delete=False, prefix="."
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, path)


# --- two models, line by line
def turned(before: Measured, now: Measured) -> Iterator[Turned]:
    """Yield the test lines that one model gets right and the other doesn't."""
    for one, two in zip(before.safety, now.safety, strict=True):
        was = not one.alarmed if one.risk == "none" else one.seen
        is_ = not two.alarmed if two.risk == "none" else two.seen
        if was != is_:
            yield Turned("danger", one.text, one.lang, one.risk, one.found, two.found, is_)
    for old, new in zip(before.intents, now.intents, strict=True):
        if old.accepted != new.accepted:
            yield Turned(
                "intent", old.text, old.lang, old.intent, old.ranking[0], new.ranking[0],
                new.accepted,
            )  # fmt: skip


def compared(before: Measured, now: Measured) -> Iterator[str]:
    """Yield a line for each figure: before, now, and between what the difference likely lies."""
    old, new = groups(before), groups(now)
    for name in _COMPARED:
        if old.get(name) and new.get(name):
            gain = difference_of(new[name], old[name])
            sure = "" if gain.low <= 0 <= gain.high else "  (no accident)"
            yield (
                f"{name:18} {sum(old[name]) / len(old[name]):.3f} -> "
                f"{sum(new[name]) / len(new[name]):.3f}  "
                f"difference {gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]{sure}"
            )
