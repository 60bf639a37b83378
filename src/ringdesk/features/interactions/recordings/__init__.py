"""Recordings of conversations: uploaded, or kept by the system that made them (product.md 3.8)."""

from ringdesk.features.interactions.recordings.controllers import ListenController, RecordingController, RecordingSourceController
from ringdesk.features.interactions.recordings.handing_over import hand_over as recordings_handed_over
from ringdesk.features.interactions.recordings.jobs import JOBS
from ringdesk.features.interactions.recordings.service import remove_of

__all__ = ["JOBS", "ListenController", "RecordingController", "RecordingSourceController", "recordings_handed_over", "remove_of"]
