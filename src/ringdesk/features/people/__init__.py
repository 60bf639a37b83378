"""People: who they are, what they may do, and how they and programs prove it."""

from ringdesk.features.people.controllers import SESSION_COOKIE, AuthController, PeopleController
from ringdesk.features.people.models import Actor
from ringdesk.features.people.rights import RIGHTS, ROLES, SCOPES, rights_of
from ringdesk.features.people.schemas import Me, TeamRef
from ringdesk.features.people.service import actor_of_session, create_user, me_within

controllers = [AuthController, PeopleController]

__all__ = [
    "RIGHTS",
    "ROLES",
    "SCOPES",
    "SESSION_COOKIE",
    "Actor",
    "Me",
    "TeamRef",
    "actor_of_session",
    "controllers",
    "create_user",
    "me_within",
    "rights_of",
]
