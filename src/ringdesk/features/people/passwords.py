"""Passwords are kept as argon2id hashes (RFC 9106), computed off the event loop."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's first choice for argon2id: 46 MiB, one pass, one lane: some 30 ms of one core here. More lanes would only take
# the cores away from the telephone; an attacker's cost is the memory.
_HASHER = PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1, type=Type.ID)
# Two at a time: a rush of sign-ins waits in line instead of taking gigabytes of memory.
_THREADS = ThreadPoolExecutor(2, thread_name_prefix="argon2")
# The hash of a random text that nobody knows: an unknown e-mail address costs the same time as a wrong password.
_NOBODY = "$argon2id$v=19$m=47104,t=1,p=1$7Wq0nH6J8mXfJcX3r0bVdw$2pLqQkWJqkYw8eY0vG0mEwz4mJ4vJt1mJqO0bqD9sC8"

SHORTEST = 10
LONGEST = 256


def hash_password(password: str) -> str:
    """The hash to store. Takes some 30 ms of CPU; from async code use `hash_in_thread`."""
    return _HASHER.hash(password)


async def hash_in_thread(password: str) -> str:
    """The hash to store, without holding up the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, hash_password, password)


async def fits(password: str, stored: str | None) -> bool:
    """Whether the password belongs to the stored hash; without one it costs the same time and is False."""
    matched = await asyncio.get_running_loop().run_in_executor(_THREADS, _verify, password, stored or _NOBODY)
    return matched and stored is not None


def outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than those of today."""
    return _HASHER.check_needs_rehash(stored)


def _verify(password: str, stored: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
