"""Who waits, who speaks, what is passed on, and what remains."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot import keyspace
from bot.handoff.case import Share
from bot.handoff.gateway_keys import GatewayKeys
from bot.handoff.service import NobodyThereError, TooManyError
from bot.handoff.states import State
from tests.fakes.handoff import NETWORK, START, World, at_rest, endpoint, world

WORDS = "il me frappe depuis la naissance du petit"


async def test_nobody_is_offered_before_the_desk_was_tried_out(w: World) -> None:
    await w.service.presence.seen("c1", [NETWORK], ["fr"], w.service.store.now())
    keys, record = await w.person("fr", WORDS)
    case = await w.service.case(keys.id)
    assert not (await w.service.status(record, case))["desk_open"]
    with pytest.raises(NobodyThereError):
        await w.service.request(keys, record, case, "words")
    w.service.set_tested(NETWORK)
    assert (await w.service.status(record, case))["desk_open"]


async def test_somebody_is_there_for_two_minutes_after_the_last_sign(w: World) -> None:
    await w.counsellor()
    _keys, _record = await w.person()
    w.later(119)
    assert (await w.service.desk_open(NETWORK, "fr")).open
    w.later(2)
    assert not (await w.service.desk_open(NETWORK, "fr")).open
    await w.service.tool_present(2, ["nl"], None)
    assert (await w.service.desk_open(NETWORK, "nl")).present == 2
    assert not (await w.service.desk_open(NETWORK, "fr")).open
    await w.service.tool_present(0, ["nl"], NETWORK)
    assert not (await w.service.desk_open(NETWORK, "nl")).open


async def test_a_yes_puts_the_person_in_the_queue_and_shares_what_they_chose(w: World) -> None:
    _keys, record, case = await w.waiting(WORDS, summary="Mon mari Karim me fait peur")
    assert case.state is State.WAITING
    status = await w.service.status(record, case)
    assert (status["state"], status["position"]) == ("waiting", 1)
    assert status["wait_seconds"] > 0
    found = await w.service.fetch(case.id)
    assert found is not None
    assert [(m["from"], m["text"]) for m in found["words"]] == [("visitor", WORDS)]
    assert found["summary"] == "Mon mari [name] me fait peur"
    assert found["words"][0]["at"].endswith("Z")


@pytest.mark.parametrize(
    ("share", "summary"), [("summary", "Je voudrais parler à une personne."), ("nothing", None)]
)
async def test_what_was_said_before_stays_hidden_and_what_comes_after_shows(
    w: World, share: str, summary: str | None
) -> None:
    keys, record, case = await w.waiting(WORDS, share=share)
    record.heard("visitor", "vous êtes là ?")
    await w.service.pass_on(keys, record, case, "visitor")
    found = await w.service.fetch(case.id)
    assert found is not None
    assert [m["text"] for m in found["words"]] == ["vous êtes là ?"]
    assert found["summary"] == summary


@pytest.mark.parametrize("share", ["words", "summary", "nothing"])
async def test_a_gateway_that_dies_after_the_yes_passes_nothing_on_twice_or_unasked(
    w: World, share: Share
) -> None:
    keys, _, case = await w.waiting("avant", share=share)
    # The record as it was before the yes: the gateway died before it was written back.
    record = await w.records.load(keys)
    record.words, record.handoff = [], 0
    record.heard("visitor", "avant")
    w.later(2)
    record.heard("visitor", "après")
    record.words[-1]["at"] = str(int(w.now[0]))
    record.words[0]["at"] = str(int(w.now[0]) - 2)
    await w.service.pass_on(keys, record, await w.service.case(keys.id), "visitor")
    await w.service.claim(case.id, "Anne")
    found = [word["text"] for word in (await w.service.fetch(case.id))["words"]]
    assert found == (["avant", "après"] if share == "words" else ["après"])


async def test_words_come_once_and_only_the_new_ones_after_an_id(w: World) -> None:
    keys, record, case = await w.waiting(WORDS)
    first = (await w.service.fetch(case.id))["words"]
    for text in ("encore", "et encore"):
        record.heard("visitor", text)
        await w.service.pass_on(keys, record, case, "visitor")
        assert await w.service.pass_on(keys, record, case, "visitor") is None
    later = (await w.service.fetch(case.id, first[-1]["id"]))["words"]
    assert [m["text"] for m in later] == ["encore", "et encore"]


async def test_asking_twice_keeps_the_place(w: World) -> None:
    keys, record, case = await w.waiting(WORDS)
    w.later(30)
    again = await w.service.request(keys, record, case, "nothing")
    assert (again.id, again.since, again.share) == (case.id, case.since, "words")


async def test_one_counsellor_gets_the_person_and_speaks(w: World) -> None:
    keys, _record, case = await w.waiting(WORDS)
    assert (await w.service.claim(case.id, "Anne")).code == "ok"
    assert (await w.service.claim(case.id, "Anne")).code == "same"
    assert (await w.service.claim(case.id, "Bert")).code == "taken"
    assert (await w.service.counsellor_said(case.id, "Bert", "bonjour")).code == "taken"
    assert (await w.service.counsellor_said(case.id, "Anne", "bonjour, je suis là")).code == "ok"
    claimed, said = await w.letters(keys)
    assert claimed["from"] == "system"
    assert "Anne" in claimed["text"]
    assert (said["from"], said["text"]) == ("counsellor", "bonjour, je suis là")
    found = await w.service.fetch(case.id, alias="Anne")
    assert [m["from"] for m in found["words"]] == ["visitor", "counsellor"]
    # Another counsellor reads nothing.
    assert (await w.service.fetch(case.id, alias="Bert"))["words"] == []


async def test_the_assistant_is_dropped_once_a_human_has_the_floor(w: World) -> None:
    keys, record, case = await w.waiting(WORDS)
    record.heard("assistant", "réponse de la machine")
    assert (await w.service.pass_on(keys, record, case, "assistant")).code == "ok"
    await w.service.claim(case.id, "Anne")
    record.heard("assistant", "réponse tardive")
    assert (await w.service.pass_on(keys, record, case, "assistant")).code == "taken"
    texts = [m["text"] for m in (await w.service.fetch(case.id))["words"]]
    assert texts == [WORDS, "réponse de la machine"]


@pytest.mark.parametrize(("end", "state"), [("close", "closed"), ("give_back", "returned")])
async def test_after_the_end_nothing_of_the_words_remains(w: World, end: str, state: str) -> None:
    keys, _record, case = await w.waiting(WORDS)
    await w.service.claim(case.id, "Anne")
    await w.service.counsellor_said(case.id, "Anne", "bonjour")
    assert (await getattr(w.service, end)(case.id, "Bert")).code == "taken"
    assert (await getattr(w.service, end)(case.id, "Anne")).code == "ok"
    assert (await getattr(w.service, end)(case.id, "Anne")).code == "same"
    found = await w.service.fetch(case.id)
    assert (found["state"], found["words"], found["summary"]) == (state, [], None)
    assert not await w.redis.exists(keyspace.words(keys.id))
    after = await w.service.case(keys.id)
    assert (after.wrapped, after.facts) == ({}, b"")
    assert (await w.service.counsellor_said(case.id, "Anne", "encore")).code == "refused"
    # The assistant is told once that a human stretch ended.
    assert await w.service.told_of_return(after)
    assert not await w.service.told_of_return(await w.service.case(keys.id))


async def test_a_new_request_is_another_handoff(w: World) -> None:
    keys, record, case = await w.waiting(WORDS)
    await w.service.withdraw(case)
    gone = await w.service.case(keys.id)
    second = await w.service.request(keys, record, gone, "words")
    assert second.id != case.id
    assert (await w.service.fetch(second.id))["words"][0]["text"] == WORDS
    # Whoever still knows the first one can't touch the second.
    assert (await w.service.claim(case.id, "Anne")).code == "gone"
    assert await w.service.fetch(case.id) is None
    assert (await w.service.withdraw(case)).code == "refused"
    assert (await w.service.expire(case)).code == "refused"
    assert (await w.service.case(keys.id)).state is State.WAITING


async def test_twenty_handoffs_are_enough(w: World) -> None:
    keys, record, case = await w.waiting(WORDS)
    for _ in range(keyspace.MAX_HANDOFFS - 1):
        await w.service.withdraw(case)
        case = await w.service.request(keys, record, await w.service.case(keys.id), "nothing")
    await w.service.withdraw(case)
    with pytest.raises(TooManyError):
        await w.service.request(keys, record, await w.service.case(keys.id), "nothing")


async def test_the_gravest_come_first_then_who_waits_longest(w: World) -> None:
    _, _, calm = await w.waiting(WORDS)
    w.later(1)
    _, _, second = await w.waiting(WORDS)
    w.later(1)
    _, _, grave = await w.waiting("il a un couteau")
    w.later(1)
    keys, _, rising = await w.waiting(WORDS)
    order = [one.handoff_id for one in await w.service.queue([NETWORK], ["fr", "nl"], minors=True)]
    assert order == [grave.id, calm.id, second.id, rising.id]
    assert await w.service.rise(rising, "crisis")
    order = [one.handoff_id for one in await w.service.queue([NETWORK], ["fr"], minors=True)]
    assert order == [grave.id, rising.id, calm.id, second.id]
    assert (await w.service.store.place(rising))[0] == 2
    # Danger never falls again by itself.
    assert not await w.service.rise(await w.service.case(keys.id), "raised")


async def test_a_minor_waits_for_counsellors_who_may_speak_with_minors(w: World) -> None:
    await w.counsellor("adults only", minors=False)
    keys, record = await w.person("fr", "je l'ai dit à mon prof")
    case = await w.service.case(keys.id)
    with pytest.raises(NobodyThereError):
        await w.service.request(keys, record, case, "words")
    await w.counsellor("for minors")
    case = await w.service.request(keys, record, case, "words")
    assert case.minor
    assert await w.service.queue([NETWORK], ["fr"], minors=False) == []
    assert (await w.service.claim(case.id, "Anne", minors=False)).code == "refused"
    assert (await w.service.claim(case.id, "Bert", minors=True)).code == "ok"


async def test_nobody_from_my_commune(w: World) -> None:
    _, _, case = await w.waiting(WORDS, not_commune="62032")
    assert await w.service.queue([NETWORK], ["fr"], minors=True, commune="62032") == []
    assert (await w.service.claim(case.id, "Anne", commune="62032")).code == "refused"
    assert len(await w.service.queue([NETWORK], ["fr"], minors=True, commune="62122")) == 1


async def test_nobody_from_my_commune_also_while_a_restart_has_sealed_which(w: World) -> None:
    _, _, case = await w.waiting(not_commune="62063")
    await w.waiting("bonjour")
    await w.service.gateway_keys.withdraw()
    w.service.gateway_keys = GatewayKeys(w.redis, "internal")
    for commune, number in (("62063", 1), ("62032", 1), ("", 2)):
        seen = await w.service.queue([NETWORK], ["fr"], minors=True, commune=commune)
        assert len(seen) == number
    assert (await w.service.claim(case.id, "Bert", commune="62032")).code == "refused"


async def test_somebody_is_there_all_the_time_while_a_tool_says_so_again(w: World) -> None:
    await w.service.tool_present(2, ["fr"], NETWORK)
    stop = asyncio.Event()

    async def say_so() -> None:
        for number in (1, 3, 2) * 40:
            await w.service.tool_present(number, ["fr"], NETWORK)
        stop.set()

    saying = asyncio.create_task(say_so())
    seen = set()
    while not stop.is_set():
        seen.add((await w.service.desk_open(NETWORK, "fr")).present)
    await saying
    assert 0 not in seen
    assert (await w.service.desk_open(NETWORK, "fr")).present == 2


async def test_a_copy_of_everything_at_rest_opens_nothing(w: World) -> None:
    keys, record, case = await w.waiting(WORDS, summary="un résumé secret")
    record.heard("visitor", "il va rentrer")
    await w.service.pass_on(keys, record, case, "visitor")
    # Another gateway that starts with a copy of Redis, and with the same configuration.
    w.service.gateway_keys = GatewayKeys(w.redis, "internal")
    found = await w.service.fetch(case.id)
    assert (found["words"], found["summary"], found["topic"], found["sealed"]) == (
        [], None, None, True,
    )  # fmt: skip
    # The visitor's page comes back with the token: the words open again.
    await w.service.gateway_keys.publish()
    await w.service.seal_again(keys, await w.service.case(keys.id))
    found = await w.service.fetch(case.id)
    assert [m["text"] for m in found["words"]] == [WORDS, "il va rentrer"]
    assert found["summary"] == "un résumé secret"


async def test_a_key_that_somebody_else_put_there_isnt_sealed_to(w: World) -> None:
    stranger = GatewayKeys(w.redis, "another secret")
    await stranger.publish()
    _, _, case = await w.waiting(WORDS)
    assert set(case.wrapped) == {w.service.gateway_keys.id}
    colleague = GatewayKeys(w.redis, "internal")
    await colleague.publish()
    _, _, case = await w.waiting(WORDS)
    assert set(case.wrapped) == {w.service.gateway_keys.id, colleague.id}
    w.service.gateway_keys = colleague
    assert (await w.service.fetch(case.id))["words"][0]["text"] == WORDS


async def test_no_word_stands_in_redis(w: World) -> None:
    keys, record, case = await w.waiting(WORDS, summary="résumé aiguille")
    await w.service.claim(case.id, "Anne")
    await w.service.counsellor_said(case.id, "Anne", "parole aiguille")
    record.heard("visitor", "réponse aiguille")
    await w.service.pass_on(keys, record, case, "visitor")
    await w.records.save(keys, record)
    found = await at_rest(w.redis)
    assert case.id.encode() in found
    for needle in (WORDS, "aiguille", "frappe", "naissance", "bonjour"):
        assert needle.encode() not in found


async def test_everything_dies_with_the_record_and_is_told_once(w: World) -> None:
    keys, _record, case = await w.waiting(WORDS)
    await w.service.claim(case.id, "Anne")
    await w.service.counsellor_said(case.id, "Anne", "bonjour")
    left = await w.redis.pttl(keyspace.record(keys.id))
    for key in keyspace.all_keys(keys.id):
        if await w.redis.exists(key) and not key.startswith("g:"):
            assert 0 < await w.redis.pttl(key) <= left + 1000, key
    await w.service.left(keys.id)
    assert await w.records.erase(keys)
    assert await w.redis.keys(f"*{keys.id}*") == []
    assert not await w.redis.exists(keyspace.handoff_index(case.id))
    assert await w.service.store.live() == {}
    assert await w.service.fetch(case.id) is None
    # A counsellor who writes on brings nothing back.
    assert (await w.service.counsellor_said(case.id, "Anne", "vous êtes là ?")).code == "gone"
    assert await w.redis.keys(f"*{keys.id}*") == []


async def test_the_address_is_for_the_claimer_only_and_only_when_asked(w: World) -> None:
    keys, _record, case = await w.waiting(WORDS)
    await w.service.claim(case.id, "Anne")
    case = await w.service.case(keys.id)
    assert not await w.service.give_address(keys, case, "rue Haute 5")
    assert (await w.service.ask_address(case.id, "Bert")).code == "taken"
    assert (await w.service.ask_address(case.id, "Anne")).code == "ok"
    assert await w.service.give_address(keys, case, "rue Haute 5")
    assert await w.service.read_address(case.id, "Anne") == "rue Haute 5"
    assert await w.service.read_address(case.id, "Bert") is None
    assert "Haute" not in str(await w.service.fetch(case.id))
    assert await w.redis.pttl(keyspace.address(keys.id)) <= 30 * 60 * 1000
    # Talking on doesn't make it live longer.
    await w.redis.pexpire(keyspace.address(keys.id), 1000)
    await w.service.counsellor_said(case.id, "Anne", "merci")
    assert await w.redis.pttl(keyspace.address(keys.id)) <= 1000
    await w.service.close(case.id, "Anne")
    assert not await w.redis.exists(keyspace.address(keys.id))


async def test_readings_are_noted_without_what_was_read(w: World) -> None:
    _, _, case = await w.waiting(WORDS)
    await w.service.fetch(case.id)
    await w.service.fetch(case.id)
    await w.service.claim(case.id, "Anne")
    await w.service.fetch(case.id, alias="Anne")
    _hours, handoffs, readers = zip(*w.service.ledger.readings(), strict=True)
    assert set(handoffs) == {case.id}
    assert sorted(readers) == ["Anne", "tool"]


async def test_the_estimate_follows_how_long_people_waited(w: World) -> None:
    before = (await w.waiting(WORDS))[2]
    first = await w.service.wait_seconds(before, 1)
    for _ in range(5):
        _, _, case = await w.waiting(WORDS)
        w.later(5)
        await w.service.claim(case.id, "Anne")
    assert await w.service.wait_seconds(before, 1) < first
    assert w.now[0] > START


async def test_a_trial_opens_the_desk_and_no_tool_hears_of_it(
    redis_url: str, tmp_path: Path
) -> None:
    tool = endpoint("https://tool.example/hook")
    async with world(redis_url, tmp_path, (tool,)) as w:
        await w.service.presence.seen("c1", [NETWORK], ["fr"], w.service.store.now())
        keys, record = await w.person("fr", "essai")
        case = await w.service.case(keys.id)
        case = await w.service.request(keys, record, case, "words", trial=True)
        (waiting,) = await w.service.queue([NETWORK], ["fr"], minors=True)
        assert waiting.trial
        assert not (await w.service.desk_open(NETWORK, "fr")).open
        await w.service.claim(case.id, "Anne")
        await w.service.close(case.id, "Anne")
        assert (await w.service.desk_open(NETWORK, "fr")).open
        assert not await w.redis.exists(keyspace.outbox(tool.id))
