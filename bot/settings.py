"""The environment, read once, typed; an invalid value stops the start with one clear sentence."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent.parent
Mode = Literal["demo", "pilot", "live"]
MODES: tuple[Mode, ...] = ("demo", "pilot", "live")


class SettingsError(ValueError):
    """A variable has a value that can't be used; the message names it and the cure."""


def runtime_dir() -> Path:
    """Return the short private folder for the socket (Unix socket paths end at 107 bytes).

    The same for every process of one checkout, so that the command line finds it too.
    """
    digest = hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]
    return Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp") / f"helpline-{digest}"  # noqa: S108


def models_dir() -> Path:
    """Return the folder of the trained models and of the file that names the one in service."""
    return Path(environment().get("MODELS_DIR", "").strip() or ROOT / "models")


@dataclass(frozen=True)
class Settings:
    """All that can be configured; see `.env.example` for meanings, units and defaults."""

    mode: Mode
    host: str
    port: int
    rasa_port: int
    actions_port: int
    redis_url: str
    state_dir: Path
    idle_minutes: int
    max_hours: int
    turn_timeout: float
    exit_url: str
    embed_origins: tuple[str, ...]
    debug_api: bool
    internal_token: str
    rasa_workers: int
    rate_turns: int
    rate_new_conversations: int
    trusted_proxies: tuple[str, ...]
    public_url: str
    metrics_port: int
    network: str
    controller_name: str
    controller_contact: str
    supervisory_authority: str
    handoff_webhook_url: str
    handoff_webhook_secret: str
    handoff_inbound_secret: str
    handoff_api_key: str
    handoff_allow_private: bool
    desk_hours: str
    desk_url: str
    desk_oidc_issuer: str
    desk_oidc_client_id: str
    desk_oidc_client_secret: str
    learning: bool

    @property
    def idle_seconds(self) -> int:
        """Seconds without a word after which a conversation dies by itself."""
        return self.idle_minutes * 60

    @property
    def max_seconds(self) -> int:
        """Seconds after which a conversation dies whatever happens; doesn't slide."""
        return self.max_hours * 3600

    @property
    def rasa_url(self) -> str:
        """Address of our channel in the Rasa server (loopback only)."""
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        """Address of the action server (loopback only)."""
        return f"http://127.0.0.1:{self.actions_port}"


def embedded_redis_url() -> str:
    """Return the address of the Redis that the supervisor starts when none is configured."""
    return f"unix://{runtime_dir() / 'redis.sock'}"


def _integer(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    raw = env.get(name, "").strip() or str(default)
    try:
        value = int(raw)
    except ValueError:
        raise SettingsError(
            f"{name}={raw!r} is not a whole number; write one between {low} and {high}, "
            f"or leave it out for {default}."
        ) from None
    if not low <= value <= high:
        raise SettingsError(f"{name}={value} is out of range; use {low} to {high}.")
    return value


def _flag(env: Mapping[str, str], name: str) -> bool:
    raw = env.get(name, "").strip().lower()
    if raw in {"", "0", "false", "no"}:
        return False
    if raw in {"1", "true", "yes"}:
        return True
    raise SettingsError(f"{name}={raw!r} is neither 1 nor 0.")


def _switch(env: Mapping[str, str], name: str) -> bool:
    raw = env.get(name, "").strip().lower()
    if raw not in {"", "on", "off"}:
        raise SettingsError(f"{name}={raw!r} is neither on nor off.")
    return raw == "on"


def _mode(env: Mapping[str, str]) -> Mode:
    raw = env.get("HELPLINE_MODE", "").strip() or "demo"
    if raw not in MODES:
        raise SettingsError(f"HELPLINE_MODE={raw!r} is not known; use demo, pilot or live.")
    return raw


def _words(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(word for word in env.get(name, "").replace(",", " ").split() if word)


def _url(env: Mapping[str, str], name: str, default: str, schemes: tuple[str, ...]) -> str:
    raw = env.get(name, "").strip() or default
    if not raw.startswith(tuple(f"{scheme}://" for scheme in schemes)):
        raise SettingsError(f"{name}={raw!r} must start with one of: {', '.join(schemes)}.")
    return raw


def environment() -> dict[str, str]:
    """Return the variables of `.env`, overruled by the process's own."""
    file_values = {k: v for k, v in dotenv_values(ROOT / ".env").items() if v is not None}
    return {**file_values, **os.environ}


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the environment (and `.env`, which it overrules) into typed settings.

    Args:
        environ: variables to use instead of the process's own and `.env`.

    Raises:
        SettingsError: a value can't be used; the message names the variable and the cure.
    """
    env = environment() if environ is None else environ
    origins = _words(env, "EMBED_ORIGINS")
    for origin in origins:
        if not origin.startswith(("https://", "http://")) or "*" in origin:
            raise SettingsError(
                f"EMBED_ORIGINS: {origin!r} is not one site; write https://www.commune.be, no '*'."
            )
    settings = Settings(
        mode=_mode(env),
        host=env.get("HELPLINE_HOST", "").strip() or "127.0.0.1",
        port=_integer(env, "HELPLINE_PORT", 8080, 1, 65535),
        rasa_port=_integer(env, "RASA_PORT", 5005, 1, 65535),
        actions_port=_integer(env, "ACTIONS_PORT", 5055, 1, 65535),
        redis_url=_url(
            env,
            "REDIS_URL",
            embedded_redis_url(),
            ("redis", "rediss", "unix", "redis+sentinel", "rediss+sentinel"),
        ),
        state_dir=Path(env.get("STATE_DIR", "").strip() or ROOT / ".state"),
        idle_minutes=_integer(env, "IDLE_MINUTES", 60, 1, 24 * 60),
        max_hours=_integer(env, "MAX_HOURS", 24, 1, 24),
        turn_timeout=float(_integer(env, "TURN_TIMEOUT", 5, 1, 30)),
        exit_url=_url(env, "EXIT_URL", "https://www.meteo.be/", ("https", "http")),
        embed_origins=origins,
        debug_api=_flag(env, "HELPLINE_DEBUG_API"),
        internal_token=env.get("HELPLINE_INTERNAL_TOKEN", ""),
        rasa_workers=_integer(env, "RASA_WORKERS", 1, 1, 32),
        rate_turns=_integer(env, "RATE_TURNS", 30, 1, 10_000),
        rate_new_conversations=_integer(env, "RATE_NEW_CONVERSATIONS", 600, 1, 1_000_000),
        trusted_proxies=_words(env, "TRUSTED_PROXIES"),
        public_url=env.get("PUBLIC_URL", "").strip(),
        # 0: no measurements are kept.
        metrics_port=_integer(env, "METRICS_PORT", 0, 0, 65535),
        network=env.get("NETWORK", "").strip() or "stopp-vif",
        controller_name=env.get("CONTROLLER_NAME", "").strip(),
        controller_contact=env.get("CONTROLLER_CONTACT", "").strip(),
        supervisory_authority=env.get("SUPERVISORY_AUTHORITY", "").strip(),
        handoff_webhook_url=env.get("HANDOFF_WEBHOOK_URL", "").strip(),
        handoff_webhook_secret=env.get("HANDOFF_WEBHOOK_SECRET", "").strip(),
        handoff_inbound_secret=env.get("HANDOFF_INBOUND_SECRET", "").strip(),
        handoff_api_key=env.get("HANDOFF_API_KEY", "").strip(),
        handoff_allow_private=_flag(env, "HANDOFF_ALLOW_PRIVATE"),
        desk_hours=env.get("DESK_HOURS", "").strip() or "24/7",
        desk_url=env.get("DESK_URL", "").strip(),
        desk_oidc_issuer=env.get("DESK_OIDC_ISSUER", "").strip(),
        desk_oidc_client_id=env.get("DESK_OIDC_CLIENT_ID", "").strip(),
        desk_oidc_client_secret=env.get("DESK_OIDC_CLIENT_SECRET", "").strip(),
        learning=_switch(env, "LEARNING"),
    )
    # Imported here: these modules read settings themselves.
    from bot.handoff.configure import check

    check(settings)
    if settings.max_seconds < settings.idle_seconds:
        raise SettingsError("MAX_HOURS is shorter than IDLE_MINUTES; make it longer.")
    _check_controller(settings)
    _check_oidc(settings)
    return settings


def _check_controller(settings: Settings) -> None:
    """Make sure that in service the notice can say who answers for the data."""
    named = {
        "CONTROLLER_NAME": settings.controller_name,
        "CONTROLLER_CONTACT": settings.controller_contact,
        "SUPERVISORY_AUTHORITY": settings.supervisory_authority,
    }
    missing = [name for name, value in named.items() if not value]
    if settings.mode == "live" and missing:
        raise SettingsError(
            f"{', '.join(missing)}: missing. Live mode shows who answers for people's data: the "
            "controller's name, how to reach its data protection officer, and the supervisory "
            "authority. Set them, or use HELPLINE_MODE=pilot."
        )


def _check_oidc(settings: Settings) -> None:
    """Make sure that sign-in through the municipality's provider is whole and over TLS."""
    named = {
        "DESK_OIDC_ISSUER": settings.desk_oidc_issuer,
        "DESK_OIDC_CLIENT_ID": settings.desk_oidc_client_id,
        "DESK_OIDC_CLIENT_SECRET": settings.desk_oidc_client_secret,
    }
    if not any(named.values()):
        return
    # The provider sends people back to one address that it knows; a request can't tell it.
    named["DESK_URL"] = settings.desk_url
    missing = [name for name, value in named.items() if not value]
    if missing:
        raise SettingsError(
            f"{', '.join(missing)}: missing. Signing in through OpenID Connect needs all of "
            "DESK_OIDC_ISSUER, DESK_OIDC_CLIENT_ID, DESK_OIDC_CLIENT_SECRET and DESK_URL."
        )
    issuer = urlsplit(settings.desk_oidc_issuer)
    if issuer.scheme != "https" and issuer.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise SettingsError("DESK_OIDC_ISSUER must start with https://.")
