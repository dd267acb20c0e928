"""Small numbers hidden, so that a table of counts points at nobody (R84). Pure.

The total of a month is shown, and is the same in the table of every dimension: a single hidden cell
could be worked out from it. So a second one is hidden with it, and what is hidden together is never
fewer than the least that may be shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEAST = 10


@dataclass(frozen=True)
class Row:
    """A month: its total, and a number for each value; None is hidden."""

    month: str
    total: int | None
    cells: Mapping[str, int | None]


def suppress(counts: Mapping[str, int], values: Sequence[str]) -> dict[str, int | None]:
    """Return the cells of one month that may be shown; None for those that may not.

    Args:
        counts: as they are; a value that is missing counts nothing.
        values: all values of the dimension.
    """
    cells = {value: counts.get(value, 0) for value in values}
    if sum(cells.values()) < LEAST:
        return dict.fromkeys(cells)
    hidden = {value for value, number in cells.items() if 0 < number < LEAST}
    # The smallest of the others goes along, until what is hidden can't be told apart.
    others = sorted((v for v in cells if v not in hidden and cells[v]), key=lambda v: (cells[v], v))
    while hidden and others and (len(hidden) < 2 or sum(cells[v] for v in hidden) < LEAST):
        hidden.add(others.pop(0))
    return {value: None if value in hidden else number for value, number in cells.items()}


def table(
    by_month: Mapping[str, Mapping[str, int]], values: Sequence[str], open_month: str
) -> list[Row]:
    """Return the rows that may be shown, the newest month first.

    Args:
        by_month: counts of one dimension.
        values: all values of the dimension.
        open_month: the present one, like 2026-11: neither it nor a later one is shown, since two
            looks at a month that still grows would tell of single talks.
    """
    rows = []
    for month in sorted(by_month, reverse=True):
        if month >= open_month:
            continue
        total = sum(by_month[month].values())
        shown = total if total >= LEAST else None
        rows.append(Row(month, shown, suppress(by_month[month], values)))
    return rows
