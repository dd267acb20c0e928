"""OpenID Connect, code flow with PKCE: where to send somebody, and who came back.

OpenID Connect Core 1.0, 3.1; RFC 7636 (PKCE); RFC 9207 (`iss` on the way back).
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import aiohttp
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

# Signatures by the provider's own key only: never `none`, never one made with the client's secret.
_ALGORITHMS = ("RS256", "PS256", "ES256")
_PENDING_SECONDS = 600.0
_MOST_PENDING = 1000
_LEEWAY = 60
_TIMEOUT = aiohttp.ClientTimeout(total=10)


class OidcError(Exception):
    """The provider can't be reached, or what came back can't be trusted."""


@dataclass(frozen=True)
class Pending:
    """Somebody who is at the provider now. `link`: the invitation that they came with."""

    began: float
    browser: str
    nonce: str
    verifier: str
    link: str = ""
    alias: str = ""
    organisation: str = ""


class OidcClient:
    """One provider."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the configuration; nothing is asked of the provider before somebody signs in."""
        self._issuer, self._id, self._secret = issuer, client_id, client_secret
        self._redirect_uri, self._clock = redirect_uri, clock
        self._pending: dict[str, Pending] = {}
        self._metadata: dict[str, Any] = {}
        self._keys: KeySet | None = None

    async def begin(
        self, browser: str, *, link: str = "", alias: str = "", organisation: str = ""
    ) -> str:
        """Return the address at the provider.

        Args:
            browser: a secret that only this browser has (a cookie): nobody else's answer counts.
            link, alias, organisation: of an invitation that is being taken up.

        Raises:
            OidcError: the provider can't be reached.
        """
        metadata = await self._discover()
        now = self._clock()
        self._pending = {s: p for s, p in self._pending.items() if now - p.began < _PENDING_SECONDS}
        if len(self._pending) >= _MOST_PENDING:
            raise OidcError("too many people are signing in at once")
        state, nonce = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        verifier = secrets.token_urlsafe(48)
        self._pending[state] = Pending(now, browser, nonce, verifier, link, alias, organisation)
        address: str = prepare_grant_uri(
            metadata["authorization_endpoint"],
            self._id,
            "code",
            redirect_uri=self._redirect_uri,
            scope="openid",
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return address

    async def finish(
        self, browser: str, state: str, code: str, issuer: str | None = None
    ) -> tuple[str, Pending]:
        """Return who came back (issuer and subject in one word) and what they had come for.

        Args:
            browser: the secret of the browser that came back.
            state, code: from the address.
            issuer: `iss` from the address, if the provider sends it.

        Raises:
            OidcError: it isn't theirs, it is used or too old, or the ID token can't be trusted.
        """
        pending = self._pending.pop(state, None)
        if pending is None or self._clock() - pending.began >= _PENDING_SECONDS:
            raise OidcError("no such sign-in under way")
        if not secrets.compare_digest(pending.browser.encode(), browser.encode()):
            raise OidcError("another browser began this sign-in")
        if issuer is not None and issuer != self._issuer:
            raise OidcError("another provider answers")
        if not code:
            raise OidcError("the provider gave no code")
        answer = await self._redeem(code, pending.verifier)
        claims = await self._verified(str(answer.get("id_token", "")), pending, answer)
        return f"{self._issuer} {claims['sub']}", pending

    async def _redeem(self, code: str, verifier: str) -> dict[str, Any]:
        metadata = await self._discover()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": verifier,
        }
        methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        basic = None
        if "client_secret_basic" in methods:
            basic = aiohttp.BasicAuth(self._id, self._secret)
        else:
            form |= {"client_id": self._id, "client_secret": self._secret}
        return await _json("POST", metadata["token_endpoint"], data=form, auth=basic)

    async def _verified(
        self, id_token: str, pending: Pending, answer: dict[str, Any]
    ) -> CodeIDToken:
        try:
            try:
                token = jwt.decode(id_token, await self._key_set(), algorithms=_ALGORITHMS)
            except (JoseError, ValueError):
                # The provider may have changed its keys.
                token = jwt.decode(
                    id_token, await self._key_set(fresh=True), algorithms=_ALGORITHMS
                )
            claims = CodeIDToken(
                token.claims,
                token.header,
                options={
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._id},
                    "sub": {"essential": True},
                },
                params={
                    "nonce": pending.nonce,
                    "client_id": self._id,
                    "access_token": answer.get("access_token"),
                },
            )
            claims.validate(leeway=_LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise OidcError(f"the ID token can't be trusted: {type(error).__name__}") from None
        return claims

    async def _discover(self) -> dict[str, Any]:
        if not self._metadata:
            base = self._issuer.rstrip("/")
            found = await _json("GET", f"{base}/.well-known/openid-configuration")
            needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if found.get("issuer") != self._issuer or not all(found.get(n) for n in needed):
                raise OidcError("the provider's description isn't that of the issuer")
            self._metadata = found
        return self._metadata

    async def _key_set(self, fresh: bool = False) -> KeySet:
        if self._keys is None or fresh:
            metadata = await self._discover()
            self._keys = KeySet.import_key_set(cast(Any, await _json("GET", metadata["jwks_uri"])))
        return self._keys


async def _json(method: str, url: str, **more: Any) -> dict[str, Any]:
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as http,
            http.request(method, url, allow_redirects=False, **more) as answer,
        ):
            if answer.status != 200:
                raise OidcError(f"the provider answered {answer.status}")
            found = await answer.json(content_type=None)
    except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
        raise OidcError(f"the provider can't be asked: {type(error).__name__}") from None
    if not isinstance(found, dict):
        raise OidcError("the provider answered something else")
    return found
