"""Judging a model, putting it in service, going back: with fakes for what reads the lines."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bot.texts import TextsError
from bot.training import model, progress, retrain, service
from bot.training.gates import Gate, load_gates
from bot.training.heldout import Measured, measure
from bot.training.service import RefusedModelError
from tests.unit.training.fakes import FakeReader, bad_reader, good_reader, heldout

GATES = [gate for gate in load_gates() if not gate.name.startswith("language")]


def a_model(folder: Path, number: int) -> Path:
    path = folder / f"helpline-{number:016x}.tar.gz"
    path.write_bytes(b"model %d" % number)
    return path


def read(tmp_path: Path, reader: FakeReader) -> Measured:
    (tmp_path / "lines").mkdir(exist_ok=True)
    return measure(reader, heldout(tmp_path / "lines"))


def judged(tmp_path: Path, number: int, reader: FakeReader | None = None) -> Path:
    path = a_model(tmp_path, number)
    service.judge(path, read(tmp_path, reader or good_reader()), "l1").write(tmp_path)
    return path


def put(path: Path, lines: str = "l1", gates: list[Gate] = GATES) -> None:
    service.promote(path, gates, lines, path.parent)


def test_nothing_is_in_service_at_first(tmp_path: Path) -> None:
    assert service.in_service(tmp_path) is None
    with pytest.raises(TextsError):
        service.rollback(tmp_path)


def test_a_good_model_goes_into_service_and_back(tmp_path: Path) -> None:
    one, two = judged(tmp_path, 1), judged(tmp_path, 2)
    put(one)
    put(two)
    assert service.in_service(tmp_path) == two
    assert service.rollback(tmp_path) == one
    assert service.in_service(tmp_path) == one


def test_a_model_that_misses_a_gate_is_refused_and_the_old_one_stays(tmp_path: Path) -> None:
    put(judged(tmp_path, 1))
    with pytest.raises(RefusedModelError, match=r"recall\.emergency is 0\.000"):
        put(judged(tmp_path, 2, bad_reader()))
    assert service.history(tmp_path) == [a_model(tmp_path, 1).name]


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
def test_each_single_gate_holds_a_model_back(tmp_path: Path, gate: Gate) -> None:
    path = judged(tmp_path, 1)
    file = path.with_name(f"{path.name}.verdict.json")
    verdict = json.loads(file.read_text())
    verdict["figures"][gate.name] = gate.limit + 0.01 if gate.at_most else gate.limit - 0.01
    file.write_text(json.dumps(verdict))
    with pytest.raises(RefusedModelError, match=gate.name.replace(".", r"\.")):
        put(path)
    del verdict["figures"][gate.name]
    file.write_text(json.dumps(verdict))
    with pytest.raises(RefusedModelError, match="wasn't measured"):
        put(path)


def test_a_model_must_be_measured_as_it_is(tmp_path: Path) -> None:
    path = a_model(tmp_path, 1)
    with pytest.raises(RefusedModelError):
        put(path)
    judged(tmp_path, 1)
    path.write_bytes(b"another model under the same name")
    with pytest.raises(RefusedModelError):
        put(path)


def test_a_verdict_on_other_lines_or_of_another_model_does_not_count(tmp_path: Path) -> None:
    one, two = judged(tmp_path, 1), a_model(tmp_path, 2)
    with pytest.raises(RefusedModelError, match="test lines have changed"):
        put(one, lines="l2")
    verdict = one.with_name(f"{one.name}.verdict.json").read_text()
    two.with_name(f"{two.name}.verdict.json").write_text(verdict)
    with pytest.raises(RefusedModelError):
        put(two)


def test_only_models_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    outside = judged(tmp_path, 1)
    with pytest.raises(RefusedModelError):
        service.promote(outside, GATES, "l1", tmp_path / "models")
    with pytest.raises(RefusedModelError):
        service.promote(tmp_path / "evil.tar.gz", GATES, "l1", tmp_path)


def test_five_are_kept_and_none_of_them_is_cleaned_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "MODELS", tmp_path)
    paths = [judged(tmp_path, number) for number in range(7)]
    for age, path in enumerate(paths):
        put(path)
        os.utime(path, (age, age))
    assert service.history(tmp_path) == [p.name for p in reversed(paths[2:])]
    for number in range(7, 13):
        later = a_model(tmp_path, number)
        os.utime(later, (number, number))
    model._forget_old()
    assert all(path.exists() for path in paths[2:])
    assert not paths[0].exists()
    assert not paths[0].with_name(f"{paths[0].name}.verdict.json").exists()


def test_a_model_that_is_gone_is_said_and_skipped(tmp_path: Path) -> None:
    one, two, three = (judged(tmp_path, n) for n in (1, 2, 3))
    for path in (one, two, three):
        put(path)
    three.unlink()
    two.unlink()
    with pytest.raises(TextsError, match="rollback"):
        service.in_service(tmp_path)
    assert service.rollback(tmp_path) == one


@pytest.mark.parametrize("text", ["../../etc/passwd\n", "helpline-x.tar.gz", "<b>"])
def test_a_spoilt_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "in-service").write_text(text)
    with pytest.raises(TextsError):
        service.in_service(tmp_path)


def test_retraining_tells_what_turned_and_promotes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = judged(tmp_path, 1), a_model(tmp_path, 2)
    put(old)
    weaker = good_reader()
    weaker.risks = {k: v for k, v in weaker.risks.items() if k != "hij heeft een mes"}  # type: ignore[misc]
    weaker.intents = {k: v for k, v in weaker.intents.items() if k != "merci beaucoup"}  # type: ignore[misc]
    readers = {old: good_reader(), new: weaker}
    code = retrain.report(
        new, old, lambda path: read(tmp_path, readers[path]), GATES, "l1", tmp_path
    )
    said = capsys.readouterr()
    assert code == 1
    assert "worse: 2 lines" in said.out
    assert "nl danger 'hij heeft een mes': meant emergency, before emergency, now none" in said.out
    assert "recall.emergency   1.000 -> 0.500" in said.out
    assert "recall.emergency is 0.500" in said.err
    assert service.in_service(tmp_path) == old
    with pytest.raises(RefusedModelError):
        put(new)


def test_a_better_model_is_said_to_be_ready(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = judged(tmp_path, 1), a_model(tmp_path, 2)
    readers = {old: bad_reader(), new: good_reader()}
    code = retrain.report(
        new, old, lambda path: read(tmp_path, readers[path]), GATES, "l1", tmp_path
    )
    said = capsys.readouterr().out
    assert code == 0
    assert "worse: 0 lines" in said
    assert "helpline promote" in said
    put(new)


def test_broken_data_stops_the_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise TextsError("data/x.yml, line 3: not valid YAML")

    def never() -> Path:
        raise AssertionError("trained on broken data")

    monkeypatch.setattr(model, "check_data", broken)
    monkeypatch.setattr(model, "train", never)
    monkeypatch.setattr(progress, "REPORTS", tmp_path)
    assert retrain.retrain([]) == 2
    assert "line 3" in capsys.readouterr().err
