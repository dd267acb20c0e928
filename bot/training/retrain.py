"""`helpline retrain`, `promote` and `rollback`: train, judge, compare, put in service, go back."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from bot import door, settings
from bot.directory.check import DEFAULT_PATH, check
from bot.texts import TextsError
from bot.training import model, progress, public_record, retrain_page, service, versus
from bot.training.data import examples
from bot.training.gates import Gate, load_gates, missed
from bot.training.heldout import Measured, digest, measure
from bot.training.versus import Turned

_SHOWN = 40


def retrain(argv: Sequence[str]) -> int:
    """Check the data, train, measure, compare with the model in service; promote nothing."""
    parser = argparse.ArgumentParser(prog="helpline retrain", description=retrain.__doc__)
    parser.parse_args(argv)
    with progress.alone(progress.REPORTS) as telling:
        says: list[str] = []
        code = 2
        try:
            code = _retrain(telling, says)
        except (TextsError, OSError, ValueError) as error:
            says.append(str(error))
            raise
        finally:
            telling.end(code, tuple(says))
    return code


def _retrain(telling: progress.Telling, says: list[str]) -> int:
    print("1. checking the data …", flush=True)
    problems = check_all(date.today())
    says += problems
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return 2
    telling.step("training")
    print("2. training (some minutes; nothing when the data hasn't changed) …", flush=True)
    new = model.train()
    telling.step("measuring", new.name)
    print(f"3. measuring {new.name} …", flush=True)
    old = compared_with(new, model.MODELS, answering())
    code = report(
        new,
        old,
        _measured,
        load_gates(),
        digest(),
        model.MODELS,
        page=progress.REPORTS,
        step=telling.step,
    )
    verdict = service.verdict_of(new)
    says += missed(verdict.figures, load_gates()) if verdict else []
    return code


def answering() -> str:
    """Return the name of the model that answers on this machine now, empty when none does."""
    found = door.standing(settings.load())
    return found.model if found else ""


def compared_with(new: Path, folder: Path, running: str) -> Path | None:
    """Return the model to hold a new one against, None when there is no other.

    That is the one in service; else the one that runs; else the newest other one.

    Args:
        new: the model to judge.
        folder: of the models.
        running: name of the model that answers now, or empty.
    """
    known = service.in_service(folder)
    if known is not None:
        return known
    if running and (folder / running).is_file():
        return folder / running
    others = [path for path in folder.glob("helpline-*.tar.gz") if path != new]
    return max(others, key=lambda path: path.stat().st_mtime, default=None)


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
    *,
    page: Path | None = None,
    step: Callable[[str], None] = lambda _: None,
) -> int:
    """Measure a new model, keep its verdict, tell what it changes; return the exit code.

    Args:
        new: the model to judge.
        old: the one to compare with, if there is one.
        read: measures a model.
        gates: the least that it must reach.
        lines: the hash of the test lines.
        folder: where verdicts are kept.
        page: folder for the report with pictures; None: none.
        step: told when comparing begins.

    Returns:
        0: it may be promoted. 1: it misses a gate.
    """
    now = read(new)
    verdict = service.judge(new, now, lines)
    verdict.write(folder)
    when = datetime.now().astimezone().isoformat(timespec="minutes")
    fingerprint = public_record.fingerprint_of(new.name)
    public_record.write(
        public_record.beside(new), public_record.made(when, fingerprint, lines, now)
    )
    judged = retrain_page.Judged(when, new.name, now, gates)
    if old is not None and old != new and old.exists():
        step("comparing")
        before = read(old)
        judged = replace(judged, old=old.name, before=before)
        print(f"4. compared with {old.name}:")
        for figure in versus.compared(before, now):
            print(f"   {figure.line}")
        _print_turned(list(versus.turned(before, now)))
    if page is not None:
        print(f"{retrain_page.write(page, judged)}: the same with pictures")
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
    """Put a model in service that was measured and misses no gate; nobody's talk is lost."""
    parser = argparse.ArgumentParser(prog="helpline promote", description=promote.__doc__)
    parser.add_argument("model", nargs="?", type=Path, help="default: the model of today's data")
    path = parser.parse_args(argv).model or model.model_path()
    service.promote(path, load_gates(), digest(), model.MODELS, running=answering())
    return follow(path.name)


def rollback(argv: Sequence[str]) -> int:
    """Go back to the model that was in service before; nobody's talk is lost."""
    argparse.ArgumentParser(prog="helpline rollback", description=rollback.__doc__).parse_args(argv)
    return follow(service.rollback(model.MODELS).name)


def follow(
    name: str,
    look: Callable[[], door.Door | None] | None = None,
    *,
    seconds: float = 900.0,
    pause: float = 0.5,
) -> int:
    """Tell how a running assistant changes to a model; return the exit code.

    Args:
        name: of the model that was put in service.
        look: reads the door's file; tests give their own.
        seconds: how long to wait for the change.
        pause: seconds between two looks.

    Returns:
        0: it is in service, or will be at the next start. 1: the assistant refused it.
    """
    place = door.place(settings.load())
    look = look or (lambda: door.read(place))
    first = found = look()
    said, changed = "", False
    deadline = time.monotonic() + seconds
    while found and found.alive and time.monotonic() < deadline:
        # A change that had ended before isn't ours.
        changed = changed or found != first
        mine = changed and found.wanted == name
        if found.model == name and (found.step in door.ENDED or not changed):
            print(f"{name} is in service.")
            return 0
        if mine and found.step == "refused":
            print(f"{name} was refused: {found.why}. {found.model} stays.", file=sys.stderr)
            return 1
        if mine and found.step != said:
            said = found.step
            print(f"{said} …", flush=True)
        time.sleep(pause)
        found = look()
    if first and first.alive:
        print(f"The running assistant didn't change in {seconds:.0f} s: see what it says.")
        return 1
    print(f"{name} is in service from the next start on: the assistant doesn't run here.")
    return 0
