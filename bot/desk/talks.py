"""What a counsellor does at the desk: take, write, hand on, end; each by one small call."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web
from redis.exceptions import RedisError

from bot.desk.accounts import Account
from bot.desk.page import say
from bot.desk.session import signed_in
from bot.desk.statistics import OUTCOMES, WHO, count
from bot.desk.workspace import (
    COUNTS,
    MEMORY,
    Held,
    answer,
    body,
    claimer,
    colleagues,
    for_another,
    problem,
    service_of,
)
from bot.gateway import keys
from bot.handoff.case import Case
from bot.handoff.states import State

_RECEIPT = re.compile(r"[\w-]{8,40}")
# To whoever is free: `to` of a transfer that names nobody.
_ANYBODY = "anybody"


async def claim(request: web.Request) -> web.Response:
    """`POST /desk/api/talks/{id}/claim`: exactly one gets "ok" (R76)."""
    account = claimer(request)
    service, name = service_of(request), request.match_info["id"]
    held = await service.held_by(account.alias)
    if all(case.id != name for case in held) and len(held) >= account.limit:
        raise problem("limit", 409)
    case = await service.store.find(name)
    if (
        case is None
        or case.network not in account.networks
        or case.language not in account.languages
    ):
        raise problem("gone", 404)
    there = {a.alias for a in await colleagues(request, case.network, case.language)}
    if for_another(case, account.alias, there):
        raise problem("meant", 409)
    result = await service.claim(
        name, account.alias, minors=account.minors, commune=account.commune, who=account.id
    )
    return answer(result)


async def write(request: web.Request) -> web.Response:
    """`POST /desk/api/talks/{id}/say` `{"text", "key"}`: sent twice under one key, said once."""
    account, data = claimer(request), await body(request)
    text, key = data.get("text"), data.get("key", "")
    if not isinstance(text, str) or not text.strip() or not _RECEIPT.fullmatch(str(key)):
        raise problem("not_valid", 400)
    service, name = service_of(request), request.match_info["id"]
    result = await service.counsellor_said(
        name, account.alias, text, receipt=f"desk:{account.id}:{key}"
    )
    # Our own copy comes over the stream, unless the key to the words isn't here (a restart).
    case = await service.store.find(name) if result.done else None
    return answer(result, kept=bool(case and case.wrapped and service.opens(case)))


async def typing(request: web.Request) -> web.Response:
    """`POST /desk/api/talks/{id}/typing`."""
    account = claimer(request)
    return answer(await service_of(request).typing(request.match_info["id"], account.alias))


async def end(request: web.Request) -> web.Response:
    """`POST /desk/api/talks/{id}/end` `{"how": "close"|"return", "who", "outcome"}`."""
    account, data = claimer(request), await body(request)
    who, outcome = _form(data)
    service, name = service_of(request), request.match_info["id"]
    held = await remember(request, account, name)
    if data.get("how") == "return":
        result = await service.give_back(name, account.alias)
    else:
        result = await service.close(name, account.alias)
    if result.code == "ok":
        _count(request, held, name, who, outcome)
    return answer(result)


async def after(request: web.Request) -> web.Response:
    """`POST /desk/api/talks/{id}/after` `{"who", "outcome"}`: the form, when the visitor ended."""
    account, data = claimer(request), await body(request)
    who, outcome = _form(data)
    name = request.match_info["id"]
    held = request.config_dict[MEMORY].held.get(name)
    if held is not None and held.account_id == account.id:
        _count(request, held, name, who, outcome)
    return web.Response(status=204)


async def misuse(request: web.Request) -> web.Response:
    """`POST /desk/api/talks/{id}/misuse`: one standard sentence, the end, and a count."""
    account = claimer(request)
    service, name = service_of(request), request.match_info["id"]
    held = await remember(request, account, name)
    case = await service.store.find(name)
    if case is None:
        raise problem("gone", 404)
    said = await service.counsellor_said(
        name, account.alias, say("misuse_sentence", case.language), receipt=f"desk:misuse:{name}"
    )
    if not said.done:
        return answer(said)
    result = await service.close(name, account.alias, ask=False)
    if result.code == "ok":
        _count(request, held, name, "other", "misuse")
    return answer(result)


async def release(request: web.Request) -> web.Response:
    """`POST /desk/api/talks/{id}/release`: "I may know this person"."""
    account = claimer(request)
    name = request.match_info["id"]
    result = await service_of(request).release(name, account.alias, who=account.id)
    request.config_dict[MEMORY].held.pop(name, None)
    return answer(result)


async def lower(request: web.Request) -> web.Response:
    """`POST /desk/api/talks/{id}/lower`: the counsellor has looked at the alarm."""
    account = claimer(request)
    return answer(await service_of(request).lower(request.match_info["id"], account.alias))


async def ask_address(request: web.Request) -> web.Response:
    """`POST /desk/api/talks/{id}/address`: in grave danger, ask where help must go."""
    account = claimer(request)
    return answer(await service_of(request).ask_address(request.match_info["id"], account.alias))


async def address(request: web.Request) -> web.Response:
    """`GET /desk/api/talks/{id}/address`: to the claimer only, and never written down here."""
    account = claimer(request, active=False)
    found = await service_of(request).read_address(request.match_info["id"], account.alias)
    return web.json_response({"address": found})


async def to_whom(request: web.Request) -> web.Response:
    """`GET /desk/api/talks/{id}/colleagues`: who could go on with this talk."""
    account = claimer(request)
    case = await _own(request, account)
    found = await colleagues(request, case.network, case.language, minor=case.minor)
    return web.json_response(
        {"colleagues": [{"id": a.id, "alias": a.alias} for a in found if a.id != account.id]}
    )


async def transfer(request: web.Request) -> web.Response:
    """`POST /desk/api/talks/{id}/transfer` `{"to"}`: the person is asked first (R78)."""
    account, data = claimer(request), await body(request)
    case = await _own(request, account)
    found = await colleagues(request, case.network, case.language, minor=case.minor)
    to = next((a.alias for a in found if a.id == data.get("to") and a.id != account.id), None)
    if to is None and data.get("to") == _ANYBODY:
        to = say("transfer_anybody", case.language)
    if to is None:
        raise problem("away", 409)
    return answer(await service_of(request).propose_transfer(case.id, account.alias, to))


async def debrief(request: web.Request) -> web.Response:
    """`POST /desk/api/debrief`: ask to talk with the supervisor; says nothing of a talk."""
    account = claimer(request)
    request.config_dict[COUNTS].ask_debrief(account.id, request.config_dict[keys.CLOCK]().date())
    return web.Response(status=204)


async def debriefed(request: web.Request) -> web.Response:
    """`POST /desk/api/debriefed` `{"id"}`: the supervisor has spoken with them."""
    account, data = signed_in(request), await body(request)
    if not account.supervises:
        raise web.HTTPForbidden(text='{"error":"regime"}', content_type="application/json")
    request.config_dict[COUNTS].debriefed(str(data.get("id", "")))
    return web.Response(status=204)


async def remember(request: web.Request, account: Account, name: str) -> Held | None:
    """Keep what is counted of a talk as it stands, while it can still be read."""
    memory, service = request.config_dict[MEMORY], service_of(request)
    case = await service.store.find(name)
    if case is not None and case.state is State.ACTIVE and case.alias == account.alias:
        keep(memory.held, account, case, service.topic(case))
    held = memory.held.get(name)
    return held if held and held.account_id == account.id else None


def keep(held: dict[str, Held], account: Account, case: Case, topic: str | None) -> None:
    """Note a talk that an account has."""
    held[case.id] = Held(
        account.id, case.network, case.language, case.risk, topic or "", case.trial
    )


def _count(request: web.Request, held: Held | None, name: str, who: str, outcome: str) -> None:
    request.config_dict[MEMORY].held.pop(name, None)
    # A trial isn't a talk.
    if held is not None and not held.trial:
        now = request.config_dict[keys.CLOCK]()
        count(request.config_dict[COUNTS], held, who, outcome, now)


def _form(data: dict[str, Any]) -> tuple[str, str]:
    who, outcome = data.get("who") or "unknown", data.get("outcome") or "unknown"
    if who not in WHO or outcome not in OUTCOMES:
        raise problem("not_valid", 400)
    return who, outcome


async def _own(request: web.Request, account: Account) -> Case:
    case = await service_of(request).store.find(request.match_info["id"])
    if case is None or case.state is not State.ACTIVE or case.alias != account.alias:
        raise problem("gone", 404)
    return case


@web.middleware
async def store_away(request: web.Request, handler: Any) -> web.StreamResponse:
    """Answer in a way that the page understands while Redis is away."""
    try:
        found: web.StreamResponse = await handler(request)
        return found
    except (RedisError, OSError):
        if request.path.startswith("/desk/api/"):
            return web.json_response({"error": "store_away"}, status=503)
        raise


def add_routes(app: web.Application) -> None:
    """Add the calls."""
    app.middlewares.append(store_away)
    app.router.add_post("/api/debrief", debrief)
    app.router.add_post("/api/debriefed", debriefed)
    for path, handler in (
        ("claim", claim),
        ("say", write),
        ("typing", typing),
        ("end", end),
        ("after", after),
        ("misuse", misuse),
        ("release", release),
        ("lower", lower),
        ("address", ask_address),
        ("transfer", transfer),
    ):
        app.router.add_post(f"/api/talks/{{id:[0-9a-f]{{32}}}}/{path}", handler)
    app.router.add_get("/api/talks/{id:[0-9a-f]{32}}/address", address)
    app.router.add_get("/api/talks/{id:[0-9a-f]{32}}/colleagues", to_whom)
