"""Headers on every answer: nothing kept, nothing leaked, nothing loaded from elsewhere."""

from __future__ import annotations

from aiohttp import web

from bot.gateway import keys

_ALWAYS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "X-Robots-Tag": "noindex",
}
# The one file that other sites load.
_FOR_OTHER_SITES = frozenset({"/embed.js"})


def _policy(origins: tuple[str, ...]) -> str:
    ancestors = " ".join(["'self'", *origins])
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {ancestors}"
    )


async def security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers to an answer that is about to go out (`on_response_prepare`).

    A middleware would miss what aiohttp answers by itself when a handler fails.
    """
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers["Content-Security-Policy"] = _policy(request.app[keys.SETTINGS].embed_origins)
    response.headers["Cross-Origin-Resource-Policy"] = (
        "cross-origin" if request.path in _FOR_OTHER_SITES else "same-origin"
    )
    response.headers.pop("Server", None)
