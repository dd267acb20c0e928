"""Codes are easy to write down, and nothing leads from a tag to its code or to its neighbours."""

from __future__ import annotations

import pytest

from bot.learning import codes


def test_a_code_is_read_however_it_is_written() -> None:
    code = codes.new_code()
    assert [len(group) for group in code.split("-")] == [4] * 5
    assert codes.typed(code.lower().replace("-", " ")) == code.replace("-", "")
    assert codes.root(code) == codes.root(code.replace("-", "").lower())
    assert codes.typed("oil0 oil1 abcd efgh jkmn") == codes.typed("0110-0111-abcd-efgh-jkmn")


@pytest.mark.parametrize("text", ["", "ABCD", "ABCD-EFGH-JKMN-PQRS-TVW", "UUUU-" * 5, "x" * 10_000])
def test_what_is_no_code(text: str) -> None:
    assert codes.typed(text) is None
    with pytest.raises(ValueError, match="not a code"):
        codes.root(text)


def test_tags_have_nothing_in_common() -> None:
    code = codes.new_code()
    secret = codes.root(code)
    places = ("held", "kept")
    tags = {codes.tag(secret, place, n) for place in places for n in range(codes.MOST)}
    assert len(tags) == 2 * codes.MOST
    assert code.encode() not in b"".join(tags)
    assert len({tag[:4] for tag in tags}) == 2 * codes.MOST
