"""A configuration of webhooks that can't work stops the start, with a sentence."""

from __future__ import annotations

import pytest

from bot import settings
from bot.directory.load import load_directory
from bot.handoff.configure import teams
from tests.fakes.handoff import secret

PUBLIC = "https://tool.example/hook"


@pytest.mark.parametrize(
    ("environment", "name", "hint"),
    [
        ({"HANDOFF_WEBHOOK_URL": PUBLIC}, "HANDOFF_WEBHOOK_SECRET", "missing"),
        ({"HANDOFF_WEBHOOK_URL": "tool.example"}, "HANDOFF_WEBHOOK_URL", "https://"),
        ({"HANDOFF_WEBHOOK_URL": "http://tool.example"}, "HANDOFF_WEBHOOK_URL", "not https"),
        ({"HANDOFF_WEBHOOK_URL": "https://10.0.0.1/"}, "HANDOFF_WEBHOOK_URL", "private"),
        ({"HANDOFF_WEBHOOK_SECRET": "hunter2"}, "HANDOFF_WEBHOOK_SECRET", "whsec_"),
        ({"HANDOFF_WEBHOOK_SECRET": "whsec_aGVsbG8="}, "HANDOFF_WEBHOOK_SECRET", "24 to 64"),
        ({"HANDOFF_INBOUND_SECRET": "hunter2"}, "HANDOFF_INBOUND_SECRET", "whsec_"),
        ({"DESK_HOURS": "always"}, "DESK_HOURS", "OpenStreetMap"),
        ({"HANDOFF_ALLOW_PRIVATE": "perhaps"}, "HANDOFF_ALLOW_PRIVATE", "1 nor 0"),
    ],
)
def test_what_cant_work_is_named_with_its_cure(
    environment: dict[str, str], name: str, hint: str
) -> None:
    with pytest.raises(settings.SettingsError) as caught:
        settings.load(environment)
    assert name in str(caught.value)
    assert hint in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_one_address_serves_all_networks_and_secrets_may_rotate() -> None:
    loaded = settings.load(
        {
            "HANDOFF_WEBHOOK_URL": "http://127.0.0.1:9000/hook",
            "HANDOFF_WEBHOOK_SECRET": f"{secret()}, {secret()}",
            "HANDOFF_INBOUND_SECRET": secret(),
            "HANDOFF_ALLOW_PRIVATE": "1",
        }
    )
    directory = load_directory(settings.ROOT / "data" / "directory", "demo")
    found = teams(loaded, directory, {})
    assert set(found.networks) == set(directory.networks)
    for network in found.networks:
        (endpoint,) = found.serving(network)
        assert endpoint.url == "http://127.0.0.1:9000/hook"
        assert endpoint.signer
        assert len(endpoint.signer.symmetric) == 2


def test_without_anything_the_desk_is_open_day_and_night() -> None:
    loaded = settings.load({})
    assert (loaded.desk_hours, loaded.handoff_webhook_url, loaded.handoff_api_key) == (
        "24/7",
        "",
        "",
    )
