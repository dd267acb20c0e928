"""What the workshop's pages share, typed (`web.AppKey`)."""

from __future__ import annotations

from aiohttp import web

from bot.learning.inbox import Inbox
from bot.workshop.play import Plays
from bot.workshop.redacting import Redacting
from bot.workshop.saving import Shelf

SHELF = web.AppKey("workshop_shelf", Shelf)
REDACTING = web.AppKey("workshop_redacting", Redacting)
INBOX = web.AppKey("workshop_inbox", Inbox)
PLAYS = web.AppKey("workshop_plays", Plays)
