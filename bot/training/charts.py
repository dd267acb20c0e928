"""Pictures of the report as SVG inside the page: no script, no library, sharp when printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from bot.training.evaluate import IntentRow
from bot.training.figures import Share

_WIDE, _HIGH = 460, 300
_LEFT, _BELOW, _ABOVE = 54, 44, 10
_CELL, _NAMES = 11, 175
# Blue, orange, green and purple that colour-blind readers tell apart; dashes say it twice.
_LINES = (("#0072b2", ""), ("#d55e00", "7 3"), ("#007a5a", "2 3"), ("#7b3294", "9 3 2 3"))


@dataclass(frozen=True)
class Series:
    """One line: its name, its points (0 to 1), and points to mark with what they mean."""

    name: str
    points: Sequence[tuple[float, float]]
    marks: Sequence[tuple[float, float, str]] = ()


def _text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{escape(words)}</text>'


def _picture(width: float, height: float, title: str, parts: Sequence[str]) -> Markup:
    return Markup(  # noqa: S704 - every word in it went through escape
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" role="img" '
        f'aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def curves(
    title: str,
    across: str,
    up: str,
    series: Sequence[Series],
    *,
    right_edge: float = 1.0,
    diagonal: bool = False,
) -> Markup:
    """Return a chart of lines.

    Args:
        title: for who can't see it.
        across: what the horizontal axis says.
        up: what the vertical axis says.
        series: the lines.
        right_edge: where the horizontal axis ends; it begins at 0, the vertical one is 0 to 1.
        diagonal: draw the line where both are equal.
    """

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            _LEFT + min(x / right_edge, 1.0) * _WIDE,
            _ABOVE + (1 - y) * _HIGH,
        )

    parts = []
    for step in range(6):
        part = step / 5
        x, y = place(part * right_edge, part)
        bottom = _ABOVE + _HIGH
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_LEFT + _WIDE}" y1="{y}" y2="{y}"/>')
        parts.append(f'<line class="grid" x1="{x}" x2="{x}" y1="{_ABOVE}" y2="{bottom}"/>')
        parts.append(_text(_LEFT - 6, y + 4, f"{part * 100:.0f}%", 'text-anchor="end"'))
        label = f"{part * right_edge * 100:.0f}%"
        parts.append(_text(x, bottom + 16, label, 'text-anchor="middle"'))
    middle = f'text-anchor="middle" transform="rotate(-90 12 {_ABOVE + _HIGH / 2})"'
    parts.append(_text(12, _ABOVE + _HIGH / 2, up, middle))
    parts.append(_text(_LEFT + _WIDE / 2, _ABOVE + _HIGH + 36, across, 'text-anchor="middle"'))
    if diagonal:
        (x1, y1), (x2, y2) = place(0, 0), place(right_edge, 1)
        parts.append(f'<line class="even" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>')
    for index, line in enumerate(series):
        colour, dash = _LINES[index % len(_LINES)]
        path = " ".join("{:.1f},{:.1f}".format(*place(x, y)) for x, y in line.points)
        parts.append(
            f'<polyline fill="none" stroke="{colour}" stroke-width="2" '
            f'stroke-dasharray="{dash}" points="{path}"/>'
        )
        for mark_x, mark_y, meaning in line.marks:
            x, y = place(mark_x, mark_y)
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{colour}">'
                f"<title>{escape(meaning)}</title></circle>"
            )
        x, y = _LEFT + _WIDE - 130, _ABOVE + _HIGH - 14 - 18 * (len(series) - 1 - index)
        parts.append(
            f'<line x1="{x}" x2="{x + 28}" y1="{y}" y2="{y}" stroke="{colour}" '
            f'stroke-width="2" stroke-dasharray="{dash}"/>'
        )
        parts.append(_text(x + 34, y + 4, line.name))
    return _picture(_LEFT + _WIDE + 20, _ABOVE + _HIGH + _BELOW, title, parts)


def bar(share: Share) -> Markup:
    """Return a small bar with its interval, for a cell of a table."""
    width = 120
    return _picture(
        width,
        14,
        f"{share.value:.0%}, likely between {share.low:.0%} and {share.high:.0%}",
        [
            f'<rect class="rail" width="{width}" height="14"/>',
            f'<rect class="full" width="{share.value * width:.1f}" height="14"/>',
            f'<line class="whisker" x1="{share.low * width:.1f}" '
            f'x2="{share.high * width:.1f}" y1="7" y2="7"/>',
        ],
    )


def differences(rows: Sequence[tuple[str, Share]]) -> Markup:
    """Return the differences of figures: a point each, its interval, and the line of no change.

    Args:
        rows: name and difference (its value between -1 and 1; more is more, not always better).
    """
    names, wide, step = 130, 380, 26
    edge = max(0.05, *(max(abs(gain.low), abs(gain.high)) for _, gain in rows))
    high = step * len(rows)

    def at(value: float) -> float:
        return names + (value / edge + 1) / 2 * wide

    parts = [
        f'<line class="even" x1="{at(0):.1f}" x2="{at(0):.1f}" y1="0" y2="{high}"/>',
        _text(names, high + 16, f"{-edge * 100:+.0f}", 'text-anchor="start"'),
        _text(at(0), high + 16, "0", 'text-anchor="middle"'),
        _text(names + wide, high + 16, f"{edge * 100:+.0f}", 'text-anchor="end"'),
    ]
    for index, (name, gain) in enumerate(rows):
        y = index * step + step / 2
        said = f"{name}: {gain.value * 100:+.1f} ({gain.low * 100:+.1f}; {gain.high * 100:+.1f})"
        parts.append(_text(names - 8, y + 4, name, 'text-anchor="end"'))
        parts.append(
            f'<line class="whisker" x1="{at(gain.low):.1f}" x2="{at(gain.high):.1f}" '
            f'y1="{y}" y2="{y}"/>'
        )
        parts.append(
            f'<circle cx="{at(gain.value):.1f}" cy="{y}" r="5" fill="{_LINES[0][0]}">'
            f"<title>{escape(said)}</title></circle>"
        )
    return _picture(names + wide + 10, high + 22, "Differences between two models", parts)


def matrix(rows: Sequence[IntentRow]) -> Markup:
    """Return the confusion matrix: one row an intent that was meant, one column one understood.

    On the diagonal the intent itself was understood; beside it, pale is one that helps as well,
    strong is wrong.
    """
    names = sorted({r.intent for r in rows} | {r.ranking[0] for r in rows})
    at = {name: i for i, name in enumerate(names)}
    meant = Counter(r.intent for r in rows)
    cells = Counter((r.intent, r.ranking[0], r.exact, r.accepted) for r in rows)
    size = len(names) * _CELL
    parts = [
        f'<rect x="{_NAMES}" y="{_NAMES}" width="{size}" height="{size}" class="rail"/>',
    ]
    for name, i in at.items():
        middle = _NAMES + i * _CELL + 9
        parts.append(_text(_NAMES - 4, middle, name, 'text-anchor="end" class="small"'))
        turned = f'class="small" transform="rotate(-90 {middle} {_NAMES - 4})"'
        parts.append(_text(middle, _NAMES - 4, name, turned))
    for (intent, understood, exact, accepted), count in sorted(cells.items()):
        kind = "right" if exact else "near" if accepted else "wrong"
        strength = 0.25 + 0.75 * count / meant[intent]
        said = f"{intent} was understood as {understood}: {count} of {meant[intent]}"
        parts.append(
            f'<rect class="{kind}" x="{_NAMES + at[understood] * _CELL}" '
            f'y="{_NAMES + at[intent] * _CELL}" width="{_CELL - 1}" height="{_CELL - 1}" '
            f'opacity="{strength:.2f}"><title>{escape(said)}</title></rect>'
        )
    return _picture(_NAMES + size + 4, _NAMES + size + 4, "Which intents are confused", parts)
