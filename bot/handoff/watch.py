"""Danger in what is written while a human has the floor: the patterns alone, without Rasa."""

from __future__ import annotations

import threading

from bot.safety.patterns import Book, load_all
from bot.safety.risk import Risk, assess

_FIRST_LOOK = ("il a un couteau", "hij heeft een mes")


class Watch:
    """Looks at texts; the patterns take a second to load, so they are loaded beside the loop."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._books: list[Book] | None = None
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Load the patterns.

        Raises:
            PatternError, TextsError: a file can't be used; names file, line and cure.
        """
        with self._lock:
            if self._books is None:
                books = load_all()
                # The first look costs half a second: not when somebody is in danger.
                for text in _FIRST_LOOK:
                    assess(text, books)
                self._books = books

    def __call__(self, text: str) -> Risk:
        """Return the risk of a text (cleaned: one line)."""
        if self._books is None:
            self.warm()
        return assess(text, self._books or [])
