"""The databases of `STATE_DIR`: for their owner only, and true while others write."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.private_db import open_private
from bot.state import State


def test_only_the_owner_may_read(tmp_path: Path) -> None:
    path = tmp_path / "made" / "some.db"
    open_private(path).close()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


class _Forgetless(sqlite3.Connection):
    """A connection as builds of SQLite give it that don't overwrite by themselves."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute("PRAGMA secure_delete=OFF")


def test_what_is_deleted_is_overwritten_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=_Forgetless))
    state = State(tmp_path)
    state.report("service-that-was-doubted", date(2026, 11, 24))
    assert state.clear_reports("service-that-was-doubted")
    state.close()
    assert b"service-that-was-doubted" not in (tmp_path / "state.db").read_bytes()


def test_another_process_is_heard_after_a_second_look_into_the_same_file(tmp_path: Path) -> None:
    serving = State(tmp_path)
    serving.set("assistant", "on")
    State(tmp_path).close()
    for value in ("off", "on"):
        code = (
            "import sys; from pathlib import Path; from bot.state import State\n"
            "state = State(Path(sys.argv[1])); state.set('assistant', sys.argv[2]); state.close()"
        )
        subprocess.run([sys.executable, "-c", code, str(tmp_path), value], check=True)
        assert serving.assistant_off == (value == "off")
    serving.close()
