"""The same from the terminal, and that every reason that code gives is a sentence."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot import cli
from bot.gateway.webtexts import load_web_texts
from bot.settings import ROOT
from bot.texts import DATA
from bot.workshop import commands, listing
from bot.workshop.saving import Shelf

SENTENCE = "pourriez-vous m'indiquer une dame gentille au téléphone ce dimanche"


def redact(text: str, language: str) -> Any:
    return SimpleNamespace(spans=[1] if "Karim" in text else [])


def intents(shelf: Shelf, *args: str) -> int:
    return commands.intents_main(args, shelf, redact)


def test_every_reason_in_code_is_a_sentence() -> None:
    known = load_web_texts(DATA / "workshop.yml").sentences
    sources = "".join(path.read_text() for path in (ROOT / "bot" / "workshop").glob("*.py"))
    named = set(re.findall(r'"((?:wrong|then|lacks|saved|ease)_[a-z_]+)"', sources))
    named |= {f"wrong_{key}" for key in re.findall(r'MOST\["\w+"\], "(\w+)"', sources)}
    assert len(named) > 40
    assert named <= known.keys()


def test_intents_are_listed_shown_and_added(
    copy: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    assert intents(copy) == 0
    assert re.search(r"ask_listening_line +fr +\d+  nl +\d+", capsys.readouterr().out)
    add = ("add", "ask_listening_line", "--who", "Anne", "--why", "practice", "--fr")
    assert intents(copy, *add, "Karim me suit partout dans la rue") == 2
    assert "Karim me suit partout" in capsys.readouterr().err
    assert intents(copy, *add, SENTENCE) == 0
    assert f"+    - {SENTENCE}" in capsys.readouterr().out
    assert intents(copy, "show", "ask_listening_line") == 0
    assert f"fr  {SENTENCE}" in capsys.readouterr().out
    assert intents(copy, "show", "nothing") == 2


def test_a_number_is_set_and_checked(copy: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    def directory(*args: str) -> int:
        return commands.directory_main(args, copy)

    source = ("--source-url", "https://x.be/y", "--source-seen", "z", "--why", "moved")
    assert directory("set", "praxis-liege", "--phone", "12", *source) == 2
    assert directory("set", "praxis-liege", "--phone", "04 222 10 12", *source) == 0
    assert '+    phone: "04 222 10 12"' in capsys.readouterr().out
    assert directory("checked", "praxis-liege", "--role", "Praxis") == 0
    record = listing.find(copy, "praxis-liege").record
    assert (record["phone"], record["checked"]["by_role"]) == ("04 222 10 12", "Praxis")
    assert directory("checked", "nobody", "--role", "Praxis") == 2
    assert directory("list", "stopp-vif") == 0
    assert "praxis-liege" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["--hsds", "--csv"])
def test_the_directory_goes_out_and_comes_back_without_a_difference(
    copy: Shelf, tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "out")
    assert commands.directory_main(["export", kind, file], copy) == 0
    assert commands.directory_main(["import", kind, file], copy) == 0
    assert "0 differences, 0 services that aren't here" in capsys.readouterr().out
    Path(file).write_text("nothing of the kind")
    assert commands.directory_main(["import", kind, file], copy) == 2


def test_answers_go_out_and_only_what_was_corrected_comes_back(
    copy: Shelf, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "answers.html"
    assert commands.content_main(["export", str(file)], copy) == 0
    assert commands.content_main(["import", str(file)], copy) == 0
    assert "0 answers differ." in capsys.readouterr().out
    page = file.read_text()
    file.write_text(page.replace("Merci à vous", "Grand merci à vous", 1))
    assert commands.content_main(["import", str(file)], copy) == 0
    assert "Grand merci" not in (copy.data / "answers" / "conversation.yml").read_text()
    assert commands.content_main(["import", str(file), "--write"], copy) == 0
    assert "Grand merci" in (copy.data / "answers" / "conversation.yml").read_text()
    assert commands.content_main(["approve", "utter_thank", "--role", "CPAS"], copy) == 0
    assert commands.content_main(["list"], copy) == 0
    assert re.search(r"utter_thank .*CPAS, \d{4}", capsys.readouterr().out)


@pytest.mark.parametrize(
    "words",
    [["intents", "list"], ["directory", "list"], ["directory", "check"], ["content", "list"]],
)
def test_the_command_line_knows_them(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == 0
    assert capsys.readouterr().out
