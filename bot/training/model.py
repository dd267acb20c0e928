"""The trained model: which one fits the data as it is now, and how to train it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.privacy.silence import quiet_warnings
from bot.settings import ROOT, models_dir
from bot.texts import TextsError, read_yaml

MODELS = models_dir()
# What a model is made of: when none of it changed, nothing is trained. Situations aren't
# here: they are read at each start.
_MADE_OF = (
    "data/nlu/*.yml",
    "data/safety/*.yml",
    "data/rules/*.yml",
    "data/answers/*.yml",
    "data/plan.yml",
    "config.yml",
    "domain.yml",
    "bot/language.py",
    "bot/rasa_parts/augment.py",
    "bot/rasa_parts/encoder.py",
    "bot/rasa_parts/intents.py",
    "bot/rasa_parts/risk.py",
    "bot/rasa_parts/text.py",
    "bot/rasa_parts/understanding.py",
    "bot/rasa_parts/voters.py",
    "bot/safety/learned.py",
)


def _sources() -> list[Path]:
    return sorted(path for pattern in _MADE_OF for path in ROOT.glob(pattern))


def fingerprint() -> str:
    """Return a short hash of all that a model is trained from."""
    digest = hashlib.blake2b(digest_size=8)
    for path in _sources():
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def model_path() -> Path:
    """Return where the model of today's data lies or will lie."""
    return MODELS / f"helpline-{fingerprint()}.tar.gz"


def check_data() -> None:
    """Make sure that every training file is YAML.

    Raises:
        TextsError: one isn't; names file, line and cure.
    """
    for path in _sources():
        if path.suffix == ".yml":
            read_yaml(path)


def train() -> Path:
    """Train the model of today's data, unless it exists; return its path.

    Raises:
        TextsError: a data file is broken.
    """
    target = model_path()
    if target.exists():
        return target
    check_data()
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    # Rasa's own bars and its libraries' warnings say nothing to a maintainer; ours stays.
    os.environ["TQDM_DISABLE"] = "1"
    quiet_warnings()
    from rasa.model_training import train as rasa_train

    with tempfile.TemporaryDirectory(dir=_made(MODELS)) as folder:
        result = rasa_train(
            domain=str(ROOT / "domain.yml"),
            config=str(ROOT / "config.yml"),
            training_files=[
                str(ROOT / name) for name in ("data/nlu", "data/rules", "data/answers")
            ],
            output=folder,
            fixed_model_name="model",
        )
        if result.code or not result.model:
            raise TextsError("Rasa could not train; what it said stands above.")
        shutil.move(result.model, target)
    _forget_old()
    return target


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _forget_old(keep: int = 5) -> None:
    # Those in service, and before, are kept to go back to.
    listed = MODELS / "in-service"
    lines = listed.read_text(encoding="utf-8").splitlines() if listed.exists() else []
    kept = {line.split()[0] for line in lines if line.strip()}
    models = sorted(MODELS.glob("helpline-*.tar.gz"), key=lambda p: p.stat().st_mtime)
    for old in models[:-keep]:
        if old.name not in kept:
            old.unlink()
            for kind in ("verdict", "safety"):
                old.with_name(f"{old.name}.{kind}.json").unlink(missing_ok=True)


@contextlib.contextmanager
def component_folder(model: Path, name: str) -> Iterator[Path]:
    """Give the folder of one trained component, unpacked for a while.

    Args:
        model: a model's archive.
        name: the component's class name.

    Raises:
        FileNotFoundError: there is no such component in the model.
    """
    with tempfile.TemporaryDirectory() as folder, tarfile.open(model) as archive:
        members = [m for m in archive.getmembers() if f".{name}" in m.name]
        archive.extractall(folder, members)  # noqa: S202 - our own archive
        for path in Path(folder).rglob(f"*.{name}*"):
            if path.is_dir():
                yield path
                return
    raise FileNotFoundError(f"{model}: no trained {name} inside; run 'make train'.")
