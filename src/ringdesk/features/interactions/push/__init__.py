"""What other systems bring: interactions, activities, messages, IVR results (product.md 3.10)."""

from ringdesk.features.interactions.push.controllers import PushAloneController, PushController

__all__ = ["PushAloneController", "PushController"]
