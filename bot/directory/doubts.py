"""Numbers that visitors found wrong: hidden after reports on two days, until somebody has checked.

``main`` is the command ``helpline directory reports``.
"""

from __future__ import annotations

import argparse
import logging
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot import settings
from bot.state import State

from .check import DEFAULT_PATH
from .load import load_directory, without_doubted
from .model import Directory

# Reports count by day, so that nobody can hide a number in one sitting; who reports isn't known.
_DAYS = 2
# How often each process looks at the reports.
REFRESH_SECONDS = 30
_NEVER_HIDDEN = "emergency"
_LOG = logging.getLogger(__name__)


def doubted(directory: Directory, reports: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The ids of the services whose numbers must not be given.

    A record that a person has checked (``checked.date``) since a report outweighs it; emergency
    numbers are never hidden.

    Args:
        directory: the data.
        reports: the days of the reports on each service, as ``State.reports`` gives them.
    """
    found = set()
    for name, days in reports.items():
        service = directory.by_id.get(name)
        if service is None or service.kind == _NEVER_HIDDEN:
            continue
        checked = service.checked.get("date", "")
        if len({day for day in days if day > checked}) >= _DAYS:
            found.add(name)
    return frozenset(found)


class Doubts:
    """Keeps the directory of one process in step with the reports in ``STATE_DIR``."""

    def __init__(self, directory: Directory, folder: Path) -> None:
        """Take the directory as it was loaded; ``folder`` is ``STATE_DIR``."""
        self._directory, self._folder = directory, folder
        self._all = directory.services
        self._hidden: frozenset[str] = frozenset()

    @property
    def hidden(self) -> int:
        """How many services give no number now because of reports."""
        return len(self._hidden)

    def refresh(self) -> None:
        """Hide what is doubted now, and show again what no longer is.

        When the state can't be read, everything stays as it is: a talk must not stop for that.
        """
        try:
            state = State(self._folder)
            try:
                hidden = doubted(self._directory, state.reports())
            finally:
                state.close()
        except (OSError, sqlite3.Error) as error:
            _LOG.warning("The reports on numbers can't be read: %s", error)
            return
        if hidden == self._hidden:
            return
        self._hidden = hidden
        services = tuple(without_doubted(self._all, hidden))
        self._directory.services = services
        self._directory.by_id = {service.id: service for service in services}


def main(argv: Sequence[str]) -> int:
    """The command line: lists the reports, or clears those of a service once it was checked."""
    parser = argparse.ArgumentParser(
        prog="helpline directory reports",
        description="Numbers that visitors found wrong: list them, or clear those that are right.",
    )
    parser.add_argument("--clear", metavar="ID", help="the number was checked: show it again")
    arguments = parser.parse_args(argv)
    state = State(settings.load().state_dir)
    try:
        if arguments.clear:
            known = state.clear_reports(arguments.clear)
            print(f"{arguments.clear}: {'cleared' if known else 'there is no report on it'}.")
            return 0 if known else 2
        reports = state.reports()
    finally:
        state.close()
    hidden = doubted(load_directory(DEFAULT_PATH, "demo"), reports)
    for name, days in reports.items():
        shown = "hidden" if name in hidden else "still shown"
        print(f"{name}: {shown}; found wrong on {', '.join(days)}")
    print(f"{len(reports)} services reported, {len(hidden)} numbers hidden.")
    return 0
