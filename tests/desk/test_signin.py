"""Coming in at the desk, through the real gateway."""

from __future__ import annotations

import pytest

from bot.desk import keys
from bot.desk.accounts import Profile
from bot.desk.lockout import FREE
from tests.fakes.desk import PASSWORD, Browser, accounts_of, browser, desk_of, somebody
from tests.fakes.handoff_gateway import Gateway

FIRST = Profile(role="supervisor", networks=("stopp-vif",))
CLOSED = ["/desk/people", "/desk/hours", "/desk/sheet", "/desk/account", "/desk/checklist"]


@pytest.mark.parametrize("path", CLOSED)
async def test_pages_lead_to_the_sign_in(b: Browser, path: str) -> None:
    await b.get(path)
    assert b.path == "/desk/sign-in"
    assert "Mot de passe" in b.text


async def test_from_the_one_time_link_to_the_checklist(g: Gateway, b: Browser) -> None:
    token = accounts_of(g).invite("first", FIRST)
    await b.join(token, "Anne")
    # First the confidentiality text (R33): nothing else opens before the yes.
    assert b.path == "/desk/confidentiality"
    await b.get("/desk/people")
    assert b.path == "/desk/confidentiality"
    await b.post("/desk/confidentiality")
    assert b.path == "/desk/checklist"
    assert b.text.count('class="todo"') == 4
    (account,) = accounts_of(g).all()
    assert (account.alias, account.role, account.organisation) == (
        "Anne", "supervisor", "CPAS d'essai",
    )  # fmt: skip
    assert accounts_of(g).accepted(account.id) is not None
    # The link is used up.
    await b.get(f"/desk/join/{token}")
    assert b.status == 410


async def test_looking_at_a_link_does_not_use_it_up(g: Gateway, b: Browser) -> None:
    token = accounts_of(g).invite("invite", Profile())
    for _ in range(3):
        await b.get(f"/desk/join/{token}")
        assert b.status == 200
        assert "<svg" in b.text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("alias", "A", "2 à 24"),
        ("login", "bram", "différent du nom"),
        ("password", "court", "12 caractères"),
        ("code", "000000", "code suivant"),
        ("secret", "AAAA", "code suivant"),
    ],
)
async def test_what_is_wrong_with_a_new_account_is_said_and_the_link_stays_good(
    g: Gateway, b: Browser, field: str, value: str, said: str
) -> None:
    token = accounts_of(g).invite("invite", Profile())
    await b.join(token, "Bram", **{field: value})
    assert b.status == 400
    assert said in b.text
    assert accounts_of(g).all() == []
    await b.join(token, "Bram")
    assert [a.alias for a in accounts_of(g).all()] == ["Bram"]


async def test_sign_in_and_out(g: Gateway, b: Browser) -> None:
    await somebody(g, b, "Anne")
    cookie = b.http.cookie_jar.filter_cookies(g.url)["__Host-desk"].value  # type: ignore[arg-type]
    await b.post("/desk/sign-out")
    assert b.path == "/desk/sign-in"
    await b.get("/desk/account", headers={"Cookie": f"__Host-desk={cookie}"})
    assert b.path == "/desk/sign-in", "the session must end, not only the cookie"
    await b.sign_in()
    assert b.path == "/desk/"
    await b.get("/desk/account")
    assert b.path == "/desk/account"
    assert "Anne" in b.text


async def test_the_cookie_is_for_this_site_over_tls_and_no_script(g: Gateway, b: Browser) -> None:
    await somebody(g, b, "Anne")
    await b.post("/desk/sign-out")
    await b.get("/desk/sign-in")
    async with b.http.post(
        f"{g.url}/desk/sign-in",
        data={"name": b.login, "password": PASSWORD, "code": b.code()},
        headers={"Sec-Fetch-Site": "same-origin"},
        allow_redirects=False,
    ) as answer:
        assert answer.status == 303
        (cookie,) = [
            value
            for value in answer.headers.getall("Set-Cookie")
            if value.startswith("__Host-desk=")
        ]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"secure", "httponly", "samesite=strict", "path=/"} <= parts
    assert not any(part.startswith("domain") for part in parts)


async def test_a_session_begins_with_a_cookie_that_nobody_could_set_before(
    g: Gateway, b: Browser
) -> None:
    await somebody(g, b, "Anne")
    before = b.http.cookie_jar.filter_cookies(g.url)["__Host-desk"].value  # type: ignore[arg-type]
    await b.sign_in()
    after = b.http.cookie_jar.filter_cookies(g.url)["__Host-desk"].value  # type: ignore[arg-type]
    assert before != after
    sessions = desk_of(g)[keys.SESSIONS]
    assert sessions.get(before) is None
    assert sessions.get(after) is not None


async def test_headers_of_the_desk_and_of_the_chat(b: Browser) -> None:
    for path in ("/desk/sign-in", "/desk/static/desk.css", "/desk/nowhere"):
        await b.get(path)
        policy = b.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert b.headers["Cache-Control"] == "no-store"
    await b.get("/")
    assert "frame-ancestors 'self'" in b.headers["Content-Security-Policy"]


async def test_one_answer_to_all_that_is_wrong(g: Gateway, b: Browser) -> None:
    await somebody(g, b, "Anne")
    await b.post("/desk/sign-out")
    said = set()
    for name, password, code in (
        (b.login, "not the password", b.code()),
        (b.login, PASSWORD, "000000"),
        ("nobody.at.all", PASSWORD, "000000"),
    ):
        await b.get("/desk/sign-in")
        page = await b.post("/desk/sign-in", name=name, password=password, code=code)
        assert b.status == 401
        said.add(page)
    assert len(said) == 1


async def test_a_code_does_not_open_twice(g: Gateway, b: Browser, b2: Browser) -> None:
    await somebody(g, b, "Anne")
    code = b.code()
    await b.sign_in(code=code)
    assert b.path == "/desk/"
    b2.login = b.login
    await b2.sign_in(code=code)
    assert b2.status == 401


async def test_guessing_is_slowed_down_even_with_the_right_password(
    g: Gateway, b: Browser, b2: Browser
) -> None:
    await somebody(g, b, "Anne")
    b2.login, b2.secret = b.login, b.secret
    for _ in range(FREE["name"] + 1):
        await b2.sign_in(password="a guess, and a wrong one", code="000000")
        assert b2.status == 401
    b2.used = b.used
    await b2.sign_in()
    assert b2.status == 429
    assert int(b2.headers["Retry-After"]) <= 15
    # Who is in stays in.
    await b.get("/desk/account")
    assert b.path == "/desk/account"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {},
    ],
)
@pytest.mark.parametrize(
    "path", ["/desk/sign-in", "/desk/sign-out", "/desk/account", "/desk/confidentiality"]
)
async def test_forms_of_other_sites_are_refused(
    g: Gateway, b: Browser, headers: dict[str, str], path: str
) -> None:
    await somebody(g, b, "Anne")
    async with b.http.post(f"{g.url}{path}", data={"name": "x"}, headers=headers) as answer:
        assert answer.status == 403
    await b.get("/desk/account")
    assert b.path == "/desk/account"


async def test_a_browser_that_says_nothing_sends_the_token_of_the_page(g: Gateway) -> None:
    async with browser(g, silent=True) as old:
        await somebody(g, old, "Anne")
        await old.get("/desk/account")
        assert old.path == "/desk/account"
        token = desk_of(g)[keys.SESSIONS].form_token("another browser")
        await old.post("/desk/sign-out", form=token)
        assert old.status == 403
        await old.get("/desk/account")
        await old.post("/desk/sign-out")
        assert old.path == "/desk/sign-in"


async def test_a_same_origin_page_without_fetch_metadata_is_let_in(g: Gateway, b: Browser) -> None:
    await somebody(g, b, "Anne")
    async with b.http.post(
        f"{g.url}/desk/sign-out", headers={"Origin": g.url}, allow_redirects=False
    ) as answer:
        assert answer.status == 303


async def test_calls_answer_in_json(g: Gateway, b: Browser) -> None:
    async with b.http.get(f"{g.url}/desk/api/canned") as answer:
        assert answer.status == 401
        assert (await answer.json())["error"] == "sign_in"


async def test_a_new_password_ends_the_other_sessions(g: Gateway, b: Browser, b2: Browser) -> None:
    await somebody(g, b, "Anne")
    b2.login, b2.secret, b2.used = b.login, b.secret, b.used
    await b2.sign_in()
    await b.get("/desk/account")
    await b.post("/desk/account", old="wrong, quite wrong", new="cinq mots nouveaux sans lien")
    assert b.status == 401
    await b.get("/desk/account")
    await b.post("/desk/account", old=PASSWORD, new="cinq mots nouveaux sans lien")
    assert "Votre mot de passe est changé" in b.text
    await b2.get("/desk/account")
    assert b2.path == "/desk/sign-in"
    # A wrong password uses no code up.
    code = b2.code()
    await b2.sign_in(code=code)
    assert b2.status == 401
    await b2.sign_in(password="cinq mots nouveaux sans lien", code=code)
    assert b2.path == "/desk/"


async def test_both_languages(g: Gateway, b: Browser) -> None:
    await b.get("/desk/sign-in?language=nl")
    assert 'lang="nl"' in b.text
    assert "Wachtwoord" in b.text
    await somebody(g, b, "Bram", languages=("nl",))
    await b.get("/desk/account")
    assert "Mijn account" in b.text
    await b.get("/desk/account?language=fr")
    await b.get("/desk/sheet")
    assert "En cas d&#x27;urgence" in b.text
    # Who chose a language before signing in keeps it.
    await b.post("/desk/sign-out")
    await b.get("/desk/sign-in?language=fr")
    await b.post("/desk/sign-in?language=fr", name=b.login, password=PASSWORD, code=b.code())
    await b.get("/desk/account")
    assert "Mon compte" in b.text
