"""A local OpenID Connect provider: authorization code with PKCE, RS256, as the specification says.

It can be told to lie, in the ways that a relying party must notice.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BasicAuth, web
from aiohttp.test_utils import TestServer
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "the-desk", "the secret of the client"


@dataclass
class Provider:
    """What it knows and how it behaves."""

    url: str = ""
    subject: str = "person-1"
    # Claims of the next ID token that are not as they should be.
    lies: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    sign_with: RSAKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    seen: list[dict[str, str]] = field(default_factory=list)

    def turn_key(self) -> None:
        """Change the signing key, as providers do from time to time."""
        self.key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4)})

    async def description(self, _: web.Request) -> web.Response:
        """Return the discovery document."""
        return web.json_response(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def keys(self, _: web.Request) -> web.Response:
        """Return the public keys."""
        return web.json_response(KeySet([self.key]).as_dict(private=False))

    async def authorize(self, request: web.Request) -> web.Response:
        """Sign the person in at once and send them back with a code."""
        query = dict(request.query)
        assert query["client_id"] == CLIENT_ID
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        self.seen.append(query)
        raise web.HTTPFound(f"{query['redirect_uri']}?code={code}&state={query['state']}")

    async def token(self, request: web.Request) -> web.Response:
        """Exchange a code, once, for tokens."""
        form = await request.post()
        asked = self.codes.pop(str(form["code"]), None)
        auth = BasicAuth.decode(request.headers["Authorization"])
        verifier = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if (
            asked is None
            or (auth.login, auth.password) != (CLIENT_ID, CLIENT_SECRET)
            or challenge != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return web.json_response({"error": "invalid_grant"}, status=400)
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": self.subject,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.lies,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return web.json_response(
            {"access_token": "at", "token_type": "Bearer", "id_token": self.signed(claims)}
        )

    def signed(self, claims: dict[str, Any]) -> str:
        """Return an ID token, signed as told."""
        if self.algorithm == "none":
            parts = [b'{"alg":"none"}', str(claims).replace("'", '"').encode()]
            return ".".join(base64.urlsafe_b64encode(p).rstrip(b"=").decode() for p in parts) + "."
        key = self.sign_with or self.key
        header = {"alg": self.algorithm, "kid": self.key.kid}
        if self.algorithm == "HS256":
            return str(jwt.encode(header, claims, OctKey.import_key(CLIENT_SECRET)))
        return str(jwt.encode(header, claims, key))


@asynccontextmanager
async def provider() -> AsyncIterator[Provider]:
    """Run one on the loopback."""
    made, app = Provider(), web.Application()
    app.router.add_get("/.well-known/openid-configuration", made.description)
    app.router.add_get("/keys", made.keys)
    app.router.add_get("/authorize", made.authorize)
    app.router.add_post("/token", made.token)
    server = TestServer(app)
    await server.start_server()
    made.url = str(server.make_url("")).rstrip("/")
    try:
        yield made
    finally:
        await server.close()
