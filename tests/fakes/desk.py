"""A browser at the desk: cookies, forms, and an authenticator app."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import aiohttp
import pyotp
from yarl import URL

from bot.desk import keys
from bot.desk.accounts import Account, Accounts, Profile
from tests.fakes.handoff_gateway import Gateway

PASSWORD = "quatre mots sans lien"
NETWORKS = ("stopp-vif",)


def desk_of(g: Gateway) -> Any:
    """Return the desk's application inside a gateway's."""
    (found,) = [app for app in g.app._subapps if keys.ACCOUNTS in app]
    return found


def accounts_of(g: Gateway) -> Accounts:
    """Return the accounts of a running gateway."""
    found: Accounts = desk_of(g)[keys.ACCOUNTS]
    return found


@dataclass
class Browser:
    """One browser; it says where its requests come from, unless `silent` as old ones are."""

    g: Gateway
    http: aiohttp.ClientSession
    secret: str = ""
    login: str = ""
    silent: bool = False
    status: int = 0
    text: str = ""
    path: str = ""
    headers: Any = field(default_factory=dict)
    # Steps of the second factor that this person has used: a code works once.
    used: int = 0

    async def get(self, path: str, **more: Any) -> str:
        """Open a page; redirects are followed."""
        return await self._keep(self.http.get(f"{self.g.url}{path}", **more))

    async def post(self, path: str, **form: Any) -> str:
        """Send a form, with the token of the page that is open."""
        found = re.search(r'name="form" value="([0-9a-f]+)"', self.text)
        data = {"form": found[1] if found else "", **form}
        pairs = [
            (k, str(v)) for k, vs in data.items() for v in (vs if isinstance(vs, list) else [vs])
        ]
        headers = {} if self.silent else {"Sec-Fetch-Site": "same-origin"}
        return await self._keep(self.http.post(f"{self.g.url}{path}", data=pairs, headers=headers))

    async def _keep(self, request: Any) -> str:
        async with request as answer:
            self.status, self.headers = answer.status, answer.headers
            self.path, self.text = answer.url.path, await answer.text()
        return self.text

    def code(self) -> str:
        """Return a code that wasn't used yet; the server takes one step early or late."""
        step = max(int(time.time()) // 30 - 1, self.used + 1)
        self.used = step
        return str(pyotp.TOTP(self.secret).generate_otp(step))

    async def sign_in(self, password: str = PASSWORD, code: str | None = None) -> None:
        """Sign in with name, password and code."""
        await self.get("/desk/sign-in")
        await self.post(
            "/desk/sign-in", name=self.login, password=password, code=code or self.code()
        )

    async def join(self, token: str, alias: str, /, **more: str) -> None:
        """Take up an invitation."""
        page = await self.get(f"/desk/join/{token}")
        self.secret = re.search(r'name="secret" value="([A-Z2-7]+)"', page)[1]  # type: ignore[index]
        self.login, self.used = f"{alias.lower()}.sign-in", 0
        await self.post(
            f"/desk/join/{token}",
            **{
                "alias": alias,
                "login": self.login,
                "password": PASSWORD,
                "secret": self.secret,
                "code": self.code(),
                "organisation": "CPAS d'essai",
                **more,
            },
        )

    def link(self) -> str:
        """Return the secret part of the one-time link that the page shows."""
        return re.search(r'id="link">[^<]*/join/([\w-]+)<', unescape(self.text))[1]  # type: ignore[index]


@asynccontextmanager
async def browser(g: Gateway, **more: Any) -> AsyncIterator[Browser]:
    """Open a browser; on the loopback it takes cookies that are for TLS, as Chromium does."""
    jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=URL(g.url))
    async with aiohttp.ClientSession(cookie_jar=jar) as http:
        yield Browser(g, http, **more)


async def somebody(g: Gateway, b: Browser, alias: str, **profile: Any) -> Account:
    """Make an account that has accepted the text and is signed in in this browser."""
    wanted = Profile(
        **{"organisation": "CPAS d'essai", "networks": NETWORKS, "minors": True, **profile}
    )
    await b.join(accounts_of(g).invite("invite", wanted), alias)
    assert b.path == "/desk/confidentiality", (b.status, b.path, b.text)
    await b.post("/desk/confidentiality")
    (account,) = [a for a in accounts_of(g).all() if a.alias == alias]
    return account
