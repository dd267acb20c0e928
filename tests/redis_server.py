"""A real Redis for tests: the one that the product starts."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.supervisor import redis_command


@contextmanager
def redis_server() -> Iterator[str]:
    """Start a private Redis; give its address."""
    folder = Path(tempfile.mkdtemp(prefix="hlr", dir="/tmp"))
    os.chmod(folder, 0o700)
    process = subprocess.Popen(redis_command(folder), stdout=subprocess.DEVNULL)
    socket = folder / "redis.sock"
    try:
        for _ in range(100):
            if socket.exists():
                break
            time.sleep(0.05)
        yield f"unix://{socket}"
    finally:
        process.terminate()
        process.wait(5)
        shutil.rmtree(folder, ignore_errors=True)
