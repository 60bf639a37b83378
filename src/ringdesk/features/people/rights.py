"""The one table of rights: what each role may do (product.md 0). Every route names one of these rights."""

from collections.abc import Iterable
from typing import Literal, get_args

ROLES = ("agent", "supervisor", "administrator")
"""What a person can be; a person may have several roles. A program (role `integration`) has the scopes of its key instead."""

_PEOPLE = frozenset(ROLES)
_CENTRE = frozenset({"agent", "supervisor"})
_LEADS = frozenset({"supervisor", "administrator"})
_ADMIN = frozenset({"administrator"})

RIGHTS: dict[str, frozenset[str]] = {
    "customers:read": _PEOPLE,
    "customers:write": _PEOPLE,
    "customers:import": _LEADS,
    "customers:define": _ADMIN,
    "customers:export": _LEADS,
    "customers:bulk_edit": _LEADS,
    # Sensitive values are masked to everybody, and shown one by one, with a reason, to who answers for a team or for the system.
    "customers:read_sensitive": _LEADS,
    # Everything about one customer in one file, for that customer.
    "customers:hand_over": _LEADS,
    "customers:erase": _ADMIN,
    "lists:use": _PEOPLE,
    "requests:read": _PEOPLE,
    "requests:write": _PEOPLE,
    # Closed requests are opened again, and interactions moved into and out of them, by those who answer for the history.
    "requests:repair": _LEADS,
    "requests:export": _LEADS,
    "requests:define": _ADMIN,
    "interactions:read": _PEOPLE,
    "interactions:write": _PEOPLE,
    # What other systems bring: told again it replaces what was told, also words of customers, and it names agents. Not for people at work.
    "interactions:push": _ADMIN,
    "interactions:export": _LEADS,
    "interactions:define": _ADMIN,
    # Agents listen to conversations that they were in (features/interactions/recordings/rules.py).
    "recordings:listen": _PEOPLE,
    "recordings:write": _LEADS,
    "recordings:define": _ADMIN,
    "events:read": _PEOPLE,
    "desk:use": _PEOPLE,
    "people:read": _PEOPLE,
    "people:write": _ADMIN,
    "audit:read": _ADMIN,
    "telephony:read": _LEADS,
    "telephony:write": _ADMIN,
    # Placing a call needs the agent or supervisor role: an administrator without one is refused (product.md 0).
    "telephony:dial": _CENTRE,
}

Part = Literal["journey", "card", "merging"]
"""A part of the desktop that an administrator switches off per team (product.md 4.8); routes that serve one declare it."""
PARTS: tuple[Part, ...] = get_args(Part)

# A program has no desk and no telephone, and saves no views.
SCOPES: tuple[str, ...] = tuple(sorted(set(RIGHTS) - {"desk:use", "lists:use", "telephony:dial"}))
"""What the key of a program can be given."""

# A key that may write customers one by one may bring them as a file too; one that may write conversations may bring them.
_IMPLIED = {"customers:write": ("customers:import",), "interactions:write": ("interactions:push",)}


def rights_of(roles: Iterable[str]) -> frozenset[str]:
    """Every right of a person with these roles."""
    held = set(roles)
    return frozenset(right for right, allowed in RIGHTS.items() if held & allowed)


def rights_of_scopes(scopes: Iterable[str]) -> frozenset[str]:
    """Every right of a key with these scopes; a scope that no longer exists gives nothing."""
    held = set(scopes) & set(SCOPES)
    return frozenset(held.union(*(_IMPLIED.get(scope, ()) for scope in held)))


def without_parts(roles: Iterable[str], switched_off: Iterable[str]) -> frozenset[str]:
    """The parts that a person with these roles does without, of those that their team has switched off (ADR 19).

    They narrow what agents work with; who leads or administers answers for all of it.
    """
    return frozenset(switched_off) if set(roles) <= {"agent"} else frozenset()
