"""`/about`: how safe the model that answers is, true figures in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

from aiohttp import web

from bot import door
from bot.gateway import keys
from bot.gateway.markup import Template
from bot.gateway.pages import DOCUMENT, WEB, document_slots, html_page, language_of
from bot.gateway.webtexts import WebTexts, load_web_texts
from bot.language import SUPPORTED, Supported
from bot.settings import Settings
from bot.texts import DATA, TextsError
from bot.training import service
from bot.training.facts import Facts, facts_of
from bot.training.model import MODELS, model_path
from bot.training.public_record import Figure, PublicRecord, fingerprint_of, of_model

_RISKS = ("emergency", "crisis", "child")


def answering(settings: Settings) -> Path:
    """Return the file of the model that answers.

    That is what the supervisor wrote; without one here, the model in service, or that of the data.
    """
    if found := door.standing(settings):
        return MODELS / found.model
    try:
        return service.in_service(MODELS) or model_path()
    except TextsError:
        return model_path()


@dataclass(frozen=True)
class About:
    """The page, its sentences read and checked when the gateway starts."""

    texts: WebTexts
    template: Template

    @classmethod
    def load(cls) -> About:
        """Read sentences and template.

        Raises:
            TextsError: one is missing or broken.
        """
        own = load_web_texts(DATA / "about.yml")
        texts = WebTexts({**load_web_texts().sentences, **own.sentences})
        return cls(texts, Template(WEB / "safety.html", texts, DOCUMENT))

    async def page(self, request: web.Request) -> web.Response:
        """`GET /about`."""
        language, app = language_of(request), request.app
        model = answering(app[keys.SETTINGS])
        record = of_model(model)
        today = app[keys.CLOCK]().date()
        if record:
            day = date.fromisoformat(record.when[:10])
            measured = self._said("safety_measured", language, date=f"{day:%d/%m/%Y}")
        else:
            measured = self._said("safety_not_measured", language)
        slots = {
            **document_slots(language, "/about"),
            "measured": measured,
            "figures": self._figures(record, language) if record else "",
            "facts": self._facts(facts_of(app[keys.DIRECTORY], today), language),
            "model": self._said("safety_model", language, model=fingerprint_of(model.name)),
        }
        return html_page(self.template.fill(language, slots))

    def _said(self, key: str, language: Supported, **values: object) -> str:
        return escape(self.texts.get(key, language).format(**values))

    def _figures(self, record: PublicRecord, language: Supported) -> str:
        def cell(name: str, said: str) -> str:
            figure = record.figures.get(name)
            return f"<td>{self._figure(figure, said, language) if figure else '–'}</td>"

        def row(label: str, name: str, said: str) -> str:
            cells = "".join(cell(f"{name}.{code}", said) for code in SUPPORTED)
            return f'<tr><th scope="row">{self._said(label, language)}</th>{cells}</tr>'

        danger = "".join(row(f"safety_{risk}", f"recall.{risk}", "safety_seen") for risk in _RISKS)
        alarms = row("safety_alarms_row", "false_alarms", "safety_alarmed")
        parts = [
            f"<h2>{self._said('safety_danger', language)}</h2>{self._table(danger, language)}",
            f"<p>{self._said('safety_few', language)}</p>",
            f"<h2>{self._said('safety_alarms', language)}</h2>{self._table(alarms, language)}",
        ]
        hidden = record.figures.get("redaction.all")
        if hidden:
            said = self._said("safety_hidden_row", language, right=hidden.right, of=hidden.of)
            parts.append(f"<h2>{self._said('safety_hidden', language)}</h2><p>{said}</p>")
        return "".join(parts)

    def _table(self, rows: str, language: Supported) -> str:
        heads = "".join(
            f'<th scope="col">{self._said(f"safety_{name}", language)}</th>'
            for name in ("what", *SUPPORTED)
        )
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"

    def _figure(self, figure: Figure, key: str, language: Supported) -> str:
        low, high = round(figure.low * 100), round(figure.high * 100)
        likely = self._said("safety_likely", language, low=low, high=high)
        said = self._said(key, language, right=figure.right, of=figure.of)
        return f"<strong>{said}</strong><br>{likely}"

    def _facts(self, facts: Facts, language: Supported) -> str:
        lines = [self._said("safety_records", language, records=facts.records)]
        lines.append(
            self._said("safety_checked", language, checked=facts.checked, fresh=facts.fresh)
        )
        if facts.median_age is not None:
            lines.append(
                self._said("safety_age", language, median=facts.median_age, oldest=facts.oldest_age)
            )
        lines.append(self._said("safety_undated", language, undated=facts.undated))
        return "".join(f"<li>{line}</li>" for line in lines)


def add_routes(app: web.Application) -> None:
    """Add the page to the gateway.

    Raises:
        TextsError: a sentence or the template is broken.
    """
    app.router.add_get("/about", About.load().page)
