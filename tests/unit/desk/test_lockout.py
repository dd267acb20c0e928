"""Guessing gets slower and slower, for a name and for an address, and nobody sees a difference."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.desk.accounts import Accounts
from bot.desk.lockout import FREE, Lockout


class Clock:
    """A clock that the test moves."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path):  # type: ignore[no-untyped-def]
    found = Accounts(tmp_path)
    yield found
    found.close()


def guess(lockout: Lockout, clock: Clock, name: str = "anne", address: str = "::1") -> list[int]:
    """Guess wrong ten times, waiting as long as asked; return the waits."""
    waits = []
    for _ in range(10):
        wait = lockout.attempt(name, address)
        if wait:
            waits.append(wait)
            clock.now += wait
            assert lockout.attempt(name, address) == 0
    return waits


def test_a_few_are_free_and_then_each_costs_twice_as_much(accounts: Accounts, clock: Clock) -> None:
    waits = guess(Lockout(accounts.db, clock), clock)
    assert waits[:4] == [15, 30, 60, 120]
    assert len(waits) == 10 - FREE["name"] - 1


def test_never_longer_than_an_hour(accounts: Accounts, clock: Clock) -> None:
    lockout = Lockout(accounts.db, clock)
    waits = [wait for _ in range(3) for wait in guess(lockout, clock)]
    assert max(waits) == 3600


def test_a_restart_gives_no_fresh_tries(accounts: Accounts, clock: Clock) -> None:
    for _ in range(FREE["name"] + 1):
        Lockout(accounts.db, clock).attempt("anne", "::1")
    assert Lockout(accounts.db, clock).attempt("ANNE ", "::2") == 15


def test_a_refused_try_counts_nothing_and_a_right_one_clears(
    accounts: Accounts, clock: Clock
) -> None:
    lockout = Lockout(accounts.db, clock)
    for _ in range(FREE["name"] + 1):
        assert lockout.attempt("anne", "::1") == 0
    assert [lockout.attempt("anne", "::1") for _ in range(5)] == [15] * 5
    clock.now += 15
    assert lockout.attempt("anne", "::1") == 0
    lockout.passed("anne", "::1")
    assert [lockout.attempt("anne", "::1") for _ in range(FREE["name"])] == [0] * FREE["name"]


def test_an_address_that_tries_many_names_waits_too(accounts: Accounts, clock: Clock) -> None:
    lockout = Lockout(accounts.db, clock)
    for number in range(FREE["address"] + 1):
        assert lockout.attempt(f"name {number}", "192.0.2.1") == 0
    assert lockout.attempt("another", "192.0.2.1") == 15
    assert lockout.attempt("another", "192.0.2.2") == 0


def test_many_at_once_are_counted_before_they_are_looked_at(
    accounts: Accounts, clock: Clock
) -> None:
    lockout = Lockout(accounts.db, clock)
    let_through = [lockout.attempt("anne", f"192.0.2.{n}") == 0 for n in range(100)]
    assert sum(let_through) == FREE["name"] + 1


def test_no_address_and_no_name_is_written_down(
    accounts: Accounts, clock: Clock, tmp_path: Path
) -> None:
    Lockout(accounts.db, clock).attempt("anne.peeters", "192.0.2.77")
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"192.0.2.77" not in stored
    assert b"anne.peeters" not in stored
