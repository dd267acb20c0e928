"""Change a YAML text so that only the lines that must change do: comments and order stay."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    FoldedScalarString,
    LiteralScalarString,
)

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What YAML can't hold or an editor doesn't show: control characters, direction marks, separators.
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]")
# Of these, what nobody types: refused in new forms, not just taken out.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SURROGATES = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
# Written with the indentation that the file has: lists under their key, or beside it.
_INDENTS = ((2, 4, 2), (2, 2, 0))


def tidy(text: str, most: int) -> str:
    """Return typed text as one line without hidden characters, cut at `most` characters."""
    plain = _SURROGATES.sub("", _HIDDEN.sub(" ", text.replace("\r", "\n")))
    return " ".join(plain.split())[:most]


def tidy_lines(text: str, most: int) -> str:
    """Return typed text with its line ends, without hidden characters or blanks at the ends."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = _SURROGATES.sub("", _HIDDEN.sub(" ", plain))
    lines = [" ".join(line.split()) for line in plain.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:most].rstrip()


def put(parent: CommentedMap, key: str, value: Any) -> None:
    """Set a key; text keeps the form of the text that stood there, new text gets quotes."""
    parent[key] = styled(value, parent.get(key))


def styled(value: Any, old: Any = None) -> Any:
    """Return a value as it shall be written: quoted text, and literal blocks for many lines."""
    if isinstance(value, str):
        if isinstance(old, (LiteralScalarString, FoldedScalarString)) or "\n" in value:
            return LiteralScalarString(value)
        return DoubleQuotedScalarString(value)
    if isinstance(value, dict):
        made = CommentedMap({key: styled(item) for key, item in value.items()})
        # Small ones on one line, as people write them.
        if all(not isinstance(item, (dict, list)) for item in value.values()) and len(value) < 3:
            made.fa.set_flow_style()
        return made
    if isinstance(value, list):
        items = CommentedSeq([styled(item) for item in value])
        if all(isinstance(item, str) for item in value):
            items.fa.set_flow_style()
        return items
    return value


def _writer(indent: tuple[int, int, int]) -> YAML:
    writer = YAML()
    writer.preserve_quotes = True  # type: ignore[assignment]
    writer.allow_unicode = True
    writer.width = 1_000_000  # type: ignore[assignment]
    writer.indent(mapping=indent[0], sequence=indent[1], offset=indent[2])
    writer.representer.add_representer(
        type(None), lambda self, _: self.represent_scalar("tag:yaml.org,2002:null", "null")
    )
    return writer


def _written(writer: YAML, data: Any) -> str:
    out = StringIO()
    writer.dump(data, out)
    return out.getvalue()


def edited(text: str, change: Callable[[Any], None]) -> str:
    """Return `text` after `change` has changed what it holds.

    Only lines that the change touches differ, even where the file has a form of its own that
    the writer would give another one.

    Args:
        text: a YAML file.
        change: gets the file's content and changes it in place.

    Raises:
        yaml.YAMLError: the text isn't YAML.
    """
    best: tuple[int, str, YAML] | None = None
    for indent in _INDENTS:
        writer = _writer(indent)
        plain = _written(writer, writer.load(text))
        far = sum(a != b for a, b in zip(plain.split("\n"), text.split("\n"), strict=False))
        if best is None or far < best[0]:
            best = (far, plain, writer)
        if plain == text:
            break
    assert best is not None
    _, plain, writer = best
    data = writer.load(text)
    change(data)
    wanted = _written(writer, data)
    if plain == text:
        return wanted
    merged = _transplanted(text, plain, wanted)
    left, right = (yaml.load(t, Loader=_Loader) for t in (merged, wanted))  # noqa: S506
    same = left == right
    return merged if same else wanted


def started(comment: str, change: Callable[[Any], None]) -> str:
    """Return the text of a new file: a comment, then the list that `change` fills."""
    data = CommentedSeq()
    change(data)
    return f"{comment.rstrip()}\n{_written(_writer(_INDENTS[1]), data)}"


def plain(value: Any) -> Any:
    """Return words of our own (names, numbers, truth values) as they are written: no quotes."""
    if isinstance(value, dict):
        made = CommentedMap({key: plain(item) for key, item in value.items()})
        made.fa.set_flow_style()
        return made
    if isinstance(value, list):
        items = CommentedSeq([plain(item) for item in value])
        items.fa.set_flow_style()
        return items
    return value


def _transplanted(text: str, plain: str, wanted: str) -> str:
    """Apply what differs between `plain` and `wanted` to `text`, which says the same as `plain`."""
    own, base, new = (t.splitlines(keepends=True) for t in (text, plain, wanted))
    # Where line i of `base` begins in `own`; within what differs, its beginning.
    place = [0] * (len(base) + 1)
    for _, o1, o2, b1, b2 in difflib.SequenceMatcher(None, own, base, False).get_opcodes():
        for b in range(b1, b2 + 1):
            place[b] = min(o1 + (b - b1), o2)
        place[b2] = o2
    out: list[str] = []
    done = 0
    for tag, b1, b2, n1, n2 in difflib.SequenceMatcher(None, base, new, False).get_opcodes():
        if tag == "equal":
            continue
        out += own[done : place[b1]] + new[n1:n2]
        done = place[b2]
    return "".join(out + own[done:])
