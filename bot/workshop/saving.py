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
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.workshop.yaml_edit import edited, tidy
from bot.yaml_files import TextsError, read_yaml

BRANCH = "refs/heads/workshop"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*){0,3}\.yml")
_SECONDS = 20
_MOST_WHY = 300


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


def snapshot(part: Any) -> str:
    """Return a part of a file as text, to be compared when its form comes back."""
    return json.dumps(part, ensure_ascii=False, indent=1, sort_keys=True, default=str)


class Shelf:
    """The data files of one checkout."""

    def __init__(self, root: Path) -> None:
        """Take the folder that holds `data`."""
        self.root = root
        self.data = root / "data"

    def path(self, name: str) -> Path:
        """Return the path of a file under `data`.

        Raises:
            RefusedError: the name leads elsewhere, or there is no such file.
        """
        path = self.data / name
        if not _NAME.fullmatch(name) or ".." in name or not path.is_file():
            raise RefusedError("wrong_file", file=name[:80])
        if not path.resolve().is_relative_to(self.data.resolve()):
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
        path = self.path(name)
        with self._alone():
            text = path.read_text(encoding="utf-8")
            if part is not None and before is not None:
                now = snapshot(part(read_yaml(path)))
                if now != before:
                    raise StaleError(list(_diff(before, now)))
            wanted = edited(text, change)
            if wanted == text:
                raise RefusedError("wrong_nothing")
            if check:
                check(path, wanted)
            _replace(path, wanted)
            shown = f"data/{name}"
            return Saved(shown, _unified(shown, text, wanted), self._commit(path, who, why))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one save at a time happen, of all processes of this machine."""
        folder = os.open(self.data, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    # --- git
    def _git(self, *args: str, more: dict[str, str] | None = None, given: str = "") -> str:
        done = subprocess.run(  # noqa: S603 - no shell; what people typed is never an option
            ["git", "-C", str(self.root), *args],  # noqa: S607
            env={**os.environ, **(more or {})},
            input=given,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
        )
        return done.stdout.strip()

    def _commit(self, path: Path, who: str, why: str) -> str | None:
        """Add a commit to `workshop`; None when there is no repository or git can't do it."""
        try:
            return self._committed(path, who, why)
        except (OSError, subprocess.SubprocessError):
            return None

    def _committed(self, path: Path, who: str, why: str) -> str:
        # From the root of the repository; this checkout may be a folder of it.
        prefix = self._git("rev-parse", "--show-prefix")
        name = prefix + path.relative_to(self.root).as_posix()
        head = self._git("rev-parse", "--verify", "HEAD")
        parent = self._tip(head)
        with tempfile.TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self._git("read-tree", parent, more=index)
            blob = self._git("hash-object", "-w", "--", str(path))
            self._git("update-index", "--add", "--cacheinfo", f"100644,{blob},{name}", more=index)
            tree = self._git("write-tree", more=index)
        alias = tidy(re.sub(r"[<>]", "", who), 60).strip(" .") or "workshop"
        person = {"GIT_AUTHOR_NAME": alias, "GIT_AUTHOR_EMAIL": "workshop@localhost"}
        person |= {key.replace("AUTHOR", "COMMITTER"): value for key, value in person.items()}
        reason = tidy(why, _MOST_WHY) or path.name
        message = f"{reason}\n\n{alias}: {name}"
        made = self._git("commit-tree", tree, "-p", parent, more=person, given=message)
        self._git("update-ref", BRANCH, made)
        return made[:10]

    def _tip(self, head: str) -> str:
        """Return where the next commit hangs: on `workshop`, or on HEAD once that has it all."""
        try:
            tip = self._git("rev-parse", "--verify", BRANCH)
        except subprocess.CalledProcessError:
            return head
        merged = subprocess.run(  # noqa: S603
            ["git", "-C", str(self.root), "merge-base", "--is-ancestor", tip, head],  # noqa: S607
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        return head if merged.returncode == 0 else tip


def _replace(path: Path, text: str) -> None:
    """Write a file so that whoever reads it sees the old or the new one, whole."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    except OSError as error:
        raise TextsError(f"{path.parent}: can't be written ({error.strerror}).") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, path.stat().st_mode & 0o777)
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
