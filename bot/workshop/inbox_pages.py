"""`/workshop/inbox`: sentences that visitors gave; what they mean, and new ones in their spirit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from aiohttp import web

from bot.desk.forms import options
from bot.desk.page import language_of, page, say
from bot.desk.session import maintainer
from bot.gateway import keys as gateway_keys
from bot.language import SUPPORTED, Supported
from bot.learning.inbox import NEW, Inbox, Kept
from bot.learning.likeness import groups
from bot.workshop import intents, keys
from bot.workshop.forms import EXPECTED, Form, aside, field, saved_page, shelf_of, trouble

_HOME = "/workshop/inbox"
# The keys of the three likeliest intents.
_CHOICES = 3
_UNUSABLE = "*unusable"
# Address of the pile of sentences whose meaning doesn't exist yet.
_NEW_PILE = "new"


# What each intent means, in plain words of both languages.
Labels = Mapping[str, Mapping[str, str]]


async def _labels(request: web.Request) -> Labels:
    found: Labels = await aside(lambda: shelf_of(request).read("labels.yml"))
    return found


def _inbox(request: web.Request) -> Inbox:
    return request.config_dict[keys.INBOX]


def _likeliest(group: Sequence[Kept], known: Labels) -> list[str]:
    """Return the intents that the sentences of a group were nearest to, when they were written."""
    weight: dict[str, float] = {}
    for one in group:
        for place, name in enumerate(one.guesses):
            if name in known:
                weight[name] = weight.get(name, 0) + 1 / (1 + place)
    return sorted(weight, key=lambda name: -weight[name])[:_CHOICES]


def _sentence(one: Kept, *, ticked: bool = False) -> str:
    return (
        f'<li><label class="choice"><input type="checkbox" name="ids" value="{escape(one.id)}"'
        f'{" checked" if ticked else ""}> <span lang="{one.language}">{escape(one.text)}</span> '
        f'<span class="hint">{one.language.upper()} · {escape(one.week)}</span></label></li>'
    )


def _button(key: str, label: str, decision: str, ids: str, *, quiet: bool = True) -> str:
    return (
        f'<button name="pick" value="{escape(decision)} {escape(ids)}" data-key="{key}"'
        f"{' class=quiet' if quiet else ''}><kbd>{key}</kbd> {escape(label)}</button>"
    )


def _group(group: Sequence[Kept], known: Labels, language: Supported, *, focus: bool) -> str:
    ids = ".".join(one.id for one in group)
    buttons = [
        _button(str(number), known[name][language], name, ids, quiet=False)
        for number, name in enumerate(_likeliest(group, known), 1)
    ]
    buttons.append(_button("n", say("inbox_new", language), NEW, ids))
    buttons.append(_button("x", say("inbox_unusable", language), _UNUSABLE, ids))
    same = say("inbox_alike", language, number=len(group)) if len(group) > 1 else ""
    return (
        f'<li class="group" tabindex="-1"{" autofocus" if focus else ""}>'
        f'<p class="hint">{escape(same)}</p>'
        f'<ul class="list">{"".join(_sentence(one) for one in group)}</ul>'
        f'<div class="actions">{"".join(buttons)}</div></li>'
    )


def _options(known: Labels, language: Supported) -> str:
    labels = {name: f"{label[language]} ({name})" for name, label in known.items()}
    return options(labels, "")


async def show(request: web.Request) -> web.Response:
    """`GET /workshop/inbox`: what nobody has looked at, alike together, and the piles."""
    maintainer(request)
    language, box = language_of(request), _inbox(request)
    known = await _labels(request)
    everything = await aside(box.sentences)
    waiting = await aside(box.waiting)
    fresh = await aside(lambda: groups([one for one in everything if one.decision is None]))
    piles: dict[str, int] = {}
    for one in everything:
        if one.decision:
            piles[one.decision] = piles.get(one.decision, 0) + 1
    links = []
    for name, number in sorted(piles.items()):
        label = known[name][language] if name in known else say("inbox_new", language)
        address = name if name in known else _NEW_PILE
        links.append(f'<li><a href="{_HOME}/{escape(address)}">{escape(label)}</a> ({number})</li>')
    on = request.config_dict[gateway_keys.SETTINGS].learning
    return page(
        request,
        "workshop-inbox",
        {
            "off": "" if on else f'<p class="notice">{escape(say("inbox_off", language))}</p>',
            "held": escape(say("inbox_held", language, number=sum(waiting.values()))),
            "groups": "".join(
                # After a decision the next group is at hand.
                _group(group, known, language, focus=not at and "next" in request.query)
                for at, group in enumerate(fresh)
            ),
            "none": "" if fresh else escape(say("inbox_none", language)),
            "bulk": "" if fresh else " hidden",
            "options": _options(known, language),
            "piles": "".join(links),
            "no_piles": "" if links else " hidden",
        },
        assets=("workshop-inbox.js",),
    )


async def decide(request: web.Request) -> web.Response:
    """`POST /workshop/inbox`: what a group, or all ticked sentences, mean."""
    maintainer(request)
    box, form = _inbox(request), await request.post()
    decision, _, one_group = field(form, "pick").partition(" ")
    ids = one_group.split(".") if one_group else [str(i) for i in form.getall("ids", [])]
    if not one_group:
        decision = field(form, "do") or field(form, "intent")
    await _apply(request, box, decision, ids)
    raise web.HTTPSeeOther(f"{_HOME}?next=1")


async def _apply(request: web.Request, box: Inbox, decision: str, ids: Sequence[str]) -> None:
    known = await _labels(request)
    if decision == _UNUSABLE:
        await aside(lambda: box.drop(ids))
    elif decision == NEW or decision in known:
        await aside(lambda: box.decide(ids, decision))
    elif decision == "*undecided":
        await aside(lambda: box.decide(ids, None))


async def _pile(request: web.Request) -> tuple[str | None, str, list[Kept]]:
    """Return the intent of a pile (None: a new one), what it means, and its sentences."""
    name = request.match_info["name"]
    known = await _labels(request)
    wanted = NEW if name == _NEW_PILE else name
    found = [one for one in await aside(_inbox(request).sentences) if one.decision == wanted]
    if not found or not (wanted == NEW or name in known):
        raise web.HTTPSeeOther(_HOME)
    if wanted == NEW:
        return None, say("inbox_new", language_of(request)), found
    return name, known[name][language_of(request)], found


def _pile_page(
    request: web.Request,
    name: str | None,
    label: str,
    found: Sequence[Kept],
    form: Form | None = None,
    error: Exception | None = None,
) -> web.Response:
    problem, status = trouble(request, error)
    ticked = None if form is None else {str(i) for i in form.getall("ids", [])}
    slots = {f"new_{code}": escape(field(form, f"new_{code}")) for code in SUPPORTED}
    return page(
        request,
        "workshop-inbox-write",
        {
            **slots,
            "label": escape(label),
            "action": f"{_HOME}/{escape(name or _NEW_PILE)}",
            "sentences": "".join(
                _sentence(s, ticked=ticked is None or s.id in ticked) for s in found
            ),
            "write": "" if name else " hidden disabled",
            "new": " hidden" if name else "",
            "wrong": problem,
            "why": escape(field(form, "why")),
        },
        status=status,
    )


async def show_pile(request: web.Request) -> web.Response:
    """`GET /workshop/inbox/<intent>`: its sentences, and fields for new ones in their spirit."""
    maintainer(request)
    return _pile_page(request, *await _pile(request))


async def work(request: web.Request) -> web.Response:
    """`POST /workshop/inbox/<intent>`: new examples; the ticked sentences go, they are used."""
    me, form = maintainer(request), await request.post()
    name, label, found = await _pile(request)
    ids = [str(i) for i in form.getall("ids", [])]
    if "do" in form or name is None:
        await _apply(request, _inbox(request), field(form, "do"), ids)
        raise web.HTTPSeeOther(_HOME)
    redacting = request.config_dict[keys.REDACTING]
    try:
        saved = await aside(
            lambda: intents.add(
                shelf_of(request),
                name,
                {code: intents.lines_of(field(form, f"new_{code}")) for code in SUPPORTED},
                redact=redacting,
                who=me.alias,
                why=field(form, "why"),
            )
        )
    except EXPECTED as error:
        return _pile_page(request, name, label, found, form, error)
    await aside(lambda: _inbox(request).drop(ids))
    return saved_page(request, saved, _HOME, "then_training")


def add_routes(app: web.Application) -> None:
    """Add these pages to the workshop."""
    app.router.add_get("/inbox", show)
    app.router.add_post("/inbox", decide)
    app.router.add_get("/inbox/{name}", show_pile)
    app.router.add_post("/inbox/{name}", work)
