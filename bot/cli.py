"""`helpline`: the command line for maintainers and for measuring."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot import settings
from bot.directory.model import DirectoryError
from bot.texts import TextsError


def _run(args: argparse.Namespace) -> int:
    import secrets
    from dataclasses import replace

    from bot.supervisor import StartError, Supervisor
    from bot.training.model import model_path, train
    from bot.training.service import in_service

    config = settings.load()
    config = replace(config, internal_token=config.internal_token or secrets.token_urlsafe(32))
    model = in_service() or train()
    if model != model_path():
        print(f"{model.name} is in service; the data is newer ('helpline retrain').", flush=True)
    try:
        return asyncio.run(Supervisor(config, model, lambda line: print(line, flush=True)).run())
    except StartError as error:
        print(error, file=sys.stderr)
        return 2


def _train(args: argparse.Namespace) -> int:
    from bot.training.model import model_path, train

    known = model_path().exists()
    path = train()
    print(f"{path}: {'nothing has changed' if known else 'trained'}")
    return 0


def _parse(args: argparse.Namespace) -> int:
    from bot.training.parse import parse_lines

    return parse_lines(sys.stdin, sys.stdout)


def _redact(args: argparse.Namespace) -> int:
    from bot.training.parse import redact_lines

    return redact_lines(sys.stdin, sys.stdout)


def _evaluate(args: argparse.Namespace) -> int:
    from bot.training.evaluate import evaluate_intents, evaluate_safety

    measure = evaluate_safety if args.safety else evaluate_intents
    return measure(args.file, as_json=args.json)


def _report(args: argparse.Namespace) -> int:
    from bot.training.report import write_report

    return write_report(quick=args.quick)


def _chat(args: argparse.Namespace) -> int:
    from bot.training.chat import chat

    return asyncio.run(chat(args.url, args.language))


def _directory(args: argparse.Namespace) -> int:
    if args.rest[:1] == ["reports"]:
        from bot.directory.doubts import main as reports

        return reports(args.rest[1:])
    from bot.workshop.commands import PARTS, directory_main

    if args.rest[:1] and args.rest[0] in PARTS:
        return directory_main(args.rest)
    from bot.directory.check import main as check

    return check(args.rest)


def _intents(args: argparse.Namespace) -> int:
    from bot.workshop.commands import intents_main

    return intents_main(args.rest)


def _content(args: argparse.Namespace) -> int:
    from bot.workshop.commands import content_main

    return content_main(args.rest)


def _inbox(args: argparse.Namespace) -> int:
    from bot.learning.commands import main as inbox

    return inbox(args.rest)


def _retrain(args: argparse.Namespace) -> int:
    from bot.training import retrain

    run: Callable[[Sequence[str]], int] = getattr(retrain, args.command)
    return run(args.rest)


def _webhooks(args: argparse.Namespace) -> int:
    from bot.handoff.webhooks import main as webhooks

    return webhooks(args.rest)


def _desk(args: argparse.Namespace) -> int:
    from bot.desk.commands import main as desk

    return desk(args.rest)


def _doctor(args: argparse.Namespace) -> int:
    from bot.doctor.examine import main as doctor

    return doctor()


def _switch(value: str) -> Callable[[argparse.Namespace], int]:
    def switch(args: argparse.Namespace) -> int:
        from bot.state import State

        state = State(settings.load().state_dir)
        state.set("assistant", value)
        state.close()
        print(
            "The assistant is off: visitors see the card of numbers. 'helpline on' ends it."
            if value == "off"
            else "The assistant answers again."
        )
        return 0

    return switch


def parser() -> argparse.ArgumentParser:
    """Return the command line's definition."""
    root = argparse.ArgumentParser(prog="helpline", description=__doc__)
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(
        name: str, text: str, run: Callable[[argparse.Namespace], int]
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        return command

    add("run", "train when needed and start everything", _run)
    add("train", "train the model when its data has changed", _train)
    add(
        "off", "show visitors the card of numbers instead of the assistant, at once", _switch("off")
    )
    add("on", "let the assistant answer again", _switch("on"))
    add("doctor", "say what is wrong with this installation, and the cure", _doctor)
    add("parse", "JSON Lines {text} in, intent, risk, language, entities out", _parse)
    add("redact", "JSON Lines {text, lang} in, redacted text and spans out", _redact)
    report = add("report", "measure and write reports/understanding.html", _report)
    report.add_argument("--quick", action="store_true", help="without cross-validation")
    chat = add("chat", "a conversation in the terminal", _chat)
    chat.add_argument("--url", default=None, help="address of a running gateway")
    chat.add_argument("--language", choices=["fr", "nl"], default="fr")
    evaluate = add("evaluate", "measure on JSON Lines {text, lang, intent, alt}", _evaluate)
    evaluate.add_argument("file", type=Path)
    evaluate.add_argument("--safety", action="store_true", help="lines are {text, lang, risk}")
    evaluate.add_argument("--json", action="store_true", help="print JSON")
    webhooks = add("webhooks", "list and replay webhooks that could not be delivered", _webhooks)
    webhooks.add_argument("rest", nargs=argparse.REMAINDER)
    desk = add("desk", "a one-time link for the desk: 'helpline desk invite'", _desk)
    desk.add_argument("rest", nargs=argparse.REMAINDER)
    directory = add(
        "directory",
        "check, reports (wrong numbers), list, set, checked, export, import",
        _directory,
    )
    directory.add_argument("rest", nargs=argparse.REMAINDER)
    for name, text, run in (
        ("intents", "example sentences: list, show, add", _intents),
        ("content", "answers: list, export, import, approve", _content),
        ("inbox", "sentences that visitors gave: list, wipe", _inbox),
        ("retrain", "train, judge, compare with the model in service; promotes nothing", _retrain),
        ("promote", "put a model in service that misses no gate", _retrain),
        ("rollback", "go back to the model that was in service before", _retrain),
    ):
        add(name, text, run).add_argument("rest", nargs=argparse.REMAINDER)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code (2 when something must be corrected first)."""
    args = parser().parse_args(argv)
    try:
        code: int = args.run(args)
        return code
    except (settings.SettingsError, TextsError, DirectoryError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:
        return 0


if __name__ == "__main__":
    sys.exit(main())
