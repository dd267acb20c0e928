"""Sessions end by themselves, and at once when they must."""

from __future__ import annotations

from bot.desk.sessions import IDLE_SECONDS, LONGEST_SECONDS, Sessions


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_half_an_hour_without_a_sign_ends_it() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    cookie = sessions.begin("a")
    clock.now = IDLE_SECONDS
    assert sessions.get(cookie) is not None
    clock.now += IDLE_SECONDS + 1
    assert sessions.get(cookie) is None


def test_a_heartbeat_is_no_sign_of_life_and_ends_an_old_one() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    cookie = sessions.begin("a")
    session = sessions.get(cookie)
    assert session is not None
    for _ in range(4):
        clock.now += IDLE_SECONDS / 2
        found = sessions.get(cookie, active=False)
    assert found is None
    assert session.ended.is_set()


def test_twelve_hours_end_it_however_busy() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    cookie = sessions.begin("a")
    while clock.now < LONGEST_SECONDS:
        assert sessions.get(cookie) is not None
        clock.now += 600
    clock.now += 1
    assert sessions.get(cookie) is None


def test_a_leaver_loses_every_session_and_nobody_else_does() -> None:
    sessions = Sessions()
    gone, also, stays = sessions.begin("a"), sessions.begin("a"), sessions.begin("b")
    open_stream = sessions.get(gone)
    assert open_stream is not None
    sessions.end_all("a")
    assert open_stream.ended.is_set()
    assert sessions.get(gone) is None
    assert sessions.get(also) is None
    assert sessions.get(stays) is not None


def test_a_new_password_keeps_the_browser_that_set_it() -> None:
    sessions = Sessions()
    here, there = sessions.begin("a"), sessions.begin("a")
    sessions.end_all("a", but=here)
    assert sessions.get(here) is not None
    assert sessions.get(there) is None


def test_a_cookie_that_was_never_given_opens_nothing() -> None:
    sessions = Sessions()
    sessions.begin("a")
    assert sessions.get("guessed") is None


def test_form_tokens_differ_by_browser_and_by_process() -> None:
    sessions = Sessions()
    assert sessions.form_token("one") == sessions.form_token("one")
    assert sessions.form_token("one") != sessions.form_token("two")
    assert sessions.form_token("one") != Sessions().form_token("one")
