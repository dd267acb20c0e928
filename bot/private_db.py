"""Small databases of `STATE_DIR`: SQLite in WAL mode, readable by their owner only."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path


def open_private(
    path: Path, *, timeout: float = 2, check_same_thread: bool = True
) -> sqlite3.Connection:
    """Open (or make) a database, mode 0600, its folder 0700.

    Args:
        path: the file.
        timeout: seconds to wait for somebody else's write.
        check_same_thread: whether only this thread may use the connection.

    Raises:
        OSError: the folder can't be made or written.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Only when it is new: closing a file drops the locks that this process holds on it, and
    # another connection of ours would lose its write-ahead log.
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite3.connect(
        path, isolation_level=None, timeout=timeout, check_same_thread=check_same_thread
    )
    connection.execute("PRAGMA journal_mode=WAL")
    # What is deleted is overwritten: a copy of the file, made later, doesn't hold it.
    connection.execute("PRAGMA secure_delete=ON")
    return connection
