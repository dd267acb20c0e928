"""Each save as a commit on the branch `workshop`, with who and why, where there is a repository.

Neither the branch that is checked out nor its index is touched.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bot.workshop.yaml_edit import tidy

BRANCH = "refs/heads/workshop"
_SECONDS = 20
# Letters of a reason.
MOST_WHY = 300


def commit(root: Path, paths: Sequence[Path], who: str, why: str) -> str | None:
    """Add a commit of these files; return its short name.

    Args:
        root: folder of the checkout.
        paths: of the files, as they are now.
        who: the alias of whoever saves.
        why: in their words.

    Returns:
        None when there is no repository, or git can't do it: the files are saved all the same.
    """
    try:
        return _committed(root, paths, who, why)
    except (OSError, subprocess.SubprocessError):
        return None


def _git(root: Path, *args: str, more: dict[str, str] | None = None, given: str = "") -> str:
    done = subprocess.run(  # noqa: S603 - no shell; what people typed is never an option
        ["git", "-C", str(root), *args],  # noqa: S607
        env={**os.environ, **(more or {})},
        input=given,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=True,
    )
    return done.stdout.strip()


def _committed(root: Path, paths: Sequence[Path], who: str, why: str) -> str:
    # From the root of the repository; this checkout may be a folder of it.
    prefix = _git(root, "rev-parse", "--show-prefix")
    names = [prefix + path.relative_to(root).as_posix() for path in paths]
    head = _git(root, "rev-parse", "--verify", "HEAD")
    parent = _tip(root, head)
    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        _git(root, "read-tree", parent, more=index)
        for path, name in zip(paths, names, strict=True):
            blob = _git(root, "hash-object", "-w", "--", str(path))
            entry = f"100644,{blob},{name}"
            _git(root, "update-index", "--add", "--cacheinfo", entry, more=index)
        tree = _git(root, "write-tree", more=index)
    alias = tidy(re.sub(r"[<>]", "", who), 60).strip(" .") or "workshop"
    person = {"GIT_AUTHOR_NAME": alias, "GIT_AUTHOR_EMAIL": "workshop@localhost"}
    person |= {key.replace("AUTHOR", "COMMITTER"): value for key, value in person.items()}
    reason = tidy(why, MOST_WHY) or paths[0].name
    message = f"{reason}\n\n{alias}: {', '.join(names)}"
    made = _git(root, "commit-tree", tree, "-p", parent, more=person, given=message)
    _git(root, "update-ref", BRANCH, made)
    return made[:10]


def _tip(root: Path, head: str) -> str:
    """Return where the next commit hangs: on `workshop`, or on HEAD once that has it all."""
    try:
        tip = _git(root, "rev-parse", "--verify", BRANCH)
    except subprocess.CalledProcessError:
        return head
    merged = subprocess.run(  # noqa: S603
        ["git", "-C", str(root), "merge-base", "--is-ancestor", tip, head],  # noqa: S607
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    return head if merged.returncode == 0 else tip
