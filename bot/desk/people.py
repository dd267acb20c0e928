"""The supervisor's list of people: invite, change, reset a lost second factor, remove at once."""

from __future__ import annotations

from dataclasses import asdict
from html import escape

from aiohttp import web

from bot.desk import invitations, keys
from bot.desk.accounts import Account, Profile
from bot.desk.forms import Typed, Wrong, network_name, profile, profile_slots, text, typed
from bot.desk.links import link_address
from bot.desk.page import language_of, page, part, say
from bot.desk.session import notify, supervisor
from bot.desk.signin import wrong
from bot.gateway import keys as gateway_keys


def _networks(request: web.Request) -> tuple[str, ...]:
    return request.config_dict[gateway_keys.HANDOFF].teams.networks


def _kept(account: Account) -> Profile:
    fields = asdict(account)
    return Profile(**{name: fields[name] for name in Profile.__dataclass_fields__})


async def show_people(request: web.Request) -> web.Response:
    """`GET /desk/people`: everybody who has an account."""
    me, language = supervisor(request), language_of(request)
    accounts, directory = (
        request.config_dict[keys.ACCOUNTS],
        request.config_dict[gateway_keys.DIRECTORY],
    )
    rows = []
    for one in accounts.all():
        facts = [
            say(f"role_{one.role}", language),
            say(f"regime_{one.regime}", language),
            one.organisation,
            ", ".join(network_name(directory, n, language) for n in one.networks),
            " ".join(one.languages).upper(),
        ]
        if one.minors:
            facts.append(say("field_minors", language))
        if accounts.accepted(one.id) is None:
            facts.append(say("people_not_accepted", language))
        mine = f" ({escape(say('people_you', language))})" if one.id == me.id else ""
        rows.append(
            f"<li><h2>{escape(one.alias)}{mine}</h2>"
            f"<p>{escape(' · '.join(fact for fact in facts if fact))}</p>"
            f'<div class="actions"><a class="button quiet" href="/desk/people/{one.id}">'
            f"{escape(say('people_change', language))}"
            f'<span class="sr"> {escape(one.alias)}</span></a></div></li>'
        )
    waiting = invitations.listed(request)
    return page(
        request,
        "people",
        {
            "people": "".join(rows),
            "invitations": waiting,
            "none_waiting": " hidden" if waiting else "",
        },
    )


def _form_page(
    request: web.Request,
    account: Account | None,
    kept: Profile | Typed,
    problem: Wrong | None = None,
    *,
    note: str = "",
) -> web.Response:
    me, language = supervisor(request), language_of(request)
    directory = request.config_dict[gateway_keys.DIRECTORY]
    fixed = account is not None and _regime_is_fixed(request, me, account)
    fields = profile_slots(kept, directory, _networks(request), language, own_regime=fixed)
    said = wrong(request, problem.key, **problem.values) if problem else ""
    slots = {"fields": part("person-fields", language, fields), "wrong": said}
    status = 400 if problem else 200
    if account is None:
        return page(request, "invite", {**slots, "note": escape(note)}, status=status)
    others = "" if account.id != me.id else " hidden"
    slots |= {"alias": escape(account.alias), "id": account.id, "others": others}
    return page(request, "person", slots, status=status)


def _regime_is_fixed(request: web.Request, me: Account, account: Account) -> bool:
    """Tell whether a regime is for another supervisor to change.

    Nobody decides alone that they may read: only the very first account, as long as it is the only
    one, sets its own.
    """
    return account.id == me.id and len(request.config_dict[keys.ACCOUNTS].all()) > 1


async def invite_form(request: web.Request) -> web.Response:
    """`GET /desk/people/new`: who is to come."""
    me = supervisor(request)
    kept = Profile(organisation=me.organisation, networks=me.networks, languages=me.languages)
    return _form_page(request, None, kept)


async def invite(request: web.Request) -> web.Response:
    """`POST /desk/people/new`: a one-time link, shown once."""
    me, form = supervisor(request), await request.post()
    sent, note = typed(form, _networks(request)), text(form, "note")
    wanted = _wanted(request, sent)
    if isinstance(wanted, Wrong):
        return _form_page(request, None, sent, wanted, note=note)
    token = request.config_dict[keys.ACCOUNTS].invite("invite", wanted, inviter=me.alias, note=note)
    return _link_page(request, token, "link_invite")


def _link_page(request: web.Request, token: str, key: str) -> web.Response:
    address = link_address(request.config_dict[gateway_keys.SETTINGS], token)
    intro = say(key, language_of(request))
    return page(request, "link", {"link": escape(address), "intro": escape(intro)})


def _wanted(request: web.Request, sent: Typed) -> Profile | Wrong:
    return profile(sent, request.config_dict[gateway_keys.DIRECTORY], language_of(request))


def _person(request: web.Request) -> Account:
    account = request.config_dict[keys.ACCOUNTS].get(request.match_info["id"])
    if account is None:
        raise web.HTTPSeeOther("/desk/people")
    return account


def _other(request: web.Request) -> Account:
    """Return somebody else: nobody removes or resets the account they are signed in with."""
    me, account = supervisor(request), _person(request)
    if account.id == me.id:
        raise web.HTTPSeeOther(f"/desk/people/{account.id}")
    return account


async def show_person(request: web.Request) -> web.Response:
    """`GET /desk/people/<id>`: one account."""
    supervisor(request)
    account = _person(request)
    return _form_page(request, account, _kept(account))


async def change(request: web.Request) -> web.Response:
    """`POST /desk/people/<id>`: what the supervisor decides; counts at once."""
    me, account = supervisor(request), _person(request)
    form, fixed = await request.post(), _regime_is_fixed(request, me, account)
    sent = typed(form, _networks(request), regime=account.regime if fixed else None)
    wanted = _wanted(request, sent)
    if fixed and form.get("regime", account.regime) != account.regime:
        wanted = Wrong("wrong_own_regime")
    elif account.id == me.id and sent.profile.role != "supervisor":
        # Somebody must be left who can invite.
        wanted = Wrong("wrong_own_role")
    if isinstance(wanted, Wrong):
        return _form_page(request, account, sent, wanted)
    await _let_go(request, account)
    request.config_dict[keys.ACCOUNTS].change(account.id, wanted)
    notify(request, "notice_saved", "/desk/people")
    raise web.HTTPSeeOther("/desk/people")


async def _let_go(request: web.Request, account: Account, *, talks: bool = False) -> None:
    """Take somebody off the list of who is there; with `talks`, give their people back too."""
    handoff = request.config_dict[gateway_keys.HANDOFF]
    await handoff.presence.left(account.id, account.networks, account.languages)
    if talks:
        for case in await handoff.held_by(account.alias):
            await handoff.release(case.id, account.alias)


async def remove(request: web.Request) -> web.Response:
    """`POST /desk/people/<id>/remove`: account gone, sessions ended, talks back in the queue."""
    account = _other(request)
    # First what could still act, then what waits for a network.
    request.config_dict[keys.ACCOUNTS].remove(account.id)
    request.config_dict[keys.SESSIONS].end_all(account.id)
    await _let_go(request, account, talks=True)
    notify(request, "notice_removed", "/desk/people")
    raise web.HTTPSeeOther("/desk/people")


async def reset(request: web.Request) -> web.Response:
    """`POST /desk/people/<id>/reset`: the old password and code end; a one-time link for new ones.

    Who signs in at the municipality keeps doing so; the link adds a local way.
    """
    account = _other(request)
    accounts = request.config_dict[keys.ACCOUNTS]
    accounts.clear_secrets(account.id)
    request.config_dict[keys.SESSIONS].end_all(account.id)
    await _let_go(request, account, talks=True)
    token = accounts.invite("secret", account=account.id, inviter=supervisor(request).alias)
    return _link_page(request, token, "link_reset")


def add_routes(app: web.Application) -> None:
    """Add these pages to the desk."""
    app.router.add_get("/people", show_people)
    invitations.add_routes(app)
    app.router.add_get("/people/new", invite_form)
    app.router.add_post("/people/new", invite)
    app.router.add_get("/people/{id}", show_person)
    app.router.add_post("/people/{id}", change)
    app.router.add_post("/people/{id}/remove", remove)
    app.router.add_post("/people/{id}/reset", reset)
