"""Passwords and codes."""

from __future__ import annotations

from pathlib import Path

import pyotp
import pytest

from bot.desk import passwords
from bot.desk.accounts import Accounts

NOW = 1_800_000_000.0
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(offset: int = 0, now: float = NOW) -> str:
    return str(pyotp.TOTP(SECRET).generate_otp(int(now) // 30 + offset))


def test_a_hash_is_argon2id_with_a_salt_of_its_own() -> None:
    first, second = passwords._hasher.hash("a"), passwords._hasher.hash("a")
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert first != second


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("quatre mots sans lien", True),
        ("onze lettre", False),
        ("aaaaaaaaaaaaaaaa", False),
        ("Anne-Sophie Peeters", False),
        ("x" * 201, False),
    ],
)
def test_which_passwords_may_be_used(password: str, good: bool) -> None:
    assert passwords.acceptable(password, "anne-sophie peeters") is good


def test_codes_of_the_neighbouring_steps_count_and_no_others() -> None:
    step = int(NOW) // 30
    assert [passwords.matching_step(SECRET, code(n), NOW) for n in (-2, -1, 0, 1, 2)] == [
        None, step - 1, step, step + 1, None,
    ]  # fmt: skip
    assert passwords.matching_step(SECRET, f"{code()[:3]} {code()[3:]}", NOW) == step


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "1234567"])
def test_what_is_no_code(typed: str) -> None:
    assert passwords.matching_step(SECRET, typed, NOW) is None


async def test_a_sign_in_needs_both_and_a_code_works_once(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path)
    hashed = await passwords.hash_password("quatre mots sans lien")
    account = accounts.join(
        accounts.invite("invite"), "Anne", login="anne.p", password=hashed, totp=SECRET
    )

    async def tries(password: str, typed: str) -> bool:
        return await passwords.proved(accounts, account, password, typed, NOW)

    assert not await tries("something else entirely", code())
    assert not await tries("quatre mots sans lien", "000000")
    assert await tries("quatre mots sans lien", code())
    assert not await tries("quatre mots sans lien", code())
    assert not await tries("quatre mots sans lien", code(-1))
    assert await tries("quatre mots sans lien", code(1))
    assert not await passwords.proved(accounts, None, "nobody has this password", code(), NOW)
    accounts.close()


def test_the_qr_code_is_a_picture_without_anything_from_elsewhere() -> None:
    picture = passwords.qr_code(passwords.otpauth(SECRET, "anne.p"))
    assert picture.startswith("<svg")
    assert "http" not in picture.replace("http://www.w3.org/2000/svg", "")
    assert "style=" not in picture
