"""Signing in through the municipality's provider, against a real local one."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import unused_port
from joserfc.jwk import RSAKey

from bot.desk.accounts import Profile
from tests.fakes.desk import Browser, accounts_of, browser
from tests.fakes.handoff_gateway import Gateway, gateway
from tests.fakes.oidc import CLIENT_ID, CLIENT_SECRET, Provider, provider

INVITED = Profile(organisation="Ville", networks=("stopp-vif",))


@pytest.fixture
async def op() -> AsyncIterator[Provider]:
    """A provider."""
    async with provider() as made:
        yield made


@pytest.fixture
async def g(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, op: Provider
) -> AsyncIterator[Gateway]:
    """A gateway whose desk knows the provider; its public address is the one that it listens on."""
    port = unused_port()
    async with gateway(
        redis_url,
        tmp_path,
        monkeypatch,
        port=port,
        DESK_URL=f"http://127.0.0.1:{port}/desk",
        DESK_OIDC_ISSUER=op.url,
        DESK_OIDC_CLIENT_ID=CLIENT_ID,
        DESK_OIDC_CLIENT_SECRET=CLIENT_SECRET,
    ) as made:
        yield made


@pytest.fixture
async def b(g: Gateway) -> AsyncIterator[Browser]:
    """A browser."""
    async with browser(g) as made:
        yield made


async def go_on(b: Browser) -> None:
    """Follow the page that leads to the provider, and come back."""
    address = unescape(re.search(r'class="button" href="([^"]+)"', b.text)[1])  # type: ignore[index]
    async with b.http.get(address) as answer:
        b.status, b.path, b.text = answer.status, answer.url.path, await answer.text()


async def come_in(b: Browser, token: str = "", alias: str = "Anne") -> None:
    """Sign in, or take an invitation up, at the provider."""
    if token:
        await b.get(f"/desk/join/{token}")
        await b.post(f"/desk/oidc/join/{token}", alias=alias, organisation="Ville")
    else:
        await b.get("/desk/oidc/start")
    await go_on(b)


async def test_the_sign_in_page_offers_it(b: Browser) -> None:
    page = await b.get("/desk/sign-in")
    assert 'href="/desk/oidc/start"' in page


async def test_an_invitation_binds_the_subject_and_then_it_opens(g: Gateway, b: Browser) -> None:
    await come_in(b, accounts_of(g).invite("invite", INVITED))
    assert b.status == 200, b.text
    # By a page of our own, so that the strict cookie comes along.
    assert 'url=/desk/"' in b.text
    (account,) = accounts_of(g).all()
    assert account.organisation == "Ville"
    await b.get("/desk/account")
    assert b.path == "/desk/confidentiality"
    await b.post("/desk/confidentiality")
    async with browser(g) as later:
        await come_in(later)
        await later.get("/desk/account")
        assert later.path == "/desk/account"
        assert "Anne" in later.text
        # No password of ours: the form isn't there to fill in.
        assert "<section hidden>" in later.text


async def test_who_was_not_invited_stays_outside(g: Gateway, b: Browser, op: Provider) -> None:
    await come_in(b)
    assert b.status == 403
    await b.get("/desk/account")
    assert b.path == "/desk/sign-in"
    assert accounts_of(g).all() == []


async def test_a_used_invitation_makes_no_second_account(
    g: Gateway, b: Browser, op: Provider
) -> None:
    token = accounts_of(g).invite("invite", INVITED)
    await come_in(b, token)
    op.subject = "person-2"
    async with browser(g) as other:
        await other.post(f"/desk/oidc/join/{token}", alias="Bram")
        assert other.status == 410
    assert len(accounts_of(g).all()) == 1


async def test_one_person_has_one_account(g: Gateway, b: Browser) -> None:
    await come_in(b, accounts_of(g).invite("invite", INVITED))
    async with browser(g) as other:
        await come_in(other, accounts_of(g).invite("invite", INVITED), "Bram")
        assert other.status == 409
    assert [a.alias for a in accounts_of(g).all()] == ["Anne"]


async def test_a_leaver_stays_outside_though_the_provider_knows_them(
    g: Gateway, b: Browser
) -> None:
    await come_in(b, accounts_of(g).invite("invite", INVITED))
    (account,) = accounts_of(g).all()
    accounts_of(g).remove(account.id)
    await come_in(b)
    assert b.status == 403


LIES: list[dict[str, Any]] = [
    {"iss": "https://elsewhere.example"},
    {"aud": "another-client"},
    {"aud": ["another-client", CLIENT_ID]},
    {"nonce": "another"},
    {"nonce": None},
    {"sub": None},
    {"exp": 1},
    {"exp": None},
    {"iat": None},
]


@pytest.mark.parametrize("lies", LIES, ids=str)
async def test_a_token_with_a_wrong_claim_opens_nothing(
    g: Gateway, b: Browser, op: Provider, lies: dict[str, Any]
) -> None:
    op.lies = lies
    await come_in(b, accounts_of(g).invite("invite", INVITED))
    assert b.status == 403
    assert accounts_of(g).all() == []


@pytest.mark.parametrize("how", ["another key", "none", "HS256"])
async def test_a_token_that_the_provider_did_not_sign_opens_nothing(
    g: Gateway, b: Browser, op: Provider, how: str
) -> None:
    if how == "another key":
        op.sign_with = RSAKey.generate_key(2048, {"kid": "one"})
    else:
        op.algorithm = how
    await come_in(b, accounts_of(g).invite("invite", INVITED))
    assert b.status == 403
    assert accounts_of(g).all() == []


async def test_the_provider_may_change_its_keys(g: Gateway, b: Browser, op: Provider) -> None:
    await come_in(b, accounts_of(g).invite("invite", INVITED))
    op.turn_key()
    async with browser(g) as later:
        await come_in(later)
        assert later.status == 200


async def test_an_answer_counts_once_and_only_in_the_browser_that_asked(
    g: Gateway, b: Browser
) -> None:
    await come_in(b, accounts_of(g).invite("invite", INVITED))
    await b.get("/desk/oidc/start")
    address = unescape(re.search(r'class="button" href="([^"]+)"', b.text)[1])  # type: ignore[index]
    async with browser(g) as other:
        async with other.http.get(address, allow_redirects=False) as answer:
            back = answer.headers["Location"]
        # Somebody is made to open the answer of another person's sign-in.
        async with other.http.get(back) as answer:
            assert answer.status == 403
        await other.get("/desk/account")
        assert other.path == "/desk/sign-in"
    # It is used up for the first browser too.
    async with b.http.get(back) as answer:
        assert answer.status == 403


async def test_each_sign_in_has_its_own_state_nonce_and_challenge(
    g: Gateway, b: Browser, op: Provider
) -> None:
    for _ in range(2):
        await come_in(b)
    first, second = op.seen
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]


async def test_a_provider_that_is_away_is_said_and_local_accounts_go_on(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        gateway(
            redis_url,
            tmp_path,
            monkeypatch,
            DESK_URL="http://127.0.0.1/desk",
            DESK_OIDC_ISSUER=f"http://127.0.0.1:{unused_port()}",
            DESK_OIDC_CLIENT_ID=CLIENT_ID,
            DESK_OIDC_CLIENT_SECRET=CLIENT_SECRET,
        ) as g,
        browser(g) as b,
    ):
        await b.get("/desk/oidc/start")
        assert b.status == 502
        await b.join(accounts_of(g).invite("invite", INVITED), "Anne")
        assert b.path == "/desk/confidentiality"
