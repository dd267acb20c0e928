"""`/workshop/confusions`: meanings that are taken for each other, with the sentences."""

from __future__ import annotations

from html import escape

from aiohttp import web

from bot.desk.page import language_of, page, say
from bot.desk.session import maintainer
from bot.workshop import confusions, intents
from bot.workshop.forms import aside, shelf_of


async def show(request: web.Request) -> web.Response:
    """`GET /workshop/confusions`: each pair, side by side, with links to both."""
    maintainer(request)
    language, shelf = language_of(request), shelf_of(request)
    report = await aside(lambda: confusions.load(shelf.root))
    if report is None:
        said = escape(say("confusions_none", language))
        return page(request, "workshop-confusions", {"said": said, "pairs": ""})
    known = await aside(lambda: intents.load(shelf))

    def side(name: str, sentences: tuple[str, ...]) -> str:
        label = escape(known[name].label[language]) if name in known else escape(name)
        head = f'<a href="/workshop/intents/{escape(name)}">{label}</a>' if name in known else label
        items = "".join(f"<li>{escape(line)}</li>" for line in sentences)
        return f"<td><b>{head}</b><ul>{items}</ul></td>"

    rows = []
    for pair in report.pairs:
        count = say("confusions_times", language, number=pair.times)
        if pair.tests:
            count += " " + say("confusions_tests", language, number=pair.tests)
        rows.append(
            f"<tr>{side(pair.one, pair.there)}{side(pair.other, pair.back)}"
            f"<td>{escape(count)}</td></tr>"
        )
    said = say("confusions_when", language, when=report.when[:16].replace("T", " "))
    return page(request, "workshop-confusions", {"said": escape(said), "pairs": "".join(rows)})


def add_routes(app: web.Application) -> None:
    """Add this page to the workshop."""
    app.router.add_get("/confusions", show)
