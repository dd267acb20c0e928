"""Live mode names who answers for the data, or doesn't start (R17); as its users start it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from bot.training.model import model_path
from tests.dsl import Talk
from tests.stack import ROOT, running

NAMED = {
    "CONTROLLER_NAME": "Commune de Valbois",
    "CONTROLLER_CONTACT": "dpo@valbois.example",
    "SUPERVISORY_AUTHORITY": "Autorité de Valbois",
}
ASKED = {"fr": "est-ce que c'est anonyme ?", "nl": "is dit anoniem?"}
RIGHTS = {
    "fr": ("voir ce qui est gardé", "corriger", "l'effacer", "plainte"),
    "nl": ("zien wat bewaard wordt", "verbeteren", "wissen", "klacht"),
}


@pytest.mark.parametrize("command", ["bot.cli run", "bot.gateway"])
@pytest.mark.parametrize("missing", list(NAMED))
def test_live_mode_refuses_to_start_without(missing: str, command: str, tmp_path: Path) -> None:
    environment = {**os.environ, **NAMED, "HELPLINE_MODE": "live", "STATE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", *command.split()],
        cwd=ROOT,
        env={**environment, missing: ""},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 2, done.stderr
    assert missing in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_the_notice_is_shown_first_and_behind_the_question(
    tmp_path: Path, http: aiohttp.ClientSession
) -> None:
    assert model_path().exists(), "run 'make train' first: training isn't what is tested here"
    # Pilot mode shows the notice as live mode does, and needs no record that a person has checked.
    with running(tmp_path, HELPLINE_MODE="pilot", **NAMED) as stack:
        for language in ("fr", "nl"):
            talk = await Talk(stack.url, language, http).start()
            before = talk.text
            await talk.choose("safe_to_write:yes")
            await talk.say(ASKED[language])
            for said in (before, talk.text):
                for name in (*NAMED.values(), *RIGHTS[language]):
                    assert name in said, f"{name!r} isn't in: {said}"
