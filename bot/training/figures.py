"""The arithmetic of measuring: shares and their doubt, calibration, recall against alarms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RESAMPLES = 1000
_SEED = 20
_CONFIDENCE = 95


@dataclass(frozen=True)
class Share:
    """A share of lines (0 to 1) and between which two values it likely lies (95 of 100 times)."""

    value: float
    low: float
    high: float
    count: int


def _resampled(values: Sequence[bool], dice: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return the share in each of 1,000 resamples.

    How many true values are drawn when n yes-or-no values are drawn with replacement is binomial:
    drawing that number is the bootstrap, without its cost.
    """
    count = len(values)
    return dice.binomial(count, sum(values) / count, RESAMPLES) / count


def _between(resamples: npt.NDArray[np.float64]) -> tuple[float, float]:
    edge = (100 - _CONFIDENCE) / 2
    low, high = np.percentile(resamples, [edge, 100 - edge])
    return float(low), float(high)


def share_of(values: Sequence[bool]) -> Share:
    """Return the share of true values with its bootstrap interval.

    Raises:
        ValueError: there is no value.
    """
    if not values:
        raise ValueError("no line to measure on")
    low, high = _between(_resampled(values, np.random.default_rng(_SEED)))
    return Share(sum(values) / len(values), low, high, len(values))


def difference_of(left: Sequence[bool], right: Sequence[bool]) -> Share:
    """Return how much larger the left share is (can be negative), with its bootstrap interval."""
    if not left or not right:
        raise ValueError("no line to measure on")
    dice = np.random.default_rng(_SEED)
    low, high = _between(_resampled(left, dice) - _resampled(right, dice))
    value = sum(left) / len(left) - sum(right) / len(right)
    return Share(value, low, high, len(left) + len(right))


@dataclass(frozen=True)
class Bin:
    """Messages of like confidence: how sure the assistant was, and how often rightly."""

    confidence: float
    right: float
    count: int


def calibration(
    confidences: Sequence[float], right: Sequence[bool], bins: int = 10
) -> tuple[list[Bin], float]:
    """Return the calibration curve, and the mean gap between sureness and truth (0 is perfect).

    Args:
        confidences: of the first intent, 0 to 1.
        right: whether it was an accepted one.
        bins: equal steps of confidence; empty ones are left out.
    """
    sure = np.asarray(confidences, dtype=np.float64)
    truth = np.asarray(right, dtype=np.float64)
    steps = np.minimum((sure * bins).astype(int), bins - 1)
    found = [
        Bin(float(sure[steps == i].mean()), float(truth[steps == i].mean()), int(inside))
        for i, inside in enumerate(np.bincount(steps, minlength=bins))
        if inside
    ]
    gap = sum(b.count * abs(b.confidence - b.right) for b in found) / len(sure)
    return found, gap


@dataclass(frozen=True)
class Point:
    """What one threshold of the learned head would give."""

    threshold: float
    recall: float
    false_alarms: float


def tradeoff(dangerous: Sequence[float], harmless: Sequence[float]) -> list[Point]:
    """Return recall and false alarms for each threshold, from the strictest to the loosest.

    Args:
        dangerous: the head's probabilities on lines that have the risk.
        harmless: its probabilities on lines that have none.
    """
    if not dangerous or not harmless:
        raise ValueError("needs lines with the risk and lines without any")
    bad, good = np.asarray(dangerous), np.asarray(harmless)
    points = [Point(1.0, float((bad >= 1).mean()), float((good >= 1).mean()))]
    for threshold in np.unique(np.floor(np.concatenate([bad, good]) * 1000) / 1000)[::-1]:
        point = Point(
            float(threshold),
            float((bad >= threshold).mean()),
            float((good >= threshold).mean()),
        )
        if (point.recall, point.false_alarms) != (points[-1].recall, points[-1].false_alarms):
            points.append(point)
    return points
