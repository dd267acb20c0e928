"""The model of today against the gates of data/gates.yml, on the frozen test lines."""

from __future__ import annotations

import pytest

from bot.training.gates import Gate, load_gates
from bot.training.heldout import figures, measure
from bot.training.reader import Reader

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="session")
def reader() -> Reader:
    """The trained model, loaded once."""
    return Reader.load()


@pytest.fixture(scope="session")
def measured(reader: Reader) -> dict[str, float]:
    """Every figure of the trained model."""
    return figures(measure(reader))


@pytest.mark.parametrize("gate", load_gates(), ids=lambda gate: gate.name)
def test_the_gate_is_reached(gate: Gate, measured: dict[str, float]):
    value = measured.get(gate.name)
    assert gate.passes(value), gate.sentence(value)


def test_a_model_that_no_longer_listens_is_stopped(reader: Reader, monkeypatch: pytest.MonkeyPatch):
    """The check can fail: the same model, deaf, misses every gate that depends on it."""
    real, sentence = reader.read, "merci beaucoup"
    monkeypatch.setattr(reader, "read", lambda text: real(sentence))
    deaf = figures(measure(reader))
    missed = {gate.name for gate in load_gates() if not gate.passes(deaf.get(gate.name))}
    assert missed >= {"accepted.fr", "accepted.nl", "top3.fr", "top3.nl"}
    assert missed >= {"recall.emergency", "recall.crisis", "recall.child"}
