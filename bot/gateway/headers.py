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


_STAFF = ("/desk", "/workshop")
# Nothing but our own files; no other site may show it in a frame.
_DESK_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


async def security_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers to an answer that is about to go out (`on_response_prepare`).

    A middleware would miss what aiohttp answers by itself when a handler fails.
    """
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    if request.path in _STAFF or request.path.startswith(tuple(f"{path}/" for path in _STAFF)):
        response.headers["Content-Security-Policy"] = _DESK_POLICY
    else:
        origins = request.config_dict[keys.SETTINGS].embed_origins
        response.headers["Content-Security-Policy"] = _policy(origins)
    response.headers["Cross-Origin-Resource-Policy"] = (
        "cross-origin" if request.path in _FOR_OTHER_SITES else "same-origin"
    )
    response.headers.pop("Server", None)
