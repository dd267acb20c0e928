"""What the desk's parts share, typed (`web.AppKey`)."""

from __future__ import annotations

from aiohttp import web

from bot.desk.accounts import Accounts
from bot.desk.lockout import Lockout
from bot.desk.oidc_client import OidcClient
from bot.desk.sessions import Sessions

ACCOUNTS = web.AppKey("desk_accounts", Accounts)
SESSIONS = web.AppKey("desk_sessions", Sessions)
LOCKOUT = web.AppKey("desk_lockout", Lockout)
# Only when the municipality's provider is configured.
OIDC = web.AppKey("desk_oidc", OidcClient)
