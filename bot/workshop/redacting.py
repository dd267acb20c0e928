"""Finds what identifies somebody in a sentence; loads its models when it is first asked."""

from __future__ import annotations

from threading import Lock
from typing import Any

from bot.directory.model import Directory
from bot.language import Supported
from bot.privacy.redact import Redactor


class Redacting:
    """A redactor that is made when it is first needed."""

    def __init__(self, directory: Directory) -> None:
        """Take the directory, for names of communes and known numbers."""
        self._directory = directory
        self._made: Redactor | None = None
        self._lock = Lock()

    def __call__(self, text: str, language: Supported) -> Any:
        """Return what `Redactor.redact` gives."""
        with self._lock:
            if self._made is None:
                self._made = Redactor(self._directory)
                self._made.warm()
            return self._made.redact(text, language)
