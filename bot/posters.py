"""Posters to print: A4, A5 and A4 with strips to tear off, in French and in Dutch.

`python -m bot.posters https://chat.example.be` writes HTML and, where Chromium is there, PDF.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import jinja2
import segno
from markupsafe import Markup

from bot import settings
from bot.cards import card
from bot.directory.doubts import Doubts
from bot.directory.hours import status
from bot.directory.lines import choose_lines, emergency_lines
from bot.directory.load import load_directory
from bot.directory.model import Directory, Service
from bot.language import SUPPORTED, Supported
from bot.texts import DATA, read_yaml, texts

OUT = settings.ROOT / "reports" / "posters"
_TEMPLATE = Path(__file__).with_name("posters.html")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_PRINT_SECONDS = 120
# An address is seen over a shoulder and stays in a history (R37).
_TELLING = re.compile(r"violen|victim|geweld|slachtoffer|vif|femmes|vrouwen", re.IGNORECASE)


@dataclass(frozen=True)
class Paper:
    """A size of poster; all lengths follow the size of the letters."""

    name: str
    page: str
    width: str
    height: str
    letters: str
    strips: bool = False


PAPERS = (
    Paper("a4", "A4", "210mm", "297mm", "4.9mm"),
    Paper("a5", "A5", "148mm", "210mm", "3.4mm"),
    Paper("a4-strips", "A4", "210mm", "297mm", "4.2mm", strips=True),
)


class PosterError(ValueError):
    """The address can't stand on a poster; says why and what to do."""


def address_on_paper(address: str) -> str:
    """Return the address as people type it: without https:// and the last stroke.

    Raises:
        PosterError: it isn't an https address, has more than a host, or tells what it is about.
    """
    parts = urlsplit(address.strip())
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
        raise PosterError(f"{address!r} isn't an address like https://chat.example.be.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise PosterError("The address must end after the host: no code for each place (R37).")
    if _TELLING.search(parts.netloc):
        raise PosterError(f"{parts.netloc} tells what it is about; use a neutral address (R37).")
    return parts.netloc


def _line(service: Service, language: Supported, now: datetime) -> dict[str, Any]:
    """Return what paper can say of a service: its usual hours, not "open now"."""
    shown = card(service, status(service.hours_osm, now), now, texts(), language)
    return {**shown, "hours": service.hours_text.get(language, "")}


def poster(
    paper: Paper, address: str, directory: Directory, language: Supported, now: datetime
) -> str:
    """Return one poster as HTML.

    Args:
        paper: its size.
        address: of the service, `https://…`.
        directory: the data; only services with a number are printed.
        language: of the poster.
        now: the day that is printed on it.

    Raises:
        PosterError: the address can't stand on a poster.
    """
    shown = address_on_paper(address)

    # Paper stays: the lines open late on a working day, whenever the poster is made.
    usual = now.replace(hour=17, minute=0) + timedelta(days=(1 - now.weekday()) % 7)

    def chosen(writer: str, topic: str, limit: int = 1) -> list[Service]:
        found = choose_lines(
            directory,
            language=language,
            writer=writer,
            topic=topic,
            region=None,
            now=usual,
            limit=6,
        )
        own = [c.service for c in found if c.service.phone and language in c.service.languages]
        return own[:limit]

    listening = chosen("unknown", "violence", limit=2)
    services = [
        *emergency_lines(directory, language),
        *listening,
        *chosen("child", "child"),
        *chosen("unknown", "suicide"),
    ]
    once = {service.id: service for service in services}
    lines = [_line(service, language, now) for service in once.values()]
    words = {key: both[language] for key, both in (read_yaml(DATA / "posters.yml") or {}).items()}
    words["printed"] = words["printed"].replace("{date}", f"{now:%d/%m/%Y}")
    code = segno.make(f"https://{shown}", error="m").svg_inline(border=1, omitsize=True)
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        language=language,
        words=words,
        paper=paper.page,
        width=paper.width,
        height=paper.height,
        size=paper.letters,
        strips=paper.strips,
        code=Markup(code),  # noqa: S704 - made by segno from an address that was checked
        shown=shown,
        lines=lines,
        listening=[line for line in lines if line["id"] == listening[0].id],
    )


def print_to_pdf(browser: str, page: Path) -> Path:
    """Print a page with headless Chromium; return the PDF beside it.

    Raises:
        subprocess.SubprocessError: the browser failed.
    """
    pdf = page.with_suffix(".pdf")
    command = [browser, "--headless", "--disable-gpu", "--no-pdf-header-footer"]
    # Chromium's sandbox doesn't start for root, as in a container; the page is our own.
    command += ["--no-sandbox"] if os.geteuid() == 0 else []
    subprocess.run(  # noqa: S603
        [*command, f"--print-to-pdf={pdf}", page.as_uri()],
        check=True,
        timeout=_PRINT_SECONDS,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return pdf


def main(argv: Sequence[str] | None = None, out: Path = OUT) -> int:
    """Write all posters; return 2 when the address can't be used."""
    parser = argparse.ArgumentParser(prog="python -m bot.posters", description=__doc__)
    parser.add_argument("address", help="the service's own address: https://chat.example.be")
    address = parser.parse_args(argv).address
    config = settings.load()
    directory = load_directory(DATA / "directory", config.mode)
    Doubts(directory, config.state_dir).refresh()
    now = datetime.now(ZoneInfo("Europe/Brussels"))
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    out.mkdir(parents=True, exist_ok=True)
    for language in SUPPORTED:
        for paper in PAPERS:
            path = out / f"{paper.name}-{language}.html"
            try:
                path.write_text(poster(paper, address, directory, language, now), encoding="utf-8")
            except PosterError as error:
                print(error, file=sys.stderr)
                return 2
            print(print_to_pdf(browser, path) if browser else path)
    if not browser:
        print("No Chromium here: open the pages in a browser and print them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
