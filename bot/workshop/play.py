"""A chat that a maintainer plays, kept as a story that the conversation tests hold the system to.

The talk goes through the gateway's own turns and the model in service; nobody is called, because
these turns know of no counsellors, and nothing of it is counted.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from bot.gateway import keys as gateway_keys
from bot.gateway.turns import Reply, Turns
from bot.language import Supported
from bot.privacy.seal import ConversationKeys, derive_keys, new_token
from bot.words import word_set
from bot.workshop.intents import Redact
from bot.workshop.saving import STORIES, Change, RefusedError, Saved, Shelf
from bot.workshop.typed import lines_of, one_line
from bot.workshop.yaml_edit import plain, styled

MOST_SAID, MOST_TURNS, LEAST_TURNS = 600, 7, 2
_MOST_TITLE, _MOST_PART = 80, 200
_MOST_PLAYS, _KEPT_SECONDS = 20, 2 * 3600
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
# What the page itself offers at all times: it needn't have been shown.
_ALWAYS = frozenset({"language:fr", "language:nl", "erase", "ask_human", "handoff"})
_HEAD = """\
# Stories that maintainers played in the workshop. Each is held against the whole system by
# tests/conversations; how one is written stands in tests/dsl.py.
"""


@dataclass(frozen=True)
class Turn:
    """One turn: what was said or pressed, and what was shown."""

    said: str
    chosen: str
    messages: Sequence[Mapping[str, Any]]
    language: str

    @property
    def urgent(self) -> bool:
        """Tell whether it was shown as an alarm."""
        return any(message["urgent"] for message in self.messages)

    @property
    def services(self) -> list[str]:
        """Return the ids of the services that were shown."""
        return list(dict.fromkeys(s["id"] for m in self.messages for s in m["services"]))

    @property
    def sentences(self) -> list[str]:
        """Return the sentences that were shown, as a story can ask for them."""
        found = [s.strip("- ") for m in self.messages for s in _SENTENCE.split(m["text"])]
        return list(dict.fromkeys(s for s in found if 3 < len(s) <= _MOST_PART))

    @property
    def buttons(self) -> dict[str, str]:
        """Return the labels of the buttons that were shown, by their value."""
        return {b["value"]: b["label"] for m in self.messages for b in m["buttons"]}


@dataclass
class Play:
    """A chat that is being played, by one person."""

    account: str
    language: Supported
    keys: ConversationKeys
    turns: list[Turn] = field(default_factory=list)
    used: float = field(default_factory=time.monotonic)


class Plays:
    """The chats that are being played, in memory; they are forgotten after two hours."""

    def __init__(self) -> None:
        """Begin with none."""
        self._plays: dict[str, Play] = {}

    def add(self, play: Play) -> str:
        """Keep one; return its id."""
        now = time.monotonic()
        fresh = {k: p for k, p in self._plays.items() if now - p.used < _KEPT_SECONDS}
        newest = sorted(fresh.items(), key=lambda item: item[1].used)[-_MOST_PLAYS + 1 :]
        self._plays = dict(newest)
        name = secrets.token_urlsafe(9)
        self._plays[name] = play
        return name

    def get(self, name: str, account: str) -> Play | None:
        """Return one of this person, None when there is none."""
        play = self._plays.get(name)
        if play is None or play.account != account:
            return None
        play.used = time.monotonic()
        return play


def turns_of(found: Mapping[Any, Any], redact: Redact) -> Turns:
    """Return the gateway's turns without counsellors and without counting.

    Args:
        found: the gateway's application, or a request's view of it.
        redact: finds what identifies somebody, as in a visitor's talk.
    """
    settings = found[gateway_keys.SETTINGS]
    return Turns(
        redis=found[gateway_keys.REDIS],
        records=found[gateway_keys.RECORDS],
        rasa=found[gateway_keys.RASA],
        texts=found[gateway_keys.TEXTS],
        directory=found[gateway_keys.DIRECTORY],
        redact=lambda text, language, record: str(redact(text, language).text),
        clock=found[gateway_keys.CLOCK],
        erase_words=word_set("erase"),
        notice=found[gateway_keys.NOTICE],
        debug=settings.debug_api,
    )


async def begin(request: web.Request, account: str, language: Supported) -> Play:
    """Open a conversation, as a visitor's page does."""
    keys = derive_keys(new_token())
    await request.config_dict[gateway_keys.RECORDS].create(keys, language)
    return Play(account, language, keys)


async def take(turns: Turns, play: Play, *, text: str = "", choice: str = "") -> None:
    """Say or press something, and keep what was shown.

    Raises:
        RefusedError: it can't be said, wasn't offered, is one turn too many, or the talk is over.
    """
    if len(play.turns) >= MOST_TURNS:
        raise RefusedError("wrong_play_turns", most=MOST_TURNS)
    if choice:
        offered = play.turns[-1].buttons if play.turns else {}
        if choice not in offered:
            raise RefusedError("wrong_play_choice")
        if choice == "erase":
            raise RefusedError("wrong_play_erase")
        reply: Reply | None = await turns.handle(play.keys, text=None, choice=choice)
    else:
        said = one_line(text, MOST_SAID)
        if not said:
            raise RefusedError("wrong_play_empty")
        text = said
        reply = await turns.handle(play.keys, text=said, choice=None)
    if reply is None or reply.erased:
        raise RefusedError("wrong_play_over")
    play.turns.append(Turn("" if choice else text, choice, reply.messages, reply.language))


@dataclass(frozen=True)
class Ticks:
    """What a turn must show, as ticked; `spares` are texts that it must not, one a line."""

    sentences: Sequence[str]
    services: Sequence[str]
    urgent: bool
    language: bool
    spares: str


def save(
    shelf: Shelf,
    play: Play,
    title: str,
    ticks: Sequence[Ticks],
    *,
    redact: Redact,
    who: str,
    why: str,
) -> list[Saved]:
    """Write the story into `tests/conversations/own/<language>.yml`.

    Raises:
        RefusedError: it has no title or too few turns, a turn asks for nothing, or what was said
            could tell who somebody is.
    """
    name = one_line(title, _MOST_TITLE)
    if len(name) < 3:
        raise RefusedError("wrong_play_title")
    if not LEAST_TURNS <= len(play.turns) <= MOST_TURNS:
        raise RefusedError("wrong_play_few", least=LEAST_TURNS)
    for turn in play.turns:
        if turn.said and redact(turn.said, play.language).spans:
            raise RefusedError("wrong_play_person", line=turn.said[:120])
    turns = [_turn(turn, tick) for turn, tick in zip(play.turns, ticks, strict=True)]
    for number, turn in enumerate(play.turns[1:], start=1):
        # A story presses only what it saw just before.
        if turn.chosen and turn.chosen not in _ALWAYS:
            turns[number - 1]["expect"].setdefault("buttons", []).append(turn.chosen)
    if not all(turn["expect"] for turn in turns):
        raise RefusedError("wrong_play_nothing")

    def apply(data: Any) -> None:
        if any(story["story"] == name for story in data):
            raise RefusedError("wrong_play_taken", title=name)
        data.append(_story(name, play.language, turns))

    change = Change(f"{STORIES}{play.language}.yml", apply, start=_HEAD)
    return shelf.edit_all([change], who=who, why=why)


def _turn(turn: Turn, tick: Ticks) -> dict[str, Any]:
    expect: dict[str, Any] = {}
    if tick.language:
        expect["language"] = turn.language
    if tick.urgent:
        expect["urgent"] = turn.urgent
    if contains := [one for one in turn.sentences if one in tick.sentences]:
        expect["contains"] = contains
    if services := [one for one in turn.services if one in tick.services]:
        expect["services"] = services
    shown = " ".join(m["text"] for m in turn.messages).lower()
    if spares := lines_of(tick.spares, _MOST_PART, 10):
        if wrong := [one for one in spares if one.lower() in shown]:
            raise RefusedError("wrong_play_not", line=wrong[0])
        expect["not"] = spares
    return {"choose" if turn.chosen else "say": turn.chosen or turn.said, "expect": expect}


def _story(name: str, language: str, turns: Sequence[Mapping[str, Any]]) -> CommentedMap:
    made = CommentedSeq()
    for turn in turns:
        key = "choose" if "choose" in turn else "say"
        expect = CommentedMap()
        for kind, value in turn["expect"].items():
            words = kind in ("contains", "not", "buttons")
            expect[kind] = styled(value) if words else plain(value)
        made.append(CommentedMap({key: styled(turn[key]), "expect": expect}))
    return CommentedMap({"story": styled(name), "language": language, "turns": made})
