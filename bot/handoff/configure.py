"""The configuration of handoffs: held against what can work, and turned into teams."""

from __future__ import annotations

from collections.abc import Mapping

from bot.directory.hours import problem
from bot.directory.model import Directory
from bot.handoff.addresses import ForbiddenAddressError, check_url
from bot.handoff.signing import Signer, SigningError, Verifier
from bot.handoff.teams import Endpoint, Teams, endpoint_id, load_teams
from bot.settings import Settings, SettingsError


def check(settings: Settings) -> None:
    """Refuse what could not work, before anybody waits for it.

    Raises:
        SettingsError: names the variable and the cure, never a secret.
    """
    url = settings.handoff_webhook_url
    if url:
        if not url.startswith(("https://", "http://")):
            raise SettingsError("HANDOFF_WEBHOOK_URL must start with https://.")
        try:
            check_url(url, settings.handoff_allow_private)
        except ForbiddenAddressError as error:
            raise SettingsError(
                f"HANDOFF_WEBHOOK_URL can't be used ({error}); give a public https address, or set "
                "HANDOFF_ALLOW_PRIVATE=1 if the tool runs inside your own network."
            ) from None
        if not settings.handoff_webhook_secret:
            raise SettingsError(
                "HANDOFF_WEBHOOK_SECRET is missing; HANDOFF_WEBHOOK_URL needs one, like whsec_… "
                "(24 to 64 random bytes in base64)."
            )
    for variable, secret, read in (
        ("HANDOFF_WEBHOOK_SECRET", settings.handoff_webhook_secret, Signer.of),
        ("HANDOFF_INBOUND_SECRET", settings.handoff_inbound_secret, Verifier.of),
    ):
        try:
            if secret:
                read(secret)
        except SigningError as error:
            raise SettingsError(f"{variable}: {error}") from None
    if trouble := problem(settings.desk_hours):
        raise SettingsError(
            f"DESK_HOURS={settings.desk_hours!r} can't be read ({trouble}); write OpenStreetMap "
            "opening hours, like 'Mo-Fr 09:00-17:00; PH off' or '24/7'."
        )


def teams(settings: Settings, directory: Directory, environment: Mapping[str, str]) -> Teams:
    """Return the teams of all networks, with the endpoint of the configuration.

    Args:
        settings: checked.
        directory: its networks, and where their team files are.
        environment: the variables that the team files name.

    Raises:
        TeamsError, TextsError: a team file can't be used.
    """
    everywhere: tuple[Endpoint, ...] = ()
    if settings.handoff_webhook_url:
        url = settings.handoff_webhook_url
        signer = Signer.of(settings.handoff_webhook_secret)
        everywhere = (Endpoint(id=endpoint_id(url), url=url, signer=signer),)
    networks = {*directory.networks, settings.network}
    return load_teams(
        directory.path, tuple(sorted(networks)), settings.desk_hours, environment, everywhere
    )
