"""The counsellors' workspace: `/desk/`, practice, what its script reads, and the calls."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.desk import (
    being_there,
    canned,
    dangers,
    lookup,
    next_person,
    practice,
    statistics,
    stream,
    talks,
)
from bot.desk import keys as desk_keys
from bot.desk.accounts import Account
from bot.desk.counts import Counts
from bot.desk.page import desk_texts, language_of, page, say
from bot.desk.session import signed_in
from bot.desk.workspace import COUNTS, MEMORY, Memory
from bot.directory.vocabulary import NEEDS
from bot.gateway import keys
from bot.gateway.markup import data_block
from bot.language import SUPPORTED
from bot.texts import DATA, read_yaml

_ASSETS = ("work.css", "work.js")


class Workspace:
    """The pages, and the lists that the script shows; files are read when the gateway starts."""

    def __init__(self) -> None:
        """Read them.

        Raises:
            TextsError: a file is broken, or something stands in one language only.
        """
        self._canned = canned.load()
        self._visitors = practice.load()
        dangers.kinds()
        self._graphic: dict[str, list[str]] = read_yaml(DATA / "desk-graphic.yml")

    async def work(self, request: web.Request) -> web.Response:
        """`GET /desk/`."""
        account = signed_in(request)
        if not account.claims:
            return page(request, "work-reports", self._slots(request, account), assets=_ASSETS)
        return page(request, "work", self._slots(request, account), assets=_ASSETS)

    async def practise(self, request: web.Request) -> web.Response:
        """`GET /desk/practice`: for everybody, also for who may not claim."""
        account = signed_in(request)
        more = {"visitors": self._visitors}
        return page(request, "practice", self._slots(request, account, more), assets=_ASSETS)

    async def answers(self, request: web.Request) -> web.Response:
        """`GET /desk/api/canned`."""
        signed_in(request)
        found = canned.drafts(self._canned, request.config_dict[keys.DIRECTORY])
        return web.json_response({"canned": found})

    async def directory(self, request: web.Request) -> web.Response:
        """`GET /desk/api/directory?q=&need=&open=&language=`."""
        signed_in(request)
        query = request.query
        language = next((s for s in SUPPORTED if s == query.get("language")), SUPPORTED[0])
        commune, found = lookup.search(
            request.config_dict[keys.DIRECTORY],
            request.config_dict[keys.TEXTS],
            asked=query.get("q", "").strip()[:80],
            need=query.get("need") if query.get("need") in NEEDS else None,
            language=language,
            open_now=query.get("open") == "1",
            now=request.config_dict[keys.CLOCK](),
        )
        name = commune.name.get(language) if commune else None
        return web.json_response({"commune": name, "services": found})

    def _slots(
        self, request: web.Request, account: Account, more: dict[str, Any] | None = None
    ) -> dict[str, str]:
        language = language_of(request)
        sheet = request.config_dict[desk_keys.ACCOUNTS].sheet()
        config = {
            "language": language,
            # A misuse sentence and a transfer to anybody are said in the visitor's language.
            "texts": desk_texts().starting("w_", language),
            "sentences": {
                lang: {key: say(key, lang) for key in ("misuse_sentence", "transfer_anybody")}
                for lang in SUPPORTED
            },
            "account": {
                "alias": account.alias,
                "limit": account.limit,
                "languages": account.languages,
                "supervises": account.supervises,
                "claims": account.claims,
            },
            "paused": request.config_dict[MEMORY].paused.get(account.id, 0),
            "who": [[v, _option("who", v, language)] for v in statistics.WHO],
            "outcomes": [
                [v, _option("outcome", v, language)]
                for v in statistics.OUTCOMES
                if v not in {"misuse", "left"}
            ],
            "needs": [[n, say(f"need_{n}", language)] for n in NEEDS],
            "graphic": self._graphic,
            "sheet": {
                "decides": sheet.decides,
                "calls": sheet.calls,
                "recorded": sheet.recorded,
            },
            **(more or {}),
        }
        return {"config": data_block("config", config)}


def _option(dimension: str, value: str, language: Any) -> str:
    key = "stat_unknown" if value == "unknown" else f"stat_{dimension}_{value}"
    return say(key, language)


async def _counts(app: web.Application) -> AsyncIterator[None]:
    yield
    app[COUNTS].close()


def add_routes(app: web.Application, folder: Path) -> None:
    """Add the workspace to the desk's application.

    Args:
        app: the desk's.
        folder: `STATE_DIR`, where counts are kept.

    Raises:
        TextsError: a file of the workspace is broken.
    """
    workspace = Workspace()
    app[MEMORY], app[COUNTS] = Memory(), Counts(folder)
    app.cleanup_ctx.append(_counts)
    app.router.add_get("/", workspace.work)
    app.router.add_get("/practice", workspace.practise)
    app.router.add_get("/api/canned", workspace.answers)
    app.router.add_get("/api/directory", workspace.directory)
    being_there.add_routes(app)
    talks.add_routes(app)
    next_person.add_routes(app)
    stream.add_routes(app)
    statistics.add_routes(app)
