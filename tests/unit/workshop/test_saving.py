"""Saving: small diffs, two people at once, git, and input that wants to break out."""

from __future__ import annotations

import difflib
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.texts import DATA
from bot.workshop.saving import Change, RefusedError, Shelf, StaleError, snapshot
from bot.workshop.yaml_edit import put, tidy, tidy_lines

SERVICES = """\
# A comment that stays.
services:
  - id: one   # aside
    name: {fr: "Un", nl: "Een"}
    phone: "04 000 00 00"
    checked: {by_role: null, date: null}

  # About two.
  - id: two
    name:
      fr: Deux
      nl: 'Twee'
    note:
      fr: >-
        Plié
        ici.
      nl: |-
        Regel
        twee
"""
HOSTILE = [
    "a: b\n- c: {d: !!python/object/apply:os.system [id]}",
    '"}\nservices: []\n#',
    "*alias &anchor !tag | > % @ `",
    "<script>alert(1)</script>",
    "'; rm -rf / #",
    "--- \n...\n--- x",
    "\x00\x07\u202ereversed\u2028\ud800",
    "x" * 10_000,
    "é" * 10_000,
    "no",
    "0412",
    "\\n\\x41 \\",
    "${HOME} $(id)",
]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    (tmp_path / "data" / "directory" / "net").mkdir(parents=True)
    (tmp_path / "data" / "directory" / "net" / "services.yml").write_text(SERVICES)
    return Shelf(tmp_path)


FILE = "directory/net/services.yml"


def one(data: Any) -> Any:
    return data["services"][0]


def rename(text: str) -> Any:
    return lambda data: put(one(data)["name"], "fr", text)


def changed(before: str, after: str) -> list[str]:
    return [
        line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"
    ]


def text_of(shelf: Shelf) -> str:
    return shelf.path(FILE).read_text()


def git(root: Path, *args: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *args], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def repository(shelf: Shelf) -> Shelf:
    git(shelf.root, "init", "-q", "-b", "main")
    git(shelf.root, "add", "-A")
    git(shelf.root, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "first")
    return shelf


def test_only_the_line_that_changed_changes(shelf: Shelf):
    saved = shelf.edit(FILE, rename("Premier"), who="Anne", why="new name")
    assert changed(SERVICES, text_of(shelf)) == [
        '-     name: {fr: "Un", nl: "Een"}',
        '+     name: {fr: "Premier", nl: "Een"}',
    ]
    assert '+    name: {fr: "Premier", nl: "Een"}' in saved.diff
    assert saved.commit is None


@pytest.mark.parametrize(
    "name",
    ["stopp-vif/services.yml", "gent/services.yml", "national/listening.yml", "justice/courts.yml"],
)
def test_the_real_files_keep_every_other_line(tmp_path: Path, name: str):
    file = f"directory/{name}"
    copy = tmp_path / "data" / file
    copy.parent.mkdir(parents=True)
    before = (DATA / file).read_text()
    copy.write_text(before)

    def change(data: Any) -> None:
        record = data["services"][-1]
        put(record["checked"], "by_role", "CPAS")
        put(record["checked"], "date", "2026-11-24")

    Shelf(tmp_path).edit(file, change, who="Anne", why="rang")
    lines = changed(before, copy.read_text())
    assert [line[0] for line in lines] == ["-", "+"]
    assert 'checked: {by_role: "CPAS", date: "2026-11-24"}' in lines[1]


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_typed_text_stays_text(shelf: Shelf, hostile: str):
    typed = tidy(hostile, 20_000)
    shelf.edit(FILE, rename(typed), who="Anne", why="x")
    after = yaml.safe_load(text_of(shelf))
    assert after["services"][0]["name"]["fr"] == typed
    after["services"][0]["name"]["fr"] = "Un"
    assert after == yaml.safe_load(SERVICES)
    assert len(changed(SERVICES, text_of(shelf))) == 2


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_typed_lines_stay_lines(shelf: Shelf, hostile: str):
    typed = tidy_lines(f"{hostile}\n\n  {hostile}", 30_000)
    shelf.edit(
        FILE, lambda data: put(data["services"][1]["note"], "nl", typed), who="Anne", why="x"
    )
    assert yaml.safe_load(text_of(shelf))["services"][1]["note"]["nl"] == typed


def test_hidden_characters_go():
    assert tidy("a\x00b\u202ec\r\nd\ud800", 99) == "a b c d"
    assert tidy("x" * 50, 10) == "x" * 10
    assert tidy_lines("  a \r\n\r\n\r\n\r\n b\t c ", 99) == "a\n\nb c"


def test_the_second_of_two_is_shown_the_firsts_change_and_nothing_is_lost(shelf: Shelf):
    opened = snapshot(one(shelf.read(FILE)))
    shelf.edit(FILE, rename("Anne's"), who="Anne", why="x", part=one, before=opened)
    after_first = text_of(shelf)
    with pytest.raises(StaleError) as stale:
        shelf.edit(FILE, rename("Bram's"), who="Bram", why="y", part=one, before=opened)
    assert any("Anne's" in line and line[0] == "+" for line in stale.value.changes)
    assert any("Un" in line and line[0] == "-" for line in stale.value.changes)
    assert text_of(shelf) == after_first


def test_who_changes_another_record_is_not_stopped(shelf: Shelf):
    opened = snapshot(one(shelf.read(FILE)))
    shelf.edit(FILE, lambda d: put(d["services"][1]["name"], "fr", "Autre"), who="Bram", why="x")
    shelf.edit(FILE, rename("Premier"), who="Anne", why="x", part=one, before=opened)
    names = [s["name"]["fr"] for s in shelf.read(FILE)["services"]]
    assert names == ["Premier", "Autre"]


def test_many_at_once_lose_nothing(repository: Shelf):
    def add(number: int) -> None:
        repository.edit(
            FILE,
            lambda data: put(data["services"][1]["name"], f"x{number}", str(number)),
            who=f"P{number}",
            why="x",
        )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(12)))
    assert {f"x{n}" for n in range(12)} <= repository.read(FILE)["services"][1]["name"].keys()
    assert len(git(repository.root, "log", "--format=%h", "main..workshop").split()) == 12


def test_what_the_check_refuses_is_not_written(shelf: Shelf):
    def no(path: Path, text: str) -> None:
        assert "Premier" in text
        raise RefusedError("wrong_number")

    with pytest.raises(RefusedError):
        shelf.edit(FILE, rename("Premier"), who="A", why="x", check=no)
    assert text_of(shelf) == SERVICES
    assert [p.name for p in shelf.path(FILE).parent.iterdir()] == ["services.yml"]


def test_nothing_changed_is_said(shelf: Shelf):
    with pytest.raises(RefusedError, match="wrong_nothing"):
        shelf.edit(FILE, rename("Un"), who="A", why="x")


@pytest.mark.parametrize(
    "name",
    [
        "../secret.yml", "directory/../../secret.yml", "/etc/passwd", "directory/net/none.yml",
        "directory/net/../../../x.yml", "directory\x00/net.yml", "directory/net/link.yml", "",
        ".yml", "directory/net/services.yml\n",
    ],
)  # fmt: skip
def test_no_name_leads_out_of_the_data(shelf: Shelf, name: str):
    (shelf.root / "secret.yml").write_text("a: b\n")
    (shelf.data / "directory" / "net" / "link.yml").symlink_to(shelf.root / "secret.yml")
    with pytest.raises(RefusedError):
        shelf.read(name)
    with pytest.raises(RefusedError):
        shelf.edit(name, lambda data: data.clear(), who="A", why="x")
    assert (shelf.root / "secret.yml").read_text() == "a: b\n"


def test_git_keeps_who_and_why_on_its_own_branch(repository: Shelf):
    root = repository.root
    (root / "data" / "other.yml").write_text("a: half done\n")
    git(root, "add", "data/other.yml")
    head, staged = git(root, "rev-parse", "HEAD"), git(root, "diff", "--cached", "--name-only")
    saved = repository.edit(FILE, rename("Premier"), who="Anne", why="They changed their name")
    assert git(root, "rev-parse", "HEAD") == head
    assert git(root, "diff", "--cached", "--name-only") == staged
    assert git(root, "log", "-1", "--format=%an|%s", "workshop") == (
        "Anne|They changed their name\n"
    )
    assert saved.commit
    assert git(root, "rev-parse", "workshop").startswith(saved.commit)
    assert git(root, "show", "--stat", "--format=", "workshop").split("|")[0].strip() == (
        "data/" + FILE
    )
    assert git(root, "show", "--format=", "--numstat", "workshop").split()[:2] == ["1", "1"]


def test_a_second_save_hangs_on_the_first_and_a_merged_branch_starts_again(repository: Shelf):
    root = repository.root
    repository.edit(FILE, rename("Premier"), who="Anne", why="a")
    repository.edit(FILE, rename("Second"), who="Bram", why="b")
    assert git(root, "log", "--format=%s", "main..workshop").split() == ["b", "a"]
    git(root, "checkout", "-q", "--", ".")
    git(root, "merge", "-q", "--ff-only", "workshop")
    git(root, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-mm")
    repository.edit(FILE, rename("Third"), who="Anne", why="c")
    assert git(root, "log", "--format=%s", "main..workshop").split() == ["c"]


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("Anne <x@y>\nCommitter: z", "a\n\nSigned-off-by: Boss <b@c>"),
        ("--amend", "--author=x"),
        ("", ""),
        ("...", "x" * 300),
        ("A\x00B", "$(touch /tmp/x) `id` ; -F /etc/passwd"),
    ],
)
def test_names_and_reasons_stay_what_they_are(repository: Shelf, who: str, why: str):
    saved = repository.edit(FILE, rename("Premier"), who=who, why=why)
    assert saved.commit
    author, mail, subject, trailers = git(
        repository.root, "log", "-1", "--format=%an%x01%ae%x01%s%x01%(trailers:key=Signed-off-by)",
        "workshop",
    ).split("\x01")  # fmt: skip
    assert mail == "workshop@localhost"
    assert author
    assert not set("<>\n") & set(author)
    assert len(subject) <= 300
    assert not trailers.strip()


def test_a_repository_without_a_commit_does_not_stop_the_save(shelf: Shelf):
    git(shelf.root, "init", "-q")
    assert shelf.edit(FILE, rename("Premier"), who="A", why="x").commit is None
    assert one(shelf.read(FILE))["name"]["fr"] == "Premier"


def test_a_reason_that_is_too_long_is_said_not_cut(shelf: Shelf):
    with pytest.raises(RefusedError, match="wrong_long"):
        shelf.edit(FILE, rename("Premier"), who="A", why="x" * 10_000)
    assert text_of(shelf) == SERVICES


def test_several_files_are_saved_together_or_not_at_all(repository: Shelf):
    (repository.data / "plan.yml").write_text("thank: {}\n")
    before = text_of(repository)

    def broken(data: object) -> None:
        raise RefusedError("wrong_nothing")

    wanted = Change(FILE, rename("Premier"))
    with pytest.raises(RefusedError):
        repository.edit_all([wanted, Change("plan.yml", broken)], who="A", why="x")
    assert text_of(repository) == before

    def more(data: dict[str, object]) -> None:
        data["greet"] = 1

    saved = repository.edit_all([wanted, Change("plan.yml", more)], who="A", why="x")
    assert [one.file for one in saved] == ["data/" + FILE, "data/plan.yml"]
    assert [bool(one.commit) for one in saved] == [False, True]
    files = git(repository.root, "show", "--name-only", "--format=", "workshop").split()
    assert files == ["data/" + FILE, "data/plan.yml"]
