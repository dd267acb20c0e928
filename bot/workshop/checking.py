"""Holds the directory, as a save would leave it, against `helpline directory check`."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path

from bot.directory.check import check
from bot.workshop.listing import FOLDER
from bot.workshop.saving import RefusedError, Shelf


class Checker:
    """Refuses a text with which `helpline directory check` would find something to mend."""

    def __init__(self, shelf: Shelf, today: date) -> None:
        """Take the data and the day of today."""
        self._folder, self._today = shelf.data / FOLDER, today

    def __call__(self, path: Path, text: str) -> None:
        """Check the directory as it would be.

        Raises:
            RefusedError: with the first thing to mend in this file.
        """
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / FOLDER
            shutil.copytree(self._folder, copy)
            mine = copy / path.relative_to(self._folder)
            mine.write_text(text, encoding="utf-8")
            for problem in check(copy, self._today):
                if problem.severity == "error" and problem.file == str(mine):
                    said = f"{problem.record}: {problem.message}. {problem.cure}"
                    raise RefusedError("wrong_check", why=said[:400])
