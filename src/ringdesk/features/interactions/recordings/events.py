"""What recordings publish."""

from uuid import UUID

from ringdesk.features.interactions.recordings.schemas import Recording, RecordingsChanged
from ringdesk.kit.db import UnitOfWork


def recordings_changed(uow: UnitOfWork, interaction_id: UUID, customer_id: UUID | None, recordings: list[Recording]) -> None:
    """Log which recordings an interaction has."""
    topics = [f"interaction:{interaction_id}", *([f"customer:{customer_id}"] if customer_id else [])]
    uow.log_event("recordings.changed", topics, RecordingsChanged(interaction_id, recordings))
