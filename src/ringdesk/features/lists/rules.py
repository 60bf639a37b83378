"""Who may do what with a view. Pure."""

from uuid import UUID

from ringdesk.features.lists.schemas import View
from ringdesk.features.people import Actor

MOST_VIEWS = 100
"""Views of one list that one person keeps: a menu beyond that is a list of its own."""
SHARING = frozenset({"supervisor", "administrator"})


def may_share_with(actor: Actor, team_id: UUID) -> bool:
    """Whether this person may give a view to a team."""
    return "administrator" in actor.roles or ("supervisor" in actor.roles and actor.team_id == team_id)


def may_see(actor: Actor, view: View) -> bool:
    """Whether this person may use a view."""
    if view.owner_id == actor.id:
        return True
    return view.team is not None and (view.team.id == actor.team_id or bool(actor.roles & SHARING))


def may_change(actor: Actor, view: View) -> bool:
    """Whether this person may change or delete a view: its owner, and whoever may share with the team that has it."""
    return view.owner_id == actor.id or (view.team is not None and may_share_with(actor, view.team.id))
