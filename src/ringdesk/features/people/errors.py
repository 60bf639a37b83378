"""What can go wrong with people and sign-in."""

from typing import Self

from ringdesk.features.people.rights import Part
from ringdesk.kit.problems import Problem

_PART_WORDS: dict[Part, str] = {
    "journey": "the customers panel and the journey",
    "card": "the customer card",
    "merging": "merging",
}


class WrongCredentials(Problem):
    """The e-mail address or the password is wrong; which one is not told."""

    slug = "wrong_credentials"
    status = 401
    title = "E-mail or password is wrong"


class SwitchedOff(Problem):
    """The team of the signed-in person does without this part of the desktop (product.md 4.8)."""

    slug = "switched_off"
    status = 403
    title = "Your team works without this"

    @classmethod
    def of(cls, team: str | None, part: Part) -> Self:
        """The refusal of a part to somebody of this team."""
        return cls(
            f"{team or 'Your team'} works without {_PART_WORDS[part]}. An administrator can switch it on under Administration, Teams.",
            extra={"part": part},
        )


class LastAdministrator(Problem):
    """The change would leave nobody who may administer."""

    slug = "last_administrator"
    status = 409
    title = "Somebody has to administer"


class TeamInUse(Problem):
    """Somebody or something still belongs to the team."""

    slug = "team_in_use"
    status = 409
    title = "The team is in use"


class TooManyAttempts(Problem):
    """Too many failures to sign in, for this account or from this address."""

    slug = "too_many_attempts"
    status = 429
    title = "Too many attempts to sign in"
