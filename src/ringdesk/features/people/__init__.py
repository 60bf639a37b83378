"""People: who they are, what they may do, and how they and programs prove it."""

from ringdesk.features.people.accounts import create_user
from ringdesk.features.people.controllers import (
    SESSION_COOKIE,
    AccountController,
    ApiKeyController,
    AuthController,
    PeopleController,
    PreferenceController,
    TeamController,
)
from ringdesk.features.people.errors import SwitchedOff, TeamInUse
from ringdesk.features.people.events import Change, SignedOut, TeamRemoving, changed, parts_topic, signed_out, team_removing
from ringdesk.features.people.jobs import JOBS
from ringdesk.features.people.keys import KeyRing
from ringdesk.features.people.keys import create as create_key
from ringdesk.features.people.models import Actor
from ringdesk.features.people.rights import PARTS, RIGHTS, ROLES, SCOPES, rights_of
from ringdesk.features.people.schemas import Me, TeamRef
from ringdesk.features.people.service import actor_of_session, me_within
from ringdesk.features.people.store import wrap_up_seconds

controllers = [AuthController, PreferenceController, PeopleController, TeamController, AccountController, ApiKeyController]

__all__ = [
    "JOBS",
    "PARTS",
    "RIGHTS",
    "ROLES",
    "SCOPES",
    "SESSION_COOKIE",
    "Actor",
    "Change",
    "KeyRing",
    "Me",
    "SignedOut",
    "SwitchedOff",
    "TeamInUse",
    "TeamRef",
    "TeamRemoving",
    "actor_of_session",
    "changed",
    "controllers",
    "create_key",
    "create_user",
    "me_within",
    "parts_topic",
    "rights_of",
    "signed_out",
    "team_removing",
    "wrap_up_seconds",
]
