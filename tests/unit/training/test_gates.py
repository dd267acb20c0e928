"""The gates can be read, and they fail when they should."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.texts import TextsError
from bot.training.gates import Gate, load_gates, missed
from bot.training.heldout import figures, measure
from tests.unit.training.fakes import bad_reader, good_reader, heldout

GATES = load_gates()
# None may be set below these, whatever a model measures: they are what the helpline promises.
FLOORS = {
    "recall.emergency": 0.94,
    "recall.crisis": 0.88,
    "recall.child": 0.93,
    "accepted.fr": 0.85,
    "accepted.nl": 0.85,
    "top3.fr": 0.95,
    "top3.nl": 0.95,
    "language.fr": 0.97,
    "language.nl": 0.97,
}
CEILINGS = {"difference": 0.05, "false_alarms": 0.12}


def test_no_gate_was_lowered_below_what_the_first_release_reached():
    limits = {gate.name: gate for gate in GATES}
    for name, floor in FLOORS.items():
        assert limits[name].limit >= floor
        assert not limits[name].at_most
    for name, ceiling in CEILINGS.items():
        assert limits[name].limit <= ceiling
        assert limits[name].at_most


def test_a_good_reader_passes_every_gate(tmp_path: Path):
    assert missed(figures(measure(good_reader(), heldout(tmp_path))), GATES) == []


def test_a_bad_reader_misses_every_gate_that_it_can(tmp_path: Path):
    sentences = missed(figures(measure(bad_reader(), heldout(tmp_path))), GATES)
    named = {sentence.split()[0] for sentence in sentences}
    # The language is recognised without the model, and both languages are understood equally badly.
    assert named == {g.name for g in GATES if not g.name.startswith(("language", "difference"))}


@pytest.mark.parametrize(
    ("gate", "value", "passes"),
    [
        (Gate("accepted.fr", 0.80, False), 0.80, True),
        (Gate("accepted.fr", 0.80, False), 0.7999, False),
        (Gate("false_alarms", 0.05, True), 0.05, True),
        (Gate("false_alarms", 0.05, True), 0.0501, False),
        (Gate("accepted.fr", 0.0, False), None, False),
    ],
)
def test_the_edge_passes_and_what_was_not_measured_does_not(
    gate: Gate, value: float | None, passes: bool
):
    assert gate.passes(value) is passes


def test_a_missed_gate_is_said_in_one_sentence():
    [sentence] = missed({"recall.crisis": 0.9}, [Gate("recall.crisis", 0.95, False)])
    assert sentence == "recall.crisis is 0.900; it must be at least 0.95 (data/gates.yml)."


@pytest.mark.parametrize("content", ["at_least: {accepted.fr: 80}", "at_most: {x: yes please}", ""])
def test_a_gate_that_is_no_share_is_refused(tmp_path: Path, content: str):
    path = tmp_path / "gates.yml"
    path.write_text(content)
    with pytest.raises(TextsError, match="gates"):
        load_gates(path)
