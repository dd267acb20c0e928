"""Save a change of a data file: whole or not at all, after a look at what others did meanwhile.

Where the folder is a git repository, each save is also a commit on the branch `workshop`, with who
and why. Neither the branch that is checked out nor its index is touched.
"""

from __future__ import annotations

import difflib
import fcntl
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.workshop import branch
from bot.workshop.yaml_edit import edited, started
from bot.yaml_files import TextsError, read_yaml

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*){0,3}\.yml")
# What a save changes outside `data`, by the name that it has here.
DOMAIN = "domain.yml"
STORIES = "stories/"
_STORIES = Path("tests", "conversations", "own")


class RefusedError(ValueError):
    """A change isn't saved; `key` names the sentence of `data/workshop.yml` that says why."""

    def __init__(self, key: str, /, **values: object) -> None:
        self.key, self.values = key, values
        super().__init__(key + (f": {values}" if values else ""))


class StaleError(RefusedError):
    """Somebody else changed the same thing meanwhile; `changes` are the lines that they did."""

    def __init__(self, changes: list[str]) -> None:
        super().__init__("wrong_stale")
        self.changes = changes


@dataclass(frozen=True)
class Saved:
    """What a save did: its lines as a diff, and the commit if there is one."""

    file: str
    diff: str
    commit: str | None = None


@dataclass(frozen=True)
class Change:
    """One file of a save.

    Args:
        name: of the file, under `data` (or `DOMAIN`, or `STORIES` and a name).
        apply: gets its content, changes it in place.
        part: gives the part that the form showed.
        before: `snapshot` of that part when the form was opened; None: not compared.
        check: gets the path and the text to be; raises `RefusedError` when it must not be.
        start: comment with which the file begins if it doesn't exist; None: it must exist.
    """

    name: str
    apply: Callable[[Any], None]
    part: Callable[[Any], Any] | None = None
    before: str | None = None
    check: Callable[[Path, str], None] | None = None
    start: str | None = None


def snapshot(part: Any) -> str:
    """Return a part of a file as text, to be compared when its form comes back."""
    return json.dumps(part, ensure_ascii=False, indent=1, sort_keys=True, default=str)


class Shelf:
    """The data files of one checkout."""

    def __init__(self, root: Path) -> None:
        """Take the folder that holds `data`."""
        self.root = root
        self.data = root / "data"
        # Gets what stood and what shall stand in each file, and why; raises `RefusedError`.
        self.guard: Callable[[Sequence[tuple[str, str]], str], None] = lambda texts, why: None

    def path(self, name: str, *, new: bool = False) -> Path:
        """Return the path of a file under `data`, of the domain, or of a played story.

        Args:
            name: as a `Change` has it.
            new: it needn't exist yet.

        Raises:
            RefusedError: the name leads elsewhere, or there is no such file.
        """
        home, inside = self.data, name
        if name == DOMAIN:
            home = self.root
        elif name.startswith(STORIES):
            home, inside = self.root / _STORIES, name.removeprefix(STORIES)
        path = home / inside
        if not _NAME.fullmatch(name) or ".." in name or not (new or path.is_file()):
            raise RefusedError("wrong_file", file=name[:80])
        if not path.resolve().is_relative_to(home.resolve()):
            raise RefusedError("wrong_file", file=name[:80])
        return path

    def read(self, name: str) -> Any:
        """Return what a file under `data` holds.

        Raises:
            RefusedError: there is no such file.
            TextsError: it can't be read.
        """
        return read_yaml(self.path(name))

    def edit(
        self,
        name: str,
        change: Callable[[Any], None],
        *,
        who: str,
        why: str,
        part: Callable[[Any], Any] | None = None,
        before: str | None = None,
        check: Callable[[Path, str], None] | None = None,
    ) -> Saved:
        """Change a file and keep who did it and why.

        Args:
            name: of the file, under `data`.
            change: gets its content, changes it in place.
            who: the alias of whoever saves.
            why: in their words.
            part: gives the part that the form showed.
            before: `snapshot` of that part when the form was opened; left out: not compared.
            check: gets the path and the text to be; raises `RefusedError` when it must not be.

        Raises:
            StaleError: the part isn't as it was any more; nothing was written.
            RefusedError: the check or the change refused, or nothing would change.
            TextsError: the file can't be read or written.
        """
        wanted = Change(name, change, part=part, before=before, check=check)
        return self.edit_all([wanted], who=who, why=why)[0]

    def edit_all(self, changes: Sequence[Change], *, who: str, why: str) -> list[Saved]:
        """Change several files, all or none, in one commit.

        Raises:
            StaleError, RefusedError, TextsError: as `edit`; nothing was written.
        """
        if len(why) > branch.MOST_WHY:
            raise RefusedError("wrong_long", most=branch.MOST_WHY)
        with self._alone():
            texts = [self._wanted(change) for change in changes]
            for change, (path, _, wanted) in zip(changes, texts, strict=True):
                if change.check:
                    change.check(path, wanted)
            self.guard([(before, after) for _, before, after in texts], why)
            _replace_all(texts)
            commit = branch.commit(self.root, [path for path, _, _ in texts], who, why)
        saved = []
        for path, text, wanted in texts:
            shown = path.relative_to(self.root).as_posix()
            saved.append(Saved(shown, _unified(shown, text, wanted)))
        # One commit holds them all: said once, under the last.
        return [*saved[:-1], replace(saved[-1], commit=commit)]

    def _wanted(self, change: Change) -> tuple[Path, str, str]:
        """Return a file's path, its text, and the text that it shall have."""
        path = self.path(change.name, new=change.start is not None)
        if not path.exists():
            return path, "", started(change.start or "", change.apply)
        text = path.read_text(encoding="utf-8")
        if change.part is not None and change.before is not None:
            now = snapshot(change.part(read_yaml(path)))
            if now != change.before:
                raise StaleError(list(_diff(change.before, now)))
        wanted = edited(text, change.apply)
        if wanted == text:
            raise RefusedError("wrong_nothing")
        return path, text, wanted

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one save at a time happen, of all processes of this machine."""
        folder = os.open(self.data, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)


def _replace_all(texts: Sequence[tuple[Path, str, str]]) -> None:
    """Write files, all or none: when one can't be written, those before it get their text back."""
    done: list[tuple[Path, str]] = []
    try:
        for path, text, wanted in texts:
            _replace(path, wanted)
            done.append((path, text))
    except TextsError:
        for path, text in done:
            if text:
                _replace(path, text)
            else:
                path.unlink(missing_ok=True)
        raise


def _replace(path: Path, text: str) -> None:
    """Write a file so that whoever reads it sees the old or the new one, whole."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    except OSError as error:
        raise TextsError(f"{path.parent}: can't be written ({error.strerror}).") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(name, path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise TextsError(f"{path}: can't be written ({error.strerror}).") from None


def _diff(before: str, now: str) -> Iterator[str]:
    for line in difflib.ndiff(before.splitlines(), now.splitlines()):
        if line[0] in "+-":
            yield line


def _unified(name: str, before: str, after: str) -> str:
    return "".join(
        difflib.unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), name, name, n=1
        )
    )
