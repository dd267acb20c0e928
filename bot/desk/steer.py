"""The supervisor's other pages: checklist, roster, emergency sheet, off switch."""

from __future__ import annotations

from datetime import datetime
from html import escape

from aiohttp import web

from bot.desk import keys, trials
from bot.desk.accounts import Account, Sheet
from bot.desk.checks import able, checklist, hours_from
from bot.desk.forms import network_name, short_name, text
from bot.desk.page import language_of, page, say
from bot.desk.session import maintainer, notify, signed_in, supervisor
from bot.gateway import keys as gateway_keys
from bot.handoff.presence import SECONDS
from bot.handoff.service import HandoffService
from bot.language import SUPPORTED, Supported
from bot.state import State

_MOST_NOTE = 400


def _handoff(request: web.Request) -> HandoffService:
    return request.config_dict[gateway_keys.HANDOFF]


def _state(request: web.Request) -> State:
    return request.config_dict[gateway_keys.STATE]


# --- the first days
async def show_checklist(request: web.Request) -> web.Response:
    """`GET /desk/checklist`: what is left to do, and the test handoff."""
    supervisor(request)
    language, service, state = language_of(request), _handoff(request), _state(request)
    done = checklist(request)
    links = {"accounts": "/desk/people", "hours": "/desk/hours", "sheet": "/desk/sheet"}
    items = []
    for name, is_done in done.items():
        mark = say("check_done" if is_done else "check_todo", language)
        link = ""
        if name in links:
            label = escape(say(f"check_{name}_link", language))
            link = f' <a href="{links[name]}">{label}</a>'
        items.append(
            f'<li><h2 class="{"done" if is_done else "todo"}">'
            f'{escape(say(f"check_{name}", language))} <span class="sr">({escape(mark)})</span>'
            f"</h2><p>{escape(say(f'check_{name}_why', language))}{link}</p>"
            f"{_details(request, name)}</li>"
        )
    now = service.store.now()
    if trials.waits(state, service.network, now):
        trial = escape(say("trial_waits", language))
    elif trials.missed(state, service.network, now):
        trial = escape(say("trial_missed", language))
    elif when := trials.claimed(state, service.network):
        zone = request.config_dict[gateway_keys.CLOCK]().tzinfo
        day = datetime.fromtimestamp(when / 1000, zone).strftime("%d/%m/%Y %H:%M")
        trial = escape(say("trial_claimed", language, day=day))
    else:
        trial = escape(say("trial_never", language))
    intro = say("checklist_all_done" if all(done.values()) else "checklist_intro", language)
    return page(
        request, "checklist", {"items": "".join(items), "trial": trial, "intro": escape(intro)}
    )


def _details(request: web.Request, name: str) -> str:
    """Return what stands behind an item of the checklist: who, and which network."""
    language, service = language_of(request), _handoff(request)
    directory = request.config_dict[gateway_keys.DIRECTORY]
    here = short_name(directory, service.network, language)
    if name == "accounts":
        names = ", ".join(account.alias for account in able(request))
        words = say("check_accounts_now", language, network=here, names=names or "–")
        return f'<p class="hint">{escape(words)}</p>'
    if name == "trial":
        return f'<p class="hint">{escape(say("check_trial_now", language, network=here))}</p>'
    if name != "hours":
        return ""
    lines = []
    # The network of this site first: visitors who write here are its people.
    for network in sorted(service.teams.networks, key=lambda n: n != service.network):
        source, hours = hours_from(request, network), service.teams.current(network)[0].hours
        state = say(f"hours_from_{source or 'nobody'}", language, hours=hours)
        key = "check_hours_here" if network == service.network else "check_hours_other"
        words = say(key, language, network=short_name(directory, network, language))
        lines.append(
            f'<li class="{"ok" if source else "open"}">{escape(words)} {escape(state)}</li>'
        )
    return f'<ul class="facts">{"".join(lines)}</ul>'


async def start_trial(request: web.Request) -> web.Response:
    """`POST /desk/trial`: a marked person joins the queue."""
    me, service = supervisor(request), _handoff(request)
    if not trials.waits(_state(request), service.network, service.store.now()):
        language: Supported = "nl" if "fr" not in me.languages else "fr"
        await trials.start(
            service, request.config_dict[gateway_keys.RECORDS], _state(request), language
        )
    notify(request, "notice_trial", "/desk/checklist")
    raise web.HTTPSeeOther("/desk/checklist")


# --- who is there
async def show_roster(request: web.Request) -> web.Response:
    """`GET /desk/roster`: who was seen in the last two minutes, by alias."""
    supervisor(request)
    language, service = language_of(request), _handoff(request)
    directory, accounts = (
        request.config_dict[gateway_keys.DIRECTORY],
        request.config_dict[keys.ACCOUNTS],
    )
    held: dict[str, int] = {}
    for case in await service.live_cases():
        if case.alias:
            held[case.alias] = held.get(case.alias, 0) + 1
    rows = []
    for account in accounts.all():
        places = await _places(service, account)
        if places:
            names = sorted({network_name(directory, n, language) for n, _ in places})
            spoken = sorted({code.upper() for _, code in places})
            rows.append(
                f"<tr><th scope=row>{escape(account.alias)}</th><td>{escape(', '.join(names))}</td>"
                f"<td>{' '.join(spoken)}</td><td>{held.get(account.alias, 0)}</td></tr>"
            )
    tools = []
    for network in service.teams.networks:
        number = await _in_tools(service, network)
        if number:
            name = network_name(directory, network, language)
            tools.append(f"<li>{escape(say('roster_tool', language, network=name, number=number))}")
    empty = "" if rows else f"<p>{escape(say('roster_empty', language))}</p>"
    return page(
        request,
        "roster",
        {
            "rows": "".join(rows),
            "empty": empty,
            "tools": f"<ul>{''.join(tools)}</ul>" if tools else "",
            "table": "" if rows else " hidden",
            "minutes": str(SECONDS // 60),
        },
    )


async def _places(service: HandoffService, account: Account) -> list[tuple[str, str]]:
    found = []
    for network in account.networks:
        for language in account.languages:
            if await service.presence.is_there(account.id, network, language, service.store.now()):
                found.append((network, language))
    return found


async def _in_tools(service: HandoffService, network: str) -> int:
    now, most = service.store.now(), 0
    for language in SUPPORTED:
        everybody = await service.presence.number(network, language, now)
        at_desk = await service.presence.number(network, language, now, at_desk=True)
        most = max(most, everybody - at_desk)
    return most


# --- the emergency sheet
async def show_sheet(request: web.Request) -> web.Response:
    """`GET /desk/sheet`: who decides, who calls 112, where it is recorded; all read it."""
    me, sheet = signed_in(request), request.config_dict[keys.ACCOUNTS].sheet()
    language = language_of(request)
    rows = "".join(
        f"<dt>{escape(say(f'sheet_{name}', language))}</dt>"
        f"<dd>{escape(value or say('sheet_empty', language))}</dd>"
        for name, value in vars(sheet).items()
    )
    slots = {f"value_{name}": escape(value) for name, value in vars(sheet).items()}
    edit = "" if me.supervises else " hidden disabled"
    return page(request, "sheet", {**slots, "rows": rows, "edit": edit})


async def set_sheet(request: web.Request) -> web.Response:
    """`POST /desk/sheet`: the supervisor writes it."""
    supervisor(request)
    form = await request.post()
    sheet = Sheet(*(text(form, name, _MOST_NOTE) for name in ("decides", "calls", "recorded")))
    request.config_dict[keys.ACCOUNTS].set_sheet(sheet)
    notify(request, "notice_saved", "/desk/sheet")
    raise web.HTTPSeeOther("/desk/sheet")


# --- the assistant's switch (R38)
async def show_assistant(request: web.Request) -> web.Response:
    """`GET /desk/assistant`: whether it answers, and the way to turn it off or on."""
    maintainer(request)
    off = _state(request).assistant_off
    key = "assistant_is_off" if off else "assistant_is_on"
    return page(
        request,
        "assistant",
        {
            "state": escape(say(key, language_of(request))),
            "off": " hidden" if off else "",
            "on": "" if off else " hidden",
        },
    )


async def confirm_assistant(request: web.Request) -> web.Response:
    """`GET /desk/assistant/off`: what happens then, and the second yes."""
    maintainer(request)
    return page(request, "assistant-off")


async def switch_assistant(request: web.Request) -> web.Response:
    """`POST /desk/assistant`: off (confirmed) or on, at once; the same switch as `helpline off`."""
    maintainer(request)
    form = await request.post()
    value = text(form, "value")
    if value == "off" and "sure" not in form:
        raise web.HTTPSeeOther("/desk/assistant/off")
    if value in {"on", "off"}:
        _state(request).set("assistant", value)
    raise web.HTTPSeeOther("/desk/assistant")


def add_routes(app: web.Application) -> None:
    """Add these pages to the desk."""
    app.router.add_get("/checklist", show_checklist)
    app.router.add_post("/trial", start_trial)
    app.router.add_get("/roster", show_roster)
    app.router.add_get("/sheet", show_sheet)
    app.router.add_post("/sheet", set_sheet)
    app.router.add_get("/assistant", show_assistant)
    app.router.add_get("/assistant/off", confirm_assistant)
    app.router.add_post("/assistant", switch_assistant)
