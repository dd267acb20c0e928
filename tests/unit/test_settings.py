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


NAMED = {
    "HELPLINE_MODE": "live",
    "CONTROLLER_NAME": "Commune de Valbois",
    "CONTROLLER_CONTACT": "dpo@valbois.example",
    "SUPERVISORY_AUTHORITY": "Autorité de protection des données",
}


@pytest.mark.parametrize("name", [name for name in NAMED if name != "HELPLINE_MODE"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_live_mode_names_who_answers_for_the_data(name: str, value: str | None) -> None:
    given = {k: v for k, v in NAMED.items() if k != name} | ({} if value is None else {name: value})
    with pytest.raises(settings.SettingsError) as caught:
        settings.load(given)
    assert name in str(caught.value)
    assert not [
        other
        for other in NAMED
        if other not in (name, "HELPLINE_MODE") and other in str(caught.value)
    ]
    assert settings.load({**given, "HELPLINE_MODE": "pilot"}).mode == "pilot"


def test_live_mode_starts_when_they_are_named() -> None:
    loaded = settings.load(NAMED)
    assert (loaded.mode, loaded.controller_contact) == ("live", "dpo@valbois.example")


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
