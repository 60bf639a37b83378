"""What can go wrong with recordings."""

from typing import ClassVar

from ringdesk.kit.problems import FieldError, Problem


class UnusableRecording(Problem):
    """What was uploaded is no recording that can be played."""

    slug: ClassVar[str] = "unusable_recording"
    status: ClassVar[int] = 422
    title: ClassVar[str] = "This file cannot be used"

    def __init__(self, code: str, message: str, *, field: str = "file") -> None:
        super().__init__(message, errors=[FieldError(field, code, message)])


class NotYoursToHear(Problem):
    """An agent listens to their own conversations only."""

    slug: ClassVar[str] = "not_yours_to_hear"
    status: ClassVar[int] = 403
    title: ClassVar[str] = "You may not listen to this recording"


class ListeningOver(Problem):
    """The leave to listen is not valid, or no longer."""

    slug: ClassVar[str] = "listening_over"
    status: ClassVar[int] = 410
    title: ClassVar[str] = "Start the recording again"


class RecordingUnavailable(Problem):
    """The system that keeps the recording did not give it."""

    slug: ClassVar[str] = "recording_unavailable"
    status: ClassVar[int] = 502
    title: ClassVar[str] = "The recording cannot be had"


class RangeNotThere(Problem):
    """A part beyond the end of the recording was asked for."""

    slug: ClassVar[str] = "range_not_there"
    status: ClassVar[int] = 416
    title: ClassVar[str] = "The recording has no such part"
