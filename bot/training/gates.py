"""The gates: the least that a model must reach before it may be used (`data/gates.yml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.texts import DATA, TextsError, read_yaml

# A share of lines is exact to many digits; a gate isn't missed by rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Gate:
    """One figure and the value that it must reach, or must not pass."""

    name: str
    limit: float
    at_most: bool

    def passes(self, value: float | None) -> bool:
        """Tell whether a measured value passes; what wasn't measured doesn't."""
        if value is None:
            return False
        if self.at_most:
            return value <= self.limit + _ROUNDING
        return value >= self.limit - _ROUNDING

    def sentence(self, value: float | None) -> str:
        """Return what is wrong, in one sentence."""
        wanted = f"{'at most' if self.at_most else 'at least'} {self.limit:.2f}"
        measured = "wasn't measured" if value is None else f"is {value:.3f}"
        return f"{self.name} {measured}; it must be {wanted} (data/gates.yml)."


def load_gates(path: Path = DATA / "gates.yml") -> list[Gate]:
    """Return all gates.

    Raises:
        TextsError: the file can't be read, or a gate isn't a share between 0 and 1.
    """
    content = read_yaml(path)
    gates = []
    for kind in ("at_least", "at_most"):
        for name, limit in ((content or {}).get(kind) or {}).items():
            if not isinstance(limit, (int, float)) or not 0 <= limit <= 1:
                raise TextsError(f"{path}: {name} must be a share between 0 and 1, not {limit!r}.")
            gates.append(Gate(str(name), float(limit), kind == "at_most"))
    if not gates:
        raise TextsError(f"{path}: no gate in it; write at_least and at_most.")
    return gates


def missed(figures: Mapping[str, float], gates: list[Gate]) -> list[str]:
    """Return one sentence for each gate that the figures miss."""
    return [
        gate.sentence(figures.get(gate.name))
        for gate in gates
        if not gate.passes(figures.get(gate.name))
    ]
