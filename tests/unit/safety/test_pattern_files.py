"""A mistake in a pattern file is named with file, line and cure."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.safety.patterns import SAFETY, PatternError, load

HEAD = """\
lists:
  arme: [couteau]
context:
  {past: [hier], recent: [hier], often: [tjs], now: [maintenant], doubt: [si], said: [dit]}
denial: {inside: pas, after: pas, unless: que, before: sans}
own_words: je
patterns:
"""
GOOD = """\
- id: couteau
  risk: emergency
  phrases:
    - a un <arme>
  fires: [il a un couteau]
  not: [il a un chat]
"""


def _load(folder: Path, text: str) -> None:
    shutil.copy(SAFETY / "spellings.yml", folder)
    (folder / "fr.yml").write_text(HEAD + text, encoding="utf-8")
    load("fr", folder)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    _load(tmp_path, GOOD)


@pytest.mark.parametrize(
    ("wrong", "right", "line", "cure"),
    [
        ("risk: danger", "risk: emergency", 8, "use none, raised, child, crisis, emergency"),
        ("  risque: emergency", "  risk: emergency", 8, "use id, phrases, fires"),
        ("    - a un <armes>", "    - a un <arme>", 11, "use: arme"),
        ("    - a un ...", "    - a un <arme>", 11, "put a word after it"),
        ("  fires: []", "  fires: [il a un couteau]", 8, "add it under 'couteau'"),
        ("  risk: emergency\n  fades: [demain]", "  risk: emergency", 8, "past, recent or often"),
    ],
)
def test_the_error_names_file_line_and_cure(
    wrong: str, right: str, line: int, cure: str, tmp_path: Path
) -> None:
    with pytest.raises(PatternError) as error:
        _load(tmp_path, GOOD.replace(right, wrong))
    assert f"fr.yml, line {line}:" in str(error.value)
    assert cure in str(error.value)


def test_an_id_used_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(PatternError, match="used twice; rename one"):
        _load(tmp_path, GOOD + GOOD)


def test_a_word_that_yaml_reads_as_a_truth_value_must_be_quoted(tmp_path: Path) -> None:
    shutil.copy(SAFETY / "spellings.yml", tmp_path)
    text = HEAD.replace("[couteau]", "[couteau, on]") + GOOD
    (tmp_path / "fr.yml").write_text(text, encoding="utf-8")
    with pytest.raises(PatternError, match=r"line 2: .*put it in quotes"):
        load("fr", tmp_path)
