"""The pattern books, read once for all tests of safety."""

from __future__ import annotations

import pytest

from bot.safety.patterns import Book, load_all


@pytest.fixture(scope="session")
def books() -> list[Book]:
    """The books of both languages, as the assistant uses them."""
    return load_all()
