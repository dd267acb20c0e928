"""A wrong value stops the start with a sentence that names it and the cure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import settings


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("HELPLINE_PORT", "eighty", "whole number"),
        ("HELPLINE_PORT", "70000", "1 to 65535"),
        ("HELPLINE_MODE", "prod", "demo, pilot or live"),
        ("REDIS_URL", "http://x", "redis"),
        ("EMBED_ORIGINS", "https://*.be", "one site"),
        ("EMBED_ORIGINS", "commune.be", "https://"),
        ("HELPLINE_DEBUG_API", "maybe", "1 nor 0"),
        ("MAX_HOURS", "48", "1 to 24"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str, hint: str) -> None:
    with pytest.raises(settings.SettingsError) as caught:
        settings.load({name: value})
    assert name in str(caught.value)
    assert hint in str(caught.value)


def test_the_defaults_are_a_demo_on_the_loopback() -> None:
    loaded = settings.load({})
    assert (loaded.mode, loaded.host, loaded.port) == ("demo", "127.0.0.1", 8080)
    assert loaded.idle_seconds == 3600
    assert loaded.max_seconds == 86400
    assert loaded.redis_url.startswith("unix:///")
    assert len(loaded.redis_url) < 107


def test_every_variable_that_is_read_stands_in_the_example() -> None:
    source = (settings.ROOT / "bot" / "settings.py").read_text(encoding="utf-8")
    example = Path(settings.ROOT / ".env.example").read_text(encoding="utf-8")
    read = set(re.findall(r'"([A-Z][A-Z_]{3,})"', source)) - {"XDG_RUNTIME_DIR"}
    described = set(re.findall(r"^#?([A-Z_]+)=", example, re.M))
    assert read == described
