"""Without any network but the loopback, everything works: nothing is fetched, nobody is told."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from bot.training.model import model_path
from tests.stack import ROOT

_ALONE = ["unshare", "--map-root-user", "--net", "--"]


def _permitted() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*_ALONE, "true"], capture_output=True).returncode == 0


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.skipif(not _permitted(), reason="network namespaces aren't permitted here")
def test_the_whole_system_works_without_a_network() -> None:
    assert model_path().exists(), "run 'make train' first: training isn't what is tested here"
    done = subprocess.run(
        [*_ALONE, sys.executable, "-m", "tests.privacy.offline"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=380,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    assert done.stdout.split("\n")[:2] == ["fr talked", "nl talked"]


@pytest.mark.skipif(not _permitted(), reason="network namespaces aren't permitted here")
def test_the_namespace_really_has_no_way_out() -> None:
    script = (
        "from tests.privacy.offline import raise_loopback; raise_loopback(); import socket\n"
        "socket.create_connection(('192.0.2.1', 9), timeout=2)"
    )
    done = subprocess.run(
        [*_ALONE, sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True
    )
    assert "Network is unreachable" in done.stderr
