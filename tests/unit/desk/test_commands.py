"""The first link: from the command line only, good once, never kept in clear."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from bot import cli, settings
from bot.desk import commands
from bot.desk.accounts import Accounts
from bot.settings import SettingsError


def config(folder: Path, **more: str) -> settings.Settings:
    return settings.load({"STATE_DIR": str(folder), **more})


def test_the_link_makes_a_supervisor_of_all_networks(tmp_path: Path) -> None:
    link = commands.supervisor_link(config(tmp_path, HELPLINE_PORT="8123"))
    base, _, token = link.rpartition("/")
    assert base == "http://127.0.0.1:8123/desk/join"
    with closing(Accounts(tmp_path)) as accounts:
        account = accounts.join(token, "Sofia", login="s.maes", organisation="CPAS")
        assert account is not None
        assert account.supervises
        assert account.organisation == "CPAS"
        assert "stopp-vif" in account.networks
        assert len(account.networks) > 1


@pytest.mark.parametrize(
    ("environment", "base"),
    [
        ({"HELPLINE_HOST": "0.0.0.0"}, "http://127.0.0.1:8080/desk"),
        ({"DESK_URL": "https://aide.example.be/desk/"}, "https://aide.example.be/desk"),
    ],
)
def test_the_link_is_one_that_a_browser_can_open(
    tmp_path: Path, environment: dict[str, str], base: str
) -> None:
    assert commands.supervisor_link(config(tmp_path, **environment)).startswith(f"{base}/join/")


def test_the_demo_shows_a_link_only_while_nobody_has_an_account(tmp_path: Path) -> None:
    link = commands.first_link(config(tmp_path))
    assert link is not None
    with closing(Accounts(tmp_path)) as accounts:
        accounts.join(link.rpartition("/")[2], "Sofia", login="s.maes")
    assert commands.first_link(config(tmp_path)) is None


def test_the_command_prints_a_link_that_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "load", lambda: config(tmp_path))
    assert cli.main(["desk", "invite"]) == 0
    token = capsys.readouterr().out.strip().rpartition("/")[2]
    with closing(Accounts(tmp_path)) as accounts:
        link = accounts.link(token)
        assert link is not None
        assert link.kind == "first"


OIDC = {
    "DESK_OIDC_ISSUER": "https://login.example.be",
    "DESK_OIDC_CLIENT_ID": "desk",
    "DESK_OIDC_CLIENT_SECRET": "secret words",
    "DESK_URL": "https://aide.example.be/desk",
}


@pytest.mark.parametrize("missing", OIDC)
def test_a_provider_is_configured_wholly_or_not_at_all(tmp_path: Path, missing: str) -> None:
    part = {name: value for name, value in OIDC.items() if name != missing}
    with pytest.raises(SettingsError, match=missing) as error:
        config(tmp_path, **part)
    assert "secret words" not in str(error.value)
    assert config(tmp_path, **OIDC).desk_oidc_client_id == "desk"


def test_a_provider_is_reached_over_tls(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="https://"):
        config(tmp_path, **{**OIDC, "DESK_OIDC_ISSUER": "http://login.example.be"})
