"""Which model is in service: retrain and judge, put one in service, go back.

`models/in-service` names the model that `helpline run` starts and since when, and below it those
before, newest first; a running assistant changes to it by itself (`bot/model_switch.py`). Without
the file, the model of today's data is started. A model gets there only with a verdict
(`models/<name>.verdict.json`) that misses no gate of `data/gates.yml`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from bot.texts import TextsError
from bot.training.gates import Gate, missed
from bot.training.heldout import Measured, figures
from bot.training.model import MODELS

KEEP = 5
_FILE = "in-service"
_NAME = re.compile(r"helpline-[0-9a-f]{8,64}\.tar\.gz")


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
    return list(since(folder))


def since(folder: Path = MODELS) -> dict[str, str]:
    """Return the models in service, today's first, and since when each was (ISO 8601, or empty).

    Raises:
        TextsError: a line isn't the name of a model.
    """
    path = folder / _FILE
    found: dict[str, str] = {}
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for line in lines:
        name, _, day = line.strip().partition(" ")
        if not _NAME.fullmatch(name):
            raise TextsError(f"{path}: {name[:80]!r} is no model's name; run 'helpline promote'.")
        found[name] = day
    return found


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


def promote(
    path: Path,
    gates: Sequence[Gate],
    lines: str,
    folder: Path = MODELS,
    *,
    running: str = "",
) -> None:
    """Put a model in service; a running assistant changes to it by itself.

    Args:
        path: of the model.
        gates: the least that it must reach, as they are now.
        lines: the hash of the test lines, as they are now.
        folder: of the models.
        running: name of the model that answers now: what one goes back to when nobody has put a
            model in service before.

    Raises:
        RefusedModelError, FileNotFoundError: as `check`.
    """
    check(path, gates, lines, folder)
    known = history(folder) or [name for name in [running] if (folder / name).is_file()]
    _put([path.name, *(name for name in known if name != path.name)], folder, new=True)


def check(path: Path, gates: Sequence[Gate], lines: str, folder: Path = MODELS) -> None:
    """Make sure that a model may be put in service; the arguments are those of `promote`.

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


def rollback(folder: Path = MODELS) -> Path:
    """Go back to the model that was in service before; return it.

    Raises:
        TextsError: there is none.
    """
    left = [name for name in history(folder)[1:] if (folder / name).exists()]
    if not left:
        raise TextsError("There is no model from before to go back to.")
    _put(left, folder, new=True)
    return folder / left[0]


def put_back(kept: str, refused: str, folder: Path = MODELS) -> None:
    """Note that a model was refused after all, and that the one before stays in service.

    Args:
        kept: name of the model that stays.
        refused: name of the other one.
        folder: of the models.
    """
    names = history(folder)
    left = [name for name in names if name != refused]
    if names[:1] == [refused]:
        left = [kept, *(name for name in left if name != kept)]
    _put(left, folder, new=False)


def _put(names: list[str], folder: Path, *, new: bool) -> None:
    """Write the list; `new` when the first begins its service now, unless it's there already."""
    days = since(folder)
    if new and next(iter(days), None) != names[0]:
        days[names[0]] = datetime.now().astimezone().isoformat(timespec="minutes")
    lines = (f"{name} {days.get(name, '')}".strip() + "\n" for name in names[:KEEP])
    _write(folder / _FILE, "".join(lines))


def _write(path: Path, text: str) -> None:
    """Write a file so that who reads it finds the old or the new one, whole."""
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, encoding="utf-8", delete=False, prefix="."
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    # Who promotes is often root; who reads is the service's own user. Nothing in it is a secret.
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)
