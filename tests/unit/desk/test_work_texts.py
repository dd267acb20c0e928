"""Ready answers, practice and the page's sentences: complete, both languages, no loose number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.desk import canned, practice, statistics
from bot.desk.page import FOLDER, desk_texts
from bot.directory.load import load_directory
from bot.directory.vocabulary import NEEDS
from bot.handoff.case import RISKS
from bot.texts import DATA, TextsError, read_yaml

CANNED = canned.load()
VISITORS = practice.load()
# Emergency numbers are said everywhere; the ages of minors aren't numbers to call.
ALLOWED = {"112", "101"}
MIDDLE_DOT = re.compile(r"\w[·∙]\w|\w\(\w")


@pytest.mark.parametrize("one", CANNED, ids=lambda one: one.id)
def test_ready_answers_name_only_what_the_directory_has(one: canned.Canned) -> None:
    directory = load_directory(DATA / "directory", "demo")
    for text in one.text.values():
        without = re.sub(r"\{[a-z0-9-]+\}", "", text)
        assert set(re.findall(r"\d+", without)) <= ALLOWED
        assert not MIDDLE_DOT.search(text)
    assert one.services() <= set(directory.by_id)
    (made,) = canned.drafts([one], directory)
    for name in one.services():
        service = directory.by_id[name]
        assert any(
            str(service.phone or service.page(lang)) in text for lang, text in made["text"].items()
        )


def test_without_checked_numbers_a_ready_answer_is_left_out() -> None:
    live = load_directory(DATA / "directory", "live")
    shown = {draft["id"] for draft in canned.drafts(CANNED, live)}
    for one in CANNED:
        for name in one.services():
            service = live.by_id.get(name)
            if service is None or not (service.phone or service.page("fr")):
                assert one.id not in shown
    assert {"hello", "danger-now"} <= shown


def test_there_are_enough_of_each_kind() -> None:
    assert 15 <= len(CANNED) <= 24
    assert {one.group for one in CANNED} == {"start", "danger", "child", "way", "end"}
    assert len({one.id for one in CANNED}) == len(CANNED)


def test_practice_has_the_five_visitors_in_both_languages() -> None:
    assert {v["id"] for v in VISITORS} == {"emergency", "child", "hurting", "silence", "misuse"}
    for visitor in VISITORS:
        assert visitor["risk"] in RISKS
        for where, said in practice.sentences(visitor):
            assert set(said) == {"fr", "nl"}, where
            assert all(said.values()), where
    silence = next(v for v in VISITORS if v["id"] == "silence")
    assert max(step.get("wait", 0) for step in silence["steps"]) >= 20


def test_a_sentence_in_one_language_only_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.yml"
    path.write_text("canned:\n- {id: x, group: start, title: {fr: a, nl: b}, text: {fr: a}}\n")
    with pytest.raises(TextsError, match="both fr and nl"):
        canned.load(path)
    text = (DATA / "desk-practice.yml").read_text(encoding="utf-8")
    path.write_text(text.replace(', nl: "hallo"', ""), encoding="utf-8")
    with pytest.raises(TextsError, match="silence"):
        practice.load(path)


def test_the_script_finds_every_sentence_that_it_says() -> None:
    source = "".join(p.read_text(encoding="utf-8") for p in FOLDER.glob("work*.js"))
    known = {key[2:] for key in desk_texts().sentences if key.startswith("w_")}
    said = set(re.findall(r"\bt\(\s*'([a-z_]+)'", source))
    said |= {w for m in re.findall(r"\bt\([^()]*\? '([a-z_]+)' : '([a-z_]+)'", source) for w in m}
    assert len(said) > 80
    assert said <= known
    # What the script no longer says doesn't stay.
    built = (
        "risk_",
        "language_",
        "in_",
        "claim_",
        "problem_",
        "author_",
        "pane_",
        "tab_",
        "group_",
    )
    for key in known - said:
        assert key.startswith((*built, "raised_", "real_")) or f"'{key}'" in source, key
    for risk in RISKS:
        assert f"risk_{risk}" in known
    for key in ("raised_emergency", "raised_crisis", "raised_child", "real_urgent", "real_waits"):
        assert key in known
    for code in ("taken", "refused", "gone", "limit", "meant"):
        assert f"claim_{code}" in known
    for need in NEEDS:
        assert f"need_{need}" in desk_texts().sentences
    for dimension, values in (("who", statistics.WHO), ("outcome", statistics.OUTCOMES)):
        for value in values:
            assert value == "unknown" or f"stat_{dimension}_{value}" in desk_texts().sentences
    for group in statistics.topic_groups():
        assert f"stat_topic_{group}" in desk_texts().sentences


def test_hard_words_are_words_or_stems() -> None:
    lists = read_yaml(DATA / "desk-graphic.yml")
    assert set(lists) == {"fr", "nl"}
    for words in lists.values():
        for word in words:
            assert re.fullmatch(r"\w+\*?", word), word
            # "violence", "violet", "lijkt" must stay readable.
            stem = word.rstrip("*") if word.endswith("*") else None
            assert stem is None or not any(w.startswith(stem) for w in ("violence", "lijkt"))
