"""`helpline retrain`, `promote` and `rollback`: train, judge, compare, put in service, go back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from bot.directory.check import DEFAULT_PATH, check
from bot.texts import TextsError
from bot.training import model, service
from bot.training.data import examples
from bot.training.gates import Gate, load_gates, missed
from bot.training.heldout import Measured, digest, measure
from bot.training.service import Turned

_SHOWN = 40


def retrain(argv: Sequence[str]) -> int:
    """Check the data, train, measure, compare with the model in service; promote nothing."""
    parser = argparse.ArgumentParser(prog="helpline retrain", description=retrain.__doc__)
    parser.parse_args(argv)
    print("1. checking the data …", flush=True)
    problems = check_all(date.today())
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return 2
    print("2. training (some minutes; nothing when the data hasn't changed) …", flush=True)
    new = model.train()
    print(f"3. measuring {new.name} …", flush=True)
    return report(new, service.in_service(), _measured, load_gates(), digest(), model.MODELS)


def check_all(today: date) -> list[str]:
    """Return what must be mended before training: the files' form, examples, the directory."""
    try:
        model.check_data()
        examples()
    except TextsError as error:
        return [str(error)]
    return [str(p) for p in check(DEFAULT_PATH, today) if p.severity == "error"]


def _measured(path: Path) -> Measured:
    from bot.privacy.redact import Redactor
    from bot.training.reader import Reader, load_directory_once

    redactor = Redactor(load_directory_once())
    return measure(
        Reader.load(path),
        redact=lambda text, code: redactor.redact(text, "nl" if code == "nl" else "fr"),
    )


def report(
    new: Path,
    old: Path | None,
    read: Callable[[Path], Measured],
    gates: Sequence[Gate],
    lines: str,
    folder: Path,
) -> int:
    """Measure a new model, keep its verdict, print what it changes; return the exit code.

    Args:
        new: the model to judge.
        old: the one in service, if there is one.
        read: measures a model.
        gates: the least that it must reach.
        lines: the hash of the test lines.
        folder: where verdicts are kept.

    Returns:
        0: it may be promoted. 1: it misses a gate.
    """
    now = read(new)
    verdict = service.judge(new, now, lines)
    verdict.write(folder)
    if old is not None and old != new and old.exists():
        before = read(old)
        print(f"4. compared with {old.name}, in service:")
        for line in service.compared(before, now):
            print(f"   {line}")
        _print_turned(list(service.turned(before, now)))
    failed = missed(verdict.figures, list(gates))
    for sentence in failed:
        print(sentence, file=sys.stderr)
    if failed:
        print(f"{new.name} misses {len(failed)} gates: it can't be put in service.")
        return 1
    print(f"{new.name} passes all gates. 'helpline promote' puts it in service.")
    return 0


def _print_turned(found: list[Turned]) -> None:
    for better, title in ((False, "worse"), (True, "better")):
        mine = [one for one in found if one.better is better]
        print(f"   {title}: {len(mine)} lines")
        for one in mine[:_SHOWN]:
            print(
                f"     {one.lang} {one.kind} {one.text!r}: meant {one.meant}, "
                f"before {one.before}, now {one.now}"
            )
        if len(mine) > _SHOWN:
            print(f"     … and {len(mine) - _SHOWN} more")


def promote(argv: Sequence[str]) -> int:
    """Put a model in service that was measured and misses no gate: at the next start."""
    parser = argparse.ArgumentParser(prog="helpline promote", description=promote.__doc__)
    parser.add_argument("model", nargs="?", type=Path, help="default: the model of today's data")
    path = parser.parse_args(argv).model or model.model_path()
    service.promote(path, load_gates(), digest(), model.MODELS)
    print(f"{path.name} is in service from the next start on ('helpline rollback' goes back).")
    return 0


def rollback(argv: Sequence[str]) -> int:
    """Go back to the model that was in service before: at the next start."""
    argparse.ArgumentParser(prog="helpline rollback", description=rollback.__doc__).parse_args(argv)
    path = service.rollback(model.MODELS)
    print(f"{path.name} is in service again from the next start on.")
    return 0
