"""Counts that show no one: by the hour, in steps of five, talks and not messages."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot.gateway import keys
from bot.gateway.measured import METRICS
from bot.metrics import Cells, Metrics
from bot.settings import ROOT
from bot.yaml_files import read_yaml
from tests.fakes.handoff_gateway import gateway

FALLBACK = {"intent": "nlu_fallback", "key": "utter_fallback"}
TOPIC = {"intent": "disclose_elder", "key": "utter_disclose_elder"}
CRISIS = {"intent": "disclose_elder", "key": "utter_risk_crisis_child"}


class Clock:
    """Seconds that a test moves on."""

    now = 1_800_000_000.0 // 3600 * 3600

    def __call__(self) -> float:
        return self.now


def read(metrics: Metrics) -> dict[str, float]:
    text = generate_latest(metrics.registry).decode()
    return {
        f"{s.name}{sorted(s.labels.values())}": s.value
        for family in text_string_to_metric_families(text)
        for s in family.samples
    }


def shown(cells: Cells) -> dict[str, int]:
    return {name: number for (_, name), number in cells.shown().items()}


def test_nothing_before_the_hour_is_over() -> None:
    clock = Clock()
    cells = Cells(clock)
    for n in range(9):
        cells.add(f"talk {n}", "topics", "shelter")
    clock.now += 3599
    assert shown(cells) == {}
    clock.now += 1
    assert shown(cells) == {"shelter": 9}


def test_fewer_than_five_wait_and_are_not_lost() -> None:
    clock = Clock()
    cells = Cells(clock)
    seen = []
    for talks in (4, 0, 3, 5, 2):
        for n in range(talks):
            cells.add(f"{len(seen)}/{n}", "topics", "shelter")
        clock.now += 3600
        seen.append(shown(cells).get("shelter", 0))
    assert seen == [0, 0, 7, 12, 12]


def test_one_person_who_writes_a_lot_is_one() -> None:
    clock = Clock()
    cells = Cells(clock)
    for _ in range(6):
        for _ in range(20):
            cells.add("the same talk", "risks", "crisis")
        clock.now += 3600
    assert shown(cells) == {}


def test_what_a_turn_counts_as() -> None:
    clock = Clock()
    metrics = Metrics(clock)
    for n in range(5):
        metrics.answered(f"a{n}", [{"custom": CRISIS}, {"custom": TOPIC}])
        metrics.answered(f"b{n}", [{"custom": FALLBACK}])
        metrics.answered(
            f"c{n}", [{"custom": {"intent": "rue Haute 5", "key": "utter_risk_Karim"}}]
        )
        metrics.handoff(f"a{n}", "waiting")
        metrics.handoff(f"a{n}", "none")
    clock.now += 3600
    found = {k: v for k, v in read(metrics).items() if v == 5}
    assert found == {
        "helpline_topics_total['disclose_elder']": 5,
        "helpline_risks_total['crisis']": 5,
        "helpline_fallbacks_total['not_understood']": 5,
        "helpline_handoffs_total['waiting']": 5,
    }


async def _scrape(http: aiohttp.ClientSession, port: int) -> str:
    async with http.get(f"http://127.0.0.1:{port}/metrics") as answer:
        assert answer.status == 200
        return await answer.text()


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


NEEDLES = ["Karimovic", "couteaunoir", "0477", "Valbois", "zwartmes", "Mozilla", "127.0.0.1"]


async def test_nothing_of_a_talk_is_in_the_measurements(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_port: int
) -> None:
    async with gateway(redis_url, tmp_path, monkeypatch, METRICS_PORT=str(free_port)) as run:
        run.rasa.custom = dict(CRISIS)
        secrets = []
        for n in range(7):
            visitor = await run.visitor()
            await visitor.say(f"Karimovic couteaunoir zwartmes 0477 12 34 5{n} Valbois")
            secrets += [visitor.token, *(m["id"] for m in visitor.last["messages"])]
        await run.present()
        await visitor.choose("handoff")
        await visitor.choose("handoff:words")
        run.rasa.broken = True
        other = await run.visitor()
        await other.say("Karimovic")
        before = await _scrape(run.http, free_port)
        clock = run.app[METRICS].cells
        monkeypatch.setattr(clock, "_hour", clock._hour - 1)
        after = await _scrape(run.http, free_port)
        ids = [k.decode() for k in await run.app[keys.REDIS].keys("*") if len(k) > 25]
    for text in (before, after):
        for needle in [*NEEDLES, *secrets, *ids, *(i.split(":")[-1] for i in ids)]:
            assert needle not in text
    assert "crisis" not in before.replace("risk_crisis", "")
    assert 'helpline_risks_total{risk="crisis"} 7.0' in after
    # One talk asked for a person: too few to be shown; that one waits is, by network only.
    assert "helpline_handoffs_total{" not in after
    assert 'helpline_queue{network="stopp-vif"} 1.0' in after
    assert 'helpline_counsellors{network="stopp-vif"} 1.0' in after
    assert "helpline_failed_turns_total 1.0" in after
    assert 'helpline_conversations_total{result="answered"} 8.0' in after
    assert 'helpline_part_up{part="redis"} 1.0' in after
    assert re.search(r'helpline_model\{fingerprint="[0-9a-f]{16}",mode="demo"\} 1.0', after)


async def test_off_by_default_and_never_on_the_public_port(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_port: int
) -> None:
    async with gateway(redis_url, tmp_path, monkeypatch) as run:
        assert METRICS not in run.app
    async with (
        gateway(redis_url, tmp_path, monkeypatch, METRICS_PORT=str(free_port)) as run,
        run.http.get(f"{run.url}/metrics") as answer,
    ):
        assert answer.status == 404


async def test_a_taken_port_doesnt_stop_the_gateway(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_port: int
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port))
        taken.listen()
        async with gateway(redis_url, tmp_path, monkeypatch, METRICS_PORT=str(free_port)) as run:
            assert await (await run.visitor()).say("bonjour")


def _asked() -> list[tuple[str, str]]:
    rules = read_yaml(ROOT / "deploy" / "alerts.yml")["groups"]
    board = json.loads((ROOT / "deploy" / "grafana-dashboard.json").read_text(encoding="utf-8"))
    return [
        *((rule["alert"], rule["expr"]) for group in rules for rule in group["rules"]),
        *((p["title"], t["expr"]) for p in board["panels"] for t in p["targets"]),
    ]


async def test_alerts_and_dashboard_ask_for_what_exists(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_port: int
) -> None:
    async with gateway(redis_url, tmp_path, monkeypatch, METRICS_PORT=str(free_port)) as run:
        text = await _scrape(run.http, free_port)
    families = list(text_string_to_metric_families(text))
    known = {s.name for family in families for s in family.samples}
    # Cells that nobody fills yet have a name but no number.
    known |= {f"{f.name}_total" for f in families if f.type == "counter"}
    asked = _asked()
    for where, expression in asked:
        for name in re.findall(r"\bhelpline_\w+", expression):
            assert name in known, f"{where}: {name}"
        assert expression.count("(") == expression.count(")"), where
        assert not re.search(r"\b(le|risk|topic)=", expression), where
    used = {name for _, e in asked for name in re.findall(r"\bhelpline_\w+", e)}
    hidden = {n for n in known if not n.endswith(("_created", "_sum", "_count", "_bucket"))}
    assert hidden <= used | {"helpline_turn_seconds"}


def test_every_alert_says_what_to_do_at_three_in_the_morning() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    rules = read_yaml(ROOT / "deploy" / "alerts.yml")["groups"][0]["rules"]
    for rule in rules:
        assert set(rule["labels"]) == {"severity"}
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"]
        assert f"### {rule['alert']}" in page, rule["alert"]
