"""The typed fields of activities: administrators say per channel which there are (product.md 3.3)."""

from ringdesk.features.interactions.field_sets.controllers import ActivityFieldController, FieldSetController

__all__ = ["ActivityFieldController", "FieldSetController"]
