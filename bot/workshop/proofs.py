"""`helpline content`: all answers in one HTML file for people who proof-read, and back again.

They open it in a word processor or a browser, change words, and save it as HTML. Only the table
counts: its first column says which answer a row is, the next two hold French and Dutch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

from bot.language import SUPPORTED
from bot.workshop import answers
from bot.workshop.answers import Answer
from bot.workshop.readability import ease
from bot.workshop.saving import RefusedError, Saved, Shelf

_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)
_BLOCKS = {"p", "div", "li", "h1", "h2", "h3"}
_UNSEEN = {"style", "script", "head", "title"}


@dataclass(frozen=True)
class Correction:
    """An answer whose text came back changed."""

    key: str
    was: Mapping[str, str]
    now: Mapping[str, str]


def _cell(text: str, language: str) -> str:
    paragraphs = (
        "<p>" + "<br>".join(escape(line) for line in part.split("\n")) + "</p>"
        for part in text.split("\n\n")
    )
    return f'<td lang="{language}">{"".join(paragraphs)}</td>'


def exported(found: Mapping[str, Answer]) -> str:
    """Return the page: a row for each answer; what is harder than B1 is marked."""
    rows = []
    for one in found.values():
        marks = []
        for code in SUPPORTED:
            score = ease(one.text[code], code)
            mark = " &gt; B1" if score.hard else ""
            marks.append(f"{code.upper()} {score.score:.0f}{mark}")
        state = "OK" if one.approved else "—"
        rows.append(
            f"<tr><td>{escape(one.key)}</td>{_cell(one.text['fr'], 'fr')}"
            f"{_cell(one.text['nl'], 'nl')}<td>{' · '.join(marks)}</td><td>{state}</td></tr>"
        )
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>helpline</title>'
        "<style>table{border-collapse:collapse}td,th{border:1px solid #999;padding:.4em;"
        "vertical-align:top}</style></head><body><table>"
        "<tr><th>id</th><th>FR</th><th>NL</th><th>Flesch (0-100)</th><th>✓</th></tr>\n"
        + "\n".join(rows)
        + "\n</table></body></html>\n"
    )


class _Table(HTMLParser):
    """Collects the text of table cells, whatever a word processor puts around it."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._open = False
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "tr":
            self.rows.append([])
            self._open = False
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self._open = True
        elif tag == "br":
            self._add("\x01")
        elif tag in _BLOCKS:
            self._add("\x02")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in ("td", "th", "tr"):
            self._open = False
        elif tag in _BLOCKS:
            self._add("\x02")

    def handle_data(self, data: str) -> None:
        self._add(re.sub(r"[\x01\x02]", "", data))

    def _add(self, text: str) -> None:
        if self._open and not self._unseen:
            self.rows[-1][-1] += text


def _plain(cell: str) -> str:
    """Return a cell as an answer's text: a block is a paragraph, a break a line."""
    text = re.sub(r"\s+", " ", cell)
    text = re.sub(r" *\x01 *", "\n", text)
    text = re.sub(r"[ \n]*\x02[ \n\x02]*", "\n\n", text)
    return text.strip()


def _same(one: str, other: str) -> bool:
    """Tell whether two texts differ only in blanks that nobody sees."""
    return re.sub(r"\s+", " ", one).strip() == re.sub(r"\s+", " ", other).strip()


def decoded(content: bytes) -> str:
    """Return a saved page as text; word processors use encodings of their own.

    Raises:
        RefusedError: it can't be read.
    """
    declared = _CHARSET.search(content[:4096])
    names = [declared[1].decode("ascii") if declared else "utf-8", "utf-8", "cp1252"]
    for name in names:
        try:
            return content.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    raise RefusedError("wrong_file", file="HTML")


def corrections(page: str, found: Mapping[str, Answer]) -> Iterator[Correction]:
    """Yield the answers that came back changed, in the page's order.

    Raises:
        RefusedError: there is no row of an answer, or a row of an unknown one.
    """
    parser = _Table()
    parser.feed(page)
    parser.close()
    rows = [row for row in parser.rows if row and _plain(row[0]).startswith("utter_")]
    if not rows:
        raise RefusedError("wrong_file", file="HTML")
    for row in rows:
        key = _plain(row[0])
        if key not in found or len(row) < 3:
            raise RefusedError("wrong_answer", answer=key[:80])
        was = found[key].text
        typed = {code: _plain(cell) for code, cell in zip(SUPPORTED, row[1:3], strict=True)}
        # Blanks that a word processor moved aren't a correction.
        now: dict[str, str] = {
            c: was[c] if _same(was[c], typed[c]) else typed[c] for c in SUPPORTED
        }
        if now != was:
            yield Correction(key, was, now)


def save(
    shelf: Shelf, found: list[Correction], *, who: str, why: str
) -> tuple[list[Saved], list[tuple[str, RefusedError]]]:
    """Save corrections one by one; return what was saved, and what was refused and why."""
    saved: list[Saved] = []
    refused: list[tuple[str, RefusedError]] = []
    for one in found:
        try:
            saved.append(answers.change(shelf, one.key, one.now, who=who, why=why))
        except RefusedError as error:
            refused.append((one.key, error))
    return saved, refused
