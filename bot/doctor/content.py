"""What people are told: numbers that nobody checked, hours when nobody answers, an old model."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from bot.directory.check import check
from bot.directory.hours import status
from bot.directory.lines import choose_lines
from bot.directory.model import Directory, Service
from bot.directory.vocabulary import TOPICS, WRITERS
from bot.doctor.finding import Finding, bad, note, warn
from bot.handoff.configure import teams
from bot.handoff.wire import override
from bot.language import SUPPORTED
from bot.settings import Settings, environment
from bot.state import State
from bot.texts import Texts
from bot.training.model import model_path

# How many numbers are named, the most used first.
MOST_USED = 25
_NEEDED = {"violence": "unknown", "suicide": "unknown", "child": "child"}
_STEP = timedelta(minutes=30)
_WEEK = 7
# These stand on every card of numbers.
_OFTEN = 20
# For "most used": at an hour of work, in the evening and at night.
_HOURS = (10, 20, 3)
_FIRST_KINDS = ("social_service", "police", "victim_support", "shelter")


def most_used(directory: Directory, network: str, now: datetime) -> list[Service]:
    """Return the services in the order in which people are likely to be given them.

    Nothing counts what people were given, so it is tried out: who stands first for each writer,
    topic, language and hour, then the services of the network's own communes.
    """
    points: Counter[str] = Counter()
    for language in SUPPORTED:
        for writer in WRITERS:
            for topic in TOPICS:
                for hour in _HOURS:
                    moment = now.replace(hour=hour)
                    for place, choice in enumerate(
                        choose_lines(
                            directory,
                            language=language,
                            writer=writer,
                            topic=topic,
                            region=None,
                            now=moment,
                        )
                    ):
                        weight = _OFTEN if _NEEDED.get(topic) == writer else 1
                        points[choice.service.id] += weight * (3 - place)
    own = [s for s in directory.services if network in s.networks or _local(directory, s, network)]
    own.sort(key=lambda s: _FIRST_KINDS.index(s.kind) if s.kind in _FIRST_KINDS else 9)
    lines = sorted((s for s in directory.services if points[s.id]), key=lambda s: -points[s.id])
    emergency = [s for s in directory.services if s.kind == "emergency"]
    ordered = {s.id: s for s in (*emergency, *lines, *own, *directory.services)}
    return list(ordered.values())


def _local(directory: Directory, service: Service, network: str) -> bool:
    known = directory.networks.get(network)
    return bool(known and {*known.communes} & {*service.communes})


def live_blockers(
    directory: Directory, texts: Texts, settings: Settings, now: datetime
) -> list[str]:
    """Return what live mode would hide or refuse, the most used numbers first.

    Args:
        directory: as the demonstration shows it, with what nobody has checked.
        texts: the answers.
        settings: the configuration.
        now: the moment.
    """
    # 112 and 101 are shown in every mode.
    unchecked = [
        s
        for s in most_used(directory, settings.network, now)
        if not s.checked.get("date") and s.kind != "emergency" and (s.phone or s.sms or s.whatsapp)
    ]
    said = [
        f"{s.phone or s.sms or s.whatsapp} — {s.name['fr']} ({s.id}): no person has checked it"
        for s in unchecked[:MOST_USED]
    ]
    if len(unchecked) > MOST_USED:
        said.append(f"and {len(unchecked) - MOST_USED} numbers more: docs/directory-to-check.md")
    waiting = [key for key in sorted(texts.answers) if not texts.approved(key)]
    if waiting:
        said.append(
            f"{len(waiting)} of {len(texts.answers)} answers aren't approved (docs/content.md)"
        )
    named = {
        "CONTROLLER_NAME": settings.controller_name,
        "CONTROLLER_CONTACT": settings.controller_contact,
        "SUPERVISORY_AUTHORITY": settings.supervisory_authority,
    }
    missing = [name for name, value in named.items() if not value]
    return [*said, f"{', '.join(missing)}: not set (.env.example)"] if missing else said


def numbers(path: Path, now: datetime) -> Iterator[Finding]:
    """Look for errors in the directory's files, and for numbers checked too long ago."""
    found = check(path, now.date())
    for problem in found:
        if problem.severity == "error":
            yield bad(f"The directory has an error: {problem.message}.", str(problem))
    old = [p for p in found if p.message.startswith("last checked")]
    if old:
        names = ", ".join(problem.record for problem in old[:5])
        yield warn(
            f"{len(old)} numbers were last checked more than 180 days ago ({names} …).",
            "Ring them, then fill in checked: by_role and date; 'helpline directory check' lists.",
        )


def hours(directory: Directory, now: datetime) -> Iterator[Finding]:
    """Look for hours of the coming week in which no line answers somebody."""
    start = now.replace(minute=0, second=0, microsecond=0)
    for language in SUPPORTED:
        for topic, writer in _NEEDED.items():
            gaps = [
                moment
                for moment in (start + _STEP * n for n in range(_WEEK * 48))
                if not any(
                    c.status.open_now and language in c.service.languages
                    for c in choose_lines(
                        directory,
                        language=language,
                        writer=writer,
                        topic=topic,
                        region=None,
                        now=moment,
                    )
                )
            ]
            if gaps:
                yield bad(
                    f"No line about {topic} answers in '{language}' during {len(gaps) / 2:g} hours "
                    f"of the coming week, first on {gaps[0]:%d/%m at %H:%M}.",
                    "In live mode only checked numbers count: check more of them; otherwise look "
                    "at the hours in data/directory/national.",
                )


def desk(settings: Settings, directory: Directory, now: datetime) -> Iterator[Finding]:
    """Look whether counsellors ever answer, and what the coming week leaves open."""
    known = teams(settings, directory, environment())
    if (settings.state_dir / "state.db").exists():
        switches = State(settings.state_dir)
        try:
            set_by_hand = override(switches, settings.network)
            off = switches.assistant_off
        finally:
            switches.close()
        known.overrides = lambda _network: set_by_hand
        if off:
            yield note("The assistant is off: people see the card of numbers.", "helpline on")
    for language in SUPPORTED:
        if not known.of(settings.network, language):
            yield note(f"No team of {settings.network} speaks '{language}'.")
        elif known.opens(settings.network, language, now) is None:
            yield bad(
                f"The team of {settings.network} never answers in '{language}'.",
                "Look at the hours and closed_until in its team.yml, at DESK_HOURS, and at what "
                "the supervisor has set at the desk.",
            )
    for team in known.current(settings.network):
        shut = [
            day
            for day in (now + timedelta(days=n) for n in range(_WEEK))
            if not any(
                status(team.hours, day.replace(hour=0, minute=0) + _STEP * n).open_now
                for n in range(48)
            )
        ]
        if shut:
            days = ", ".join(f"{day:%d/%m}" for day in shut)
            yield note(f"The team {team.id} has no hours on: {days}.", "Lines are named then.")


def left_over(folder: Path) -> Iterator[Finding]:
    """Look for webhooks that were never accepted, and tools that said stop."""
    path = folder / "handoff.db"
    if not path.exists():
        return
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        (dead,) = database.execute("SELECT count(*) FROM dead").fetchone()
        (stopped,) = database.execute("SELECT count(*) FROM stopped").fetchone()
    except sqlite3.Error as error:
        yield bad(f"{path} can't be read ({error}).", "Stop the assistant, move the file away.")
        return
    finally:
        database.close()
    if dead:
        yield warn(f"{dead} webhooks were never accepted.", "helpline webhooks list, then replay.")
    if stopped:
        yield warn(f"{stopped} tools answered that they want no more.", "helpline webhooks start …")


def model(running: Path | None, wanted: Path | None = None) -> Iterator[Finding]:
    """Look whether the model fits the data as it is now.

    Args:
        running: with which model Rasa was started, None when it doesn't run.
        wanted: the model of today's data.
    """
    wanted = wanted or model_path()
    if running is not None and running.name != wanted.name:
        yield warn(
            f"Rasa runs {running.name}, which is older than its data.",
            "helpline train, then start the assistant again.",
        )
    elif not wanted.exists():
        yield warn(
            "There is no model of today's data.",
            "helpline train (a start does it too, but people wait meanwhile).",
        )
