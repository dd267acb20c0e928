"""The styles and scripts of `bot/web`, served as they are, but for their comments."""

from __future__ import annotations

import re
from pathlib import Path

from aiohttp import web

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


# Lines that are a comment and nothing else; in styles, every comment.
_COMMENTS = {
    ".css": re.compile(r"/\*.*?\*/\s*", re.DOTALL),
    ".js": re.compile(r"^[ \t]*//.*\n", re.MULTILINE),
}


def sent(path: Path) -> bytes:
    """Return what goes over the wire of a file: a slow telephone doesn't pay for our comments."""
    text = path.read_text(encoding="utf-8")
    comments = _COMMENTS.get(path.suffix)
    return (comments.sub("", text) if comments else text).encode()


class Files:
    """The files of one folder, read when the gateway starts."""

    def __init__(self, folder: Path, *, without: frozenset[str] = frozenset()) -> None:
        """Read them, but for the names in `without`."""
        self._files = {
            path.name: sent(path)
            for path in folder.iterdir()
            if path.suffix in _TYPES and path.name not in without
        }

    async def get(self, request: web.Request) -> web.Response:
        """`GET …/static/<name>`: our own style, scripts and icon; nothing else."""
        name = request.match_info["name"]
        if name not in self._files:
            raise web.HTTPNotFound
        response = web.Response(
            body=self._files[name], content_type=_TYPES[Path(name).suffix], charset="utf-8"
        )
        response.enable_compression()
        return response
