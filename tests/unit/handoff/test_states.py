"""The table of states, and the same machine in Redis: one event for each change, whatever comes."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot import keyspace
from bot.handoff.states import LIVE, OVER, TABLE, Event, State, Verb, step
from bot.handoff.store import Result
from tests.fakes.handoff import endpoint, world

ALIASES = ("Anne", "Bert")


def test_a_new_request_may_follow_every_end_and_nothing_else_does() -> None:
    for state in State:
        assert (step(state, Verb.REQUEST) is State.WAITING) == (
            state in OVER | {State.NONE, State.ASKED}
        )
    for state in OVER:
        allowed = {verb for verb in Verb if step(state, verb)}
        assert allowed == {Verb.ASK, Verb.REQUEST}


def test_nothing_is_told_before_the_yes_and_every_change_after_it_is() -> None:
    for verb, entry in TABLE.items():
        told = entry.event is not None
        assert told == (verb not in (Verb.ASK, Verb.DECLINE))
    assert {entry.event for entry in TABLE.values() if entry.event} == set(Event) - {Event.MESSAGE}


def test_only_a_counsellors_claim_makes_it_active() -> None:
    ways = {verb for verb in Verb for state in State if step(state, verb) is State.ACTIVE}
    assert ways == {Verb.CLAIM}
    assert {State.WAITING, State.ACTIVE} == LIVE


class Machine(RuleBasedStateMachine):
    """Two counsellors, a visitor and the clock do what they like; a model says what must be."""

    redis_url = ""
    folder: Any = None

    def __init__(self) -> None:
        """Start a conversation with a tool that hears of everything."""
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.endpoint = endpoint("https://tool.example/hook")
        self.context = world(self.redis_url, self.folder, (self.endpoint,))
        self.w = self.run(self.context.__aenter__())
        self.run(self.w.counsellor())
        self.keys, self.record = self.run(self.w.person("fr", "bonjour"))
        self.state, self.holder, self.ids = State.NONE, "", 0
        self.events: list[str] = []

    def run(self, work: Any) -> Any:
        """Do something and wait for it."""
        return self.loop.run_until_complete(work)

    def case(self) -> Any:
        """Return the case as it stands."""
        return self.run(self.w.service.case(self.keys.id))

    def expect(self, result: Result, verb: Verb, alias: str = "") -> None:
        """Hold what Redis did against the table."""
        target = TABLE[verb].target
        if self.state is target:
            assert result.code == ("same" if alias in ("", self.holder) else "taken")
        elif self.state not in TABLE[verb].origins:
            assert result.code == "refused"
        elif alias and verb is not Verb.CLAIM and alias != self.holder:
            assert result.code == "taken"
        else:
            assert result.code == "ok"
            self.state = target
            event = TABLE[verb].event
            if event:
                self.events.append(event.value)
            if verb is Verb.CLAIM:
                self.holder = alias
            if verb in (Verb.RELEASE, Verb.REQUEST):
                self.holder = ""

    @rule(share=st.sampled_from(["words", "summary", "nothing"]))
    def request(self, share: Any) -> None:
        """The visitor says yes."""
        before = self.case()
        after = self.run(self.w.service.request(self.keys, self.record, before, share))
        if self.state in LIVE:
            assert after.id == before.id
        else:
            self.ids += 1
            self.expect(Result("ok", after.state), Verb.REQUEST)

    @rule()
    def ask(self) -> None:
        """The consent is shown."""
        self.expect(self.run(self.w.service.ask(self.case())), Verb.ASK)

    @rule()
    def decline(self) -> None:
        """The visitor says no."""
        self.expect(self.run(self.w.service.decline(self.case())), Verb.DECLINE)

    @rule()
    def withdraw(self) -> None:
        """The visitor stops."""
        self.expect(self.run(self.w.service.withdraw(self.case())), Verb.WITHDRAW)

    @precondition(lambda self: self.state in LIVE)
    @rule(alias=st.sampled_from(ALIASES))
    def claim(self, alias: str) -> None:
        """A counsellor takes the person."""
        self.expect(self.run(self.w.service.claim(self.case().id, alias)), Verb.CLAIM, alias)

    @precondition(lambda self: self.state in LIVE)
    @rule(alias=st.sampled_from(ALIASES), verb=st.sampled_from(["close", "give_back", "release"]))
    def end(self, alias: str, verb: str) -> None:
        """A counsellor ends it, or puts the person back."""
        verbs = {"close": Verb.CLOSE, "give_back": Verb.RETURN, "release": Verb.RELEASE}
        name = self.case().id
        self.expect(self.run(getattr(self.w.service, verb)(name, alias)), verbs[verb], alias)

    @precondition(lambda self: self.state in LIVE)
    @rule()
    def expire(self) -> None:
        """The time has run out."""
        self.expect(self.run(self.w.service.expire(self.case())), Verb.EXPIRE)

    @precondition(lambda self: self.state in LIVE)
    @rule(alias=st.sampled_from(ALIASES))
    def speak(self, alias: str) -> None:
        """A counsellor writes."""
        result = self.run(self.w.service.counsellor_said(self.case().id, alias, "bonjour"))
        if self.state is not State.ACTIVE:
            assert result.code == "refused"
        else:
            assert result.code == ("ok" if alias == self.holder else "taken")

    @rule()
    def write(self) -> None:
        """The visitor writes."""
        self.record.heard("visitor", "encore")
        case = self.case()
        self.run(self.w.service.pass_on(self.keys, self.record, case, "visitor"))
        if self.state is State.ACTIVE:
            self.events.append(Event.MESSAGE.value)

    @invariant()
    def agrees(self) -> None:
        """Redis says what the model says."""
        case = self.case()
        assert case.state is self.state
        assert case.number == self.ids
        if self.state is State.ACTIVE:
            assert case.alias == self.holder

    @invariant()
    def one_event_for_each_change(self) -> None:
        """The outbox holds the events of the model, in their order, each with its own id."""
        entries = self.run(self.w.redis.xrange(keyspace.outbox(self.endpoint.id)))
        assert [fields[b"type"].decode() for _, fields in entries] == self.events
        assert len({fields[b"id"] for _, fields in entries}) == len(entries)
        for _, fields in entries:
            body = json.loads(fields[b"body"])
            requested = body["type"] == "handoff.requested"
            assert set(body["data"]) == (
                {"handoff_id", "urgent", "share"} if requested else {"handoff_id"}
            )

    @invariant()
    def the_queue_holds_who_waits(self) -> None:
        """Nobody else is in the queue, and nobody waits outside it."""
        queued = self.run(self.w.service.store.queued("stopp-vif", "fr"))
        assert bool(queued) == (self.state is State.WAITING)
        assert bool(self.run(self.w.service.store.live())) == (self.state in LIVE)

    @invariant()
    def nothing_remains_after_the_end(self) -> None:
        """Words and keys exist only while somebody waits or speaks."""
        if self.state not in LIVE:
            assert not self.run(self.w.redis.exists(keyspace.words(self.keys.id)))
            assert not self.case().wrapped

    def teardown(self) -> None:
        """Close all."""
        self.run(self.context.__aexit__(None, None, None))
        self.loop.close()


@pytest.mark.timeout(120)
def test_the_machine_in_redis_is_the_machine_of_the_table(redis_url: str, tmp_path: Any) -> None:
    Machine.redis_url, Machine.folder = redis_url, tmp_path
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            derandomize=True,
            # No shrinking: each example holds a real Redis, and the steps are printed anyway.
            phases=(Phase.explicit, Phase.generate),
        ),
    )
