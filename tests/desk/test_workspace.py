"""The counsellors' workspace through the real gateway: who sees whom, who speaks, what remains."""

from __future__ import annotations

import asyncio
import json
import time

import pytest

from bot.desk.workspace import COUNTS
from bot.gateway import keys
from tests.desk.working import WORDS, Counsellor, at_work, waiting
from tests.fakes.desk import Browser, browser, desk_of, somebody
from tests.fakes.handoff import at_rest
from tests.fakes.handoff_gateway import Gateway, gateway


async def test_before_a_claim_only_risk_language_topic_and_network(g: Gateway, b: Browser) -> None:
    anne = await at_work(g, b, "Anne")
    g.rasa.custom = {"intent": "disclose_stalking"}
    await waiting(g)
    async with anne.watching():
        await anne.until(lambda: anne.state["next"])
    (row,) = anne.state["next"]
    assert set(row) == {
        "id", "risk", "language", "topic", "network", "trial", "long", "for_you",
    }  # fmt: skip
    assert (row["risk"], row["language"], row["topic"]) == ("none", "fr", "On me suit partout")
    assert WORDS not in json.dumps(anne.events)
    # How many wait is the supervisor's to know.
    assert "number" not in anne.state


async def test_the_gravest_comes_first_and_at_once(g: Gateway, b: Browser, b2: Browser) -> None:
    anne = await at_work(g, b, "Anne")
    chief = await at_work(g, b2, "Chef", role="supervisor")
    await waiting(g)
    async with anne.watching(), chief.watching():
        await anne.until(lambda: anne.state["next"])
        began = time.monotonic()
        await waiting(g, "il a un couteau")
        await anne.until(lambda: anne.state["next"][0]["risk"] == "emergency")
        # R75: 25 seconds; a page that is open sees it as fast as the bell rings.
        assert time.monotonic() - began < 5
        assert len(anne.state["next"]) == 1
        await chief.until(lambda: chief.state.get("number") == 2)
        assert [row["risk"] for row in chief.state["next"]] == ["emergency", "none"]


async def test_two_claim_at_once_and_one_wins(g: Gateway, b: Browser, b2: Browser) -> None:
    anne, bart = await at_work(g, b, "Anne", limit=8), await at_work(g, b2, "Bart", limit=8)
    for _ in range(6):
        await waiting(g)
    names = list(await g.service.store.live())
    answers = await asyncio.gather(
        *(who.call(f"talks/{name}/claim") for name in names for who in (anne, bart))
    )
    for won, lost in zip(answers[::2], answers[1::2], strict=True):
        assert sorted((won[0], lost[0])) == [200, 409]
        assert {"error": "taken", "state": "active"} in (won[1], lost[1])


async def test_a_whole_talk_live_in_both_directions(g: Gateway, b: Browser) -> None:
    anne = await at_work(g, b, "Anne")
    visitor = await waiting(g)
    name = await g.only_handoff()
    async with anne.watching(), visitor.listening():
        assert (await anne.call(f"talks/{name}/claim"))[0] == 200
        await anne.until(lambda: WORDS in anne.words)
        assert anne.state["talks"][0]["summary"]
        await visitor.until(lambda: any("Anne" in m["text"] for m in visitor.heard))
        # Typing, both ways.
        assert (await anne.call(f"talks/{name}/typing"))[0] == 200
        await visitor.until(lambda: any(e == "typing" for e, _, _ in visitor.events))
        async with g.http.post(
            f"{g.url}/api/v1/handoff", json={"action": "typing"}, headers=visitor.headers
        ) as answer:
            assert answer.status == 204
        await anne.until(lambda: anne.state["talks"][0]["typing"])
        assert await anne.say(name, "Bonjour, je vous lis.") == 200
        await visitor.until(lambda: visitor.heard[-1]["text"] == "Bonjour, je vous lis.")
        assert visitor.heard[-1]["from"] == "counsellor"
        # Her own words come back to her, and then that the page has taken them.
        await anne.until(lambda: "Bonjour, je vous lis." in anne.words)
        entry = next(
            w["id"] for e, _, d in anne.events if e == "words" for w in d["words"]
            if w["from"] == "counsellor"
        )  # fmt: skip
        await anne.until(
            lambda: (
                int(anne.state["talks"][0]["took"].partition("-")[0] or 0)
                >= int(entry.partition("-")[0])
            )
        )
        assert await visitor.say("merci d'être là") == []
        await anne.until(lambda: anne.words[-1] == "merci d'être là")


async def test_what_is_sent_twice_is_said_once(g: Gateway, b: Browser) -> None:
    anne = await at_work(g, b, "Anne")
    visitor = await waiting(g)
    name = await g.only_handoff()
    await anne.call(f"talks/{name}/claim")
    for _ in range(3):
        assert await anne.say(name, "Je suis là.", key="the-same-key") == 200
    async with visitor.listening():
        await visitor.until(lambda: any(m["text"] == "Je suis là." for m in visitor.heard))
        await asyncio.sleep(0.3)
    assert [m["text"] for m in visitor.heard].count("Je suis là.") == 1


async def test_not_delivered_while_the_page_is_away(g: Gateway, b: Browser) -> None:
    anne = await at_work(g, b, "Anne")
    visitor = await waiting(g)
    name = await g.only_handoff()
    await anne.call(f"talks/{name}/claim")
    await anne.say(name, "Êtes-vous là ?")
    async with anne.watching():
        await anne.until(lambda: "Êtes-vous là ?" in anne.words)
        assert anne.state["talks"][0]["took"] == ""
        async with visitor.listening():
            await anne.until(lambda: anne.state["talks"][0]["took"])


async def test_nothing_is_lost_or_doubled_across_breaks(g: Gateway, b: Browser) -> None:
    anne = await at_work(g, b, "Anne", limit=4)
    first, second = await waiting(g, "un"), await waiting(g, "deux")
    for name in await g.service.store.live():
        assert (await anne.call(f"talks/{name}/claim"))[0] == 200
    sent, after = ["un", "deux"], ""
    for turn in range(6):
        async with anne.watching(after):
            for visitor, who in ((first, "a"), (second, "b")):
                await visitor.say(f"{who}{turn} ici")
                sent.append(f"{who}{turn} ici")
            await anne.until(lambda: anne.events)
            # The break comes anywhere: sometimes all has arrived by then, sometimes nothing.
            await asyncio.sleep(0.15 * (turn % 3))
        after = anne.cursor
        await first.say(f"c{turn} entre deux")
        sent.append(f"c{turn} entre deux")
    async with anne.watching(after):
        await anne.until(lambda: set(sent) <= set(anne.words))
        await asyncio.sleep(0.4)
    visitor_words = [w for w in anne.words if not w.startswith("machine")]
    assert sorted(visitor_words) == sorted(sent)


async def test_an_end_during_a_break_is_told(g: Gateway, b: Browser) -> None:
    anne = await at_work(g, b, "Anne")
    visitor = await waiting(g, share="nothing")
    name = await g.only_handoff()
    await anne.call(f"talks/{name}/claim")
    async with anne.watching():
        await anne.until(lambda: anne.state["talks"])
    await visitor.handoff(action="withdraw")
    async with anne.watching(anne.cursor):
        await anne.until(lambda: anne.endings == [(name, "withdrawn")])


async def test_a_closed_talk_leaves_nothing_but_a_count(g: Gateway, b: Browser) -> None:
    anne = await at_work(g, b, "Anne")
    g.rasa.custom = {"intent": "disclose_stalking"}
    visitor = await waiting(g)
    name = await g.only_handoff()
    await anne.call(f"talks/{name}/claim")
    await anne.say(name, "aiguille")
    status, _ = await anne.call(f"talks/{name}/end", how="close", who="victim", outcome="listened")
    assert status == 200
    rest = await at_rest(g.app[keys.REDIS])
    for needle in (WORDS, "aiguille"):
        assert needle.encode() not in rest
    assert not await g.app[keys.REDIS].keys("w:*")
    assert (await anne.ask(f"talks/{name}/address")) == {"address": None}
    async with anne.watching():
        await anne.until(lambda: anne.events)
    assert anne.state["talks"] == []
    month = f"{g.app[keys.CLOCK]():%Y-%m}"
    counts = desk_of(g)[COUNTS]
    assert counts.by("topic") == {month: {"violence": 1}}
    assert counts.by("outcome") == {month: {"listened": 1}}
    # Twice is once.
    await anne.call(f"talks/{name}/end", how="close", who="victim", outcome="listened")
    await anne.call(f"talks/{name}/after", who="victim", outcome="listened")
    assert counts.by("who") == {month: {"victim": 1}}
    assert (await visitor.look())["state"] == "closed"


async def test_returned_to_the_assistant_which_knows_it(g: Gateway, b: Browser) -> None:
    anne = await at_work(g, b, "Anne")
    visitor = await waiting(g)
    name = await g.only_handoff()
    await anne.call(f"talks/{name}/claim")
    await anne.say(name, "Je vous rends à l'assistant.")
    assert (await anne.call(f"talks/{name}/end", how="return"))[0] == 200
    (said,) = await visitor.say("et maintenant ?")
    assert said["from"] == "assistant"
    assert g.rasa.turns[-1]["metadata"]["after_human"] is True


async def test_an_exit_is_told_apart_from_a_stop(g: Gateway, b: Browser) -> None:
    anne = await at_work(g, b, "Anne", limit=4)
    visitor = await waiting(g)
    name = await g.only_handoff()
    await anne.call(f"talks/{name}/claim")
    async with anne.watching():
        await anne.until(lambda: WORDS in anne.words)
        async with g.http.delete(
            f"{g.url}/api/v1/conversations", headers=visitor.headers
        ) as answer:
            assert answer.status == 204
        await anne.until(lambda: anne.endings == [(name, "left")])
    assert (await anne.call(f"talks/{name}/after", outcome="referred"))[0] == 204
    assert list(desk_of(g)[COUNTS].by("outcome").values()) == [{"referred": 1}]


async def test_under_another_regime_nothing_is_seen_or_taken(
    g: Gateway, b: Browser, b2: Browser
) -> None:
    anne = await at_work(g, b, "Anne")
    account = await somebody(g, b2, "Agent", regime="reports", role="supervisor")
    await waiting(g, "il a un couteau")
    name = await g.only_handoff()
    agent = Counsellor(b2, account)
    for path in ("claim", "say", "typing", "end", "release", "lower", "address", "transfer"):
        status, _ = await agent.call(f"talks/{name}/{path}", text="x", key="12345678")
        assert status == 403, path
    async with b2.http.get(f"{g.url}/desk/api/events") as answer:
        assert answer.status == 403
    page = await b2.get("/desk/")
    assert "secret professionnel" in page
    assert "couteau" not in page
    # They aren't there for anybody either.
    await anne.call("pause", on=True)
    assert (await agent.call("pause", on=False))[0] == 403
    await agent.call("here")
    assert not (await g.service.desk_open("stopp-vif", "fr")).open


async def test_only_the_claimer_speaks_reads_and_ends(g: Gateway, b: Browser, b2: Browser) -> None:
    anne, bart = await at_work(g, b, "Anne"), await at_work(g, b2, "Bart")
    await waiting(g)
    name = await g.only_handoff()
    await anne.call(f"talks/{name}/claim")
    for path in ("say", "typing", "end", "release", "lower", "address"):
        status, found = await bart.call(f"talks/{name}/{path}", text="x", key="12345678")
        assert (status, found["error"]) == (409, "taken"), path
    assert (await bart.call(f"talks/{name}/transfer", to="anybody"))[0] == 404
    async with bart.watching():
        await bart.until(lambda: bart.events)
    assert bart.state["talks"] == []
    assert bart.words == []


async def test_somebody_of_the_same_name_in_a_tool_is_somebody_else(g: Gateway, b: Browser) -> None:
    anne = await at_work(g, b, "Anne")
    await waiting(g)
    assert await g.tool("claim", handoff_id=await g.only_handoff(), alias="Anne") == 202
    async with anne.watching():
        await anne.until(lambda: anne.events)
    assert anne.state["talks"] == []
    assert anne.words == []


async def test_i_may_know_this_person(g: Gateway, b: Browser, b2: Browser) -> None:
    anne, bart = await at_work(g, b, "Anne"), await at_work(g, b2, "Bart")
    visitor = await waiting(g)
    name = await g.only_handoff()
    await anne.call(f"talks/{name}/claim")
    assert (await anne.call(f"talks/{name}/release"))[0] == 200
    assert (await visitor.look())["position"] == 1
    # She isn't shown them again; a colleague is.
    async with anne.watching(), bart.watching():
        await bart.until(lambda: bart.state["next"])
        await anne.until(lambda: anne.events)
    assert anne.state["next"] == []
    assert (await anne.call(f"talks/{name}/claim"))[0] == 409
    assert (await bart.call(f"talks/{name}/claim"))[0] == 200


async def test_at_most_so_many_talks(g: Gateway, b: Browser) -> None:
    anne = await at_work(g, b, "Anne", limit=1)
    await waiting(g), await waiting(g)
    first, second = await g.service.store.queued("stopp-vif", "fr")
    assert (await anne.call(f"talks/{first}/claim"))[0] == 200
    status, found = await anne.call(f"talks/{second}/claim")
    assert (status, found["error"]) == (409, "limit")


async def test_networks_languages_and_minors_of_the_account(g: Gateway, b: Browser) -> None:
    anne = await at_work(g, b, "Anne", languages=("nl",), minors=False)
    await g.present()
    await waiting(g)
    (french,) = await g.service.store.queued("stopp-vif", "fr")
    await waiting(g, "ik zei het aan mijn leerkracht", language="nl")
    (child,) = await g.service.store.queued("stopp-vif", "nl")
    async with anne.watching():
        await anne.until(lambda: anne.events)
    assert anne.state["next"] == []
    assert (await anne.call(f"talks/{french}/claim"))[0] == 404
    assert (await anne.call(f"talks/{child}/claim"))[0] == 409


async def test_the_address_is_asked_shown_to_the_claimer_and_gone(
    g: Gateway, b: Browser, b2: Browser
) -> None:
    anne, bart = await at_work(g, b, "Anne"), await at_work(g, b2, "Bart")
    visitor = await waiting(g)
    name = await g.only_handoff()
    await anne.call(f"talks/{name}/claim")
    async with anne.watching():
        assert (await anne.call(f"talks/{name}/address"))[0] == 200
        assert (await visitor.handoff(action="address", address="rue Haute 5"))[0] == 202
        await anne.until(lambda: anne.state["talks"] and anne.state["talks"][0]["has_address"])
    assert await anne.ask(f"talks/{name}/address") == {"address": "rue Haute 5"}
    assert await bart.ask(f"talks/{name}/address") == {"address": None}
    # It comes by that call only.
    assert "Haute" not in json.dumps(anne.events)
    await anne.call(f"talks/{name}/end", how="close")
    assert await anne.ask(f"talks/{name}/address") == {"address": None}


async def test_danger_inside_a_talk_warns_and_is_lowered_by_one_click(
    g: Gateway, b: Browser
) -> None:
    anne = await at_work(g, b, "Anne")
    visitor = await waiting(g)
    name = await g.only_handoff()
    await anne.call(f"talks/{name}/claim")
    async with anne.watching():
        await anne.until(lambda: anne.state["talks"])
        await visitor.say("il a un couteau")
        await anne.until(lambda: anne.state["talks"][0]["risk"] == "emergency")
        assert (await anne.call(f"talks/{name}/lower"))[0] == 200
        await anne.until(lambda: anne.state["talks"][0]["risk"] == "raised")
        # A new sign raises it again.
        await visitor.say("je veux mourir")
        await anne.until(lambda: anne.state["talks"][0]["risk"] == "crisis")


async def test_a_transfer_needs_the_persons_yes_and_goes_to_whom_it_was_for(
    g: Gateway, b: Browser, b2: Browser
) -> None:
    anne, bart = await at_work(g, b, "Anne"), await at_work(g, b2, "Bart")
    visitor = await waiting(g)
    name = await g.only_handoff()
    await anne.call(f"talks/{name}/claim")
    await anne.say(name, "Je termine bientôt.")
    found = await anne.ask(f"talks/{name}/colleagues")
    assert found == {"colleagues": [{"id": bart.account.id, "alias": "Bart"}]}
    assert (await anne.call(f"talks/{name}/transfer", to="nobody"))[0] == 409
    async with visitor.listening():
        assert (await anne.call(f"talks/{name}/transfer", to=bart.account.id))[0] == 200
        await visitor.until(lambda: any("Bart" in m["text"] for m in visitor.heard))
    # Nothing happens before the yes.
    assert (await bart.call(f"talks/{name}/claim"))[0] == 409
    async with anne.watching(), bart.watching():
        await anne.until(lambda: anne.state["talks"])
        await visitor.choose("handoff:transfer")
        await anne.until(lambda: anne.endings == [(name, "waiting")])
        await bart.until(lambda: bart.state["next"] and bart.state["next"][0]["for_you"])
        assert anne.state["next"] == []
    status, refused = await anne.call(f"talks/{name}/claim")
    assert (status, refused["error"]) == (409, "meant")
    assert (await bart.call(f"talks/{name}/claim"))[0] == 200


async def test_misuse_ends_with_the_sentence_and_is_counted_only(g: Gateway, b: Browser) -> None:
    anne = await at_work(g, b, "Anne")
    visitor = await waiting(g, "haha", language="nl")
    name = await g.only_handoff()
    await anne.call(f"talks/{name}/claim")
    async with visitor.listening():
        assert (await anne.call(f"talks/{name}/misuse"))[0] == 200
        await visitor.until(lambda: any("Ik stop dit gesprek" in m["text"] for m in visitor.heard))
    assert (await visitor.look())["state"] == "closed"
    assert list(desk_of(g)[COUNTS].by("outcome").values()) == [{"misuse": 1}]


async def test_there_while_the_page_says_so(g: Gateway, b: Browser) -> None:
    anne = await at_work(g, b, "Anne")
    assert (await g.service.desk_open("stopp-vif", "fr")).open
    status, found = await anne.call("pause", on=True)
    assert status == 200
    assert found["paused"] > time.time() * 1000
    # A page that is opened again doesn't end a pause.
    await anne.call("here")
    assert f'"paused":{found["paused"]}' in await b.get("/desk/")
    assert not (await g.service.desk_open("stopp-vif", "fr")).open
    await anne.call("pause", on=False)
    assert (await g.service.desk_open("stopp-vif", "fr")).open
    await waiting(g)
    name = await g.only_handoff()
    await anne.call(f"talks/{name}/claim")
    await anne.say(name, "Un moment.")
    async with anne.watching():
        await anne.until(lambda: anne.state["talks"])
        await b.get("/desk/account")
        await b.post("/desk/sign-out")
        await anne.until(lambda: any(e == "over" for e, _, _ in anne.events))
    assert not (await g.service.desk_open("stopp-vif", "fr")).open
    # Who was speaking with her waits again, at the same place.
    assert (await g.service.store.queued("stopp-vif", "fr")) == [name]
    assert (await anne.call(f"talks/{name}/say", text="x", key="12345678"))[0] == 401


async def test_a_trial_is_marked_and_not_counted(g: Gateway, b: Browser) -> None:
    anne = await at_work(g, b, "Chef", role="supervisor")
    await b.get("/desk/checklist")
    await b.post("/desk/trial")
    async with anne.watching():
        await anne.until(lambda: anne.state["next"])
        (row,) = anne.state["next"]
        assert row["trial"] is True
        assert (await anne.call(f"talks/{row['id']}/claim"))[0] == 200
        await anne.call(f"talks/{row['id']}/end", how="close", outcome="listened")
    assert desk_of(g)[COUNTS].by("outcome") == {}


async def test_a_debrief_reaches_the_supervisor_without_the_talk(
    g: Gateway, b: Browser, b2: Browser
) -> None:
    anne = await at_work(g, b, "Anne")
    chief = await at_work(g, b2, "Chef", role="supervisor")
    assert (await anne.call("debrief"))[0] == 204
    async with chief.watching():
        await chief.until(lambda: chief.state.get("debriefs"))
    day = g.app[keys.CLOCK]().date().isoformat()
    assert chief.state["debriefs"] == [{"id": anne.account.id, "alias": "Anne", "day": day}]
    assert (await anne.call("debriefed", id=anne.account.id))[0] == 403
    assert (await chief.call("debriefed", id=anne.account.id))[0] == 204
    assert desk_of(g)[COUNTS].debriefs(g.app[keys.CLOCK]().date()) == []


async def test_ready_answers_and_directory(g: Gateway, b: Browser) -> None:
    anne = await at_work(g, b, "Anne")
    found = await anne.ask("canned")
    assert len(found["canned"]) >= 15
    assert "{" not in json.dumps(found["canned"]).replace('{"', "")
    near = await anne.ask("directory?q=Esneux&need=social&language=nl")
    assert near["commune"] == "Esneux"
    assert near["services"]
    assert all(s["source"] for s in near["services"])
    opened = await anne.ask("directory?q=Esneux&open=1&language=fr")
    assert all(s["open_now"] for s in opened["services"])
    named = await anne.ask("directory?q=child+focus&language=fr")
    assert any(s["phone"] == "116 000" for s in named["services"])


async def test_statistics_are_the_supervisors(g: Gateway, b: Browser, b2: Browser) -> None:
    await somebody(g, b, "Anne")
    await somebody(g, b2, "Chef", role="supervisor")
    counts = desk_of(g)[COUNTS]
    values = {
        "network": "stopp-vif", "language": "fr", "topic": "violence", "who": "victim",
        "outcome": "listened", "hours": "night",
    }  # fmt: skip
    for risk, number in (("none", 40), ("raised", 12), ("crisis", 3)):
        for _ in range(number):
            counts.add("2026-01", {**values, "risk": risk})
            counts.add(f"{g.app[keys.CLOCK]():%Y-%m}", {**values, "risk": risk})
    await b.get("/desk/statistics")
    assert b.status == 403
    page = await b2.get("/desk/statistics?by=risk&language=fr")
    assert "<td>55</td>" in page
    assert "<td>40</td>" in page
    # Three is too few, and twelve goes along: 55 - 40 - 12 would tell it.
    assert "<td>3</td>" not in page
    assert "<td>12</td>" not in page
    assert f"{g.app[keys.CLOCK]():%Y-%m}" not in page
    table = await b2.get("/desk/statistics.csv?by=risk&language=fr")
    assert b2.headers["Content-Type"].startswith("text/csv")
    assert table.strip().splitlines()[1:] == ["2026-01;55;0;;0;;40"]


async def test_practice_has_no_way_out(g: Gateway, b: Browser) -> None:
    await somebody(g, b, "Anne")
    page = await b.get("/desk/practice")
    assert b.status == 200
    assert "data-practice" in page
    script = await b.get("/desk/static/work-practice.js")
    # It reads ready answers and the directory; it sends nothing.
    assert "gateway.post" not in script
    assert "fetch(" not in script
    assert await g.service.store.live() == {}


async def test_the_store_away_is_said_in_a_way_the_page_understands(
    g: Gateway, b: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    anne = await at_work(g, b, "Anne")

    async def away(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(g.service.store, "find", away)
    assert await anne.call(f"talks/{'a' * 32}/claim") == (503, {"error": "store_away"})


async def test_after_a_restart_the_talk_goes_on(
    redis_url: str, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with gateway(redis_url, tmp_path, monkeypatch) as g, browser(g) as b:
        anne = await at_work(g, b, "Anne")
        visitor = await waiting(g)
        name = await g.only_handoff()
        await anne.call(f"talks/{name}/claim")
        await anne.say(name, "avant")
        async with anne.watching():
            await anne.until(lambda: "avant" in anne.words)
        cursor, account, login, secret = anne.cursor, anne.account, b.login, b.secret
        used = b.used
    async with gateway(redis_url, tmp_path, monkeypatch, keep=True) as g, browser(g) as b:
        b.login, b.secret, b.used = login, secret, used
        await b.sign_in()
        anne = Counsellor(b, account)
        visitor.url, visitor.http = g.url, g.http
        async with anne.watching(cursor):
            await anne.until(lambda: anne.state["talks"])
            async with visitor.listening():
                await anne.until(lambda: not anne.state["talks"][0]["sealed"])
                await anne.say(name, "après")
                await anne.until(lambda: anne.words == ["après"])
