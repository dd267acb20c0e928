"""The arithmetic of the report."""

from __future__ import annotations

import pytest

from bot.training.figures import calibration, difference_of, share_of, tradeoff


def test_a_share_lies_inside_its_interval_and_more_lines_make_it_narrower():
    few = share_of([True] * 8 + [False] * 2)
    many = share_of([True] * 800 + [False] * 200)
    assert few.value == many.value == 0.8
    assert few.low < 0.8 < few.high
    assert many.high - many.low < (few.high - few.low) / 4
    # The textbook's interval for 800 of 1000 is 0.775 to 0.825.
    assert many.low == pytest.approx(0.775, abs=0.005)
    assert many.high == pytest.approx(0.825, abs=0.005)


def test_the_same_lines_give_the_same_interval():
    values = [True, False, True] * 20
    assert share_of(values) == share_of(values)


def test_without_lines_nothing_is_claimed():
    with pytest.raises(ValueError, match="no line"):
        share_of([])
    with pytest.raises(ValueError, match="no line"):
        difference_of([True], [])


def test_a_difference_has_a_sign_and_an_interval_around_it():
    worse = difference_of([True, False] * 100, [True] * 190 + [False] * 10)
    assert worse.value == pytest.approx(-0.45)
    assert worse.low < worse.value < worse.high < 0


def test_whoever_is_as_often_right_as_sure_has_no_gap():
    curve, gap = calibration([0.75] * 4 + [0.25] * 4, [True] * 3 + [False] * 4 + [True])
    assert gap == pytest.approx(0)
    assert [(b.confidence, b.right, b.count) for b in curve] == [(0.25, 0.25, 4), (0.75, 0.75, 4)]


def test_whoever_is_sure_and_wrong_has_a_gap():
    _, gap = calibration([1.0, 1.0], [False, False])
    assert gap == 1


def test_a_looser_threshold_never_sees_less():
    points = tradeoff([0.9, 0.8, 0.2, 0.6004], [0.7, 0.1, 0.05])
    assert [p.recall for p in points] == sorted(p.recall for p in points)
    assert [p.false_alarms for p in points] == sorted(p.false_alarms for p in points)
    assert (points[0].recall, points[0].false_alarms) == (0, 0)
    assert (points[-1].recall, points[-1].false_alarms) == (1, 1)
    # Three of four can be had without any false alarm but one.
    assert any(p.recall == 0.75 and p.false_alarms == pytest.approx(1 / 3) for p in points)
