"""The written answers in the workshop: both languages side by side, changed and approved.

Who must approve what stands in `data/approvals.yml`: what touches the law is for a lawyer, a card
in another language for somebody who speaks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.language import SUPPORTED
from bot.texts import APPROVERS, approval_holds, approvers
from bot.workshop import wording
from bot.workshop.saving import RefusedError, Saved, Shelf
from bot.workshop.typed import one_line
from bot.workshop.yaml_edit import CONTROLS, put, styled, tidy_lines

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
    needs: str | None = None

    @property
    def is_card(self) -> bool:
        """Tell whether it is the card for somebody who writes in another language."""
        return set(self.text) != set(SUPPORTED)

    @property
    def settled(self) -> bool:
        """Tell whether the right sort of person has approved it."""
        return approval_holds(self.approved, self.needs)

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
    return {key: one for key, one in load_all(shelf).items() if not one.is_card}


def load_all(shelf: Shelf) -> dict[str, Answer]:
    """Return all answers, the cards in other languages too.

    Raises:
        TextsError: a file can't be read.
    """
    needed = approvers(shelf.data)
    found = {}
    for path in sorted((shelf.data / "answers").glob("*.yml")):
        name = f"answers/{path.name}"
        for key, variants in (shelf.read(name) or {}).get("responses", {}).items():
            found[key] = _answer(key, name, variants, needed.get(key))
    return found


def _language(variant: Mapping[str, Any]) -> str | None:
    for condition in variant.get("condition") or ():
        if condition["name"] == "language":
            return str(condition["value"])
    return None


def _answer(key: str, name: str, variants: Any, needs: str | None = None) -> Answer:
    by_language = {code: v for v in variants if (code := _language(v))}
    mark = (variants[0].get("metadata") or {}) if variants else {}
    return Answer(
        key,
        name,
        {code: str(v.get("text", "")).strip() for code, v in by_language.items()},
        {code: tuple(b["title"] for b in v.get("buttons", ())) for code, v in by_language.items()},
        mark.get("approved"),
        mark.get("if_read_by_violent_person") == "withhold",
        needs,
    )


def _of(shelf: Shelf, key: str) -> Answer:
    answer = load_all(shelf).get(key)
    if answer is None:
        raise RefusedError("wrong_answer", answer=key[:80])
    return answer


def _part(answer: Answer) -> Any:
    return lambda data: _answer(answer.key, answer.file, data["responses"][answer.key]).snapshot


def wanted_of(answer: Answer, typed: Mapping[str, str]) -> dict[str, str]:
    """Return both texts as they would be saved.

    Raises:
        WordingError: a text breaks a rule.
        RefusedError: it is a card, nothing changed, or a text holds hidden characters.
    """
    if answer.is_card:
        raise RefusedError("wrong_answer", answer=answer.key[:80])
    if any(CONTROLS.search(text) for text in typed.values()):
        raise RefusedError("wrong_hidden")
    wanted: dict[str, str] = {
        code: tidy_lines(typed.get(code, ""), wording.MOST + 1)
        if typed.get(code) != answer.text[code]
        else answer.text[code]
        for code in SUPPORTED
    }
    if wanted == answer.text:
        raise RefusedError("wrong_nothing")
    found = list(wording.problems(answer.key, wanted, answer.text))
    if found:
        raise WordingError(found)
    return wanted


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
    wanted = wanted_of(answer, typed)

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
    shelf: Shelf,
    key: str,
    *,
    role: str,
    who: str,
    today: date,
    approver: str = "",
    before: str | None = None,
) -> Saved:
    """Note that a role ("CPAS d'Esneux", "avocat") has approved an answer today.

    Args:
        shelf: the data files.
        key: of the answer.
        role: who they are for this assistant, never a name.
        who: the alias of whoever saves.
        today: the day.
        approver: of `bot.texts.APPROVERS`, what sort of person they are.
        before: `Answer.snapshot` of what they read.

    Raises:
        StaleError: the text isn't the one that was read.
        RefusedError: there is no such answer, no role, or it isn't theirs to approve.
    """
    answer, by = _of(shelf, key), one_line(role, _MOST_ROLE)
    if not by:
        raise RefusedError("wrong_role")
    if approver and approver not in APPROVERS:
        raise RefusedError("wrong_approver")
    if answer.needs and approver != answer.needs:
        raise RefusedError(f"wrong_approver_{answer.needs}")

    def apply(data: Any) -> None:
        mark = data["responses"][key][0]["metadata"]
        made = styled({"by_role": by, "date": today.isoformat()})
        if approver:
            made["as"] = approver
        mark["approved"] = made

    return shelf.edit(
        answer.file,
        apply,
        who=who,
        why=f"{key}: approved ({by})",
        part=_part(answer),
        before=before,
    )
