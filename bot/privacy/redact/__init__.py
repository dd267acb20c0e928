"""Names, numbers and addresses are replaced before anything else sees a message."""

from bot.privacy.redact.model import Redacted, Span
from bot.privacy.redact.redactor import Redactor

__all__ = ["Redacted", "Redactor", "Span"]
