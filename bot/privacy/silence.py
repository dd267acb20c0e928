"""No process of ours tells anybody what a person wrote: not in a log, a crash file or its memory.

Rasa's structlog prints the text of messages at DEBUG, its REST channel at ERROR; a traceback can
hold it too. So only the level, the logger's name and an exception's type are ever printed.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import resource
import sys
import threading
import time
import warnings
from typing import Any

_PR_SET_DUMPABLE = 4
# Packages whose functions keep their last arguments (functools.lru_cache).
_REMEMBERING = frozenset({"aiohttp", "yarl"})


class NamesOnly(logging.Formatter):
    """Formats a record as its level, its logger and the type of its exception, no more."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line without a word of the message."""
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        where = f"{record.name}:{record.lineno}"
        return f"{self.formatTime(record)} {record.levelname} {where} {kind}".rstrip()


def _drop(_logger: Any, _name: str, _event: Any) -> Any:
    import structlog

    raise structlog.DropEvent


def quiet_logging(level: int = logging.WARNING) -> None:
    """Send all logging of this process through `NamesOnly` to standard error, structlog nowhere.

    Libraries that configure logging later can only add to this: `logging.Logger.addHandler` refuses
    every other handler from now on.
    """
    quiet_warnings()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(NamesOnly())
    root = logging.getLogger()
    for logger in [root, *map(logging.getLogger, list(logging.root.manager.loggerDict))]:
        logger.handlers = []
        logger.propagate = True
    root.addHandler(handler)
    root.setLevel(level)
    logging.disable(logging.INFO)
    # Where a library throws all handlers away, logging falls back to this one.
    logging.lastResort = handler

    def only_ours(self: logging.Logger, added: logging.Handler) -> None:
        return None

    logging.Logger.addHandler = only_ours  # type: ignore[method-assign, assignment]
    sys.excepthook = _say_type_only
    threading.excepthook = lambda args: _say_type_only(args.exc_type)
    sys.unraisablehook = lambda args: _say_type_only(args.exc_type)
    try:
        import structlog
    except ImportError:
        return
    structlog.configure(processors=[_drop], cache_logger_on_first_use=False)
    # Rasa configures structlog again when it starts; from now on nobody can.
    structlog.configure = lambda *args, **kwargs: None  # type: ignore[assignment]


def quiet_warnings() -> None:
    """Show no warning of this process: libraries' talk to their own authors, with our lines in it.

    Filters alone don't hold: some libraries set their own when they are imported.
    """
    warnings.showwarning = lambda *args, **kwargs: None


def _say_type_only(kind: type[BaseException] | None, *_: Any) -> None:
    if kind is None or issubclass(kind, KeyboardInterrupt):
        return
    print(f"stopped by {kind.__name__}", file=sys.stderr)


def harden_process() -> None:
    """Forbid core dumps, and other processes of the same user to read this one's memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _clear_caches() -> None:
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in _REMEMBERING:
            for held in list(vars(module).values()):
                clear = getattr(held, "cache_clear", None)
                # A class's methods can't be called without an object.
                if callable(clear) and not isinstance(held, type):
                    clear()


def forget_regularly(seconds: float = 30.0) -> None:
    """Free what points at itself every so many seconds, in this process and those it forks.

    Requests, answers and exceptions stand in circles; Python frees such only when enough new
    objects have come, which in a quiet night is hours after the words were erased. What the web
    libraries remember of addresses goes too: a commune that was looked up, a word put there.
    """

    def again_and_again() -> None:
        while True:
            time.sleep(seconds)
            _clear_caches()
            gc.collect()

    def begin() -> None:
        threading.Thread(target=again_and_again, name="forget", daemon=True).start()

    begin()
    # Threads don't come along into a forked worker.
    os.register_at_fork(after_in_child=begin)
