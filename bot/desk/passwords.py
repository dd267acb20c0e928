"""Passwords and second factors: argon2id, and time codes that count once."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pyotp
import segno
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.desk.accounts import Account, Accounts

SHORTEST = 12
LONGEST = 200
_STEP_SECONDS = 30
# A code may be one step early or late: telephones' clocks drift.
_WINDOW = (0, -1, 1)
# RFC 9106, second recommended option: 64 MiB, three passes, four lanes.
_hasher = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)
# What a sign-in with an unknown name is held against, so that it takes as long as any other.
_NOBODY = _hasher.hash("nobody has this password")
# Two at once, at 64 MiB each: a crowd at the door can't take all memory.
_pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")


async def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, with its salt and costs."""
    return await asyncio.get_running_loop().run_in_executor(_pool, _hasher.hash, password)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


async def _matches(password_hash: str, password: str) -> bool:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_pool, _verify, password_hash, password[:LONGEST])


def acceptable(password: str, *names: str) -> bool:
    """Tell whether a new password may be used: long enough, and not one of the person's names.

    Length rather than kinds of characters: NIST SP 800-63B, 5.1.1.
    """
    folded = password.casefold()
    different = len(set(folded)) >= 5
    return (
        SHORTEST <= len(password) <= LONGEST
        and different
        and not any(name and folded == name.casefold() for name in names)
    )


def new_secret() -> str:
    """Return the secret of a new second factor (160 random bits, base32)."""
    return str(pyotp.random_base32())


def otpauth(secret: str, login: str) -> str:
    """Return the address that an authenticator app opens."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="Helpline"))


def qr_code(address: str) -> str:
    """Return a QR code as SVG, dark on light."""
    return str(segno.make(address, micro=False).svg_inline(scale=4, border=2, omitsize=True))


def matching_step(secret: str, code: str, now: float) -> int | None:
    """Return the time step for which a code is right (RFC 6238), None if it is wrong.

    Args:
        secret: base32.
        code: six digits, perhaps with blanks.
        now: Unix seconds.
    """
    digits = "".join(code.split())
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return None
    totp, step = pyotp.TOTP(secret), int(now) // _STEP_SECONDS
    for offset in _WINDOW:
        if pyotp.utils.strings_equal(totp.generate_otp(step + offset), digits):
            return step + offset
    return None


async def proved(
    accounts: Accounts, account: Account | None, password: str, code: str, now: float | None = None
) -> bool:
    """Tell whether password and code are an account's; uses the code up if they are.

    Args:
        accounts: where it is kept.
        account: whose; None for an unknown name, which takes as long as a wrong password.
        password, code: as typed.
        now: Unix seconds.
    """
    kept = accounts.secrets(account.id) if account else None
    right = await _matches(kept.password if kept and kept.password else _NOBODY, password)
    if account is None or kept is None or not (kept.password and kept.totp) or not right:
        return False
    step = matching_step(kept.totp, code, time.time() if now is None else now)
    # A code that somebody has read over a shoulder doesn't open the door a second time.
    return step is not None and accounts.use_step(account.id, step)


async def is_password(accounts: Accounts, account: Account, password: str) -> bool:
    """Tell whether a password is an account's."""
    kept = accounts.secrets(account.id).password
    return bool(kept) and await _matches(str(kept), password)
