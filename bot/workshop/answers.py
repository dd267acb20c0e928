"""The written answers in the workshop: both languages side by side, changed and approved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.language import SUPPORTED
from bot.workshop import wording
from bot.workshop.saving import RefusedError, Saved, Shelf
from bot.workshop.yaml_edit import put, styled, tidy, tidy_lines

_MOST_ROLE = 60


@dataclass(frozen=True)
class Answer:
    """An answer as its file has it; `approved` is {by_role, date} or None."""

    key: str
    file: str
    text: Mapping[str, str]
    buttons: Mapping[str, tuple[str, ...]]
    approved: Mapping[str, str] | None
    withheld: bool

    @property
    def snapshot(self) -> dict[str, Any]:
        """What the form shows, to be compared when it comes back."""
        approved = dict(self.approved) if self.approved else None
        return {"approved": approved, **{k: v.split("\n") for k, v in self.text.items()}}


class WordingError(RefusedError):
    """A text breaks a rule; `found` are keys of sentences and what they name."""

    def __init__(self, found: list[tuple[str, dict[str, object]]]) -> None:
        super().__init__("wrong_text", number=len(found))
        self.found = found


def load(shelf: Shelf) -> dict[str, Answer]:
    """Return all answers that exist in French and Dutch, by key.

    Raises:
        TextsError: a file can't be read.
    """
    found = {}
    for path in sorted((shelf.data / "answers").glob("*.yml")):
        name = f"answers/{path.name}"
        for key, variants in (shelf.read(name) or {}).get("responses", {}).items():
            answer = _answer(key, name, variants)
            if set(answer.text) == set(SUPPORTED):
                found[key] = answer
    return found


def _language(variant: Mapping[str, Any]) -> str | None:
    for condition in variant.get("condition") or ():
        if condition["name"] == "language":
            return str(condition["value"])
    return None


def _answer(key: str, name: str, variants: Any) -> Answer:
    by_language = {_language(v): v for v in variants}
    both = {code: by_language[code] for code in SUPPORTED if code in by_language}
    mark = (variants[0].get("metadata") or {}) if variants else {}
    return Answer(
        key,
        name,
        {code: str(v.get("text", "")).strip() for code, v in both.items()},
        {code: tuple(b["title"] for b in v.get("buttons", ())) for code, v in both.items()},
        mark.get("approved"),
        mark.get("if_read_by_violent_person") == "withhold",
    )


def _of(shelf: Shelf, key: str) -> Answer:
    answer = load(shelf).get(key)
    if answer is None:
        raise RefusedError("wrong_answer", answer=key[:80])
    return answer


def _part(answer: Answer) -> Any:
    return lambda data: _answer(answer.key, answer.file, data["responses"][answer.key]).snapshot


def change(
    shelf: Shelf,
    key: str,
    typed: Mapping[str, str],
    *,
    who: str,
    why: str,
    before: str | None = None,
) -> Saved:
    """Change an answer in both languages; it must be approved again afterwards.

    Raises:
        StaleError: somebody else has changed it since `before`.
        WordingError: a text breaks a rule.
        RefusedError: there is no such answer, or nothing changed.
    """
    answer = _of(shelf, key)
    wanted: dict[str, str] = {
        code: tidy_lines(typed.get(code, ""), wording.MOST + 1)
        if typed.get(code) != answer.text[code]
        else answer.text[code]
        for code in SUPPORTED
    }
    if wanted == answer.text:
        raise RefusedError("wrong_nothing")
    found = list(wording.problems(key, wanted, answer.text))
    if found:
        raise WordingError(found)

    def apply(data: Any) -> None:
        variants = data["responses"][key]
        for variant in variants:
            code = _language(variant)
            if code in wanted and str(variant["text"]).strip() != wanted[code]:
                put(variant, "text", wanted[code])
            elif code is None and answer.file == "answers/risk.yml":
                # When the language isn't known, both texts are shown, word for word.
                put(variant, "text", f"{wanted['fr']}\n\n{wanted['nl']}")
        variants[0]["metadata"]["approved"] = None

    return shelf.edit(answer.file, apply, who=who, why=why, part=_part(answer), before=before)


def approve(
    shelf: Shelf, key: str, *, role: str, who: str, today: date, before: str | None = None
) -> Saved:
    """Note that a role ("CPAS d'Esneux", "avocat") has approved an answer today.

    Raises:
        StaleError: the text isn't the one that was read.
        RefusedError: there is no such answer, or no role.
    """
    answer, by = _of(shelf, key), tidy(role, _MOST_ROLE)
    if not by:
        raise RefusedError("wrong_role")

    def apply(data: Any) -> None:
        mark = data["responses"][key][0]["metadata"]
        mark["approved"] = styled({"by_role": by, "date": today.isoformat()})

    return shelf.edit(
        answer.file,
        apply,
        who=who,
        why=f"{key}: approved ({by})",
        part=_part(answer),
        before=before,
    )
