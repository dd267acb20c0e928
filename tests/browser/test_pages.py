"""What the server sends, without a browser: headers, sizes, refusals, the contract."""

from __future__ import annotations

import gzip
import http.client
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator

from bot.gateway.contract import document
from bot.gateway.files import sent
from bot.gateway.markup import Template
from bot.gateway.statement import RUN_FILE, load_run
from bot.gateway.webtexts import load_web_texts
from bot.texts import TextsError
from tests.fakes.sites import Sites, serving

WEB = Path(__file__).resolve().parents[2] / "bot" / "web"
# Scripts that the chat page doesn't load.
OTHERS = {"demo", "embed", "exit-test"}
PAGES = ["/", "/?frame=1", "/demo", "/exit-test", "/about/accessibility"]


def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Fetch without following redirects; return status, headers, body."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=5)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}", headers=headers)
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def test_exit_goes_elsewhere_and_says_nothing(site: Sites) -> None:
    """R40, R46, R47."""
    status, headers, body = get(f"{site.url}/exit")
    assert status == 302
    assert headers["location"] == f"{site.foreign}/weather"
    assert headers["clear-site-data"] == '"cookies", "storage"'
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert body == b""
    assert "set-cookie" not in headers


@pytest.mark.parametrize("path", [*PAGES, "/static/page.css", "/static/app.js", "/embed.js"])
def test_headers_of_every_page(site: Sites, path: str) -> None:
    status, headers, body = get(f"{site.url}{path}")
    assert status == 200
    # A file left in the browser's cache would tell of the visit.
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "set-cookie" not in headers
    text = body.decode()
    if "html" in headers["content-type"]:
        assert not re.search(r"<style|style=|<script>|\son\w+=|https?://(?!\w)", text)
        assert "{{" not in text
        assert "{%" not in text


def test_files_outside_the_list_are_not_served(site: Sites) -> None:
    for path in ("/static/chat.html", "/static/embed.js", "/static/..%2fgateway%2fpages.py"):
        assert get(f"{site.url}{path}")[0] == 404


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("language=nl", "fr", "nl"),
        ("language=fr", "nl", "fr"),
        ("", "nl-BE,nl;q=0.9,fr;q=0.8", "nl"),
        ("", "en-GB,en,fr;q=0.5", "fr"),
        ("language=xx", "nl", "fr"),
        ("", "", "fr"),
    ],
)
def test_language_of_a_page(site: Sites, query: str, accepted: str, language: str) -> None:
    body = get(f"{site.url}/?{query}", **{"Accept-Language": accepted})[2].decode()
    assert f'<html lang="{language}"' in body


@pytest.mark.parametrize("asked", ["Esneux", "esneux", "62032", "4130"])
def test_commune_is_found(site: Sites, asked: str) -> None:
    body = get(f"{site.url}/?commune={asked}")[2].decode()
    assert '"commune":{"fr":"Esneux","nl":"Esneux"}' in body


@pytest.mark.parametrize("asked", ["%3C/script%3E%3Cb%3E", "nowhere", "Saint"])
def test_unknown_commune_is_dropped(site: Sites, asked: str) -> None:
    body = get(f"{site.url}/?commune={asked}")[2].decode()
    assert '"commune":null' in body
    assert asked not in body.split("config")[1]
    assert "</script><b>" not in body


def test_sizes() -> None:
    """At most 30 kB of scripts and styles in all, as sent and compressed (R56)."""
    files = [p for p in WEB.iterdir() if p.suffix in {".js", ".css"}]
    assert len(files) >= 8
    assert sum(len(gzip.compress(sent(p), 9)) for p in files) < 30_000


def test_only_comments_are_left_out_of_what_is_sent(tmp_path: Path) -> None:
    script, style = tmp_path / "a.js", tmp_path / "a.css"
    script.write_text("// why\nconst a = 'http://b'; // stays\n  // why\nb();\n")
    style.write_text("/* why\n so */\na { color: red; } /* why */\n")
    assert sent(script) == b"const a = 'http://b'; // stays\nb();\n"
    assert sent(style) == b"a { color: red; } "


def test_first_view_is_light(site: Sites) -> None:
    """At most 50 kB compressed, as sent (R56)."""
    paths = ["/?language=fr", "/static/icon.svg", "/static/page.css"]
    paths += [
        f"/static/{n}.js" for n in sorted(p.stem for p in WEB.glob("*.js") if p.stem not in OTHERS)
    ]
    sent = [get(f"{site.url}{path}", **{"Accept-Encoding": "gzip"}) for path in paths]
    assert all(headers["content-encoding"] == "gzip" for _, headers, _ in sent)
    assert sum(len(body) for _, _, body in sent) < 50_000


def test_demo_banner_stands_in_demo_mode_only(site: Sites) -> None:
    assert "Démonstration / Demonstratie" in get(f"{site.url}/")[2].decode().split("<main>")[0]
    with serving(HELPLINE_MODE="pilot") as pilot:
        assert 'class="banner"' not in get(f"{pilot.url}/")[2].decode()


def test_statement_names_the_contact_of_the_controller(site: Sites) -> None:
    assert "la commune sur le site" in get(f"{site.url}/about/accessibility")[2].decode()
    who = {"CONTROLLER_NAME": "Valbois <&>", "CONTROLLER_CONTACT": "accueil@valbois.example"}
    with serving(**who) as named:
        body = get(f"{named.url}/about/accessibility?language=nl")[2].decode()
    assert "Valbois &lt;&amp;&gt;, accueil@valbois.example" in body
    assert "Gedeeltelijk conform" in body
    assert "alleen automatische tests" in body


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_statement_tells_of_the_last_run(site: Sites, language: str) -> None:
    """R54: generated from the file that the tests write, with its date."""
    run = load_run()
    body = get(f"{site.url}/about/accessibility?language={language}")[2].decode()
    for part in (f"{run.date:%d/%m/%Y}", run.engine, run.browser, f"{run.states} "):
        assert part in body
    assert run.states > 40
    headings = {
        "fr": ("État de conformité", "Contenu non accessible", "Recours"),
        "nl": ("Nalevingsstatus", "Niet-toegankelijke inhoud", "Handhavingsprocedure"),
    }
    assert all(heading in body for heading in headings[language])


def test_statement_with_faults_and_with_an_audit(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    data = json.loads(RUN_FILE.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**data, "rules": ["color-contrast"]}))
    audit = tmp_path / "audit.yml"
    gap = "{fr: 'Un <écart>.', nl: 'Een <gebrek>.'}"
    filled = "audit: {date: 2026-01-15, by: 'Qui <&>', result: conformant, gaps: [%s]}"
    audit.write_text(filled % gap, encoding="utf-8")
    slots = load_run(path, audit).slots(load_web_texts(), "fr")
    assert "color-contrast" in slots["found"]
    assert "Un &lt;écart&gt;." in slots["found"]
    assert "Aucun audit manuel" not in slots["found"]
    assert slots["known"] == "Un audit manuel a été fait le 15/01/2026 par Qui &lt;&amp;&gt;."
    # The tests have found something since: not conformant in full any more.
    assert slots["status"].startswith("Partiellement conforme")
    path.write_text(json.dumps({**data, "rules": []}))
    audit.write_text(filled % "", encoding="utf-8")
    assert load_run(path, audit).slots(load_web_texts(), "nl")["status"].startswith("Conform met")
    for wrong in ("result: good", "date: 2099-01-01", "by: ' '"):
        key = wrong.split(":")[0]
        lines = {"date": "2026-01-15", "by": "x", "result": "conformant", "gaps": "[]"}
        body = ", ".join(wrong if k == key else f"{k}: {v}" for k, v in lines.items())
        audit.write_text(f"audit: {{{body}}}", encoding="utf-8")
        with pytest.raises(TextsError, match="date, by, result and gaps"):
            load_run(path, audit)
    path.write_text("{}")
    with pytest.raises(TextsError, match="make accessibility"):
        load_run(path)


def test_sentence_in_one_language_stops_the_start(tmp_path: Path) -> None:
    broken = tmp_path / "web.yml"
    broken.write_text("exit: {fr: Quitter}\n", encoding="utf-8")
    with pytest.raises(TextsError, match="exit must have a sentence in both"):
        load_web_texts(broken)


def test_template_with_an_unknown_sentence_stops_the_start(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>{{exitt}}</p>", encoding="utf-8")
    with pytest.raises(TextsError, match="exitt"):
        Template(page, load_web_texts())


def test_minutes_that_are_promised_are_those_of_the_script() -> None:
    """R36: what the page says of its silence is what quiet.js does."""
    script = (WEB / "quiet.js").read_text(encoding="utf-8")
    found = dict(re.findall(r"const (COVER_AFTER|ERASE_AFTER) = (\d+) \* MINUTE", script))
    assert "const LOOK_AWAY = MINUTE;" in script
    for language, hidden in (("fr", "Après une minute"), ("nl", "Na één minuut")):
        text = load_web_texts().get("start_silence", language)
        assert re.findall(r"\d+", text) == [found["COVER_AFTER"], found["ERASE_AFTER"]]
        assert hidden in load_web_texts().get("start_hide", language)
        (called,) = re.findall(r"const CALL = (\d+) \* MINUTE", script)
        assert f"{called} minut" in load_web_texts().get("start_words", language)


@pytest.mark.parametrize(
    ("key", "limits"),
    [
        ("erased_unsure", ("en {minutes} minutes au plus", "hoogstens {minutes} minuten")),
        ("left_unconfirmed", ("en {minutes} minutes au plus", "hoogstens {minutes} minuten")),
    ],
)
def test_what_the_server_keeps_is_promised_as_a_limit(key: str, limits: tuple[str, str]) -> None:
    for language, limit in zip(("fr", "nl"), limits, strict=True):
        assert limit in load_web_texts().get(key, language)  # type: ignore[arg-type]


def test_every_sentence_is_used() -> None:
    files = [*WEB.glob("*.*"), *WEB.parent.glob("gateway/*.py")]
    sources = "".join(path.read_text() for path in files)
    built = ("author_", "numbers_", "left_", "sos_text_", "stand_")
    unused = [
        key
        for key in load_web_texts().sentences
        if not re.search(rf"\b{key}\b", sources) and not key.startswith(built)
    ]
    assert unused == []


def test_the_fake_keeps_the_contract(site: Sites) -> None:
    """What the browser tests are given fits the OpenAPI document."""
    parts = urlsplit(site.url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=5)
    connection.request("POST", "/api/v1/conversations", '{"language": "nl"}')
    token = re.search(r'"token": "([^"]+)"', connection.getresponse().read().decode())
    assert token
    headers = {"Authorization": f"Bearer {token[1]}"}
    for said in ("hij wil me slaan", "in de buurt", "خطر".encode().decode(), "hallo"):
        body = f'{{"text": "{said}"}}'.encode()
        connection.request("POST", "/api/v1/messages", body, headers)
        assert connection.getresponse().read()
    connection.close()
    schemas = document()["components"]["schemas"]
    for name, given in [
        ("Conversation", site.script.given[0]),
        *(("Reply", answer) for answer in site.script.given[1:]),
    ]:
        schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
        assert [e.message for e in Draft202012Validator(schema).iter_errors(given)] == []
    assert len(site.script.given) == 5
