"""`helpline desk`: the first link, from the machine's own command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import closing

from bot.desk.accounts import Accounts, Profile
from bot.desk.links import link_address
from bot.settings import Settings, load
from bot.texts import DATA


def supervisor_link(settings: Settings) -> str:
    """Return a new one-time link that makes a supervisor, good for a day."""
    folders = {path.parent.name for path in (DATA / "directory").glob("*/network.yml")}
    networks = tuple(sorted(folders | {settings.network}))
    with closing(Accounts(settings.state_dir)) as accounts:
        return link_address(
            settings, accounts.invite("first", Profile(role="supervisor", networks=networks))
        )


def first_link(settings: Settings) -> str | None:
    """Return a link for the first supervisor, None when somebody has an account."""
    with closing(Accounts(settings.state_dir)) as accounts:
        if accounts.all():
            return None
    return supervisor_link(settings)


def main(arguments: Sequence[str]) -> int:
    """Run `helpline desk …`; return the exit code."""
    parser = argparse.ArgumentParser(prog="helpline desk", description=__doc__)
    parser.add_argument(
        "what", choices=["invite"], help="make a one-time link for a supervisor of the desk"
    )
    parser.parse_args(arguments)
    print("Open this link in a browser within 24 hours. It works once and makes a supervisor:")
    print(supervisor_link(load()))
    return 0
