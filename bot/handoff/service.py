"""The handoff: one place that the visitor's interface, the desk and the tools go through."""

from __future__ import annotations

from bot.handoff.base import Desk
from bot.handoff.counsellor import CounsellorSide, Waiting
from bot.handoff.desk_side import DeskSide
from bot.handoff.visitor import NobodyThereError, TooManyError, VisitorSide


class HandoffService(VisitorSide, CounsellorSide, DeskSide):
    """Everything that can be done to a handoff; the sweeper does what time asks for."""


__all__ = ["Desk", "HandoffService", "NobodyThereError", "TooManyError", "Waiting"]
