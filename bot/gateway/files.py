"""The styles and scripts of `bot/web`, served as they are."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Files:
    """The files of one folder, read when the gateway starts."""

    def __init__(self, folder: Path, *, without: frozenset[str] = frozenset()) -> None:
        """Read them, but for the names in `without`."""
        self._files = {
            path.name: path.read_bytes()
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
