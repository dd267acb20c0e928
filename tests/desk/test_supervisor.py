"""The supervisor's pages, through the real gateway."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.desk import keys as desk_keys
from bot.desk import trials
from bot.desk.accounts import Sheet
from bot.gateway import keys
from tests.fakes.desk import Browser, accounts_of, desk_of, somebody
from tests.fakes.handoff_gateway import Gateway

FORM = {
    "role": "counsellor", "regime": "secrecy", "organisation": "CAW", "networks": ["stopp-vif"],
    "languages": ["fr", "nl"], "commune": "", "limit": "3", "minors": "1",
}  # fmt: skip
SUPERVISORS = ["/desk/people", "/desk/people/new", "/desk/roster", "/desk/hours", "/desk/checklist"]


async def boss(g: Gateway, b: Browser):  # type: ignore[no-untyped-def]
    """Sign a supervisor in."""
    return await somebody(g, b, "Sofia", role="supervisor")


@pytest.mark.parametrize("path", SUPERVISORS)
async def test_counsellors_do_not_see_the_supervisors_pages(
    g: Gateway, b: Browser, path: str
) -> None:
    await somebody(g, b, "Anne")
    await b.get(path)
    assert b.status == 403


async def test_an_invitation_becomes_an_account(g: Gateway, b: Browser, b2: Browser) -> None:
    await boss(g, b)
    await b.get("/desk/people/new")
    await b.post("/desk/people/new", **{**FORM, "commune": "Esneux"})
    await b2.join(b.link(), "Bram")
    assert b2.path == "/desk/confidentiality"
    (bram,) = [a for a in accounts_of(g).all() if a.alias == "Bram"]
    assert (bram.organisation, bram.limit, bram.minors) == ("CAW", 3, True)
    assert g.app[keys.DIRECTORY].communes[bram.commune].name["fr"] == "Esneux"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("role", "owner"),
        ("regime", ""),
        ("organisation", " "),
        ("networks", ["elsewhere"]),
        ("languages", []),
        ("commune", "Nulle-Part"),
        ("limit", "0"),
        ("limit", "9"),
    ],
)
async def test_a_wrong_invitation_is_refused(
    g: Gateway, b: Browser, field: str, value: object
) -> None:
    await boss(g, b)
    await b.get("/desk/people/new")
    await b.post("/desk/people/new", **{**FORM, field: value})
    assert b.status == 400
    assert 'role="alert"' in b.text
    assert accounts_of(g).pending() == []


async def test_what_the_supervisor_changes_counts_at_once(
    g: Gateway, b: Browser, b2: Browser
) -> None:
    await boss(g, b)
    anne = await somebody(g, b2, "Anne")
    await b.get(f"/desk/people/{anne.id}")
    await b.post(f"/desk/people/{anne.id}", **{**FORM, "role": "maintainer", "regime": "reports"})
    await b2.get("/desk/assistant")
    assert b2.status == 200
    changed = accounts_of(g).get(anne.id)
    assert changed is not None
    assert not changed.claims
    assert changed.alias == "Anne"


async def test_a_link_that_waits_is_listed_and_withdrawn(
    g: Gateway, b: Browser, b2: Browser
) -> None:
    await boss(g, b)
    await b.get("/desk/people/new")
    await b.post("/desk/people/new", **{**FORM, "note": "A. D. <accueil>"})
    token = b.link()
    page = await b.get("/desk/people")
    assert "A. D. &lt;accueil&gt;" in page
    assert "Créé par Sofia le" in page
    assert "Écoute · Secret professionnel · CAW" in page
    assert token not in page
    (one,) = accounts_of(g).pending()
    # It only opens for who supervises.
    await somebody(g, b2, "Anne")
    await b2.post(f"/desk/invitations/{one.id}/withdraw")
    assert b2.status == 403
    await b.post(f"/desk/invitations/{one.id}/withdraw")
    assert "Le lien est retiré" in b.text
    assert "A. D." not in b.text
    await b2.get(f"/desk/join/{token}")
    assert b2.status == 410
    assert [a.alias for a in accounts_of(g).all()] == ["Anne", "Sofia"]
    await b.post(f"/desk/invitations/{one.id}/withdraw")
    assert "attendait plus" in b.text


async def test_who_leaves_leaves_no_invitation_behind(g: Gateway, b: Browser, b2: Browser) -> None:
    await boss(g, b)
    other = await somebody(g, b2, "Chef", role="supervisor")
    await b2.get("/desk/people/new")
    await b2.post("/desk/people/new", **FORM)
    token = b2.link()
    await b.get(f"/desk/people/{other.id}")
    await b.post(f"/desk/people/{other.id}/remove")
    await b2.get(f"/desk/join/{token}")
    assert b2.status == 410


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Esneuxx", "Vouliez-vous dire : Esneux"),
        ("Zzqxy", "Nous ne connaissons pas la commune « Zzqxy »"),
    ],
)
async def test_a_wrong_commune_keeps_the_rest(
    g: Gateway, b: Browser, typed: str, said: str
) -> None:
    await boss(g, b)
    await b.get("/desk/people/new")
    wrong = {
        **FORM, "role": "supervisor", "regime": "reports", "organisation": "Police <zone>",
        "languages": ["nl"], "limit": "5", "commune": typed, "note": "B. V.",
    }  # fmt: skip
    await b.post("/desk/people/new", **wrong)
    assert b.status == 400
    assert said in b.text.replace("\xa0", " ")
    for kept in (
        'value="supervisor" checked', 'value="reports" checked', 'value="Police &lt;zone&gt;"',
        'value="stopp-vif" checked', 'value="nl" checked', f'value="{typed}"', 'value="5"',
        'value="B. V."', 'name="minors" value="1" checked',
    ):  # fmt: skip
        assert kept in b.text, kept
    assert 'value="fr" checked' not in b.text


async def test_ones_own_regime_is_for_somebody_else(g: Gateway, b: Browser, b2: Browser) -> None:
    me = await boss(g, b)
    mine = {**FORM, "role": "supervisor"}
    # The very first account, alone, sets its own.
    await b.get(f"/desk/people/{me.id}")
    await b.post(f"/desk/people/{me.id}", **{**mine, "regime": "reports"})
    assert (account := accounts_of(g).get(me.id)) is not None
    assert account.regime == "reports"
    await somebody(g, b2, "Chef", role="supervisor")
    page = await b.get(f"/desk/people/{me.id}")
    assert '<fieldset class="field" disabled>' in page
    await b.post(f"/desk/people/{me.id}", **mine)
    assert b.status == 400
    assert "Une autre personne de la supervision" in b.text
    # Everything else about oneself goes on being one's own to change (no regime is sent then).
    rest = {name: value for name, value in mine.items() if name != "regime"}
    await b.post(f"/desk/people/{me.id}", **{**rest, "organisation": "CPAS"})
    assert (account := accounts_of(g).get(me.id)) is not None
    assert (account.regime, account.organisation) == ("reports", "CPAS")
    await b2.get(f"/desk/people/{me.id}")
    await b2.post(f"/desk/people/{me.id}", **mine)
    assert (account := accounts_of(g).get(me.id)) is not None
    assert account.regime == "secrecy"


async def test_what_went_well_is_said_once_and_only_there(g: Gateway, b: Browser) -> None:
    await boss(g, b)
    await b.get("/desk/sheet")
    await b.post("/desk/sheet", decides="A", calls="B", recorded="C")
    assert 'class="notice"' in b.text
    assert 'class="notice"' not in await b.get("/desk/sheet")
    # The page that would say it isn't the next one (another tab): it isn't said at all.
    (session,) = desk_of(g)[desk_keys.SESSIONS]._by_name.values()
    session.notice = ("notice_saved", "/desk/sheet")
    assert 'class="notice"' not in await b.get("/desk/hours")
    assert 'class="notice"' not in await b.get("/desk/sheet")


async def test_the_same_hours_for_several_networks(g: Gateway, b: Browser) -> None:
    await boss(g, b)
    state, networks = g.app[keys.STATE], g.service.teams.networks
    chosen = [networks[0], networks[-1]]
    state.set(f"closed_until:{chosen[0]}", "2099-01-01")
    await b.get("/desk/hours")
    await b.post("/desk/hours", together="1", network=chosen, hours="Mo-Fr 9h à 17h")
    assert b.status == 400
    assert b.text.count('value="Mo-Fr 9h à 17h"') == 1
    assert "Mo-Fr 09:00-12:00" in b.text
    assert b.text.count(" checked") == 2
    await b.post("/desk/hours", together="1", hours="24/7")
    assert "Cochez au moins un réseau" in b.text
    await b.post("/desk/hours", together="1", network=chosen, hours="Mo-Fr 09:00-17:00")
    assert b.status == 200
    for name in networks:
        wanted = "Mo-Fr 09:00-17:00" if name in chosen else None
        assert state.get(f"hours:{name}") == wanted
    assert state.get(f"closed_until:{chosen[0]}") == "2099-01-01"


async def test_nobody_gives_up_the_last_supervision_by_mistake(g: Gateway, b: Browser) -> None:
    me = await boss(g, b)
    await b.get(f"/desk/people/{me.id}")
    await b.post(f"/desk/people/{me.id}", **FORM)
    assert b.status == 400
    for what in ("remove", "reset"):
        await b.post(f"/desk/people/{me.id}/{what}")
        assert accounts_of(g).get(me.id) is not None
        await b.get("/desk/people")
        assert b.path == "/desk/people"


async def test_a_leaver_is_cut_off_at_once(g: Gateway, b: Browser, b2: Browser) -> None:
    await boss(g, b)
    anne = await somebody(g, b2, "Anne")
    service = g.service
    now = service.store.now()
    await service.presence.seen(anne.id, anne.networks, anne.languages, now)
    service.set_tested(service.network)
    visitor = await g.visitor()
    status, _ = await visitor.handoff(action="request", share="nothing")
    assert status == 202
    name = await g.only_handoff()
    assert (await service.claim(name, "Anne")).code == "ok"
    await b.get(f"/desk/people/{anne.id}")
    await b.post(f"/desk/people/{anne.id}/remove")
    assert b.path == "/desk/people"
    await b2.get("/desk/account")
    assert b2.path == "/desk/sign-in"
    await b2.sign_in()
    assert b2.status == 401
    case = await service.store.find(name)
    assert case is not None
    assert case.state.value == "waiting", "the person she spoke with waits for somebody else"
    assert not await service.presence.is_there(anne.id, "stopp-vif", "fr", service.store.now())


async def test_a_lost_telephone(g: Gateway, b: Browser, b2: Browser) -> None:
    await boss(g, b)
    anne = await somebody(g, b2, "Anne")
    await b.get(f"/desk/people/{anne.id}")
    await b.post(f"/desk/people/{anne.id}/reset")
    token = b.link()
    old_secret = b2.secret
    await b2.get("/desk/account")
    assert b2.path == "/desk/sign-in"
    await b2.sign_in()
    assert b2.status == 401, "who found the telephone stays outside"
    page = await b2.get(f"/desk/join/{token}")
    assert 'disabled>\n<div class="field"><label for="alias"' in page
    login = b2.login
    await b2.join(token, "Somebody else", password="cinq mots nouveaux sans lien")
    assert b2.secret != old_secret
    (again,) = [a for a in accounts_of(g).all() if a.id == anne.id]
    assert again.alias == "Anne"
    b2.login = login
    await b2.sign_in(password="cinq mots nouveaux sans lien")
    assert b2.path == "/desk/"


async def test_the_off_switch_asks_twice(g: Gateway, b: Browser) -> None:
    await boss(g, b)
    state = g.app[keys.STATE]
    await b.get("/desk/assistant")
    await b.post("/desk/assistant", value="off")
    assert b.path == "/desk/assistant/off"
    assert not state.assistant_off
    await b.post("/desk/assistant", value="off", sure="1")
    assert state.assistant_off
    assert "éteint" in b.text
    await b.post("/desk/assistant", value="on")
    assert not state.assistant_off


async def test_a_maintainer_switches_and_a_counsellor_does_not(
    g: Gateway, b: Browser, b2: Browser
) -> None:
    await somebody(g, b, "Tom", role="maintainer")
    await b.get("/desk/assistant")
    assert b.status == 200
    await b.post("/desk/assistant", value="off", sure="1")
    assert g.app[keys.STATE].assistant_off
    await somebody(g, b2, "Anne")
    await b2.post("/desk/assistant", value="on")
    assert b2.status == 403
    assert g.app[keys.STATE].assistant_off


async def test_closed_until_reaches_the_next_visitor(g: Gateway, b: Browser) -> None:
    me = await boss(g, b)
    service = g.service
    service.set_tested(service.network)
    await service.presence.seen(me.id, me.networks, me.languages, service.store.now())
    visitor = await g.visitor()
    assert (await visitor.look())["desk_open"] is True
    tomorrow = (datetime.now(ZoneInfo("Europe/Brussels")) + timedelta(days=1)).date()
    await b.get("/desk/hours")
    await b.post("/desk/hours", network="stopp-vif", hours="24/7", closed=tomorrow.isoformat())
    assert b.status == 200
    seen = await visitor.look()
    assert seen["desk_open"] is False
    assert seen["opens_at"].startswith(tomorrow.isoformat())
    await b.post("/desk/hours", network="stopp-vif", hours="24/7", closed="")
    assert (await visitor.look())["desk_open"] is True


@pytest.mark.parametrize(
    ("hours", "closed"), [("Mo-Fr 9h-17h", ""), ("", ""), ("24/7", "2026-02-31")]
)
async def test_hours_that_cannot_be_read_change_nothing(
    g: Gateway, b: Browser, hours: str, closed: str
) -> None:
    await boss(g, b)
    await b.get("/desk/hours")
    await b.post("/desk/hours", network="stopp-vif", hours=hours, closed=closed)
    assert b.status == 400
    assert not g.app[keys.STATE].get("hours:stopp-vif")
    # What was typed stands in that form again, and what is wrong with it beside the field.
    own = '<input type="hidden" name="network" value="stopp-vif">'
    form = b.text.partition(own)[2].partition("</form>")[0]
    assert 'role="alert"' in form
    assert f'value="{hours}"' in form
    if hours != "24/7":
        assert "Mo-Fr 09:00-12:00" in form


async def test_the_emergency_sheet_is_read_by_all_and_written_by_the_supervisor(
    g: Gateway, b: Browser, b2: Browser
) -> None:
    await boss(g, b)
    await b.get("/desk/sheet")
    await b.post("/desk/sheet", decides="La garde <b>", calls="Qui parle", recorded="Le cahier")
    assert "La garde &lt;b&gt;" in b.text
    await somebody(g, b2, "Anne")
    await b2.get("/desk/sheet")
    assert "Le cahier" in b2.text
    await b2.post("/desk/sheet", decides="x", calls="x", recorded="x")
    assert b2.status == 403
    assert accounts_of(g).sheet() == Sheet("La garde <b>", "Qui parle", "Le cahier")


async def test_the_roster_shows_who_was_just_seen(g: Gateway, b: Browser, b2: Browser) -> None:
    await boss(g, b)
    anne = await somebody(g, b2, "Anne")
    service = g.service
    now = service.store.now()
    await service.presence.seen(anne.id, anne.networks, ("fr",), now - 130_000)
    await b.get("/desk/roster")
    assert "Anne" not in b.text
    await service.presence.seen(anne.id, anne.networks, ("fr",), now)
    await b.get("/desk/roster")
    assert "Anne" in b.text
    await b2.post("/desk/sign-out")
    await b.get("/desk/roster")
    assert "Anne" not in b.text


async def test_the_checklist_follows_the_facts(g: Gateway, b: Browser, b2: Browser) -> None:
    me = await boss(g, b)

    async def left() -> int:
        return (await b.get("/desk/checklist")).count('class="todo"')

    assert await left() == 4
    said = b.text.replace("\xa0", " ")
    assert "STOPP VIF (le réseau de ce site, celui qui compte ici) : Pas encore choisies" in said
    assert b.text.count("Pas encore choisies") == len(g.service.teams.networks)
    await b.post("/desk/hours", network="stopp-vif", hours="Mo-Su 08:00-22:00", closed="")
    assert await left() == 3
    assert "qui compte ici) : Choisies ici : Mo-Su 08:00-22:00." in b.text.replace("\xa0", " ")
    await b.post("/desk/sheet", decides="A", calls="B", recorded="C")
    assert await left() == 2
    anne = await somebody(g, b2, "Anne")
    assert await left() == 1
    # The test handoff: marked, in the queue, for a counsellor like any other.
    await b.get("/desk/checklist")
    await b.post("/desk/trial")
    assert "attend dans la file" in b.text
    (waiting,) = await g.service.queue(anne.networks, anne.languages, minors=True)
    assert waiting.trial
    assert not g.service.tested(g.service.network)
    await g.service.claim(waiting.handoff_id, "Anne")
    assert await left() == 0
    assert "Tout est prêt" in b.text
    # A second account that leaves is missed at once.
    accounts_of(g).remove(anne.id)
    assert await left() == 1
    assert me.supervises


async def test_a_trial_that_nobody_claims_alarms_the_supervisor_only(
    g: Gateway, b: Browser, b2: Browser
) -> None:
    await boss(g, b)
    await somebody(g, b2, "Anne")
    state, service = g.app[keys.STATE], g.service
    state.set(f"trial_started:{service.network}", str(service.store.now() - trials.GIVEN_UP))
    await b.get("/desk/sheet")
    assert 'class="alarm"' in b.text
    await b2.get("/desk/sheet")
    assert 'class="alarm"' not in b2.text
    await trials.start(service, g.app[keys.RECORDS], state, "fr")
    await b.get("/desk/sheet")
    assert 'class="alarm"' not in b.text


async def test_the_weekly_trial(g: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    state, service = g.app[keys.STATE], g.service
    network, now, moment = service.network, service.store.now(), g.app[keys.CLOCK]()
    assert not trials.due(service, state, moment, now), "the first is the supervisor's"
    state.set(f"trial_started:{network}", str(now - trials.WEEK_MS + 60_000))
    state.set(f"trial_claimed:{network}", str(now - trials.WEEK_MS + 90_000))
    assert not trials.due(service, state, moment, now)
    state.set(f"trial_started:{network}", str(now - trials.WEEK_MS))
    assert trials.due(service, state, moment, now)
    state.set(f"closed_until:{network}", (moment.date() + timedelta(days=1)).isoformat())
    assert not trials.due(service, state, moment, now), "not while the team is closed"
    state.set(f"closed_until:{network}", "")
    # The task itself.
    monkeypatch.setattr(trials, "_PAUSE", 0.01)
    watching = trials.watching(g.app)
    await watching.__anext__()
    for _ in range(100):
        await asyncio.sleep(0.02)
        if await service.store.live():
            break
    assert await g.only_handoff()
    await watching.aclose()
