"""`/desk/statistics`: counts by month and one dimension, as a table, bars and CSV (R84)."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from functools import lru_cache
from html import escape

from aiohttp import web

from bot.desk.counts import DIMENSIONS, Counts
from bot.desk.forms import network_name, options
from bot.desk.page import language_of, page, say
from bot.desk.session import supervisor
from bot.desk.suppress import LEAST, Row, table
from bot.desk.workspace import COUNTS, Held, service_of
from bot.gateway import keys
from bot.handoff.case import RISKS
from bot.language import SUPPORTED, Supported
from bot.texts import DATA, read_yaml

WHO = ("unknown", "victim", "child", "witness", "perpetrator", "professional", "other")
OUTCOMES = ("unknown", "listened", "referred", "emergency", "appointment", "left", "misuse")
_HOURS = ("night", "morning", "afternoon", "evening")
_UNKNOWN = "unknown"
_BAR, _WIDE, _HIGH = 320, 640, 28


@lru_cache(maxsize=1)
def topic_groups() -> dict[str, tuple[str, ...]]:
    """Return the groups of topics that are counted, each with its intents."""
    groups = read_yaml(DATA / "desk-topics.yml")["groups"]
    return {name: tuple(intents) for name, intents in groups.items()}


def topic_group(intent: str) -> str:
    """Return the group of an intent; `unknown` for what belongs to none."""
    for name, intents in topic_groups().items():
        if intent in intents:
            return name
    return _UNKNOWN


def hours_of(moment: datetime) -> str:
    """Return the quarter of the day: no time finer than that is kept."""
    return _HOURS[moment.hour // 6]


def count(counts: Counts, held: Held, who: str, outcome: str, now: datetime) -> None:
    """Count a talk that has ended.

    Args:
        counts: where.
        held: what is known of it.
        who, outcome: of the form, from `WHO` and `OUTCOMES`.
        now: the moment in Belgium.
    """
    values = {
        "network": held.network,
        "language": held.language,
        "topic": topic_group(held.topic),
        "risk": held.risk,
        "who": who,
        "outcome": outcome,
        "hours": hours_of(now),
    }
    counts.add(f"{now:%Y-%m}", values)


def _values(request: web.Request, dimension: str) -> tuple[str, ...]:
    return {
        "network": service_of(request).teams.networks,
        "language": tuple(SUPPORTED),
        "topic": (*topic_groups(), _UNKNOWN),
        "risk": RISKS,
        "who": WHO,
        "outcome": OUTCOMES,
        "hours": _HOURS,
    }[dimension]


def _label(request: web.Request, dimension: str, value: str, language: Supported) -> str:
    if dimension == "network":
        return network_name(request.config_dict[keys.DIRECTORY], value, language)
    if value == _UNKNOWN:
        return say("stat_unknown", language)
    key = f"w_risk_{value}" if dimension == "risk" else f"stat_{dimension}_{value}"
    return say(key, language)


def _rows(request: web.Request) -> tuple[str, list[Row]]:
    asked = request.query.get("by", "")
    dimension = asked if asked in DIMENSIONS else DIMENSIONS[0]
    now = request.config_dict[keys.CLOCK]()
    counted = request.config_dict[COUNTS].by(dimension)
    return dimension, table(counted, _values(request, dimension), f"{now:%Y-%m}")


async def statistics(request: web.Request) -> web.Response:
    """`GET /desk/statistics?by=…`."""
    supervisor(request)
    language = language_of(request)
    dimension, rows = _rows(request)
    values = _values(request, dimension)
    labels = {value: _label(request, dimension, value, language) for value in values}
    by = {name: say(f"stat_by_{name}", language) for name in DIMENSIONS}
    slots = {
        "options": options(by, dimension),
        "csv": f"/desk/statistics.csv?by={dimension}&amp;language={language}",
        "table": _html(rows, labels, language),
        "least": str(LEAST),
    }
    return page(request, "statistics", slots, assets=("work.css",))


async def as_csv(request: web.Request) -> web.Response:
    """`GET /desk/statistics.csv?by=…`: the same cells, nothing more."""
    supervisor(request)
    language = language_of(request)
    dimension, rows = _rows(request)
    values = _values(request, dimension)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    labels = [_label(request, dimension, value, language) for value in values]
    writer.writerow([say("stat_month", language), say("stat_total", language), *labels])
    for row in rows:
        cells = [row.total, *(row.cells[value] for value in values)]
        writer.writerow([row.month, *("" if cell is None else cell for cell in cells)])
    return web.Response(
        text="\ufeff" + out.getvalue(),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="helpline-{dimension}.csv"'},
    )


def _html(rows: list[Row], labels: dict[str, str], language: Supported) -> str:
    if not rows:
        return f"<p>{escape(say('stat_none', language))}</p>"
    hidden = escape(say("stat_hidden", language))

    def cell(number: int | None) -> str:
        return (
            f'<td class="few"><abbr title="{hidden}">–</abbr></td>'
            if number is None
            else (f"<td>{number}</td>")
        )

    head = "".join(f'<th scope="col">{escape(label)}</th>' for label in labels.values())
    lines = "".join(
        f'<tr><th scope="row">{row.month}</th>{cell(row.total)}'
        f"{''.join(cell(row.cells[value]) for value in labels)}</tr>"
        for row in rows
    )
    total, month = escape(say("stat_total", language)), escape(say("stat_month", language))
    caption = escape(say("stat_caption", language))
    return (
        f'{_bars(rows[0], labels, language)}<div class="wide"><table>'
        f'<caption class="sr">{caption}</caption><thead><tr>'
        f'<th scope="col">{month}</th><th scope="col">{total}</th>{head}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _bars(row: Row, labels: dict[str, str], language: Supported) -> str:
    """Return the newest month as bars; the table below says the same to who can't see them."""
    shown = [number for number in row.cells.values() if number is not None]
    most = max(shown, default=0) or 1
    parts = []
    for place, (value, label) in enumerate(labels.items()):
        number, y = row.cells[value], place * _HIGH
        words = say("stat_hidden_short", language) if number is None else str(number)
        width = 0 if number is None else round(number / most * _BAR)
        x = _WIDE - _BAR - 40
        parts.append(
            f'<text x="{x - 8}" y="{y + 18}" text-anchor="end">{escape(label)}</text>'
            f'<rect x="{x}" y="{y + 4}" width="{width}" height="{_HIGH - 8}" rx="3"/>'
            f'<text x="{x + width + 8}" y="{y + 18}">{escape(words)}</text>'
        )
    return (
        f'<figure><figcaption>{row.month}</figcaption><svg class="bars" aria-hidden="true" '
        f'viewBox="0 0 {_WIDE} {len(labels) * _HIGH}">{"".join(parts)}</svg></figure>'
    )


def add_routes(app: web.Application) -> None:
    """Add the page and its file."""
    app.router.add_get("/statistics", statistics)
    app.router.add_get("/statistics.csv", as_csv)
