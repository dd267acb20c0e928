"""Accounts and one-time links: what is kept, what isn't, what works once."""

from __future__ import annotations

import hashlib
import sqlite3
import stat
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from bot.desk.accounts import FILE, LINK_SECONDS, Accounts, Profile, Sheet, TakenError

PROFILE = Profile(
    organisation="CPAS", networks=("stopp-vif",), languages=("nl",), minors=True, limit=3
)


@pytest.fixture
def accounts(tmp_path: Path):  # type: ignore[no-untyped-def]
    found = Accounts(tmp_path)
    yield found
    found.close()


def made(accounts: Accounts, alias: str = "Anne", login: str = "a.peeters"):  # type: ignore[no-untyped-def]
    token = accounts.invite("invite", PROFILE)
    account = accounts.join(token, alias, login=login, password="hash", totp="S", step=1)
    assert account is not None
    return account


def test_only_the_owner_reads_the_file(accounts: Accounts, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_an_invitation_gives_what_the_supervisor_chose(accounts: Accounts) -> None:
    account = made(accounts)
    assert (account.alias, account.role, account.networks) == ("Anne", "counsellor", ("stopp-vif",))
    assert (account.languages, account.minors, account.limit) == (("nl",), True, 3)
    assert accounts.get(account.id) == accounts.by_login("A.PEETERS") == account


def test_a_link_works_once_and_for_a_day(tmp_path: Path) -> None:
    now = [1000.0]
    accounts = Accounts(tmp_path, lambda: now[0])
    used, old = accounts.invite("invite", PROFILE), accounts.invite("invite", PROFILE)
    assert accounts.join(used, "Anne", login="one") is not None
    assert accounts.join(used, "Bram", login="two") is None
    now[0] += LINK_SECONDS
    assert accounts.link(old) is None
    assert accounts.join(old, "Bram", login="two") is None
    assert [a.alias for a in accounts.all()] == ["Anne"]
    accounts.close()


def test_the_file_holds_no_link(accounts: Accounts, tmp_path: Path) -> None:
    token = accounts.invite("invite", PROFILE)
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"stopp-vif" in stored
    assert token.encode() not in stored


def test_names_belong_to_one_person_and_a_refused_link_stays_good(accounts: Accounts) -> None:
    made(accounts)
    token = accounts.invite("invite", PROFILE)
    with pytest.raises(TakenError, match="alias"):
        accounts.join(token, "anne", login="other")
    with pytest.raises(TakenError, match="login"):
        accounts.join(token, "Bram", login="A.Peeters")
    assert accounts.join(token, "Bram", login="other") is not None


def test_a_second_factor_step_is_used_up(accounts: Accounts) -> None:
    account = made(accounts)
    assert accounts.use_step(account.id, 7)
    assert not accounts.use_step(account.id, 7)
    assert not accounts.use_step(account.id, 6)
    assert accounts.use_step(account.id, 8)


def test_a_leaver_is_gone_from_the_file(accounts: Accounts, tmp_path: Path) -> None:
    account = made(accounts, "Zulma", "zulma.login")
    renewing = accounts.invite("secret", account=account.id)
    accounts.remove(account.id)
    assert accounts.get(account.id) is None
    assert accounts.renew(renewing, password="x", totp="y", step=1) is None
    accounts.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"Zulma" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_new_secrets_replace_the_old_ones_and_end_older_links(accounts: Accounts) -> None:
    account = made(accounts)
    first = accounts.invite("secret", account=account.id)
    accounts.clear_secrets(account.id)
    assert accounts.secrets(account.id).password is None
    second = accounts.invite("secret", account=account.id)
    assert accounts.renew(first, password="x", totp="y", step=1) is None
    assert accounts.renew(second, password="x", totp="y", step=5) == account
    assert accounts.secrets(account.id).password == "x"
    # A link for new secrets makes no new account.
    third = accounts.invite("secret", account=account.id)
    assert accounts.join(third, "Eve", login="eve") is None


def test_an_outside_identity_belongs_to_one_account(accounts: Accounts) -> None:
    first = accounts.join(accounts.invite("invite", PROFILE), "Anne", subject="issuer 1")
    assert accounts.by_subject("issuer 1") == first
    assert accounts.by_subject("issuer 2") is None
    with pytest.raises(TakenError, match="subject"):
        accounts.join(accounts.invite("invite", PROFILE), "Bram", subject="issuer 1")


def test_the_first_yes_to_the_text_is_kept(accounts: Accounts) -> None:
    account = made(accounts)
    assert accounts.accepted(account.id) is None
    accounts.accept(account.id, date(2026, 11, 24))
    accounts.accept(account.id, date(2027, 1, 1))
    assert accounts.accepted(account.id) == "2026-11-24"


@pytest.mark.parametrize(
    ("role", "regime", "claims"),
    [
        ("counsellor", "secrecy", True),
        ("supervisor", "secrecy", True),
        ("counsellor", "reports", False),
        ("supervisor", "reports", False),
        ("maintainer", "secrecy", False),
    ],
)
def test_only_secrecy_claims(accounts: Accounts, role, regime, claims) -> None:  # type: ignore[no-untyped-def]
    token = accounts.invite("invite", Profile(role=role, regime=regime))
    account = accounts.join(token, "Anne", login="anne.p")
    assert account is not None
    assert account.claims is claims


def test_the_sheet_is_complete_only_when_nothing_is_open(accounts: Accounts) -> None:
    assert not accounts.sheet().complete
    accounts.set_sheet(Sheet("A", "B", ""))
    assert not accounts.sheet().complete
    accounts.set_sheet(Sheet("A", "B", "C"))
    assert accounts.sheet() == Sheet("A", "B", "C")
    assert accounts.sheet().complete


def test_links_of_a_database_from_before_are_still_good(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as old:
        old.execute(
            "CREATE TABLE link (name BLOB PRIMARY KEY, kind TEXT NOT NULL, account TEXT, "
            "profile TEXT, expires INTEGER NOT NULL)"
        )
        name = hashlib.sha256(b"token").digest()
        old.execute("INSERT INTO link VALUES (?, 'invite', NULL, '{}', 9999999999)", (name,))
        old.commit()
    with closing(Accounts(tmp_path)) as accounts:
        assert accounts.link("token") is not None
        (one,) = accounts.pending()
        assert (one.inviter, one.note) == ("", "")
        assert accounts.withdraw(one.id)
        assert accounts.link("token") is None
        assert not accounts.withdraw(one.id)
        assert not accounts.withdraw("not hex")
