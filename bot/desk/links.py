"""The address of a one-time link, as it is shown to whoever hands it over."""

from __future__ import annotations

from bot.settings import Settings


def link_address(settings: Settings, token: str) -> str:
    """Return where a one-time link leads; the secret part is never kept or logged."""
    # A wildcard address isn't one that a browser can open.
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104
    base = settings.desk_url.rstrip("/") or f"http://{host}:{settings.port}/desk"
    return f"{base}/join/{token}"
